package datagen

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// column says how the values of a column are made.
type column struct {
	sequence   bool
	start, end int64
	min, max   float64
	low, high  int64 // of integers
	length     int
	varLen     bool
	past       time.Duration
	nullRate   float64
	parts      []column    // element, key and value, or fields of a nested type
	made       []val.Datum // room for their values
}

// entries is how many elements arrays, maps and multisets get.
const entries = 3

// counts are the numbers of the elements of a multiset.
var counts = column{high: 10}

// ranges are the integers of a type.
var ranges = map[string][2]int64{
	"TINYINT": {math.MinInt8, math.MaxInt8}, "SMALLINT": {math.MinInt16, math.MaxInt16},
	"INT": {math.MinInt32, math.MaxInt32}, "BIGINT": {math.MinInt64, math.MaxInt64},
}

// made are the types that columns can have.
var made = []string{"TIMESTAMP", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "CHAR", "VARCHAR", "STRING", "BINARY", "VARBINARY", "BYTES", "DATE", "TIME"}

// plan reads the options of the columns, and finds the number of rows.
func plan(o *Options, t *conn.Table) (columns []column, rows int64, errs []conn.OptionError) {
	rows = unbounded
	if o.Rows != nil {
		rows = *o.Rows
	}
	if o.Rate <= 0 {
		errs = append(errs, conn.OptionError{Key: "rows-per-second", Kind: conn.BadValue, Message: "rows-per-second: there must be some"})
	}
	used := map[string]bool{}
	for _, c := range t.Columns {
		p := parser{name: c.Name, fields: o.Fields, used: used}
		col := p.column(strings.TrimSuffix(c.Type, " NOT NULL"))
		if col.sequence {
			rows = min(rows, col.end-col.start+1)
		}
		columns, errs = append(columns, col), append(errs, p.errs...)
	}
	for key := range o.Fields {
		if !used[key] {
			errs = append(errs, conn.OptionError{Key: "fields." + key, Kind: conn.UnknownOption, Message: "unknown option fields." + key})
		}
	}
	return columns, rows, errs
}

// parser reads the options of one column.
type parser struct {
	name   string
	part   bool // of a nested type, which is always random
	fields map[string]string
	used   map[string]bool
	errs   []conn.OptionError
}

func (p *parser) fault(kind conn.OptionFault, what, format string, args ...any) {
	key := "fields." + p.name + "." + what
	p.errs = append(p.errs, conn.OptionError{Key: key, Kind: kind, Message: key + ": " + fmt.Sprintf(format, args...)})
}

// get returns an option of the column.
func (p *parser) get(what string) (string, bool) {
	key := p.name + "." + what
	text, ok := p.fields[key]
	p.used[key] = p.used[key] || ok
	return text, ok
}

func (p *parser) int(what string, otherwise int64) int64 {
	text, ok := p.get(what)
	if !ok {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		p.fault(conn.BadValue, what, "%q is no whole number", text)
	}
	return n
}

func (p *parser) float(what string, otherwise float64) float64 {
	text, ok := p.get(what)
	if !ok {
		return otherwise
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		p.fault(conn.BadValue, what, "%q is no number", text)
	}
	return f
}

// kind is how values are made: sequence or random, which is "".
func (p *parser) kind() string {
	if p.part {
		return ""
	}
	switch kind, _ := p.get("kind"); kind {
	case "sequence":
		return kind
	case "", "random":
	default:
		p.fault(conn.BadValue, "kind", "%q is neither random nor sequence", kind)
	}
	return ""
}

func (p *parser) column(typ string) (c column) {
	if parts := partsOf(typ); len(parts) > 0 {
		return p.nested(typ, parts)
	}
	known := false
	for _, m := range made {
		known = known || strings.HasPrefix(typ, m)
	}
	if !known || strings.HasPrefix(typ, "INTERVAL") {
		p.fault(conn.Planned, "kind", "values of type %s aren't made yet", typ)
		return c
	}
	if p.kind() == "sequence" {
		c.sequence = true
		for _, what := range []string{"start", "end"} {
			if _, ok := p.get(what); !ok {
				p.fault(conn.MissingOption, what, "a column that counts needs it")
			}
		}
		c.start, c.end = p.int("start", 0), p.int("end", 0)
		if c.end < c.start {
			p.fault(conn.BadValue, "end", "it is below the start")
		}
		for _, not := range []string{"BOOLEAN", "DATE", "TIME"} {
			if strings.HasPrefix(typ, not) {
				p.fault(conn.BadValue, "kind", "a %s can't count", typ)
			}
		}
		return c
	}
	if r, ok := ranges[typ]; ok {
		c.low, c.high = p.int("min", r[0]), p.int("max", r[1])
	} else {
		most := math.MaxFloat64 / 2 // so that the range has a size
		if strings.HasPrefix(typ, "FLOAT") {
			most = math.MaxFloat32 / 2
		}
		var precision, scale int
		if n, _ := fmt.Sscanf(typ, "DECIMAL(%d, %d)", &precision, &scale); n == 2 {
			most = math.Pow10(precision-scale) - 1
		}
		c.min, c.max = p.float("min", -most), p.float("max", most)
	}
	if c.min > c.max || c.low > c.high {
		p.fault(conn.BadValue, "max", "it is below the minimum")
	}
	p.lengths(&c, typ)
	if text, ok := p.get("max-past"); ok {
		var err error
		if c.past, err = conn.ParseDuration(text); err != nil {
			p.fault(conn.BadValue, "max-past", "%v", err)
		}
	}
	if !strings.Contains(typ, "BINARY") && typ != "BYTES" { // which are never NULL in PyFlink 1.20.1
		c.nullRate = p.float("null-rate", 0)
	}
	return c
}

