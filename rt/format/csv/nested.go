package csv

import (
	"encoding/base64"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/format/temporal"
	"pyfc/rt/val"
)

// supports reports whether columns of the type can be read and written: scalars,
// and arrays and rows of scalars.
func supports(t types.Type) bool {
	if t.Kind != types.Array && t.Kind != types.Row {
		return scalar(t)
	}
	for _, e := range t.Elems {
		if !scalar(e) {
			return false
		}
	}
	return true
}

func scalar(t types.Type) bool {
	switch t.Kind {
	case types.Array, types.Row, types.Map, types.Multiset, types.Null:
		return false
	}
	return !t.Interval()
}

// Datum returns a column of a type without a method of its own.
func (d *Decoder) Datum(i int, t *types.Type, arena *val.Arena) (val.Datum, error) {
	text, shared, ok := d.raw(i)
	nested := t.Kind == types.Array || t.Kind == types.Row
	if !ok || !nested && d.hasNull && string(text) == d.null {
		return val.NullDatum(), nil
	}
	var x val.Datum
	switch {
	case d.dialect == OldFile:
		x, ok = oldTime(val.View(text), t)
	case nested:
		if len(trim(text)) == 0 {
			if t.Kind == types.Row {
				return val.NullDatum(), nil
			}
			return val.TextDatum(val.NewArray(arena, &t.Elems[0])), nil
		}
		if !shared { // the elements are views of it
			text = []byte(arena.Concat(val.View(text)))
		}
		x, ok = d.elements(val.View(text), t, arena)
	default:
		x, ok = d.scalar(val.View(text), t, arena)
	}
	if !ok {
		return val.NullDatum(), d.badField(i, text)
	}
	return x, nil
}

// elements reads an ARRAY or ROW from texts between the element delimiters. What
// isn't a value is NULL where errors are ignored, as are the missing fields of a
// row; what is behind a row's fields doesn't count.
func (d *Decoder) elements(text string, t *types.Type, arena *val.Arena) (val.Datum, bool) {
	d.items = d.items[:0]
	for more := true; more; {
		var part string
		part, text, more = strings.Cut(text, d.elementDelim)
		elem := &t.Elems[0]
		if t.Kind == types.Row {
			if len(d.items) == len(t.Elems) {
				break
			}
			elem = &t.Elems[len(d.items)]
		}
		x, ok := val.NullDatum(), true
		if !d.hasNull || part != d.null {
			x, ok = d.scalar(part, elem, arena)
		}
		if !ok && !d.ignore {
			return val.NullDatum(), false
		}
		d.items = append(d.items, x.Unless(x.Null || !ok))
	}
	if t.Kind == types.Array {
		return val.TextDatum(val.NewArray(arena, &t.Elems[0], d.items...)), true
	}
	if len(d.items) < len(t.Elems) && !d.ignore {
		return val.NullDatum(), false
	}
	for len(d.items) < len(t.Elems) {
		d.items = append(d.items, val.NullDatum())
	}
	return val.TextDatum(val.NewRow(arena, t, d.items...)), true
}

// scalar reads a value that is neither array nor row; ok is false for a text that
// is none of the type.
func (d *Decoder) scalar(text string, t *types.Type, arena *val.Arena) (x val.Datum, ok bool) {
	trimmed := trim(text)
	switch t.Kind {
	case types.Char, types.VarChar:
		return val.TextDatum(text), true
	case types.Boolean:
		return val.BoolDatum(strings.EqualFold(trimmed, "true")), true
	case types.TinyInt, types.SmallInt, types.Int, types.BigInt:
		n, ok := parseInt(trimmed, intBits[t.Kind])
		return val.IntDatum(n), ok
	case types.Float:
		f, ok := val.ParseFloat(trimmed, 32)
		return val.FloatDatum(float32(f)), ok
	case types.Double:
		f, ok := val.ParseFloat(trimmed, 64)
		return val.FloatDatum(f), ok
	case types.Decimal:
		v, fits, err := val.ParseDecimal(text, val.Shape{Precision: t.Precision, Scale: t.Scale})
		return val.DecimalDatum(v).Unless(!fits), err == nil
	case types.Date:
		date, ok := temporal.ParseSQLDate(text)
		return val.IntDatum(date), ok
	case types.Time:
		clock, ok := temporal.ParseISOTime(text)
		return val.IntDatum(clock), ok
	case types.Timestamp, types.TimestampLTZ:
		at, ok := temporal.ParseTimestamp(trimmed, false, t.Kind == types.TimestampLTZ, t.Precision)
		return val.TimestampDatum(at), ok
	case types.Binary, types.VarBinary:
		return fromBase64(strings.TrimLeft(text, " "), arena)
	}
	return x, false
}

var intBits = map[types.Kind]int{types.TinyInt: 8, types.SmallInt: 16, types.Int: 32, types.BigInt: 64}

// fromBase64 reads a binary string.
func fromBase64(text string, arena *val.Arena) (val.Datum, bool) {
	out := arena.Alloc(base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Strict().Decode(out, []byte(text))
	return val.TextDatum(val.View(out[:n])), err == nil && !strings.ContainsAny(text, "\r\n")
}

// Datum writes a value of a type without a method of its own, as a text: elements
// of an array or row stand between the element delimiters.
func (w *Writer) Datum(d val.Datum, t *types.Type) {
	w.scrap = w.scrap[:0]
	switch t.Kind {
	case types.Array:
		for i := range d.Array().Len() {
			w.element(i, d.Array().At(i, &t.Elems[0]), &t.Elems[0])
		}
	case types.Row:
		for i := range t.Elems {
			w.element(i, d.Row().Field(i, t), &t.Elems[i])
		}
	default:
		w.scrap = w.appendScalar(w.scrap, d, t)
	}
	w.String(val.View(w.scrap))
}

func (w *Writer) element(i int, d val.Datum, t *types.Type) {
	if i > 0 {
		w.scrap = append(w.scrap, w.elementDelim...)
	}
	if d.Null {
		w.scrap = append(w.scrap, w.null...)
		return
	}
	w.scrap = w.appendScalar(w.scrap, d, t)
}

// appendScalar writes the text of a value that is neither array nor row.
func (w *Writer) appendScalar(dst []byte, d val.Datum, t *types.Type) []byte {
	switch t.Kind {
	case types.Char, types.VarChar:
		return append(dst, d.Text()...)
	case types.Decimal:
		v, scale := d.Decimal().StripZeros(t.Scale)
		return val.AppendDecimal(dst, v, scale)
	case types.Date:
		return temporal.AppendDate(dst, val.Date(d.Int()))
	case types.Time:
		return temporal.AppendTime(dst, val.Time(d.Int()))
	case types.Timestamp, types.TimestampLTZ:
		dst = temporal.AppendTimestamp(dst, d.Timestamp(), false, t.Kind == types.TimestampLTZ)
		if w.old && dst[len(dst)-3] == ':' { // as of java.sql.Timestamp, never without a fraction
			dst = append(dst, ".0"...)
		}
		return dst
	case types.Binary, types.VarBinary:
		return base64.StdEncoding.AppendEncode(dst, []byte(d.Text()))
	}
	return val.AppendJava(dst, d, t)
}
