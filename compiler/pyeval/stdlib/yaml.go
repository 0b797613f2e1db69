package stdlib

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

func init() { loaders["yaml"] = fillYAML }

var yamlErrorClass = pyeval.NewClass("yaml.error", "YAMLError", pyeval.Exception)

// fillYAML models the reading half of PyYAML.
func fillYAML(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(yamlErrorClass)
	for _, name := range []string{"Loader", "SafeLoader", "FullLoader", "UnsafeLoader", "BaseLoader", "CLoader", "CSafeLoader"} {
		m.Set(name, pyeval.NewClass("yaml.loader", name))
	}
	one := func(c *pyeval.Call) (pyeval.Value, error) {
		docs, err := readYAML(c)
		switch {
		case err != nil:
			return nil, err
		case len(docs) == 0:
			return pyeval.None, nil
		case len(docs) > 1:
			return nil, pyeval.Errorf(yamlErrorClass, "expected a single document in the stream")
		}
		return docs[0], nil
	}
	all := func(c *pyeval.Call) (pyeval.Value, error) {
		docs, err := readYAML(c)
		if err != nil {
			return nil, err
		}
		next, err := c.Thread.Iter(pyeval.NewList(docs...))
		return pyeval.NewIterator(next), err
	}
	for _, name := range []string{"safe_load", "full_load", "unsafe_load"} {
		m.Pure(name+"(stream)", one)
		m.Pure(name+"_all(stream)", all)
	}
	m.Pure("load(stream, Loader)", one)
	m.Pure("load_all(stream, Loader)", all)
	m.Fallback = opaqueMembers("yaml")
}

// readYAML parses the documents of a text or an open file.
func readYAML(c *pyeval.Call) ([]pyeval.Value, error) {
	v := c.Arg("stream")
	if i, ok := v.(*pyeval.Instance); ok {
		var err error
		if v, err = method(c.Thread, i, "read"); err != nil {
			return nil, err
		}
	}
	var text string
	switch x := pyeval.Builtin(v).(type) {
	case *pyeval.Str:
		text = x.String()
	case pyeval.Bytes:
		text = string(x)
	case *pyeval.Sym:
		return nil, x.Needs("yaml.load()")
	default:
		return nil, pyeval.Errorf(pyeval.AttributeError, "'%s' object has no attribute 'read'", v.Class().Name())
	}
	dec := yaml.NewDecoder(strings.NewReader(text))
	var out []pyeval.Value
	for {
		var node yaml.Node
		err := dec.Decode(&node)
		if err != nil && err.Error() == "EOF" {
			return out, nil
		}
		if err != nil {
			return nil, pyeval.Errorf(yamlErrorClass, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		}
		r := yamlReader{t: c.Thread, made: map[*yaml.Node]pyeval.Value{}}
		v, err := r.value(&node)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// yamlReader makes values of nodes; an alias is the very value of its anchor.
type yamlReader struct {
	t    *pyeval.Thread
	made map[*yaml.Node]pyeval.Value
}

func (r *yamlReader) value(n *yaml.Node) (pyeval.Value, error) {
	if err := r.t.Step(); err != nil {
		return nil, err
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return r.value(n.Content[0])
	case yaml.AliasNode:
		if v, ok := r.made[n.Alias]; ok {
			return v, nil
		}
		return r.value(n.Alias)
	case yaml.SequenceNode:
		l := pyeval.NewList()
		r.made[n] = l
		for _, e := range n.Content {
			v, err := r.value(e)
			if err != nil {
				return nil, err
			}
			l.Append(v)
		}
		return l, nil
	case yaml.MappingNode:
		d := pyeval.NewDict()
		r.made[n] = d
		return d, r.mapping(n, d)
	}
	v, err := r.scalar(n)
	r.made[n] = v
	return v, err
}

// mapping fills d: first what is merged by <<, then the mapping's own keys.
func (r *yamlReader) mapping(n *yaml.Node, d *pyeval.Dict) error {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			continue
		}
		from, err := r.value(n.Content[i+1])
		if err != nil {
			return err
		}
		merged := []pyeval.Value{from}
		if l, ok := from.(*pyeval.List); ok {
			merged = l.Elems()
		}
		for j := len(merged) - 1; j >= 0; j-- {
			m, ok := merged[j].(*pyeval.Dict)
			if !ok {
				return pyeval.Errorf(yamlErrorClass, "expected a mapping or list of mappings for merging")
			}
			for k, v := range m.Items() {
				if err := d.Set(r.t, k, v); err != nil {
					return err
				}
			}
		}
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Tag == "!!merge" {
			continue
		}
		k, err := r.value(n.Content[i])
		if err != nil {
			return err
		}
		v, err := r.value(n.Content[i+1])
		if err != nil {
			return err
		}
		if err := d.Set(r.t, k, v); err != nil {
			return pyeval.Errorf(yamlErrorClass, "found unhashable key")
		}
	}
	return nil
}

// The forms of plain scalars in YAML 1.1, as PyYAML resolves them.
var (
	yamlBool  = regexp.MustCompile(`^(?:(yes|Yes|YES|true|True|TRUE|on|On|ON)|no|No|NO|false|False|FALSE|off|Off|OFF)$`)
	yamlNull  = regexp.MustCompile(`^(?:~|null|Null|NULL|)$`)
	yamlInt   = regexp.MustCompile(`^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$`)
	yamlFloat = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	yamlDate  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	yamlOther = regexp.MustCompile(`^(?:[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)$`)
)

func (r *yamlReader) scalar(n *yaml.Node) (pyeval.Value, error) {
	s := n.Value
	plain := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	if n.Style&yaml.TaggedStyle != 0 && n.Tag == "!!str" || !plain && n.Style&yaml.TaggedStyle == 0 {
		return pyeval.NewStr(s), nil
	}
	if n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!int" && n.Tag != "!!float" && n.Tag != "!!bool" {
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "the YAML tag %s isn't known at build", n.Tag)
	}
	clean := strings.ReplaceAll(s, "_", "")
	switch {
	case yamlNull.MatchString(s):
		return pyeval.None, nil
	case yamlBool.MatchString(s):
		return pyeval.Bool(yamlBool.FindStringSubmatch(s)[1] != ""), nil
	case yamlInt.MatchString(s):
		digits := strings.TrimLeft(clean, "+-")
		if len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '7' {
			clean = strings.TrimSuffix(clean, digits) + "0o" + digits
		}
		return r.t.Call(pyeval.IntClass, pyeval.NewStr(clean), pyeval.NewInt(0))
	case yamlFloat.MatchString(s):
		return r.t.Call(pyeval.FloatClass, pyeval.NewStr(strings.Replace(strings.ToLower(clean), ".inf", "inf", 1)[nanAt(clean):]))
	case yamlDate.MatchString(s):
		dates, err := r.t.Import("datetime")
		if err != nil {
			return nil, err
		}
		class, err := r.t.GetAttr(dates, "date")
		if err != nil {
			return nil, err
		}
		return method(r.t, class, "fromisoformat", pyeval.NewStr(s))
	case yamlOther.MatchString(s):
		return nil, diag.New(diag.PyUnsupported, diag.Pos{}, "the YAML scalar %s isn't read at build", s).
			WithHint("write it in quotes, if it is a text")
	}
	return pyeval.NewStr(s), nil
}

// nanAt skips the dot of .nan.
func nanAt(s string) int {
	if strings.EqualFold(s, ".nan") {
		return 1
	}
	return 0
}