// part is a type inside of a nested one, and its name in options.
type part struct{ name, typ string }

// partsOf are the parts of a nested type, as its text has them; none of another.
func partsOf(typ string) []part {
	base, inner, _ := strings.Cut(strings.TrimSuffix(typ, ">"), "<")
	switch base {
	case "ARRAY", "MULTISET":
		return []part{{"element", inner}}
	case "MAP":
		if kv := splitTypes(inner); len(kv) == 2 {
			return []part{{"key", kv[0]}, {"value", kv[1]}}
		}
	case "ROW":
		var out []part
		for _, field := range splitTypes(inner) {
			name, typ, _ := strings.Cut(strings.TrimPrefix(field, "`"), "` ")
			out = append(out, part{strings.ReplaceAll(name, "``", "`"), typ})
		}
		return out
	}
	return nil
}

// splitTypes splits a list of types, or of fields, at its commas.
func splitTypes(list string) (out []string) {
	depth, quoted, begin := 0, false, 0
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '`':
			quoted = !quoted
		case quoted:
		case c == '<' || c == '(':
			depth++
		case c == '>' || c == ')':
			depth--
		case c == ',' && depth == 0:
			out, begin = append(out, strings.TrimSpace(list[begin:i])), i+1
		}
	}
	return append(out, strings.TrimSpace(list[begin:]))
}

// nested reads the options of a column of a nested type, whose parts are named
// behind its own name.
func (p *parser) nested(typ string, parts []part) (c column) {
	if p.kind() == "sequence" {
		p.fault(conn.BadValue, "kind", "a %s can't count", typ)
	}
	c.nullRate = p.float("null-rate", 0)
	for _, x := range parts {
		q := parser{name: p.name + "." + x.name, fields: p.fields, used: p.used, part: true}
		c.parts = append(c.parts, q.column(strings.TrimSuffix(x.typ, " NOT NULL")))
		p.errs = append(p.errs, q.errs...)
	}
	c.made = make([]val.Datum, max(len(parts), 2*entries))
	return c
}

// lengths reads how long texts and binary strings are: as long as their types say,
// or 100 for STRING and BYTES. Those of a fixed length can't be told another.
func (p *parser) lengths(c *column, typ string) {
	base, most := typ, math.MaxInt32
	if n, err := fmt.Sscanf(strings.NewReplacer("(", " ", ")", "").Replace(typ), "%s %d", &base, &most); n < 2 || err != nil {
		base, most = typ, math.MaxInt32
	}
	if base == "CHAR" || base == "BINARY" {
		c.length = most
		for _, what := range []string{"length", "var-len"} {
			if _, ok := p.get(what); ok {
				p.fault(conn.BadValue, what, "a value of type %s has its length", typ)
			}
		}
		return
	}
	usual := most
	if most == math.MaxInt32 {
		usual = 100
	}
	c.length = int(p.int("length", int64(usual)))
	if c.length > most {
		p.fault(conn.BadValue, "length", "it is above the %d of %s", most, typ)
	}
	varLen, _ := p.get("var-len")
	c.varLen = strings.EqualFold(varLen, "true")
}

// Decoder makes a row of its number.
type Decoder struct {
	columns []column
	n       int64
}

// NewDecoder returns the decoder of a table.
func NewDecoder(t *conn.Table) (*Decoder, error) {
	o := new(Options)
	errs := conn.Parse(t.Options, o, conn.Modern)
	columns, _, more := plan(o, t)
	return &Decoder{columns: columns}, conn.Fatal(t.Name, append(errs, more...))
}

// Split takes the number of the next row.
func (d *Decoder) Split(record []byte) (bool, error) {
	d.n = int64(binary.LittleEndian.Uint64(record))
	return true, nil
}

// Datum makes the value of column i.
func (d *Decoder) Datum(i int, t *types.Type, arena *val.Arena) (val.Datum, error) {
	if c := &d.columns[i]; c.sequence {
		return counted(c.start+d.n, t, arena), nil
	}
	return d.columns[i].random(t, arena)
}

