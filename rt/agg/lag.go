package agg

import "pyfc/rt/val"

// lagged is the last values of a sequence, as many as reach back to the one that
// is wanted.
type lagged struct {
	Values  []val.Datum
	Back    int64
	Without val.Datum
}

func (l *lagged) add(v val.Datum, back int64, without val.Datum) {
	l.Values = append(l.Values, v.Keep())
	for int64(len(l.Values)) > back+1 {
		l.Values[0] = val.Datum{}
		l.Values = l.Values[1:]
	}
	l.Back, l.Without = back, without.Keep()
}

// Value returns the value so many rows back, or what stands for it where there
// are fewer; false where that is NULL.
func (l *lagged) Value() (val.Datum, bool) {
	v := l.Without
	if int64(len(l.Values)) > l.Back {
		v = l.Values[0]
	}
	return v, !v.Null
}

// AppendState implements State.
func (l *lagged) AppendState(dst []byte) []byte {
	dst = val.EncodeInt(val.EncodeInt(dst, int64(len(l.Values))), l.Back)
	for _, v := range append(l.Values[:len(l.Values):len(l.Values)], l.Without) {
		dst = val.EncodeDatum(dst, v)
	}
	return dst
}

// ReadState implements State.
func (l *lagged) ReadState(src []byte) ([]byte, error) {
	var n int
	src, err := val.DecodeCount(src, &n)
	if err == nil {
		src, err = val.DecodeInt(src, &l.Back)
	}
	for range n {
		var v val.Datum
		if err == nil {
			src, err = val.DecodeDatum(src, &v)
		}
		l.Values = append(l.Values, v)
	}
	if err == nil {
		src, err = val.DecodeDatum(src, &l.Without)
	}
	return src, err
}

// Lag is LAG(value) over the rows up to the current one, LagBy LAG(value,
// offset) and LagOr LAG(value, offset, default).
type (
	Lag   struct{ lagged }
	LagBy struct{ lagged }
	LagOr struct{ lagged }
)

// Add takes a value in.
func (l *Lag) Add(v val.Datum) { l.add(v, 1, val.NullDatum()) }

// Add takes a value in.
func (l *LagBy) Add(v val.Datum, back int64) { l.add(v, back, val.NullDatum()) }

// Add takes a value in.
func (l *LagOr) Add(v val.Datum, back int64, without val.Datum) { l.add(v, back, without) }
