// Package json reads JSON texts, finds values in them by JSON paths, and writes
// them, as Flink's SQL functions do through Jackson and Jayway JsonPath. How a
// path behaves was recorded from PyFlink 1.20.1; see paths_test.go.
package json

import (
	"errors"
	"strconv"
	"sync"
	"unicode/utf8"
)

// Kind is what a value is.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Bool
	Int    // a number without fraction and exponent, of any size
	Double // any other number
	String
	Array
	Object
)

// Value is a JSON value. It belongs to its document.
type Value struct {
	Kind  Kind
	True  bool
	Num   float64 // of a Double
	Text  string  // of a String, decoded; the digits of an Int
	Items []*Value
	Keys  []string // of an Object, in the order of the text
}

// Scalar reports whether the value is neither array nor object.
func (v *Value) Scalar() bool { return v.Kind < Array }

// member is the value of a key, nil without.
func (v *Value) member(key string) *Value {
	for i, k := range v.Keys {
		if k == key {
			return v.Items[i]
		}
	}
	return nil
}

// Doc holds the memory of the values of one text.
type Doc struct {
	root   *Value
	blocks [][]Value
	used   int // of the last block
	text   string
	at     int
	depth  int
}

var docs = sync.Pool{New: func() any { return new(Doc) }}

// ErrMalformed is what reading a text that is no JSON gives.
var ErrMalformed = errors.New("malformed JSON")

// maxDepth is how deep Jackson lets values nest.
const maxDepth = 1000

// Parse reads the value that a text begins with. What follows it isn't looked
// at. The caller frees the document.
func Parse(text string) (*Doc, error) {
	d := docs.Get().(*Doc)
	d.text, d.at, d.depth, d.used = text, 0, 0, 0
	d.blocks = d.blocks[:min(len(d.blocks), 1)]
	d.root = d.value()
	if d.root != nil && d.root.Kind <= Double && d.root.Kind >= Bool && !d.ends() {
		d.root = nil // a number goes on as something else
	}
	if d.root == nil {
		d.Free()
		return nil, ErrMalformed
	}
	return d, nil
}

// Root is the value of the text.
func (d *Doc) Root() *Value { return d.root }

// Free gives the memory back; the document's values must not be used any more.
func (d *Doc) Free() {
	for _, b := range d.blocks {
		clear(b)
	}
	d.root, d.text = nil, ""
	docs.Put(d)
}

func (d *Doc) make(v Value) *Value {
	const block = 64
	if len(d.blocks) == 0 || d.used == block {
		d.blocks = append(d.blocks, make([]Value, block))
		d.used = 0
	}
	p := &d.blocks[len(d.blocks)-1][d.used]
	d.used++
	*p = v
	return p
}

func (d *Doc) space() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

func (d *Doc) peek() byte {
	if d.at < len(d.text) {
		return d.text[d.at]
	}
	return 0
}

// ends reports whether a word or number ends here.
func (d *Doc) ends() bool {
	switch d.peek() {
	case 0, ' ', '\t', '\n', '\r', ',', ']', '}':
		return true
	}
	return false
}

// value reads a value; nil where there is none.
func (d *Doc) value() *Value {
	d.space()
	switch c := d.peek(); c {
	case '{', '[':
		d.depth++
		defer func() { d.depth-- }()
		if d.depth > maxDepth {
			return nil
		}
		d.at++
		if c == '{' {
			return d.object()
		}
		return d.array()
	case '"':
		s, ok := d.string()
		if !ok {
			return nil
		}
		return d.make(Value{Kind: String, Text: s})
	case 't':
		return d.word("true", Value{Kind: Bool, True: true})
	case 'f':
		return d.word("false", Value{Kind: Bool})
	case 'n':
		return d.word("null", Value{})
	}
	return d.number()
}

func (d *Doc) word(w string, v Value) *Value {
	if len(d.text)-d.at < len(w) || d.text[d.at:d.at+len(w)] != w {
		return nil
	}
	d.at += len(w)
	if !d.ends() {
		return nil
	}
	return d.make(v)
}

func (d *Doc) digits() int {
	start := d.at
	for d.peek() >= '0' && d.peek() <= '9' {
		d.at++
	}
	return d.at - start
}

