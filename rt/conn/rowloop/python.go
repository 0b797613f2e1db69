package rowloop

import (
	"fmt"
	"strconv"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/pytext"
	"pyfc/rt/val"
)

// Shows reports whether Python's text of the values of a type is known: PyFlink
// hands no TIMESTAMP_LTZ and no interval to Python, and a nested row as
// something else than a row.
func Shows(t types.Type) bool {
	switch t.Kind {
	case types.TimestampLTZ, types.IntervalYearMonth, types.IntervalDayTime, types.Row, types.Multiset:
		return false
	}
	for _, e := range t.Elems {
		if !Shows(e) {
			return false
		}
	}
	return true
}

// Frames reports whether the values of a type come to a DataFrame: those that Shows
// reports, and rows of them, as tuples.
func Frames(t types.Type) bool {
	if t.Kind != types.Row && t.Kind != types.Array {
		return Shows(t)
	}
	for _, e := range t.Elems {
		if !Frames(e) {
			return false
		}
	}
	return true
}

// columns holds the texts of a row's columns as PyFlink's Python values have
// them. It is a val.Writer.
type columns struct{ strs, reprs []string }

func (c *columns) begin() { c.strs, c.reprs = c.strs[:0], c.reprs[:0] }

// same adds a value whose str and repr agree.
func (c *columns) same(text string) { c.add(text, text) }

func (c *columns) add(str, repr string) { c.strs, c.reprs = append(c.strs, str), append(c.reprs, repr) }

// Null implements val.Writer, as do the methods below.
func (c *columns) Null() { c.same("None") }

// Bool writes a bool.
func (c *columns) Bool(v bool) { c.same(boolText(v)) }

// Int8 writes an int.
func (c *columns) Int8(v int8) { c.Int64(int64(v)) }

// Int16 writes an int.
func (c *columns) Int16(v int16) { c.Int64(int64(v)) }

// Int32 writes an int.
func (c *columns) Int32(v int32) { c.Int64(int64(v)) }

// Int64 writes an int.
func (c *columns) Int64(v int64) { c.same(strconv.FormatInt(v, 10)) }

// Float32 writes the float whose digits are those of the FLOAT.
func (c *columns) Float32(v float32) { c.same(singleText(v)) }

// Float64 writes a float.
func (c *columns) Float64(v float64) { c.same(pytext.Float(v)) }

// Decimal writes a Decimal.
func (c *columns) Decimal(v val.Decimal, scale int) {
	str := string(val.AppendDecimal(nil, v, scale))
	c.add(str, "Decimal('"+str+"')")
}

// String writes a str.
func (c *columns) String(v string) { c.add(v, pytext.Quote(v)) }

// Datum writes a value of any other type.
func (c *columns) Datum(d val.Datum, t *types.Type) { c.add(texts(d, t)) }

func boolText(v bool) string {
	if v {
		return "True"
	}
	return "False"
}

func singleText(v float32) string {
	f, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	if err != nil {
		return pytext.Float(float64(v))
	}
	return pytext.Float(f)
}

// texts are str and repr of a value.
func texts(d val.Datum, t *types.Type) (str, repr string) {
	if d.Null {
		return "None", "None"
	}
	same := func(s string) (string, string) { return s, s }
	switch t.Kind {
	case types.Boolean:
		return same(boolText(d.Bool()))
	case types.Float:
		return same(singleText(float32(d.Float())))
	case types.Double:
		return same(pytext.Float(d.Float()))
	case types.Decimal:
		str = string(val.AppendDecimal(nil, d.Decimal(), t.Scale))
		return str, "Decimal('" + str + "')"
	case types.Char, types.VarChar:
		return d.Text(), pytext.Quote(d.Text())
	case types.Binary, types.VarBinary:
		return same(pytext.ByteArray(d.Text()))
	case types.Date:
		date := val.Date(d.Int())
		y, m, day := date.Civil()
		return string(val.AppendDate(nil, date)), fmt.Sprintf("datetime.date(%d, %d, %d)", y, m, day)
	case types.Time:
		return clockTexts(val.Time(d.Int()), 0, "", "datetime.time(")
	case types.Timestamp:
		ts := d.Timestamp()
		y, m, day := ts.Date().Civil()
		return clockTexts(ts.Time(), ts.Nano, string(val.AppendDate(nil, ts.Date()))+" ", fmt.Sprintf("datetime.datetime(%d, %d, %d, ", y, m, day))
	case types.Array:
		return same(listText(d.Array(), &t.Elems[0]))
	case types.Map:
		return same(mapText(d.Map(), t))
	case types.Row:
		return same(tupleText(d.Row(), t))
	}
	return same(strconv.FormatInt(d.Int(), 10))
}

// clockTexts are the texts of a time of day behind those of what precedes it.
// Python counts microseconds, and leaves out seconds that are zero in repr,
// microseconds that are zero in both.
func clockTexts(t val.Time, nano int32, str, repr string) (string, string) {
	h, m, s, ms := t.Clock()
	micros := ms*1000 + int(nano)/1000
	str += fmt.Sprintf("%02d:%02d:%02d", h, m, s)
	repr += fmt.Sprintf("%d, %d", h, m)
	if s != 0 || micros != 0 {
		repr += fmt.Sprintf(", %d", s)
	}
	if micros != 0 {
		str += fmt.Sprintf(".%06d", micros)
		repr += fmt.Sprintf(", %d", micros)
	}
	return str, repr + ")"
}

func listText(a val.Array, elem *types.Type) string {
	items := make([]string, a.Len())
	for i := range items {
		_, items[i] = texts(a.At(i, elem), elem)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func tupleText(r val.Row, t *types.Type) string {
	var b strings.Builder
	for i := range t.Elems {
		_, field := texts(r.Field(i, t), &t.Elems[i])
		b.WriteString(field + ", ")
	}
	return "(" + b.String() + ")"
}

func mapText(m val.Map, t *types.Type) string {
	items := make([]string, m.Len())
	for i := range items {
		k, v := m.At(i, t)
		_, key := texts(k, &t.Elems[0])
		_, value := texts(v, val.MapValue(t))
		items[i] = key + ": " + value
	}
	return "{" + strings.Join(items, ", ") + "}"
}
