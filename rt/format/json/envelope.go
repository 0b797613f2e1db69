package json

import (
	"bytes"
	"errors"
	"fmt"

	"pyfc/rt/conn"
	"pyfc/rt/format/charset"
	"pyfc/rt/jregex"
	"pyfc/rt/val"
)

// changeReader takes rows and their kinds out of messages, for the decoder of
// rows.
type changeReader struct {
	read   func(c *changeReader, text []byte) error
	ignore bool               // malformed messages
	schema bool               // the change is below payload
	names  [2]*jregex.Pattern // of databases and tables; nil takes all

	out  *conn.Changes
	utf8 []byte // of a message in another encoding
	keys [][]byte
	news []value // the rows of a message, and what they were
	olds []value
	row  []byte
}

// NewChangeReader returns the reader of a table's messages.
func NewChangeReader(t *conn.Table) (conn.ChangeReader, error) {
	_, options, err := format(t)
	if err != nil {
		return nil, err
	}
	c := &changeReader{ignore: rowOptions(options).IgnoreParseErrors}
	switch o := options.(type) {
	case *debeziumOptions:
		c.read, c.schema = (*changeReader).debezium, o.SchemaInclude
	case *maxwellOptions:
		c.read = (*changeReader).maxwell
	case *canalOptions:
		c.read = (*changeReader).canal
		for i, pattern := range []string{o.Database, o.Table} {
			if c.names[i], err = namePattern(pattern); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// namePattern compiles the pattern that a whole name must match; nil for none.
func namePattern(pattern string) (*jregex.Pattern, error) {
	if pattern == "" {
		return nil, nil
	}
	return jregex.Compile("^(?:" + pattern + ")$")
}

// Ignores implements conn.ChangeReader.
func (c *changeReader) Ignores() bool { return c.ignore }

// Read implements conn.ChangeReader.
func (c *changeReader) Read(message []byte, out *conn.Changes) error {
	c.out = out
	if err := c.message(message); err != nil {
		return fault(message, err)
	}
	return nil
}

func (c *changeReader) message(message []byte) error {
	text, ok := charset.UTF8(message, true, &c.utf8)
	switch {
	case !ok:
		return errEncoding
	case len(text) == 0 || &text[0] != &message[0]: // rows outlive the buffer
		text = []byte(c.out.Arena().Concat(val.View(text)))
	}
	if c.schema {
		var payload value
		o := objectIn(text)
		for o.next() {
			if string(o.key.text) == "payload" {
				payload = o.v
			}
		}
		if o.err != nil {
			return o.err
		}
		text = payload.text
	}
	return c.read(c, text)
}

var (
	errNoRow  = errors.New("it doesn't hold the row that it is about")
	errBefore = errors.New("it doesn't say what the row was: of PostgreSQL that needs REPLICA IDENTITY FULL on the table")
)

func (c *changeReader) debezium(text []byte) error {
	var before, after, op value
	o := objectIn(text)
	for o.next() {
		switch string(o.key.text) {
		case "before":
			before = o.v
		case "after":
			after = o.v
		case "op":
			op = o.v
		}
	}
	if o.err != nil {
		return o.err
	}
	switch string(op.text) {
	case "c", "r":
		return c.emit(val.Insert, after, errNoRow)
	case "u":
		if before.kind != '{' || after.kind != '{' {
			return errBefore
		}
		if err := c.emit(val.UpdateBefore, before, errBefore); err != nil {
			return err
		}
		return c.emit(val.UpdateAfter, after, errNoRow)
	case "d":
		return c.emit(val.Delete, before, errBefore)
	}
	return unknownKind("op", op)
}

func (c *changeReader) maxwell(text []byte) error {
	m, err := changeIn(text)
	if err != nil {
		return err
	}
	switch string(m.kind.text) {
	case "insert":
		return c.emit(val.Insert, m.data, errNoRow)
	case "delete":
		return c.emit(val.Delete, m.data, errNoRow)
	case "update":
		c.mentioned(m.old)
		return c.update(m.data, m.old)
	}
	return unknownKind("type", m.kind)
}

// changed is a message of Canal or Maxwell.
type changed struct{ data, old, kind, database, table value }

func changeIn(text []byte) (m changed, err error) {
	o := objectIn(text)
	for o.next() {
		switch string(o.key.text) {
		case "data":
			m.data = o.v
		case "old":
			m.old = o.v
		case "type":
			m.kind = o.v
		case "database":
			m.database = o.v
		case "table":
			m.table = o.v
		}
	}
	return m, o.err
}

func (c *changeReader) canal(text []byte) error {
	m, err := changeIn(text)
	if err != nil {
		return err
	}
	for i, name := range [...]value{m.database, m.table} {
		if c.names[i] == nil {
			continue
		}
		if match, err := c.names[i].Find(val.View(name.text)); !match || err != nil {
			return err
		}
	}
	switch string(m.kind.text) {
	case "CREATE":
		return nil // it is about a table, not its rows
	case "INSERT":
		return c.each(m.data, val.Insert)
	case "DELETE":
		return c.each(m.data, val.Delete)
	case "UPDATE":
		return c.updates(m)
	}
	return unknownKind("type", m.kind)
}

// each gives out the rows of an array.
func (c *changeReader) each(data value, kind val.RowKind) (err error) {
	c.news, err = elements(data, c.news[:0])
	for i := 0; i < len(c.news) && err == nil; i++ {
		err = c.emit(kind, c.news[i], errNoRow)
	}
	return err
}

func (c *changeReader) updates(m changed) (err error) {
	if c.news, err = elements(m.data, c.news[:0]); err != nil {
		return err
	}
	if c.olds, err = elements(m.old, c.olds[:0]); err != nil {
		return err
	}
	c.mentioned(m.old)
	for i, now := range c.news {
		if i == len(c.olds) {
			return errNoRow
		}
		if err := c.update(now, c.olds[i]); err != nil {
			return err
		}
	}
	return nil
}

func unknownKind(name string, v value) error {
	return fmt.Errorf("its %s is %q, which is no kind of change", name, v.text)
}

// emit gives out a row; err is the fault if there is none.
func (c *changeReader) emit(kind val.RowKind, object value, err error) error {
	if object.kind != '{' {
		return err
	}
	c.out.Emit(kind, object.text)
	return nil
}

// update gives out what a row was and what it is. What it was is old, and the
// rest of what it is: what isn't among the keys that the message mentions as
// changed, of whichever row, as in Flink.
func (c *changeReader) update(now, old value) error {
	if now.kind != '{' || old.kind != '{' {
		return errNoRow
	}
	c.row = append(c.row[:0], '{')
	is := objectIn(now.text)
	for is.next() {
		if !c.mentions(is.key) {
			c.row = appendMember(c.row, is.key, is.v)
		}
	}
	was := objectIn(old.text)
	for was.next() {
		c.row = appendMember(c.row, was.key, was.v)
	}
	c.row = append(c.row, '}')
	before := value{text: []byte(c.out.Arena().Concat(val.View(c.row))), kind: '{'}
	if err := c.emit(val.UpdateBefore, before, errNoRow); err != nil {
		return err
	}
	return c.emit(val.UpdateAfter, now, errNoRow)
}

func (c *changeReader) mentions(key value) bool {
	for _, k := range c.keys {
		if bytes.Equal(k, key.text) {
			return true
		}
	}
	return false
}

// mentioned collects the keys in a value that has been checked, at any depth.
func (c *changeReader) mentioned(v value) {
	c.keys = c.keys[:0]
	s := scanner{text: v.text}
	for {
		switch s.space() {
		case 0:
			return
		case '"':
			if word, err := s.string(); err == nil && s.space() == ':' {
				c.keys = append(c.keys, word.text)
			}
		default:
			s.at++
		}
	}
}

// object reads the members of an object, one by one.
type object struct {
	scan   scanner
	begun  bool
	key, v value
	err    error
}

func objectIn(text []byte) object { return object{scan: scanner{text: text}} }

// next reads a member and reports whether there was one.
func (o *object) next() bool {
	var more bool
	switch {
	case o.err != nil:
	case o.begun:
		more, o.err = o.scan.more('}')
	case o.scan.space() != '{':
		o.err = errNoObject
	default:
		o.begun = true
		more, o.err = o.scan.enter('}')
	}
	if more {
		if o.key, o.err = o.scan.key(); o.err == nil {
			o.v, o.err = o.scan.value(1)
		}
	}
	return more && o.err == nil
}

// elements appends the elements of an array.
func elements(list value, to []value) ([]value, error) {
	if list.kind != '[' {
		return to, errNoRow
	}
	s := scanner{text: list.text}
	more, err := s.enter(']')
	for more && err == nil {
		var v value
		if v, err = s.value(1); err == nil {
			to = append(to, v)
			more, err = s.more(']')
		}
	}
	return to, err
}

// appendMember appends a member as it stands in the record.
func appendMember(dst []byte, key, v value) []byte {
	if len(dst) > 1 {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, '"'), key.text...), '"', ':')
	if v.kind == '"' {
		return append(append(append(dst, '"'), v.text...), '"')
	}
	return append(dst, v.text...)
}
