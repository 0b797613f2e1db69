package conn

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strings"

	"pyfc/ir/diag"
)

// GenerationOf says which generation a table's options are written in.
func GenerationOf(options map[string]string) Generation {
	if _, ok := options["connector.type"]; ok {
		return Legacy
	}
	return Modern
}

// Option is the declaration of one option, read from the tags of a field:
//
//	opt       the modern key; a key that ends in * is a prefix and its field a
//	          map from the rest of the key to the value
//	fallback  an older spelling of the modern key, accepted where opt isn't given
//	legacy    the legacy key, in the same form
//	default   the value that holds when the option isn't given
//	legacydefault  the same for the legacy generation, where it differs
//	required  "true", or "modern" or "legacy" for one generation only
//	enum      the allowed values, separated by |, in any case
//	sep       the separator of a list, ; unless told
//	ignored   why the option has no effect here; it is accepted with a warning
//	planned   what the option would do, if pyfc doesn't run that yet
//	secret    "true" for a password
//	doc       the meaning in a sentence
type Option struct {
	Key string
	// Fallback is an older spelling of Key, which Key wins over.
	Fallback string
	Legacy   string
	Type     string // "String", "Integer", "Duration", … as Flink's documentation says
	Default  string
	// LegacyDefault differs from Default only where the generations do.
	LegacyDefault string
	Required      string
	Enum          []string
	Ignored       string
	Planned       string
	Secret        bool
	Doc           string

	sep   string
	field reflect.Value
}

// Describe returns the options that a struct, or a pointer to one, declares,
// in order.
func Describe(options any) []Option {
	v := reflect.ValueOf(options)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return describe(v, nil)
}

func describe(v reflect.Value, out []Option) []Option {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			out = describe(v.Field(i), out)
			continue
		}
		if f.Tag.Get("opt") == "" && f.Tag.Get("legacy") == "" {
			continue
		}
		o := Option{
			Key: f.Tag.Get("opt"), Fallback: f.Tag.Get("fallback"), Legacy: f.Tag.Get("legacy"), Type: typeName(f.Type),
			Default: f.Tag.Get("default"), LegacyDefault: f.Tag.Get("default"),
			Required: f.Tag.Get("required"), Ignored: f.Tag.Get("ignored"),
			Planned: f.Tag.Get("planned"),
			Secret:  f.Tag.Get("secret") == "true", Doc: f.Tag.Get("doc"),
			sep: ";", field: v.Field(i),
		}
		if d, ok := f.Tag.Lookup("legacydefault"); ok {
			o.LegacyDefault = d
		}
		if e := f.Tag.Get("enum"); e != "" {
			o.Enum, o.Type = strings.Split(e, "|"), "Enum"
		}
		if s := f.Tag.Get("sep"); s != "" {
			o.sep = s
		}
		out = append(out, o)
	}
	return out
}

// key is the option's name in a generation, empty if it has none there.
func (o *Option) key(gen Generation) string {
	if gen == Legacy {
		return o.Legacy
	}
	return o.Key
}

// prefix returns the option's name without its *, if it is a prefix.
func (o *Option) prefix(gen Generation) (string, bool) {
	return strings.CutSuffix(o.key(gen), "*")
}

func (o *Option) requiredIn(gen Generation) bool {
	switch o.Required {
	case "true":
		return true
	case "modern":
		return gen == Modern
	case "legacy":
		return gen == Legacy
	}
	return false
}

// Parse fills the options struct that into points to: given values, else
// defaults. It returns all faults, ordered by key; warnings (Ignored, Secret)
// are among them.
func Parse(options map[string]string, into any, gen Generation) []OptionError {
	p := parser{gen: gen, opts: describe(reflect.ValueOf(into).Elem(), nil)}
	if gen == Legacy {
		options = p.foldIndexed(options)
	}
	given := map[string]bool{}
	for _, key := range sortedKeys(options) {
		if o, rest := p.find(key); o != nil {
			if _, both := options[o.Key]; both && p.fallsBack(o, key) {
				continue
			}
			given[o.key(gen)] = true
			p.set(o, key, rest, options[key])
		} else {
			p.errs = append(p.errs, p.unknown(key))
		}
	}
	for i := range p.opts {
		if o := &p.opts[i]; !given[o.key(gen)] {
			p.absent(o)
		}
	}
	sort.SliceStable(p.errs, func(i, j int) bool { return p.errs[i].Key < p.errs[j].Key })
	return p.errs
}

