package fn

import (
	"errors"
	"fmt"
	"strconv"

	"pyfc/ir/types"
	"pyfc/rt/json"
	"pyfc/rt/val"
)

// What a JSON function does where there is no value, or on an error.
const (
	reactError   = "ERROR"
	reactDefault = "DEFAULT"
	emptyArray   = "EMPTY ARRAY"
	emptyObject  = "EMPTY OBJECT"
)

// errEmpty is what ERROR ON EMPTY fails with.
var errEmpty = errors.New("there is no value, and ERROR ON EMPTY is asked for")

// search is a value found in a text.
type search struct {
	doc   *json.Doc
	path  *json.Path
	value *json.Value
	err   error
}

func find(text, path string) search {
	s := search{path: json.Compile(path)}
	var root *json.Value
	if s.doc, s.err = json.Parse(text); s.err == nil {
		root = s.doc.Root()
	}
	s.value, s.err = s.path.Find(root)
	return s
}

func (s *search) free() {
	if s.doc != nil {
		s.doc.Free()
	}
}

// want asks that the value be of a kind: a lax path leads to nothing else, for
// a strict one it is an error.
func (s *search) want(what string, ok func(*json.Value) bool) {
	switch {
	case s.err != nil || s.value != nil && ok(s.value):
	case s.path.Lax:
		s.value = nil
	case s.value == nil:
		s.err = errors.New("a strict JSON path leads to null")
	default:
		s.err = fmt.Errorf("a strict JSON path leads to %s, not %s", json.AppendText(nil, s.value), what)
	}
}

// react is what an event gives: a value, or an error.
func react(reaction string, otherwise val.Datum, err error) (val.Datum, error) {
	switch reaction {
	case reactError:
		return val.NullDatum(), err
	case reactDefault:
		return otherwise, nil
	}
	return val.NullDatum(), nil
}

// JSONValue is a scalar in a JSON text, as text.
func JSONValue(a *val.Arena, text, path string) (string, bool) {
	s := find(text, path)
	defer s.free()
	s.want("a scalar", (*json.Value).Scalar)
	if s.err != nil || s.value == nil {
		return "", false
	}
	return scalarText(a, s.value), true
}

func scalarText(a *val.Arena, v *json.Value) string {
	if v.Kind == json.String {
		return a.Concat(v.Text)
	}
	var buf [32]byte
	return a.Concat(val.View(json.AppendText(buf[:0], v)))
}

// JSONValueAs has all options.
func JSONValueAs(a *val.Arena, text, path string, _ val.Datum, onEmpty string, empty val.Datum, onError string, failed val.Datum, t *types.Type) (val.Datum, error) {
	s := find(text, path)
	defer s.free()
	s.want("a scalar", (*json.Value).Scalar)
	switch {
	case s.err != nil:
		return react(onError, failed, s.err)
	case s.value == nil:
		return react(onEmpty, empty, errEmpty)
	}
	return returning(a, s.value, t)
}

// returning is a scalar as a value of a type, which it must be already.
func returning(a *val.Arena, v *json.Value, t *types.Type) (val.Datum, error) {
	switch {
	case t.Text():
		return val.TextDatum(scalarText(a, v)), nil
	case t.Kind == types.Boolean && v.Kind == json.Bool:
		return val.BoolDatum(v.True), nil
	case t.Kind == types.Double && v.Kind == json.Double:
		return val.FloatDatum(v.Num), nil
	case t.Kind == types.Int && v.Kind == json.Int:
		if i, err := strconv.ParseInt(v.Text, 10, 32); err == nil {
			return val.IntDatum(i), nil
		}
	}
	return val.NullDatum(), fmt.Errorf("the JSON value %s is no %s", json.Append(nil, v), t.Kind)
}

func notScalar(v *json.Value) bool { return !v.Scalar() }

// JSONQuery is an array or object in a JSON text, as JSON.
func JSONQuery(a *val.Arena, text, path string) (string, bool) {
	s := find(text, path)
	defer s.free()
	s.want("an array or object", notScalar)
	if s.err != nil || s.value == nil {
		return "", false
	}
	return written(a, s.value), true
}

