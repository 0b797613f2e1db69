package pyflink

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/pyeval/stdlib"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/val"
)

// config is a set of configuration entries, in the order in which their keys
// were first set.
type config struct {
	keys   []string
	values map[string]entry
}

// entry is the value of one key, as the job and as the script has it.
type entry struct {
	text  ir.Text
	value pyeval.Value
	pos   diag.Pos
}

func newConfig() *config { return &config{values: map[string]entry{}} }

func (cf *config) put(key string, e entry) {
	if _, there := cf.values[key]; !there {
		cf.keys = append(cf.keys, key)
	}
	cf.values[key] = e
}

// set sets an entry to a str, which may be known only at start.
func (cf *config) set(key string, v pyeval.Value, pos diag.Pos) error {
	t, err := textOf(v, pos)
	if err == nil {
		cf.put(key, entry{t, v, pos})
	}
	return err
}

func (cf *config) setText(key, value string, pos diag.Pos) {
	cf.put(key, entry{ir.Literal(value), pyeval.NewStr(value), pos})
}

// dialectKey is the key of the dialect of SQL.
const dialectKey = "table.sql-dialect"

// hive reports whether statements are in Hive's dialect.
func (cf *config) hive() bool { return strings.EqualFold(cf.text(dialectKey), "hive") }

// append adds to a list whose items are separated by semicolons.
func (cf *config) append(key, item string, pos diag.Pos) {
	if old := cf.text(key); old != "" {
		item = old + ";" + item
	}
	cf.setText(key, item, pos)
}

// remove forgets an entry; it reports whether there was one.
func (cf *config) remove(key string) bool {
	_, there := cf.values[key]
	delete(cf.values, key)
	cf.keys = slices.DeleteFunc(cf.keys, func(k string) bool { return k == key })
	return there
}

// texts are the entries as key=value, in order.
func (cf *config) texts() []string {
	out := make([]string, len(cf.keys))
	for i, k := range cf.keys {
		out[i] = k + "=" + cf.values[k].text.Display()
	}
	slices.Sort(out)
	return out
}

func (cf *config) addAll(other *config, prefix string) {
	for _, k := range other.keys {
		cf.put(prefix+k, other.values[k])
	}
}

// text returns an entry that is known at build, "" where there is none.
func (cf *config) text(key string) string {
	s, _ := cf.values[key].text.Const()
	return s
}

// settings are the entries as the job has them.
func (cf *config) settings() []ir.Setting {
	var out []ir.Setting
	for _, k := range cf.keys {
		out = append(out, ir.Setting{Key: k, Value: cf.values[k].text, Pos: cf.values[k].pos})
	}
	return out
}

// The classes around configuration carry a *config.
var (
	configurationClass = pyeval.NewClass("pyflink.common.configuration", "Configuration")
	tableConfigClass   = pyeval.NewClass("pyflink.table.table_config", "TableConfig")
)

func configOf(v pyeval.Value) *config {
	cf, _ := pyeval.Data[*config](v)
	return cf
}