type parser struct {
	gen  Generation
	opts []Option
	errs []OptionError
}

// find returns the option that key belongs to, and for a prefix option the
// rest of the key. An exact name wins over a prefix, a longer prefix over others.
func (p *parser) find(key string) (best *Option, rest string) {
	longest := 0
	for i := range p.opts {
		o := &p.opts[i]
		if o.key(p.gen) == key || p.fallsBack(o, key) {
			return o, ""
		}
		if prefix, ok := o.prefix(p.gen); ok && (best == nil || len(prefix) > longest) && len(key) > len(prefix) && strings.HasPrefix(key, prefix) {
			best, rest, longest = o, key[len(prefix):], len(prefix)
		}
	}
	return best, rest
}

// fallsBack reports whether key is the older spelling of an option.
func (p *parser) fallsBack(o *Option, key string) bool {
	return p.gen == Modern && key != "" && o.Fallback == key
}

func (p *parser) set(o *Option, key, rest, text string) {
	if o.Ignored != "" {
		hint := ""
		if rest != "" {
			hint = p.near(key)
		}
		p.fault(Ignored, key, fmt.Sprintf("%s has no effect: %s", key, o.Ignored), hint)
	}
	if o.Planned != "" {
		p.fault(Planned, key, fmt.Sprintf("%s: %s isn't supported yet", key, o.Planned), "")
	}
	if text != "" && (o.Secret || rest != "" && secretName.MatchString(rest)) {
		p.fault(Secret, key, key+" is a secret that stands in the script as text", "")
	}
	if rest != "" {
		if o.field.IsNil() {
			o.field.Set(reflect.MakeMap(o.field.Type()))
		}
		o.field.SetMapIndex(reflect.ValueOf(rest), reflect.ValueOf(text))
		return
	}
	if err := o.assign(text); err != nil {
		p.fault(BadValue, key, fmt.Sprintf("%s: %v", key, err), o.expect())
	}
}

// secretName recognises the secrets among client properties.
var secretName = regexp.MustCompile(`(?i)password|secret|jaas`)

func (p *parser) absent(o *Option) {
	def := o.Default
	if p.gen == Legacy {
		def = o.LegacyDefault
	}
	switch {
	case o.requiredIn(p.gen):
		p.fault(MissingOption, o.key(p.gen), "the option "+o.key(p.gen)+" is required", o.Doc)
	case def != "":
		if err := o.assign(def); err != nil {
			panic(fmt.Sprintf("conn: default of %s: %v", o.Key, err))
		}
	}
}

func (p *parser) fault(kind OptionFault, key, message, hint string) {
	p.errs = append(p.errs, OptionError{Key: key, Kind: kind, Message: message, Hint: hint})
}

func (p *parser) unknown(key string) OptionError {
	e := OptionError{Key: key, Kind: UnknownOption, Message: "unknown option " + key}
	for i := range p.opts {
		if o := &p.opts[i]; p.otherKey(o) == key && o.key(p.gen) != "" {
			e.Hint = fmt.Sprintf("in this generation of the connector the option is called %s", o.key(p.gen))
			return e
		}
	}
	e.Hint = p.near(key)
	if p.gen == Modern && key == "format.type" {
		e.Hint = "in this generation of the connector the option is called format"
	}
	return e
}

// near is the hint for a key that isn't known.
func (p *parser) near(key string) string {
	var names []string
	for i := range p.opts {
		o := &p.opts[i]
		if name := o.key(p.gen); name != "" {
			names = append(names, name)
		}
		if o.Fallback != "" && p.gen == Modern {
			names = append(names, o.Fallback)
		}
	}
	if near := diag.Nearest(key, names); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return ""
}

func (p *parser) otherKey(o *Option) string {
	if p.gen == Legacy {
		return o.Key
	}
	return o.Legacy
}

// indexed is the form of 1.9's descriptors: connector.properties.0.key = name,
// connector.properties.0.value = value.
var indexed = regexp.MustCompile(`^(\d+)\.(key|value)$`)