func written(a *val.Arena, v *json.Value) string {
	t := newTextScratch()
	defer t.free()
	t.buf = json.Append(t.buf, v)
	return a.Concat(val.View(t.buf))
}

// JSONQueryAs has all options.
func JSONQueryAs(a *val.Arena, text, path string, _ val.Datum, wrapper, onEmpty, onError string, t *types.Type) (val.Datum, error) {
	s := find(text, path)
	defer s.free()
	if s.err == nil && s.value != nil && (wrapper == "UNCONDITIONAL" || wrapper == "CONDITIONAL" && s.value.Kind != json.Array) {
		s.value = &json.Value{Kind: json.Array, Items: []*json.Value{s.value}}
	}
	s.want("an array or object", notScalar)
	if s.err == nil && s.value != nil && t.Kind == types.Array && s.value.Kind != json.Array {
		s.err = fmt.Errorf("the JSON value %s is no array", json.Append(nil, s.value))
	}
	reaction, err := onEmpty, errEmpty
	if s.err != nil {
		reaction, err = onError, s.err
	}
	switch {
	case s.err == nil && s.value != nil:
	case reaction == emptyArray:
		s.value = &json.Value{Kind: json.Array}
	case reaction == emptyObject:
		s.value = &json.Value{Kind: json.Object}
	default:
		return react(reaction, val.NullDatum(), err)
	}
	if t.Kind == types.Array {
		return val.TextDatum(arrayOfTexts(a, s.value, &t.Elems[0])), nil
	}
	return val.TextDatum(written(a, s.value)), nil
}

// arrayOfTexts are the elements as texts.
func arrayOfTexts(a *val.Arena, v *json.Value, elem *types.Type) val.Array {
	s := newScratch()
	defer s.free()
	for _, item := range v.Items {
		if item.Kind == json.Null {
			s.add(val.NullDatum())
		} else {
			s.add(val.TextDatum(scalarText(a, item)))
		}
	}
	return s.toArray(a, elem)
}

// JSONExists reports whether the path leads to a value that isn't null.
func JSONExists(text, path string) bool {
	exists, _, _ := JSONExistsOr(text, path, "FALSE")
	return exists
}

// JSONExistsOr says what an error gives.
func JSONExistsOr(text, path, onError string) (exists, ok bool, err error) {
	s := find(text, path)
	defer s.free()
	s.want("a value", func(*json.Value) bool { return true })
	if s.err == nil {
		return s.value != nil, true, nil
	}
	switch onError {
	case "TRUE":
		return true, true, nil
	case "UNKNOWN":
		return false, false, nil
	case reactError:
		return false, false, s.err
	}
	return false, true, nil
}

// IsJSON reports whether a text is JSON, and of a kind.
func IsJSON(v val.Datum, kind string) bool {
	if v.Null {
		return false
	}
	d, err := json.Parse(v.Text())
	if err != nil {
		return false
	}
	defer d.Free()
	switch kind {
	case "SCALAR":
		return d.Root().Scalar()
	case "ARRAY":
		return d.Root().Kind == json.Array
	case "OBJECT":
		return d.Root().Kind == json.Object
	}
	return true
}

// JSONString writes a value as JSON.
func JSONString(a *val.Arena, v val.Typed) (string, bool) {
	if v.Null {
		return "", false
	}
	t := newTextScratch()
	defer t.free()
	t.buf = appendJSON(t.buf, v.Datum, v.Type)
	return a.Concat(val.View(t.buf)), true
}

// JSONObject writes an object of keys and values; after each value stands
// whether it is JSON already.
func JSONObject(a *val.Arena, t *types.Type, args ...val.Typed) string {
	absent := args[0].Text() == "ABSENT"
	m := newMembers()
	defer m.free()
	for i := 1; i+2 < len(args); i += 3 {
		if value := args[i+1]; !value.Null || !absent {
			m.put(args[i].Text(), value, args[i+2].Bool())
		}
	}
	b := newTextScratch()
	defer b.free()
	b.buf = m.append(b.buf)
	return a.Concat(val.View(b.buf))
}