func init() {
	declare(configurationClass, "Configuration entries by key.",
		def("__init__(self, j_configuration = None)", "Makes an empty configuration.", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = newConfig()
			return pyeval.None, nil
		}),
		def("set_string(self, key: str, value: text)", "Sets an entry.", setEntry),
		def("set_integer(self, key: str, value: int)", "Sets an entry.", setEntry),
		def("set_boolean(self, key: str, value: bool)", "Sets an entry.", setEntry),
		def("set_float(self, key: str, value: float)", "Sets an entry.", setEntry),
		def("get_string(self, key: str, default_value)", "The text of an entry.", getEntry),
		def("get_integer(self, key: str, default_value: int)", "The whole number of an entry.", getParsed(func(t string) (pyeval.Value, error) {
			n, err := strconv.ParseInt(t, 10, 64)
			return pyeval.NewInt(n), err
		})),
		def("get_boolean(self, key: str, default_value: bool)", "The truth value of an entry.", getParsed(func(t string) (pyeval.Value, error) {
			b, err := strconv.ParseBool(strings.ToLower(t))
			return pyeval.Bool(b), err
		})),
		def("get_float(self, key: str, default_value: float)", "The number of an entry.", getParsed(func(t string) (pyeval.Value, error) {
			f, err := strconv.ParseFloat(t, 64)
			return pyeval.Float(f), err
		})),
		def("to_dict(self)", "The entries by key.", configMap),
		def("key_set(self)", "The keys.", func(c *pyeval.Call) (pyeval.Value, error) {
			set, err := c.Thread.Builtin("set")
			if err != nil {
				return nil, err
			}
			return c.Thread.Call(set, texts(configOf(c.Self()).keys))
		}),
		def("remove_config(self, key: str)", "Forgets an entry; whether there was one.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.Bool(configOf(c.Self()).remove(c.Str("key"))), nil
		}),
		def("add_all_to_dict(self, target_dict: dict)", "Puts the entries into a dict.", func(c *pyeval.Call) (pyeval.Value, error) {
			d, _ := c.Arg("target_dict").(*pyeval.Dict)
			cf := configOf(c.Self())
			for _, k := range cf.keys {
				d.SetStr(k, cf.values[k].value)
			}
			return pyeval.None, nil
		}),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			a, b := configOf(c.Self()), configOf(c.Arg("other"))
			return pyeval.Bool(b != nil && slices.Equal(a.texts(), b.texts())), nil
		}),
		def("__str__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr("{" + strings.Join(configOf(c.Self()).texts(), ", ") + "}"), nil
		}),
		def("contains_key(self, key: str)", "Whether there is an entry.", func(c *pyeval.Call) (pyeval.Value, error) {
			_, ok := configOf(c.Self()).values[c.Str("key")]
			return pyeval.Bool(ok), nil
		}),
		def("add_all(self, other: Configuration, prefix: str = '')", "Takes over the entries of another configuration.", func(c *pyeval.Call) (pyeval.Value, error) {
			configOf(c.Self()).addAll(configOf(c.Arg("other")), c.Str("prefix"))
			return c.Self(), nil
		}),
	)
	declare(tableConfigClass, "The configuration of a table environment.",
		def("__init__(self, j_table_config = None)", "Makes an empty configuration.", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = newConfig()
			return pyeval.None, nil
		}),
		onClass("get_default()", "An empty configuration.", func(*pyeval.Call) (pyeval.Value, error) {
			return tableConfigClass.Make(newConfig()), nil
		}),
		def("set(self, key: str, value: text)", "Sets an entry.", setEntry),
		def("get(self, key: str, default_value)", "The text of an entry.", getEntry),
		def("get_configuration(self)", "The same entries as a Configuration.", func(c *pyeval.Call) (pyeval.Value, error) {
			return configurationClass.Make(configOf(c.Self())), nil
		}),
		def("add_configuration(self, configuration: Configuration)", "Takes over entries.", func(c *pyeval.Call) (pyeval.Value, error) {
			configOf(c.Self()).addAll(configOf(c.Arg("configuration")), "")
			return pyeval.None, nil
		}),
		def("to_map(self)", "The entries by key.", configMap),
		def("get_local_timezone(self)", "The session's time zone.", func(c *pyeval.Call) (pyeval.Value, error) {
			if e, ok := configOf(c.Self()).values[zoneKey]; ok {
				return e.value, nil
			}
			return nil, diag.New(diag.InputSymbolic, c.Span.Pos(), "the time zone is known only at start").WithHint("set_local_timezone sets it")
		}),
		def("get_python_executable(self)", "The worker's interpreter.", getEntryOf("python.executable")),
		def("get_max_generated_code_length(self)", "Has no meaning here.", getNumber(codeLengthKey, 4000)),
		def("set_max_generated_code_length(self, max_generated_code_length: int)", "Has no effect here.", setKey(codeLengthKey, "max_generated_code_length")),
		def("get_null_check(self)", "Whether NULL is looked for; it always is.", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.True, nil }),
		def("set_null_check(self, null_check: bool)", "Has no effect: NULL is always looked for.", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }),
		def("get_decimal_context(self)", "The digits and the rounding of exact numbers.", func(c *pyeval.Call) (pyeval.Value, error) {
			e, ok := configOf(c.Self()).values[decimalKey]
			if !ok {
				return pyeval.NewTuple(pyeval.NewInt(34), pyeval.NewStr("HALF_EVEN")), nil
			}
			return e.value, nil
		}),
		def("set_decimal_context(self, precision: int, rounding_mode: str)", "Has no effect: the types of exact numbers say their digits.", func(c *pyeval.Call) (pyeval.Value, error) {
			pair := pyeval.NewTuple(c.Arg("precision"), c.Arg("rounding_mode"))
			configOf(c.Self()).put(decimalKey, entry{ir.Literal(c.Str("rounding_mode")), pair, c.Span.Pos()})
			return pyeval.None, nil
		}),
		def("get_sql_dialect(self)", "The dialect of SQL.", func(c *pyeval.Call) (pyeval.Value, error) {
			if configOf(c.Self()).hive() {
				return pyeval.NewInt(1), nil
			}
			return pyeval.NewInt(0), nil
		}),
		def("set_sql_dialect(self, sql_dialect: int)", "Chooses the dialect of SQL. Statements run in the default one alone.", func(c *pyeval.Call) (pyeval.Value, error) {
			dialect := "default"
			if c.Int("sql_dialect") != 0 {
				dialect = "hive"
			}
			configOf(c.Self()).setText(dialectKey, dialect, c.Span.Pos())
			return c.Self(), nil
		}),
		def("get_min_idle_state_retention_time(self)", "How long state is kept that isn't used, in milliseconds.", getRetention(2)),
		def("get_max_idle_state_retention_time(self)", "One and a half of the least time, in milliseconds.", getRetention(3)),
		def("get_idle_state_retention(self)", "How long state is kept that isn't used.", retention),
		def("set_local_timezone(self, timezone_id: text)", "Sets the session's time zone.", setZone),
		def("set_idle_state_retention(self, duration)", "Sets for how long state is kept that nothing writes.", func(c *pyeval.Call) (pyeval.Value, error) {
			return setStateTTL(c, "duration")
		}),
		def("set_idle_state_retention_time(self, min_time, max_time)", "Sets for how long state is kept that nothing writes: the first time.", setIdleTimes),
		def("set_python_executable(self, python_exec: text)", "Sets the worker's interpreter.", setKey("python.executable", "python_exec")),
	)
}