// random makes a value.
func (c *column) random(t *types.Type, arena *val.Arena) (val.Datum, error) {
	if c.nullRate > 0 && rand.Float64() < c.nullRate {
		return val.NullDatum(), nil
	}
	switch t.Kind {
	case types.Array, types.Map, types.Multiset, types.Row:
		return c.randomParts(t, arena)
	case types.TinyInt, types.SmallInt, types.Int, types.BigInt:
		if span := uint64(c.high-c.low) + 1; span != 0 {
			return val.IntDatum(c.low + int64(rand.Uint64N(span))), nil
		}
		return val.IntDatum(int64(rand.Uint64())), nil
	case types.Boolean:
		return val.BoolDatum(rand.IntN(2) == 1), nil
	case types.Float:
		return val.FloatDatum(float32(c.min + rand.Float64()*(c.max-c.min))), nil
	case types.Double:
		return val.FloatDatum(c.min + rand.Float64()*(c.max-c.min)), nil
	case types.Decimal:
		text := strconv.FormatFloat(c.min+rand.Float64()*(c.max-c.min), 'f', t.Scale, 64)
		v, fits, err := val.ParseDecimal(text, val.Shape{Precision: t.Precision, Scale: t.Scale})
		return val.DecimalDatum(v).Unless(!fits), err
	case types.Char, types.VarChar:
		return val.TextDatum(c.text(arena)), nil
	case types.Binary, types.VarBinary:
		return val.TextDatum(val.View(c.bytes(arena))), nil
	}
	return c.moment(t), nil
}

// randomParts makes a value of a nested type.
func (c *column) randomParts(t *types.Type, arena *val.Arena) (_ val.Datum, err error) {
	made := c.made
	switch t.Kind {
	case types.Row:
		for i := range c.parts {
			if made[i], err = c.parts[i].random(&t.Elems[i], arena); err != nil {
				return val.Datum{}, err
			}
		}
		return val.TextDatum(val.NewRow(arena, t, made[:len(c.parts)]...)), nil
	case types.Array:
		for i := range entries {
			if made[i], err = c.parts[0].random(&t.Elems[0], arena); err != nil {
				return val.Datum{}, err
			}
		}
		return val.TextDatum(val.NewArray(arena, &t.Elems[0], made[:entries]...)), nil
	}
	value := &counts
	if t.Kind == types.Map {
		value = &c.parts[1]
	}
	n := 0
	for range entries {
		key, err := c.parts[0].random(&t.Elems[0], arena)
		if err != nil {
			return val.Datum{}, err
		}
		at := slices.IndexFunc(made[:n], func(k val.Datum) bool { return val.EqualDatum(k, key, &t.Elems[0]) })
		if at < 0 {
			at, n = n, n+1
		}
		made[at] = key
		if made[entries+at], err = value.random(val.MapValue(t), arena); err != nil {
			return val.Datum{}, err
		}
	}
	keys := val.NewArray(arena, &t.Elems[0], made[:n]...)
	return val.TextDatum(val.MakeMap(arena, keys, val.NewArray(arena, val.MapValue(t), made[entries:entries+n]...))), nil
}

// counted is a number as a value of a type.
func counted(n int64, t *types.Type, arena *val.Arena) val.Datum {
	switch t.Kind {
	case types.Float:
		return val.FloatDatum(float32(n))
	case types.Double:
		return val.FloatDatum(float64(n))
	case types.Decimal:
		v, fits := val.DecimalOf(n).Rescale(0, val.Shape{Precision: t.Precision, Scale: t.Scale})
		return val.DecimalDatum(v).Unless(!fits)
	case types.Binary, types.VarBinary: // eight bytes, whatever the type says
		return val.TextDatum(val.View(binary.BigEndian.AppendUint64(arena.Alloc(8)[:0], uint64(n))))
	case types.Char, types.VarChar:
		return val.TextDatum(val.View(strconv.AppendInt(arena.Alloc(20)[:0], n, 10)))
	}
	return val.IntDatum(n)
}

// room takes memory for a value of the column's length.
func (c *column) room(arena *val.Arena) []byte {
	n := c.length
	if c.varLen && n > 0 {
		n = 1 + rand.IntN(n)
	}
	return arena.Alloc(n)
}

// text is random hexadecimal digits.
func (c *column) text(arena *val.Arena) string {
	buf := c.room(arena)
	for i := range buf {
		buf[i] = "0123456789abcdef"[rand.IntN(16)]
	}
	return val.View(buf)
}

// bytes are random ones.
func (c *column) bytes(arena *val.Arena) []byte {
	buf := c.room(arena)
	for i := range buf {
		buf[i] = byte(rand.IntN(256))
	}
	return buf
}

// moment is now, or a random time before it.
func (c *column) moment(t *types.Type) val.Datum {
	at := time.Now()
	if c.past > 0 {
		at = at.Add(-time.Duration(rand.Int64N(int64(c.past))))
	}
	if t.Kind != types.TimestampLTZ {
		_, offset := at.Zone()
		at = at.Add(time.Duration(offset) * time.Second)
	}
	ts := val.TimestampFromUnix(at.Unix(), int64(at.Nanosecond())).Truncate(min(3, t.Precision))
	switch t.Kind {
	case types.Date:
		return val.IntDatum(ts.Date())
	case types.Time:
		return val.IntDatum(ts.Time())
	}
	return val.TimestampDatum(ts)
}