// JSONArray writes an array of values; after each stands whether it is JSON
// already.
func JSONArray(a *val.Arena, t *types.Type, args ...val.Typed) string {
	absent := args[0].Text() == "ABSENT"
	b := newTextScratch()
	defer b.free()
	b.buf = append(b.buf, '[')
	for i := 1; i+1 < len(args); i += 2 {
		if args[i].Null && absent {
			continue
		}
		if len(b.buf) > 1 {
			b.buf = append(b.buf, ',')
		}
		b.buf = appendMember(b.buf, args[i], args[i+1].Bool())
	}
	return a.Concat(val.View(append(b.buf, ']')))
}

func appendMember(dst []byte, v val.Typed, isJSON bool) []byte {
	if isJSON && !v.Null {
		return append(dst, v.Text()...)
	}
	return appendJSON(dst, v.Datum, v.Type)
}

// appendJSON writes a value as Flink's JSON functions do.
func appendJSON(dst []byte, v val.Datum, t *types.Type) []byte {
	if v.Null {
		return append(dst, "null"...)
	}
	switch t.Kind {
	case types.Boolean:
		return json.AppendBool(dst, v.Bool())
	case types.Float:
		return json.AppendFloat(dst, float32(v.Float()))
	case types.Double:
		return json.AppendDouble(dst, v.Float())
	case types.Decimal:
		return appendStripped(dst, v.Decimal(), t.Scale)
	case types.Char, types.VarChar:
		return json.AppendString(dst, v.Text())
	case types.Binary, types.VarBinary:
		return json.AppendBinary(dst, v.Text())
	case types.Timestamp, types.TimestampLTZ:
		return appendISO(dst, v.Timestamp(), t.Kind == types.TimestampLTZ)
	case types.Array:
		dst = append(dst, '[')
		for i := range v.Array().Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, v.Array().At(i, &t.Elems[0]), &t.Elems[0])
		}
		return append(dst, ']')
	case types.Map, types.Multiset, types.Row:
		m := newMembers()
		defer m.free()
		m.collect(v, t)
		return m.append(dst)
	}
	return strconv.AppendInt(dst, v.Int(), 10)
}

// collect takes the entries of a map, or the fields of a row.
func (m *members) collect(v val.Datum, t *types.Type) {
	if t.Kind == types.Row {
		for i := range t.Elems {
			m.put(t.Names[i], val.Typed{Datum: v.Row().Field(i, t), Type: &t.Elems[i]}, false)
		}
		return
	}
	for i := range v.Map().Len() {
		key, value := v.Map().At(i, t)
		m.put(key.Text(), val.Typed{Datum: value, Type: val.MapValue(t)}, false)
	}
}

// appendISO writes 2020-02-29T12:34:56.5, with a Z for a point in time.
func appendISO(dst []byte, v val.Timestamp, zulu bool) []byte {
	dst = append(dst, '"')
	start := len(dst)
	dst = val.AppendTimestamp(dst, v, 9)
	for i := start; i < len(dst); i++ {
		if dst[i] == ' ' {
			dst[i] = 'T'
		}
	}
	for dst[len(dst)-1] == '0' && dst[len(dst)-3] != ':' {
		dst = dst[:len(dst)-1]
	}
	if dst[len(dst)-1] == '.' {
		dst = dst[:len(dst)-1]
	}
	if zulu {
		dst = append(dst, 'Z')
	}
	return append(dst, '"')
}

// appendStripped writes a DECIMAL without trailing zeros as BigDecimal's
// toString does: 100 is 1E+2.
func appendStripped(dst []byte, v val.Decimal, scale int) []byte {
	var buf [64]byte
	digits := val.AppendDecimal(buf[:0], v, 0)
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits, scale = digits[:len(digits)-1], scale-1
	}
	if digits[0] == '0' {
		return append(dst, '0')
	}
	point := len(digits) - scale // where it stands
	switch {
	case scale == 0:
		return append(dst, digits...)
	case scale > 0 && point > 0:
		return append(append(append(dst, digits[:point]...), '.'), digits[point:]...)
	case scale > 0 && point > -6:
		dst = append(dst, "0."...)
		for range -point {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	dst = append(dst, digits[0])
	if len(digits) > 1 {
		dst = append(append(dst, '.'), digits[1:]...)
	}
	dst = append(dst, 'E')
	if point > 0 {
		dst = append(dst, '+')
	}
	return strconv.AppendInt(dst, int64(point-1), 10)
}