func (d *Doc) number() *Value {
	start := d.at
	if d.peek() == '-' {
		d.at++
	}
	lead := d.peek()
	if n := d.digits(); n == 0 || lead == '0' && n > 1 {
		return nil
	}
	whole := true
	if d.peek() == '.' {
		d.at++
		whole = false
		if d.digits() == 0 {
			return nil
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.at++
		whole = false
		if c := d.peek(); c == '+' || c == '-' {
			d.at++
		}
		if d.digits() == 0 {
			return nil
		}
	}
	text := d.text[start:d.at]
	if !d.ends() {
		return nil
	}
	if whole {
		if text == "-0" {
			text = "0"
		}
		return d.make(Value{Kind: Int, Text: text})
	}
	f, _ := strconv.ParseFloat(text, 64) // out of range is infinite, as in Java
	return d.make(Value{Kind: Double, Num: f, Text: text})
}

func (d *Doc) array() *Value {
	var items []*Value
	d.space()
	if d.peek() == ']' {
		d.at++
		return d.make(Value{Kind: Array})
	}
	for {
		v := d.value()
		if v == nil {
			return nil
		}
		items = append(items, v)
		d.space()
		switch d.peek() {
		case ',':
			d.at++
		case ']':
			d.at++
			return d.make(Value{Kind: Array, Items: items})
		default:
			return nil
		}
	}
}

// object reads members; of equal keys the last value counts, at the first
// one's place.
func (d *Doc) object() *Value {
	out := Value{Kind: Object}
	var places map[string]int
	d.space()
	if d.peek() == '}' {
		d.at++
		return d.make(out)
	}
	for {
		d.space()
		if d.peek() != '"' {
			return nil
		}
		key, ok := d.string()
		d.space()
		if !ok || d.peek() != ':' {
			return nil
		}
		d.at++
		v := d.value()
		if v == nil {
			return nil
		}
		place, known := places[key]
		if !known && places == nil {
			for i, k := range out.Keys {
				if k == key {
					place, known = i, true
				}
			}
		}
		if known {
			out.Items[place] = v
		} else {
			out.Keys, out.Items = append(out.Keys, key), append(out.Items, v)
			places = remember(places, out.Keys)
		}
		d.space()
		switch d.peek() {
		case ',':
			d.at++
		case '}':
			d.at++
			return d.make(out)
		default:
			return nil
		}
	}
}

// remember keeps the places of keys once they are many.
func remember(places map[string]int, keys []string) map[string]int {
	const many = 16
	switch {
	case places != nil:
		places[keys[len(keys)-1]] = len(keys) - 1
	case len(keys) == many:
		places = map[string]int{}
		for i, k := range keys {
			places[k] = i
		}
	}
	return places
}

// string reads a string with its escapes; its bytes are the text's where it has
// none.
func (d *Doc) string() (string, bool) {
	d.at++
	start := d.at
	for ; d.at < len(d.text); d.at++ {
		switch c := d.text[d.at]; {
		case c == '"':
			s := d.text[start:d.at]
			d.at++
			return s, true
		case c < ' ':
			return "", false
		case c == '\\':
			return d.escaped(start)
		}
	}
	return "", false
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (d *Doc) escaped(start int) (string, bool) {
	buf := append(make([]byte, 0, len(d.text)-start), d.text[start:d.at]...)
	for d.at < len(d.text) {
		c := d.text[d.at]
		d.at++
		switch {
		case c == '"':
			return string(buf), true
		case c < ' ':
			return "", false
		case c != '\\':
			buf = append(buf, c)
			continue
		}
		e := d.peek()
		d.at++
		if plain, ok := escapes[e]; ok {
			buf = append(buf, plain)
			continue
		}
		if e != 'u' {
			return "", false
		}
		r, ok := d.unicode()
		if !ok {
			return "", false
		}
		buf = utf8.AppendRune(buf, r)
	}
	return "", false
}

// unicode reads the digits of \uXXXX, and the second half of a pair. A half
// without the other one has no bytes, and becomes a question mark.
func (d *Doc) unicode() (rune, bool) {
	r, ok := d.hex()
	switch {
	case !ok || r < 0xD800 || r > 0xDFFF:
		return r, ok
	case r < 0xDC00 && d.at+1 < len(d.text) && d.text[d.at:d.at+2] == `\u`:
		back := d.at
		d.at += 2
		low, ok := d.hex()
		if !ok {
			return 0, false
		}
		if low >= 0xDC00 && low <= 0xDFFF {
			return (r-0xD800)<<10 + low - 0xDC00 + 0x10000, true
		}
		d.at = back
	}
	return '?', true
}

func (d *Doc) hex() (rune, bool) {
	if d.at+4 > len(d.text) {
		return 0, false
	}
	v, err := strconv.ParseUint(d.text[d.at:d.at+4], 16, 32)
	d.at += 4
	return rune(v), err == nil
}
