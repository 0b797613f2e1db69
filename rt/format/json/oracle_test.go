package json

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// recording is what the json format of a real PyFlink read: testdata/decode.json.
type recording struct {
	Recorded string
	Groups   []struct {
		Name    string
		Columns []string // "a STRING"
		Options map[string]string
		Cases   []struct {
			Record  []byte
			Ignored []string // with ignore-parse-errors
			Strict  []string
			Error   string // in place of Strict
		}
	}
}

func readRecording(t testing.TB) recording {
	t.Helper()
	data, err := os.ReadFile("testdata/decode.json")
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// table makes a table of columns such as "a STRING", with the types that the
// compiler would hand over.
func table(t testing.TB, columns []string, options ...string) (*conn.Table, []types.Type) {
	t.Helper()
	out := &conn.Table{Name: "t", Options: map[string]string{"connector": "kafka", "format": "json"}}
	for i := 0; i < len(options); i += 2 {
		out.Options[options[i]] = options[i+1]
	}
	var typs []types.Type
	for i, c := range columns {
		name, text, _ := strings.Cut(c, " ")
		typ, faults := sql.ParseType(text, func(int) diag.Pos { return diag.Pos{} })
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		typs = append(typs, typ)
		out.Columns = append(out.Columns, val.Column{Name: name, Type: typ.String()})
		out.Read = append(out.Read, i)
	}
	return out, typs
}

// decode reads a record with all getters that the compiler would choose and
// returns the row as Row.toString shows it.
func decode(d *Decoder, typs []types.Type, record []byte) ([]string, error) {
	keep, err := d.Split(record)
	if !keep || err != nil {
		return nil, err
	}
	arena := val.NewArena()
	var row val.RowText
	row.Begin(val.Insert)
	for i := range typs {
		x, err := get(d, i, &typs[i], arena)
		if err != nil {
			return nil, err
		}
		row.Datum(x, &typs[i])
	}
	row.End()
	return []string{string(row.Buf)}, nil
}

// get reads a column by the method that generated code calls.
func get(d *Decoder, i int, t *types.Type, arena *val.Arena) (val.Datum, error) {
	switch t.Kind {
	case types.Char, types.VarChar:
		s, ok := d.Text(i, arena)
		return val.TextDatum(s).Unless(!ok), nil
	case types.Boolean:
		v, ok, err := d.Boolean(i)
		return val.BoolDatum(v).Unless(!ok), err
	case types.TinyInt:
		v, ok, err := d.TinyInt(i)
		return val.IntDatum(v).Unless(!ok), err
	case types.SmallInt:
		v, ok, err := d.SmallInt(i)
		return val.IntDatum(v).Unless(!ok), err
	case types.Int:
		v, ok, err := d.Int(i)
		return val.IntDatum(v).Unless(!ok), err
	case types.BigInt:
		v, ok, err := d.BigInt(i)
		return val.IntDatum(v).Unless(!ok), err
	case types.Float:
		v, ok, err := d.Float(i)
		return val.FloatDatum(v).Unless(!ok), err
	case types.Double:
		v, ok, err := d.Double(i)
		return val.FloatDatum(v).Unless(!ok), err
	case types.Decimal:
		v, ok, err := d.Decimal(i, val.Shape{Precision: t.Precision, Scale: t.Scale})
		return val.DecimalDatum(v).Unless(!ok), err
	}
	return d.Datum(i, t, arena)
}

// otherwise are the records of the recording for which this reader gives
// something else, with what and why.
var otherwise = map[string]struct {
	row []string
	why string
}{
	`{"x":"a"}`:                              {[]string{"+I[null]"}, "Flink loses its place behind base 64 of a single digit, and drops the record"},
	`{"x":"1"}`:                              {[]string{"+I[null]"}, "likewise"},
	`{"x":"t"}`:                              {[]string{"+I[null]"}, "likewise"},
	`{"x":"\u12"}`:                           {nil, "Flink looks at escapes only where it needs the text"},
	"{\"a\":1,\"b\":\"\xc3\"}":               {nil, "likewise for UTF-8"},
	`{"x":[[1]]}`:                            {[]string{"+I[[null]]"}, "Flink goes on with the elements of the array that is no INT"},
	`{"x":"2020-02-29 12:34:56.123456789"}`:  {nil, "the value is cut to the precision of the type at once, not where it is stored first"},
	`{"x":"2020-02-29T12:34:56.123456789"}`:  {nil, "likewise"},
	`{"x":"2020-02-29 12:34:56.123456789Z"}`: {nil, "likewise"},
	`{"x":"2020-02-29 12:34:56.9"}`:          {nil, "likewise"},
}

// TestDecodeAsFlink compares with what PyFlink read. The recording has a second
// half with the tree reader (decode.json-parser.enabled = false), which differs
// in what it makes of malformed records.
func TestDecodeAsFlink(t *testing.T) {
	for _, g := range readRecording(t).Groups {
		if g.Options["json.decode.json-parser.enabled"] == "false" {
			continue
		}
		var options []string
		for k, v := range g.Options {
			options = append(options, k, v)
		}
		strict, typs := table(t, g.Columns, options...)
		s, err := NewDecoder(strict)
		if err != nil {
			t.Fatal(err)
		}
		var lenient *Decoder
		if g.Options["json.fail-on-missing-field"] == "" {
			tolerant, _ := table(t, g.Columns, append(options, "json.ignore-parse-errors", "true")...)
			if lenient, err = NewDecoder(tolerant); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range g.Cases {
			other, differs := otherwise[string(c.Record)]
			if lenient != nil {
				want := c.Ignored
				got, err := decode(lenient, typs, c.Record)
				if err != nil || !slices.Equal(got, want) && !(differs && (other.row == nil || slices.Equal(got, other.row))) {
					t.Errorf("%s, %q with errors ignored: %q, %v; want %q", g.Name, c.Record, got, err, want)
				}
			}
			got, err := decode(s, typs, c.Record)
			if (err != nil) != (c.Error != "") || err == nil && !slices.Equal(got, c.Strict) && !differs {
				t.Errorf("%s, %q: %q, %v; want %q, %s", g.Name, c.Record, got, err, c.Strict, c.Error)
			}
		}
	}
}
