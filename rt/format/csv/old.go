package csv

import (
	"bytes"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/format/temporal"
	"pyfc/rt/val"
)

// old are the rules of the legacy CsvTableSource that other files don't have.
type old struct {
	comment string
}

func newOld(o *Options) old { return old{comment: o.CommentPrefix} }

// splitOld splits a line of a legacy file. Quotes are off unless asked for, a
// backslash keeps a quote from closing a field, surplus fields are ignored, and
// a line with too few is an error. A fault of quoting fails the job even where
// errors are ignored.
func (d *Decoder) splitOld() (bool, error) {
	if d.old.comment != "" && strings.HasPrefix(val.View(d.rec), d.old.comment) {
		return false, nil
	}
	pos := 0
	for d.n < len(d.spans) {
		if pos > len(d.rec) || pos == len(d.rec) && d.n == 0 {
			return false, d.failUnless(d.ignore, "it is too short")
		}
		s, after, fault := d.oldField(pos)
		if fault != "" {
			return false, d.failUnless(false, fault)
		}
		d.spans[d.n] = s
		d.n++
		pos = after + 1
	}
	return true, nil
}

// oldField finds the field that begins at pos, and the delimiter or end of
// record behind it.
func (d *Decoder) oldField(pos int) (s span, after int, fault string) {
	rest := d.rec[pos:]
	if d.quote != 0 && len(rest) > 0 && rest[0] == d.quote {
		end := 1
		for end < len(rest) && (rest[end] != d.quote || rest[end-1] == '\\') {
			end++
		}
		switch {
		case end == len(rest):
			return s, 0, faultUnclosed
		case end+1 < len(rest) && rest[end+1] != d.delim:
			return s, 0, faultAfter
		}
		return span{lo: int32(pos + 1), hi: int32(pos + end), quoted: true}, pos + end + 1, ""
	}
	end := bytes.IndexByte(rest, d.delim)
	if end < 0 {
		end = len(rest)
	}
	return span{lo: int32(pos), hi: int32(pos + end)}, pos + end, ""
}

// quoted reports whether column i stands in quotes, which only texts may.
func (d *Decoder) quoted(i int) bool { return d.spans[i].quoted }

// oldInteger reads ASCII digits with or without a minus sign; an empty field
// is NULL, blanks are an error.
func (d *Decoder) oldInteger(i int, text []byte, size int) (int64, bool, error) {
	if len(text) == 0 && !d.quoted(i) {
		return 0, false, nil
	}
	digits := bytes.TrimPrefix(text, []byte("-"))
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false, d.badField(i, text)
		}
	}
	v, ok := parseInt(text, size)
	if !ok || d.quoted(i) {
		return 0, false, d.badField(i, text)
	}
	return v, true, nil
}

// oldFloat reads what Java's parseDouble does, without blanks around it.
func (d *Decoder) oldFloat(i int, text []byte, size int) (float64, bool, error) {
	if len(text) == 0 && !d.quoted(i) {
		return 0, false, nil
	}
	v, ok := val.ParseFloat(val.View(text), size)
	if !ok || d.quoted(i) {
		return 0, false, d.badField(i, text)
	}
	return v, true, nil
}

// oldBoolean reads true, false, 1 and 0.
func (d *Decoder) oldBoolean(i int, text []byte) (bool, bool, error) {
	switch {
	case d.quoted(i):
	case len(text) == 0:
		return false, false, nil
	case bytes.EqualFold(text, []byte("true")), string(text) == "1":
		return true, true, nil
	case bytes.EqualFold(text, []byte("false")), string(text) == "0":
		return false, true, nil
	}
	return false, false, d.badField(i, text)
}

// oldTime reads a date or time, in SQL's form and without blanks around it; an
// empty field is NULL.
func oldTime(text string, t *types.Type) (x val.Datum, ok bool) {
	if text == "" {
		return val.NullDatum(), true
	}
	if strings.TrimSpace(text) != text {
		return x, false
	}
	switch t.Kind {
	case types.Date:
		date, ok := temporal.ParseSQLDate(text)
		return val.IntDatum(date), ok
	case types.Time:
		clock, ok := temporal.ParseTime(text)
		return val.IntDatum(clock), ok
	case types.Timestamp:
		at, ok := temporal.ParseTimestamp(text, false, false, t.Precision)
		return val.TimestampDatum(at), ok
	}
	return x, false
}
