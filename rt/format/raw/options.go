// Package raw reads and writes rows of one column as the bytes of its value,
// exactly as PyFlink 1.20.1 does: as the messages of a queue, and as the lines of
// files.
package raw

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/jcharset"
)

// Options are the options of the format, without their prefix ("raw.").
type Options struct {
	Charset    string `opt:"charset" default:"UTF-8" doc:"The encoding of texts."`
	Endianness string `opt:"endianness" default:"big-endian" enum:"big-endian|little-endian" doc:"The order of the bytes of a number."`
}

// Format declares the format.
var Format = conn.Format{
	Name:     "raw",
	Doc:      "One column that is the whole message, or the whole line.",
	Package:  "pyfc/rt/format/raw",
	Options:  func() any { return &Options{} },
	Check:    check,
	Supports: supports,
}

func check(options any, t *conn.Table) (errs []conn.OptionError) {
	if _, err := jcharset.Find(options.(*Options).Charset); err != nil {
		errs = append(errs, conn.OptionError{Key: "charset", Kind: conn.BadValue, Message: "charset: " + err.Error()})
	}
	unfit := func(format string, args ...any) {
		errs = append(errs, conn.OptionError{Kind: conn.Unfit, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case conn.GenerationOf(t.Options) == conn.Legacy:
		unfit("the format raw is none of the legacy connectors'")
	case len(t.Columns) != 1:
		unfit("the format raw takes a table of one column, and the records of this one have %d", len(t.Columns))
	case !takes(t.Columns[0].Type):
		unfit("the format raw doesn't take a column of %s; it takes texts, binary strings, truth values, whole numbers, FLOAT and DOUBLE", t.Columns[0].Type)
	}
	return errs
}

// kinds are the types of columns that have a form as bytes.
var kinds = []types.Kind{
	types.Char, types.VarChar, types.Binary, types.VarBinary, types.Boolean,
	types.TinyInt, types.SmallInt, types.Int, types.BigInt, types.Float, types.Double,
}

func supports(t types.Type) bool { return slices.Contains(kinds, t.Kind) }

// takes is supports for a type's text.
func takes(typ string) bool {
	name, _, _ := strings.Cut(typ, "(")
	return name == "STRING" || name == "BYTES" || slices.ContainsFunc(kinds, func(k types.Kind) bool { return k.String() == name })
}

// form is how values are written.
type form struct {
	charset jcharset.Charset
	order   order
}

// order is an order of the bytes of numbers.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// formOf parses the raw options of a table.
func formOf(t *conn.Table) (f form, err error) {
	var o Options
	_, use := conn.SplitFormat(t.Options, conn.GenerationOf(t.Options))
	if use.Name != Format.Name {
		return f, fmt.Errorf("table %s: its format is %q, not raw", t.Name, use.Name)
	}
	errs := use.Parse(&o)
	errs = append(errs, check(&o, t)...)
	if err := conn.Fatal(t.Name, errs); err != nil {
		return f, err
	}
	f.order = binary.BigEndian
	if strings.EqualFold(o.Endianness, "little-endian") {
		f.order = binary.LittleEndian
	}
	f.charset, err = jcharset.Find(o.Charset)
	return f, err
}
