package values

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// Decoder reads the values of a row:
//
//	BOOLEAN, integers         true, false, numbers
//	FLOAT, DOUBLE             numbers, or "NaN", "Infinity", "-Infinity"
//	DECIMAL                   a text in plain notation, or a number
//	CHAR, VARCHAR             a text
//	BINARY, VARBINARY         a text of hexadecimal digits: "00ff"
//	DATE, TIME                "2020-02-29", "12:34:56.123"
//	TIMESTAMP, TIMESTAMP_LTZ  "2020-02-29T12:34:56.123456", "2020-02-29T12:34:56.123Z"
//	INTERVAL                  the number of months or milliseconds
//	ARRAY, ROW                an array of the elements, or the fields
//	MAP, MULTISET             an array of [key, value], or [element, count]
//
// NULL of any type is null.
type Decoder struct {
	table  *conn.Table
	fields []any
}

// NewDecoder returns a decoder for the rows of a table.
func NewDecoder(t *conn.Table) (*Decoder, error) { return &Decoder{table: t}, nil }

// Split takes the next row.
func (d *Decoder) Split(record []byte) (bool, error) {
	dec := json.NewDecoder(bytes.NewReader(record))
	dec.UseNumber()
	d.fields = d.fields[:0]
	if err := dec.Decode(&d.fields); err != nil {
		return false, fmt.Errorf("%s is no row: %w", record, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("%s is no row", record)
	}
	if len(d.fields) != len(d.table.Columns) {
		return false, fmt.Errorf("%s has %d values, the table %d columns", record, len(d.fields), len(d.table.Columns))
	}
	return true, nil
}

// Datum reads the value of column i, which has the type t.
func (d *Decoder) Datum(i int, t *types.Type, arena *val.Arena) (val.Datum, error) {
	x, err := datum(d.fields[i], t, arena)
	if err != nil {
		return x, &conn.BadData{Table: d.table.Name, Column: d.table.Columns[i].Name, Err: err}
	}
	return x, nil
}

// datum converts a value of JSON.
func datum(v any, t *types.Type, arena *val.Arena) (val.Datum, error) {
	if v == nil {
		return val.NullDatum(), nil
	}
	var x val.Datum
	var ok bool
	switch v := v.(type) {
	case bool:
		x, ok = val.BoolDatum(v), t.Kind == types.Boolean
	case json.Number:
		x, ok = number(v.String(), t)
	case string:
		x, ok = text(v, t, arena)
	case []any:
		return nested(v, t, arena)
	}
	if !ok {
		return x, invalid(v, t)
	}
	return x, nil
}

func invalid(v any, t *types.Type) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return fmt.Errorf("%s is no value of type %s", text, t)
}

// bits is the size of integers and of what is written as one.
var bits = map[types.Kind]int{
	types.TinyInt: 8, types.SmallInt: 16, types.Int: 32, types.BigInt: 64,
	types.IntervalYearMonth: 32, types.IntervalDayTime: 64,
}

func number(text string, t *types.Type) (val.Datum, bool) {
	switch t.Kind {
	case types.Float, types.Double:
		f, err := strconv.ParseFloat(text, 64)
		return float(f, t), err == nil
	case types.Decimal:
		return decimal(text, t)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	unused := 64 - bits[t.Kind]
	return val.IntDatum(n << unused >> unused), unused < 64 && err == nil // wrapped around, as in Flink
}

// float rounds to the type's bits.
func float(f float64, t *types.Type) val.Datum {
	if t.Kind == types.Float {
		return val.FloatDatum(float32(f))
	}
	return val.FloatDatum(f)
}

func decimal(text string, t *types.Type) (val.Datum, bool) {
	v, fits, err := val.ParseDecimal(text, val.Shape{Precision: t.Precision, Scale: t.Scale})
	return val.DecimalDatum(v), fits && err == nil
}

var named = map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

// The forms of temporal values.
const (
	dateForm = "2006-01-02"
	timeForm = "15:04:05"
	wallForm = dateForm + "T" + timeForm
)

func text(s string, t *types.Type, arena *val.Arena) (val.Datum, bool) {
	switch t.Kind {
	case types.Char, types.VarChar:
		return val.TextDatum(arena.Concat(s)), true
	case types.Binary, types.VarBinary:
		b, err := hex.DecodeString(s)
		return val.TextDatum(arena.Concat(val.View(b))), err == nil
	case types.Float, types.Double:
		f, ok := named[s]
		return float(f, t), ok
	case types.Decimal:
		return decimal(s, t)
	case types.Date:
		at, err := time.Parse(dateForm, s)
		return val.IntDatum(val.FloorDiv(at.Unix(), 24*60*60)), err == nil
	case types.Time:
		at, err := time.Parse(timeForm, s)
		hour, minute, second := at.Clock()
		return val.IntDatum(val.TimeOf(hour, minute, second, at.Nanosecond()/1_000_000)), err == nil
	case types.Timestamp:
		at, err := time.Parse(wallForm, s)
		return timestamp(at), err == nil
	case types.TimestampLTZ:
		at, err := time.Parse(time.RFC3339, s)
		return timestamp(at), err == nil
	}
	return val.Datum{}, false
}

func timestamp(at time.Time) val.Datum {
	return val.TimestampDatum(val.TimestampFromUnix(at.Unix(), int64(at.Nanosecond())))
}

func nested(list []any, t *types.Type, arena *val.Arena) (val.Datum, error) {
	switch t.Kind {
	case types.Array:
		items, err := each(list, func(int) *types.Type { return &t.Elems[0] }, arena)
		return val.TextDatum(val.NewArray(arena, &t.Elems[0], items...)), err
	case types.Row:
		if len(list) != len(t.Elems) {
			break
		}
		fields, err := each(list, func(i int) *types.Type { return &t.Elems[i] }, arena)
		if err != nil {
			return val.Datum{}, err
		}
		return val.TextDatum(val.NewRow(arena, t, fields...)), nil
	case types.Map, types.Multiset:
		return entries(list, t, arena)
	}
	return val.Datum{}, invalid(list, t)
}

// each converts the elements of a list, each to its type.
func each(list []any, typ func(i int) *types.Type, arena *val.Arena) ([]val.Datum, error) {
	items := make([]val.Datum, len(list))
	for i, v := range list {
		var err error
		if items[i], err = datum(v, typ(i), arena); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func entries(list []any, t *types.Type, arena *val.Arena) (val.Datum, error) {
	var keys, values []val.Datum
	for _, e := range list {
		pair, ok := e.([]any)
		if !ok || len(pair) != 2 {
			return val.Datum{}, invalid(list, t)
		}
		both, err := each(pair, func(i int) *types.Type { return [...]*types.Type{&t.Elems[0], val.MapValue(t)}[i] }, arena)
		if err != nil {
			return val.Datum{}, err
		}
		keys, values = append(keys, both[0]), append(values, both[1])
	}
	return val.TextDatum(val.MakeMap(arena, val.NewArray(arena, &t.Elems[0], keys...), val.NewArray(arena, val.MapValue(t), values...))), nil
}
