package main

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// The columns of a line.
const (
	uuid = iota
	clientIP
	requestTime
	responseSize
	uri
	columns
)

// field is a view of one field of a line, without its quotes.
type field struct {
	text    []byte
	escaped bool // holds doubled quotes
}

func (f field) string() string {
	if f.escaped {
		return string(bytes.ReplaceAll(f.text, []byte(`""`), []byte(`"`)))
	}
	return string(f.text)
}

// int reads a number, blanks around it allowed; anything else is NULL.
func (f field) int() (int64, bool) {
	text := bytes.TrimSpace(f.text)
	var v int64
	if len(text) == 0 || len(text) > 18 {
		return slowInt(text)
	}
	for _, c := range text {
		if c -= '0'; c > 9 {
			return slowInt(text)
		} else {
			v = v*10 + int64(c)
		}
	}
	return v, true
}

// slowInt reads signs and numbers that may not fit.
func slowInt(text []byte) (int64, bool) {
	v, err := strconv.ParseInt(string(text), 10, 64)
	return v, err == nil
}

// split finds the fields of a message's first line and returns their number; 0
// for a message that is dropped: empty, not UTF-8, with too many fields or with
// misplaced quotes.
func split(line []byte, row *[columns]field) int {
	if len(line) == 0 || !utf8.Valid(line) {
		return 0
	}
	if bytes.IndexByte(line, '"') >= 0 || bytes.IndexByte(line, '\n') >= 0 || bytes.IndexByte(line, '\r') >= 0 {
		return splitQuoted(line, row)
	}
	for n := range columns {
		end := bytes.IndexByte(line, ',')
		if end < 0 {
			row[n] = field{text: line}
			return n + 1
		}
		row[n] = field{text: line[:end]}
		line = line[end+1:]
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return columns // one blank field too many is let pass
	}
	return 0
}

// splitQuoted is split for lines with quotes, which count only at the beginning
// of a field, or with line breaks.
func splitQuoted(line []byte, row *[columns]field) int {
	for n := 0; ; n++ {
		var f field
		if len(line) > 0 && line[0] == '"' {
			end := closingQuote(line, &f)
			if end < 0 {
				return 0
			}
			f.text, line = line[1:end], bytes.TrimLeft(line[end+1:], " \t")
			if len(line) > 0 && line[0] != ',' && line[0] != '\n' && line[0] != '\r' {
				return 0
			}
		} else {
			end := bytes.IndexAny(line, ",\r\n")
			if end < 0 {
				end = len(line)
			}
			f.text, line = line[:end], line[end:]
		}
		switch {
		case n < columns:
			row[n] = f
		case n > columns || len(bytes.TrimSpace(f.text)) > 0:
			return 0
		}
		if len(line) == 0 || line[0] != ',' {
			return min(n+1, columns)
		}
		line = line[1:]
	}
}

// closingQuote finds the quote that ends the field that one begins at line[0].
func closingQuote(line []byte, f *field) int {
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 == len(line) || line[i+1] != '"' {
			return i
		}
		f.escaped = true
		i++
	}
	return -1
}
