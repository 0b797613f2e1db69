// Package json reads and writes rows as JSON objects exactly as PyFlink 1.20.1
// does: as the messages of a queue, and as the lines of files.
package json

import (
	"pyfc/ir/types"
	"pyfc/rt/conn"
)

// Options are the options of the format, without their prefix ("json.",
// "format.").
type Options struct {
	FailOnMissing     bool   `opt:"fail-on-missing-field" legacy:"fail-on-missing-field" default:"false" doc:"Whether a record without one of the columns fails the job; else the column is NULL."`
	IgnoreParseErrors bool   `opt:"ignore-parse-errors" legacy:"ignore-parse-errors" default:"false" doc:"Whether a bad field becomes NULL and a malformed record is dropped, instead of failing the job."`
	Timestamps        string `opt:"timestamp-format.standard" default:"SQL" enum:"SQL|ISO-8601" doc:"The form of TIMESTAMP and TIMESTAMP_LTZ: 2020-02-29 12:34:56.789 and 2020-02-29 12:34:56.789Z, or with T in place of the blank."`
	NullKeys          string `opt:"map-null-key.mode" default:"FAIL" enum:"FAIL|DROP|LITERAL" doc:"What becomes of an entry whose key is NULL when a map is written: it fails the job, is left out, or gets the key of map-null-key.literal."`
	NullKeyLiteral    string `opt:"map-null-key.literal" default:"null" doc:"The key in place of NULL."`
	PlainDecimals     bool   `opt:"encode.decimal-as-plain-number" default:"false" doc:"Whether DECIMAL is never written with an exponent."`
	IgnoreNulls       bool   `opt:"encode.ignore-null-fields" default:"false" doc:"Whether columns that are NULL are left out when a row is written."`
	Parser            bool   `opt:"decode.json-parser.enabled" default:"true" doc:"Whether records are read token by token rather than as a tree. Here both are the same reader; it gives what Flink gives with true."`
	Schema            string `legacy:"schema" ignored:"the columns always come from the table" doc:"The columns."`
	JSONSchema        string `legacy:"json-schema" ignored:"the columns always come from the table" doc:"The columns as a JSON schema."`
	DeriveSchema      bool   `legacy:"derive-schema" ignored:"the columns always come from the table" doc:"Whether the columns are those of the table."`
}

// Format declares the format.
var Format = conn.Format{
	Name:     "json",
	Doc:      "One JSON object a row.",
	Package:  "pyfc/rt/format/json",
	Options:  func() any { return &Options{} },
	Check:    check,
	Supports: supports,
}

func check(options any, _ *conn.Table) []conn.OptionError {
	o := options.(*Options)
	if o.FailOnMissing && o.IgnoreParseErrors {
		return []conn.OptionError{{Key: "ignore-parse-errors", Kind: conn.BadValue,
			Message: "fail-on-missing-field and ignore-parse-errors can't both be true"}}
	}
	return nil
}

// supports reports whether values of the type can be read and written: all but
// maps whose keys aren't texts.
func supports(t types.Type) bool {
	switch t.Kind {
	case types.Map, types.Multiset:
		if k := t.Elems[0].Kind; k != types.Char && k != types.VarChar {
			return false
		}
	case types.Null:
		return false
	}
	for _, e := range t.Elems {
		if !supports(e) {
			return false
		}
	}
	return true
}

// OptionsOf parses the options of a table by which its rows are read and
// written.
func OptionsOf(t *conn.Table) (Options, error) {
	_, options, err := format(t)
	if err != nil {
		return Options{}, err
	}
	return rowOptions(options), nil
}
