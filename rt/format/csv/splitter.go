package csv

import (
	"bytes"
	"strings"

	"pyfc/rt/conn"
	"pyfc/rt/format/charset"
)

// Splitter cuts the bytes of a file into records for a Decoder.
type Splitter struct {
	d     *Decoder
	line  []byte // what ends a line of a legacy file
	first bool   // the first line of a legacy file is a heading
}

// NewSplitter returns a splitter for the files of t.
func NewSplitter(t *conn.Table) (*Splitter, error) {
	d, err := NewDecoder(t)
	if err != nil {
		return nil, err
	}
	o, err := OptionsOf(t)
	if err != nil {
		return nil, err
	}
	return &Splitter{d: d, line: []byte(o.LineDelimiter), first: o.IgnoreFirstLine}, nil
}

// Begin returns how many bytes at the beginning of a file belong to no record:
// a byte order mark, or a heading. It returns false when data, which is not
// the whole file, is too short to tell.
func (s *Splitter) Begin(data []byte, atEnd bool) (int, bool) {
	if s.d.dialect == OldFile {
		if !s.first {
			return 0, true
		}
		i := bytes.Index(data, s.line)
		if i < 0 {
			return len(data), atEnd
		}
		return i + len(s.line), true
	}
	if len(data) <= len(charset.BOM) && !atEnd {
		return 0, false
	}
	if bytes.HasPrefix(data, []byte(charset.BOM)) {
		return len(charset.BOM), true
	}
	return 0, true
}

// Next finds the record at the beginning of data and returns how many bytes it
// takes; 0 means that more data is needed, or that there is none. The record is
// nil where the bytes hold none: comments.
func (s *Splitter) Next(data []byte, atEnd bool) (taken int, record []byte) {
	if len(data) == 0 {
		return 0, nil
	}
	if s.d.dialect == OldFile {
		return s.nextLine(data, atEnd)
	}
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		line := data[:i]
		if i > 0 && data[i-1] == '\r' {
			line = data[:i-1]
		}
		if s.simple(line) {
			return i + 1, line[:len(line):len(line)]
		}
	}
	taken, what := s.d.scan(data, 0)
	switch {
	case s.d.atEnd && !atEnd:
		return 0, nil
	case what == nothing:
		return taken, nil
	case what == broken:
		return len(data), data
	}
	// The line break would only keep the decoder from its fast path.
	end := taken
	if data[end-1] == '\n' {
		end--
	}
	if end > 0 && end >= taken-1 && data[end-1] == '\r' {
		end--
	}
	return taken, data[:end:end]
}

// simple reports whether a line is a record by itself.
func (s *Splitter) simple(line []byte) bool {
	d := s.d
	switch {
	case d.quote != 0 && bytes.IndexByte(line, d.quote) >= 0,
		d.escape != 0 && bytes.IndexByte(line, d.escape) >= 0,
		bytes.IndexByte(line, '\r') >= 0,
		d.comments && (len(line) == 0 || strings.IndexByte(" #", line[0]) >= 0):
		return false
	}
	return true
}

// nextLine finds a line of a legacy file. With the usual delimiter a \r before
// it isn't part of the line.
func (s *Splitter) nextLine(data []byte, atEnd bool) (int, []byte) {
	i := bytes.Index(data, s.line)
	if i < 0 {
		if !atEnd {
			return 0, nil
		}
		return len(data), data
	}
	line := data[:i]
	if len(s.line) == 1 && s.line[0] == '\n' {
		line = bytes.TrimSuffix(line, []byte{'\r'})
	}
	return i + len(s.line), line[:len(line):len(line)]
}