// Entries that TableConfig has members of their own for.
const (
	decimalKey    = "table.decimal-context"
	codeLengthKey = "table.generated-code.max-length"
	retentionKey  = "table.exec.state.ttl"
)

// configMap is the entries as a dict.
func configMap(c *pyeval.Call) (pyeval.Value, error) {
	out := pyeval.NewDict()
	cf := configOf(c.Self())
	for _, k := range cf.keys {
		out.SetStr(k, cf.values[k].value)
	}
	return out, nil
}

// getEntryOf is an entry, None where it isn't set.
func getEntryOf(key string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		if e, ok := configOf(c.Self()).values[key]; ok {
			return e.value, nil
		}
		return pyeval.None, nil
	}
}

// getNumber is the whole number of an entry.
func getNumber(key string, otherwise int64) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		if n, err := strconv.ParseInt(configOf(c.Self()).text(key), 10, 64); err == nil {
			return pyeval.NewInt(n), nil
		}
		return pyeval.NewInt(otherwise), nil
	}
}

// durationUnits are the units of durations with their milliseconds, longest
// first.
var durationUnits = []struct {
	name string
	ms   int64
}{{"d", 86400000}, {"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}}

// durationText writes milliseconds by the longest unit of which they are a
// multiple.
func durationText(ms int64) string {
	for _, u := range durationUnits {
		if ms%u.ms == 0 && ms != 0 {
			return strconv.FormatInt(ms/u.ms, 10) + " " + u.name
		}
	}
	return "0 ms"
}

// retained is the time after which unused state goes, in milliseconds.
func (cf *config) retained() int64 { return cf.duration(retentionKey, 0) }

// duration is an entry that is a time, in milliseconds, or a mere number.
func (cf *config) duration(key string, otherwise int64) int64 {
	text := cf.text(key)
	unit := strings.TrimLeft(text, "0123456789")
	n, err := strconv.ParseInt(text[:len(text)-len(unit)], 10, 64)
	if err != nil {
		return otherwise
	}
	for _, u := range durationUnits {
		if u.name == strings.TrimSpace(unit) {
			return n * u.ms
		}
	}
	return n
}

// getRetention is so many halves of the time after which unused state goes.
func getRetention(halves int64) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewInt(configOf(c.Self()).retained() * halves / 2), nil
	}
}

