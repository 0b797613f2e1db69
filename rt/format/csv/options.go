// Package csv reads and writes comma-separated values exactly as Flink 1.20
// does: as the messages of a queue, as files, and as the files of the legacy
// CsvTableSource, which have rules of their own.
package csv

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"pyfc/rt/conn"
)

// Options are the options of the format, without their prefix ("csv.",
// "format.").
type Options struct {
	FieldDelimiter    string            `opt:"field-delimiter" legacy:"field-delimiter" default:"," doc:"The character between two fields; may be written as \\t or \\u0001."`
	DisableQuote      bool              `opt:"disable-quote-character" legacy:"disable-quote-character" doc:"Whether no character quotes a field."`
	Quote             string            `opt:"quote-character" legacy:"quote-character" doc:"The character that quotes a field, \" unless told; for legacy files there is none unless told."`
	AllowComments     bool              `opt:"allow-comments" legacy:"allow-comments" doc:"Whether lines that begin with # are skipped, and empty lines with them."`
	IgnoreParseErrors *bool             `opt:"ignore-parse-errors" legacy:"ignore-parse-errors" doc:"Whether a bad field becomes NULL and a malformed row is dropped, instead of failing the job."`
	ArrayDelimiter    string            `opt:"array-element-delimiter" legacy:"array-element-delimiter" default:";" doc:"The text between two elements of an array or row."`
	Escape            string            `opt:"escape-character" legacy:"escape-character" doc:"The character that takes away the meaning of the next one; none unless told."`
	NullLiteral       *string           `opt:"null-literal" legacy:"null-literal" doc:"The text that means NULL; none unless told."`
	Scientific        bool              `opt:"write-bigdecimal-in-scientific-notation" default:"true" ignored:"PyFlink 1.20.1 doesn't heed it either: columns of messages have no exponents, those of files and elements of arrays do" doc:"Whether DECIMAL is written with an exponent where Java would."`
	LineDelimiter     string            `legacy:"line-delimiter" default:"\n" doc:"The text between two lines of a legacy file."`
	CommentPrefix     string            `legacy:"comment-prefix" doc:"What the comment lines of a legacy file begin with; none unless told."`
	IgnoreFirstLine   bool              `legacy:"ignore-first-line" doc:"Whether the first line of a legacy file is a heading."`
	WriteMode         string            `legacy:"write-mode" enum:"NO_OVERWRITE|OVERWRITE" doc:"Whether what is written takes the place of the files that are there."`
	DeriveSchema      bool              `legacy:"derive-schema" ignored:"the columns always come from the table"`
	Schema            string            `legacy:"schema" ignored:"the columns always come from the table"`
	Fields            map[string]string `legacy:"fields.*" ignored:"the columns always come from the table"`
}

// Format declares the format.
var Format = conn.Format{
	Name:    "csv",
	Doc:     "Comma-separated values.",
	Package: "pyfc/rt/format/csv",
	Options: func() any { return &Options{} },
	Check: func(options any, _ *conn.Table) []conn.OptionError {
		_, errs := options.(*Options).characters()
		return errs
	},
	Supports: supports,
}

// Dialect says whose rules hold.
type Dialect uint8

// The dialects.
const (
	Message Dialect = iota // a record is one message of a queue
	File                   // a record is found in a file by its quotes
	OldFile                // legacy CsvTableSource: a record is a line
)

// DialectOf finds the dialect by the connector that moves the records.
func DialectOf(t *conn.Table) Dialect {
	switch {
	case t.Options["connector.type"] == "filesystem":
		return OldFile
	case t.Options["connector"] == "filesystem":
		return File
	}
	return Message
}

// OptionsOf parses the csv options of a table.
func OptionsOf(t *conn.Table) (Options, error) {
	var o Options
	_, use := conn.SplitFormat(t.Options, conn.GenerationOf(t.Options))
	if use.Name != Format.Name {
		return o, fmt.Errorf("table %s: its format is %q, not csv", t.Name, use.Name)
	}
	errs := use.Parse(&o)
	errs = append(errs, Format.Check(&o, t)...)
	return o, conn.Fatal(t.Name, errs)
}

// ignores reports whether parse errors are ignored. For files Flink only looks
// whether the option is there, not at its value.
func (o *Options) ignores(d Dialect) bool {
	return o.IgnoreParseErrors != nil && (d == File || *o.IgnoreParseErrors)
}

// chars are the special characters; 0 stands for none.
type chars struct{ delim, quote, escape byte }

// characters checks and returns the special characters.
func (o *Options) characters() (c chars, errs []conn.OptionError) {
	one := func(key, text string) byte {
		r, size := utf8.DecodeRuneInString(text)
		if size == 0 || size != len(text) || r >= utf8.RuneSelf {
			errs = append(errs, conn.OptionError{Key: key, Kind: conn.BadValue, Message: fmt.Sprintf("%s: %q is not one ASCII character", key, text)})
			return 0
		}
		return text[0]
	}
	c.delim = one("field-delimiter", unescapeJava(o.FieldDelimiter))
	switch {
	case o.Quote != "" && o.DisableQuote:
		errs = append(errs, conn.OptionError{Key: "quote-character", Kind: conn.BadValue, Message: "quote-character and disable-quote-character exclude each other"})
	case o.Quote != "":
		c.quote = one("quote-character", o.Quote)
	case !o.DisableQuote:
		c.quote = '"'
	}
	if utf8.RuneCountInString(o.ArrayDelimiter) != 1 {
		errs = append(errs, conn.OptionError{Key: "array-element-delimiter", Kind: conn.BadValue, Message: fmt.Sprintf("array-element-delimiter: %q is not one character", o.ArrayDelimiter)})
	}
	if o.Escape != "" {
		c.escape = one("escape-character", o.Escape)
	}
	return c, errs
}

// unescapeJava resolves the escapes of a Java string literal, as Flink does in
// field-delimiter.
func unescapeJava(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	if s == `\'` {
		return "'"
	}
	if text, err := strconv.Unquote(`"` + s + `"`); err == nil {
		return text
	}
	return strings.TrimPrefix(s, `\`)
}
