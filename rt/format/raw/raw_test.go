package raw

import (
	"errors"
	"strings"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

func table(typ string, options ...string) *conn.Table {
	t := &conn.Table{Name: "t", Options: map[string]string{"connector": "kafka", "format": "raw"}, Columns: []val.Column{{Name: "a", Type: typ}}}
	for i := 0; i < len(options); i += 2 {
		t.Options[options[i]] = options[i+1]
	}
	return t
}

// TestBytes writes a value of each type and reads it again. The bytes are those
// that PyFlink 1.20.1 writes.
func TestBytes(t *testing.T) {
	const little, charset = "raw.endianness", "raw.charset"
	for _, c := range []struct {
		typ     string
		options []string
		bytes   string
		write   func(*Writer)
		same    func(*Decoder) bool
	}{
		{"STRING", nil, "ä", func(w *Writer) { w.String("ä") }, func(d *Decoder) bool { s, ok := d.Text(0, nil); return ok && s == "ä" }},
		{"STRING", nil, "", func(w *Writer) { w.String("") }, func(d *Decoder) bool { s, ok := d.Text(0, nil); return ok && s == "" }},
		{"CHAR(1)", []string{charset, "UTF-16"}, "\xfe\xff\x00\xe4", func(w *Writer) { w.String("ä") }, func(d *Decoder) bool { s, ok := d.Text(0, nil); return ok && s == "ä" }},
		{"STRING", []string{charset, "latin1"}, "?\xe4", func(w *Writer) { w.String("中ä") }, func(d *Decoder) bool { s, ok := d.Text(0, nil); return ok && s == "?ä" }},
		{"BYTES", nil, "\x01\xff", func(w *Writer) { w.Datum(val.TextDatum("\x01\xff"), &binaryType) }, func(d *Decoder) bool {
			x, err := d.Datum(0, &binaryType, nil)
			return err == nil && x.Text() == "\x01\xff"
		}},
		{"BOOLEAN", nil, "\x01", func(w *Writer) { w.Bool(true) }, func(d *Decoder) bool { v, ok, err := d.Boolean(0); return v && ok && err == nil }},
		{"TINYINT", nil, "\xff", func(w *Writer) { w.Int8(-1) }, func(d *Decoder) bool { v, ok, err := d.TinyInt(0); return v == -1 && ok && err == nil }},
		{"SMALLINT", nil, "\x01\x02", func(w *Writer) { w.Int16(258) }, func(d *Decoder) bool { v, ok, err := d.SmallInt(0); return v == 258 && ok && err == nil }},
		{"INT", nil, "\x00\x00\x01\x02", func(w *Writer) { w.Int32(258) }, func(d *Decoder) bool { v, ok, err := d.Int(0); return v == 258 && ok && err == nil }},
		{"INT", []string{little, "little-endian"}, "\x02\x01\x00\x00", func(w *Writer) { w.Int32(258) }, func(d *Decoder) bool { v, ok, err := d.Int(0); return v == 258 && ok && err == nil }},
		{"BIGINT", nil, "\x00\x00\x00\x00\x00\x00\x01\x02", func(w *Writer) { w.Int64(258) }, func(d *Decoder) bool { v, ok, err := d.BigInt(0); return v == 258 && ok && err == nil }},
		{"FLOAT", nil, "\x3f\xc0\x00\x00", func(w *Writer) { w.Float32(1.5) }, func(d *Decoder) bool { v, ok, err := d.Float(0); return v == 1.5 && ok && err == nil }},
		{"DOUBLE", nil, "\x3f\xf8\x00\x00\x00\x00\x00\x00", func(w *Writer) { w.Float64(1.5) }, func(d *Decoder) bool { v, ok, err := d.Double(0); return v == 1.5 && ok && err == nil }},
	} {
		tab := table(c.typ, c.options...)
		w, err := NewWriter(tab)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second row is written over the first one
			c.write(w)
			record, err := w.Record()
			if err != nil || string(record) != c.bytes || record == nil {
				t.Errorf("%s %v: %q, %v", c.typ, c.options, record, err)
			}
		}
		w.Null()
		if record, err := w.Record(); record != nil || err != nil {
			t.Errorf("%s: NULL is %q, %v", c.typ, record, err)
		}
		d, err := NewDecoder(tab)
		if err != nil {
			t.Fatal(err)
		}
		if keep, err := d.Split([]byte(c.bytes)); !keep || err != nil || !c.same(d) {
			t.Errorf("%s %v: %q isn't read as it was written (%v)", c.typ, c.options, c.bytes, err)
		}
	}
}

var binaryType = types.Of(types.VarBinary)

func TestNoValueIsNull(t *testing.T) {
	d, err := NewDecoder(table("STRING"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Split(nil); err != nil {
		t.Fatal(err)
	}
	_, text := d.Text(0, nil)
	_, number, err := d.Int(0)
	x, err2 := d.Datum(0, &binaryType, nil)
	if text || number || err != nil || !x.Null || err2 != nil {
		t.Errorf("text %v, number %v %v, bytes %v %v", text, number, err, x, err2)
	}
}

func TestWrongSize(t *testing.T) {
	d, err := NewDecoder(table("INT"))
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range []string{"", "abc", "abcde"} {
		_, _ = d.Split([]byte(record))
		var bad *conn.BadData
		if _, _, err := d.Int(0); !errors.As(err, &bad) || !strings.Contains(err.Error(), "INT type is not 4") {
			t.Errorf("%q: %v", record, err)
		}
	}
}

// TestRefused has what PyFlink 1.20.1 refuses, too.
func TestRefused(t *testing.T) {
	two := table("STRING")
	two.Columns = append(two.Columns, val.Column{Name: "b", Type: "INT"})
	legacy := table("STRING")
	legacy.Options["connector.type"] = "kafka"
	for _, c := range []struct {
		t    *conn.Table
		want string // empty for none
	}{
		{table("VARCHAR(3)"), ""},
		{table("VARBINARY(3)", "raw.charset", "GBK"), ""},
		{table("DECIMAL(5, 2)"), "DECIMAL(5, 2)"},
		{table("TIMESTAMP(3)"), "TIMESTAMP(3)"},
		{table("INTERVAL DAY(2) TO SECOND(6)"), "INTERVAL"},
		{table("ARRAY<INT>"), "ARRAY<INT>"},
		{two, "one column, and the records of this one have 2"},
		{legacy, "legacy"},
		{table("STRING", "raw.charset", "nope"), `"nope" isn't known`},
	} {
		var o Options
		_, use := conn.SplitFormat(c.t.Options, conn.Modern)
		errs := append(use.Parse(&o), Format.Check(&o, c.t)...)
		if c.want == "" && len(errs) > 0 || c.want != "" && (len(errs) != 1 || !strings.Contains(errs[0].Message, c.want)) {
			t.Errorf("%s: %v; want %q", c.t.Columns[0].Type, errs, c.want)
		}
	}
}
