package json

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/format/charset"
	"pyfc/rt/val"
)

// Decoder decodes the records of one subtask. Split finds the columns of a
// record; the getters (Text, BigInt, …) then decode single columns, by their
// position in the table.
type Decoder struct {
	opts    Options
	zulu    bool
	columns []column
	wanted  int // the number of columns that are read
	places  map[string]int

	record []byte
	fields []value // of the record, by column
	scan   scanner
	utf8   []byte // of a record in another encoding
	scrap  []byte // of a text with escapes that isn't kept
	stack  []val.Datum
}

// column is a column of the table.
type column struct {
	val.Column
	read    bool
	objects bool // an object can be its value
}

// NewDecoder returns a decoder for the records of t.
func NewDecoder(t *conn.Table) (*Decoder, error) {
	o, err := OptionsOf(t)
	if err != nil {
		return nil, err
	}
	d := &Decoder{opts: o, zulu: zulu(t), wanted: len(t.Read), places: map[string]int{}, fields: make([]value, len(t.Columns))}
	for i, c := range t.Columns {
		d.columns = append(d.columns, column{Column: c, objects: takesObjects(c.Type)})
		d.places[c.Name] = i
	}
	for _, i := range t.Read {
		d.columns[i].read = true
	}
	return d, nil
}

// takesObjects reports whether an object can be a value of the type: also a
// text, which is then that of the object.
func takesObjects(typ string) bool {
	for _, p := range []string{"CHAR", "VARCHAR", "STRING", "ROW", "MAP", "MULTISET"} {
		if strings.HasPrefix(typ, p) {
			return true
		}
	}
	return false
}

var (
	errNoObject = errors.New("it is no JSON object")
	errEncoding = errors.New("it has bytes that are no UTF-8")
)

// Split finds the columns of a record. It returns false for a record that is
// dropped: without a value, or malformed where errors are ignored.
func (d *Decoder) Split(record []byte) (bool, error) {
	if len(record) == 0 {
		return false, nil
	}
	err := d.split(record)
	switch {
	case err == nil:
		return true, nil
	case d.opts.IgnoreParseErrors:
		return false, nil
	}
	return false, d.fault(err)
}

func (d *Decoder) split(record []byte) error {
	d.record = record
	text, ok := charset.UTF8(record, true, &d.utf8)
	if !ok {
		return errEncoding
	}
	d.scan = scanner{text: text}
	clear(d.fields)
	if d.scan.space() != '{' {
		return errNoObject
	}
	found, err := d.members()
	if err == nil && found < d.wanted && d.opts.FailOnMissing {
		err = errors.New("it doesn't have all fields of the table")
	}
	return err
}

// members reads the members of the record and returns how many of them are
// columns that are read. As in Flink the rest is only checked once there are as
// many as columns, even if one of them came twice.
func (d *Decoder) members() (found int, err error) {
	s := &d.scan
	more, err := s.enter('}')
	for more && err == nil {
		var key, v value
		if key, err = s.key(); err != nil {
			break
		}
		i, ok := d.place(key)
		ok = ok && found < d.wanted
		if ok {
			found++
		}
		if ok && s.space() == '{' && !d.columns[i].objects {
			// Flink takes what is in that object for the record's own.
			d.fields[i] = value{text: s.text[s.at : s.at+1], kind: '{'}
			more, err = s.enter('}')
			continue
		}
		if v, err = s.value(1); err != nil {
			break
		}
		if ok {
			d.fields[i] = v
		}
		more, err = s.more('}')
	}
	return found, err
}

// place finds the column of a key among those that are read.
func (d *Decoder) place(key value) (int, bool) {
	name := key.text
	if key.escaped {
		d.scrap = unescape(d.scrap[:0], name)
		name = d.scrap
	}
	i, ok := d.places[string(name)]
	return i, ok && d.columns[i].read
}

// fault is an error about the record.
func (d *Decoder) fault(err error) error { return fault(d.record, err) }

func fault(rec []byte, err error) error {
	const limit = 200
	more := ""
	if len(rec) > limit {
		rec, more = rec[:limit], "…"
	}
	return fmt.Errorf("json record %q%s: %w", bytes.ToValidUTF8(rec, []byte("?")), more, err)
}

// bad is the error for a value that isn't one of its column's type, nil where
// such values are NULL.
func (d *Decoder) bad(i int, v value) error {
	if d.opts.IgnoreParseErrors {
		return nil
	}
	c := d.columns[i]
	return d.fault(fmt.Errorf("column %s: %s is no value of type %s", c.Name, v.text, c.Type))
}
