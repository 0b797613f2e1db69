package agg

import (
	"pyfc/rt/fn"
	"pyfc/rt/val"
)

const defaultSeparator = ","

// ListAgg joins texts.
type ListAgg struct {
	Text []byte // only grows, so that texts made of it stay as they are
	Some bool
}

// Add takes a text in.
func (l *ListAgg) Add(v string) { l.put(v, defaultSeparator) }

func (l *ListAgg) put(v, separator string) {
	if l.Some {
		l.Text = append(l.Text, separator...)
	}
	l.Text, l.Some = append(l.Text, v...), true
}

// Value returns the texts so far, and false when there are none.
func (l *ListAgg) Value() (string, bool) { return val.View(l.Text), l.Some }

// Bytes is what the texts take, in bytes.
func (l *ListAgg) Bytes() int { return len(l.Text) }

// AppendState implements State.
func (l *ListAgg) AppendState(dst []byte) []byte {
	return val.EncodeText(val.EncodeBool(dst, l.Some), val.View(l.Text))
}

// ReadState implements State.
func (l *ListAgg) ReadState(src []byte) ([]byte, error) {
	src, err := val.DecodeBool(src, &l.Some)
	if err != nil {
		return nil, err
	}
	var text string
	src, err = val.DecodeText(src, &text)
	l.Text = append([]byte(nil), text...)
	return src, err
}

// ListAggWith joins texts by a separator.
type ListAggWith struct{ ListAgg }

// Add takes a text in.
func (l *ListAggWith) Add(v, separator string) { l.put(v, separator) }

// ListAggRetracting is LISTAGG over rows that are taken back.
type ListAggRetracting struct{ values }

// Value returns the texts so far, and false when there are none.
func (l *ListAggRetracting) Value(arena *val.Arena) (string, bool) {
	return l.joined(arena, defaultSeparator)
}

func (s *sequence) joined(arena *val.Arena, separator string) (string, bool) {
	if s.len() == 0 {
		return "", false
	}
	size := (s.len() - 1) * len(separator)
	s.each(func(v val.Datum) bool {
		size += len(v.Text())
		return true
	})
	buf := arena.Alloc(size)[:0]
	n := 0
	s.each(func(v val.Datum) bool {
		if n > 0 {
			buf = append(buf, separator...)
		}
		buf = append(buf, v.Text()...)
		n++
		return true
	})
	return val.View(buf), true
}

// ListAggWithRetracting is LISTAGG with a separator over rows that are taken
// back.
type ListAggWithRetracting struct {
	values
	separator string
}

// Add takes a text in.
func (l *ListAggWithRetracting) Add(v val.Datum, separator string) {
	l.separate(separator)
	l.values.Add(v)
}

// Retract takes a text back.
func (l *ListAggWithRetracting) Retract(v val.Datum, separator string) {
	l.separate(separator)
	l.values.Retract(v)
}

func (l *ListAggWithRetracting) separate(by string) {
	if l.separator != by {
		l.separator = val.Keep(by)
	}
}

// Value returns the texts so far, and false when there are none.
func (l *ListAggWithRetracting) Value(arena *val.Arena) (string, bool) {
	return l.joined(arena, l.separator)
}

// AppendState implements State.
func (l *ListAggWithRetracting) AppendState(dst []byte) []byte {
	return l.values.AppendState(val.EncodeText(dst, l.separator))
}

// ReadState implements State.
func (l *ListAggWithRetracting) ReadState(src []byte) ([]byte, error) {
	src, err := val.DecodeText(src, &l.separator)
	if err != nil {
		return nil, err
	}
	return l.values.ReadState(src)
}

// ListAggDecl declares LISTAGG.
var ListAggDecl = Decl{Name: "LISTAGG", Doc: "The texts that are not NULL, joined by a separator, which is a comma if none is given.",
	Overloads: []Overload{
		{Params: []fn.Param{fn.Text}, Result: sameAsArgument, Acc: ListAgg{}, Retracting: ListAggRetracting{}},
		{Params: []fn.Param{fn.Text, fn.Text}, Result: sameAsArgument, Acc: ListAggWith{}, Retracting: ListAggWithRetracting{}},
	}}