// foldIndexed returns the options with the indexed form of prefix options
// replaced by the plain one.
func (p *parser) foldIndexed(options map[string]string) map[string]string {
	out := make(map[string]string, len(options))
	for key, text := range options {
		o, rest := p.find(key)
		m := indexed.FindStringSubmatch(rest)
		if o == nil || m == nil || o.field.Kind() != reflect.Map {
			out[key] = text
			continue
		}
		prefix, _ := o.prefix(p.gen)
		name, hasName := options[prefix+m[1]+".key"]
		value, hasValue := options[prefix+m[1]+".value"]
		switch {
		case hasName && hasValue:
			out[prefix+name] = value
		case hasName:
			p.fault(MissingOption, prefix+m[1]+".value", fmt.Sprintf("%s names a property, but there is no %s%s.value", key, prefix, m[1]), "")
		default:
			p.fault(MissingOption, prefix+m[1]+".key", fmt.Sprintf("%s gives a value, but there is no %s%s.key", key, prefix, m[1]), "")
		}
	}
	return out
}

// FormatUse is the share of a table's options that belongs to its format.
type FormatUse struct {
	Name string // "csv"; empty when the table names no format
	// Key is the option that named it, for messages.
	Key     string
	Options map[string]string // without Prefix
	Prefix  string            // of the keys in the script: "csv.", "value.csv.", "format."
	Gen     Generation
}

// KeyFormat finds the options of the format of a table's keys; its name is empty
// for a table without.
func KeyFormat(options map[string]string) FormatUse {
	format := FormatUse{Key: "key.format", Name: options["key.format"], Options: map[string]string{}}
	if format.Name == "" {
		return format
	}
	format.Prefix = "key." + format.Name + "."
	for key, text := range options {
		if rest, ok := strings.CutPrefix(key, format.Prefix); ok {
			format.Options[rest] = text
		}
	}
	return format
}

// Spelled is the modern key of an option, or its older spelling where the table's
// options have only that.
func Spelled(options map[string]string, declared any, key string) string {
	if _, given := options[key]; given {
		return key
	}
	for _, o := range Describe(declared) {
		if _, given := options[o.Fallback]; given && o.Key == key {
			return o.Fallback
		}
	}
	return key
}

// SplitFormat separates the options of a table's value format, and those of the
// format of its keys, from those of its connector. The options that name the
// formats stay with the connector; the legacy format.type and
// format.property-version go with the format.
func SplitFormat(options map[string]string, gen Generation) (connector map[string]string, format FormatUse) {
	format = FormatUse{Gen: gen, Options: map[string]string{}}
	if gen == Legacy {
		format.Key, format.Prefix = "format.type", "format."
		format.Name = strings.ToLower(options[format.Key])
	} else {
		for _, key := range []string{"format", "value.format"} {
			if name := options[key]; name != "" {
				format.Key, format.Name = key, name
				format.Prefix = strings.TrimSuffix(key, "format") + name + "."
			}
		}
	}
	connector = make(map[string]string, len(options))
	keys := KeyFormat(options).Prefix
	for key, text := range options {
		rest, ok := strings.CutPrefix(key, format.Prefix)
		switch {
		case gen == Modern && keys != "" && strings.HasPrefix(key, keys):
		case format.Prefix == "" || !ok:
			connector[key] = text
		case gen == Modern || rest != "type" && rest != "property-version":
			format.Options[rest] = text
		}
	}
	return connector, format
}

// Parse fills the format's options struct. The tags of a format's struct hold
// keys without prefix, in both generations.
func (u FormatUse) Parse(into any) []OptionError {
	errs := Parse(u.Options, into, u.Gen)
	for i := range errs {
		errs[i].Message = strings.ReplaceAll(errs[i].Message, errs[i].Key, u.Prefix+errs[i].Key)
		errs[i].Key = u.Prefix + errs[i].Key
		if rest, ok := strings.CutPrefix(errs[i].Hint, "did you mean "); ok {
			errs[i].Hint = "did you mean " + u.Prefix + rest
		}
	}
	return errs
}

// Fatal returns the faults that stop a job as one *Misconfigured, nil if there
// are only warnings.
func Fatal(table string, errs []OptionError) error {
	var lines []string
	for _, e := range errs {
		if e.Kind == Ignored || e.Kind == Secret {
			continue
		}
		line := e.Message
		if e.Hint != "" {
			line += " (" + e.Hint + ")"
		}
		lines = append(lines, line)
	}
	if lines == nil {
		return nil
	}
	return &Misconfigured{Table: table, Err: errors.New(strings.Join(lines, "; "))}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