// retention is that time as a timedelta.
func retention(c *pyeval.Call) (pyeval.Value, error) {
	mod, err := c.Thread.Import("datetime")
	if err != nil {
		return nil, err
	}
	class, err := c.Thread.GetAttr(mod, "timedelta")
	if err != nil {
		return nil, err
	}
	ms := configOf(c.Self()).retained()
	return c.Thread.Call(class, pyeval.NewInt(0), pyeval.NewInt(ms/1000), pyeval.NewInt(ms%1000*1000))
}

func setEntry(c *pyeval.Call) (pyeval.Value, error) {
	v := c.Arg("value")
	if _, isSym := v.(*pyeval.Sym); !isSym {
		s, err := configText(c.Thread, v)
		if err != nil {
			return nil, err
		}
		v = s
	}
	return c.Self(), configOf(c.Self()).set(c.Str("key"), v, c.Span.Pos())
}

// configText writes a value as Flink's configuration has it.
func configText(t *pyeval.Thread, v pyeval.Value) (pyeval.Value, error) {
	switch v := v.(type) {
	case *pyeval.Str:
		return v, nil
	case pyeval.Bool:
		return pyeval.NewStr(fmt.Sprint(bool(v))), nil
	}
	s, err := t.Str(v)
	return pyeval.NewStr(s), err
}

// getParsed is an entry that a function reads, the default where there is none
// that is known at build.
func getParsed(parse func(string) (pyeval.Value, error)) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		key := c.Str("key")
		e, ok := configOf(c.Self()).values[key]
		if !ok {
			return c.Arg("default_value"), nil
		}
		text, known := e.text.Const()
		if !known {
			return nil, diag.New(diag.InputSymbolic, c.Span.Pos(), "the entry %s is known only at start", key)
		}
		v, err := parse(text)
		if err != nil {
			return nil, argument(c.Span.Pos(), "the entry %s is %q, which %s doesn't read", key, text, c.Name)
		}
		return v, nil
	}
}

func getEntry(c *pyeval.Call) (pyeval.Value, error) {
	if e, ok := configOf(c.Self()).values[c.Str("key")]; ok {
		return e.value, nil
	}
	return c.Arg("default_value"), nil
}

// setStateTTL sets for how long state is kept to a timedelta.
func setStateTTL(c *pyeval.Call, param string) (pyeval.Value, error) {
	ms, err := milliseconds(c, param)
	if err != nil {
		return nil, err
	}
	configOf(c.Self()).setText(retentionKey, durationText(ms), c.Span.Pos())
	return pyeval.None, nil
}

// setIdleTimes sets it to the first of two times, which PyFlink 1.20.1 wants to
// be far enough apart.
func setIdleTimes(c *pyeval.Call) (pyeval.Value, error) {
	const apart = 5 * 60 * 1000
	least, err := milliseconds(c, "min_time")
	if err != nil {
		return nil, err
	}
	most, err := milliseconds(c, "max_time")
	if err != nil {
		return nil, err
	}
	if most-least < apart && (least != 0 || most != 0) {
		return nil, argument(c.Where("max_time").Pos(), "max_time must be at least 5 minutes more than min_time").
			WithHint("use set_idle_state_retention(min_time), which takes one time")
	}
	return setStateTTL(c, "min_time")
}

// milliseconds is an argument that is a timedelta.
func milliseconds(c *pyeval.Call, param string) (int64, error) {
	ms, ok := stdlib.Milliseconds(c.Arg(param))
	if !ok || ms < 0 {
		return 0, argument(c.Where(param).Pos(), "%s must be a datetime.timedelta that isn't negative", param)
	}
	return ms, nil
}

// setZone sets the time zone, which is there or the call fails.
func setZone(c *pyeval.Call) (pyeval.Value, error) {
	v := c.Arg("timezone_id")
	if name, known := v.(*pyeval.Str); known {
		zone := val.NormalZone(name.String())
		if _, err := val.LoadZone(zone); err != nil {
			return nil, diag.New(diag.OptionValue, c.Span.Pos(), "%v", err)
		}
		v = pyeval.NewStr(zone)
	}
	return pyeval.None, configOf(c.Self()).set(zoneKey, v, c.Span.Pos())
}

// setKey is a method that sets one entry to an argument.
func setKey(key, param string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		v := c.Arg(param)
		if n, isInt := v.(pyeval.Int); isInt {
			v = pyeval.NewStr(n.String())
		}
		return pyeval.None, configOf(c.Self()).set(key, v, c.Span.Pos())
	}
}
