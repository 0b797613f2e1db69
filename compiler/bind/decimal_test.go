package bind

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
	"pyfc/rt/val"
)

// recorded is an expression over columns x and y, and what PyFlink 1.20.1 gave
// for it: type and value cast to STRING, or an error.
type recorded struct {
	Expr  string
	Args  [][2]string // type and value
	Type  string
	Want  *string
	Error string
}

// TestDecimalExpressions types expressions and computes them with the functions
// that a job would call.
func TestDecimalExpressions(t *testing.T) {
	f, err := os.Open("testdata/decimal.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		var c recorded
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Expr != "" {
			compareRecorded(t, c)
		}
	}
	if n < 1000 {
		t.Errorf("only %d cases", n)
	}
}

func compareRecorded(t *testing.T, c recorded) {
	t.Helper()
	e, err := bindRecorded(t, c)
	if err == nil {
		e = opt.FoldAll(e)
	}
	folded, ok := e.(*ir.Const)
	switch {
	case c.Error != "":
		if err == nil && ok {
			t.Errorf("%s of %v: got %v, Flink fails: %s", c.Expr, c.Args, folded, c.Error)
		}
		return
	case err != nil:
		t.Errorf("%s of %v: %v", c.Expr, c.Args, err)
		return
	case !ok:
		t.Errorf("%s of %v: %s isn't computed", c.Expr, c.Args, e)
		return
	}
	want := "NULL"
	if c.Want != nil {
		want = *c.Want
	}
	if got := asText(folded); got != want {
		t.Errorf("%s of %v: got %s, want %s", c.Expr, c.Args, got, want)
	}
	if got := e.Type().WithNull(true).String(); got != c.Type {
		t.Errorf("%s of %v: type %s, want %s", c.Expr, c.Args, got, c.Type)
	}
}

// bindRecorded binds the expression with the values in place of the columns.
func bindRecorded(t *testing.T, c recorded) (ir.Expr, error) {
	t.Helper()
	names := []string{"x", "y"}
	var columns []string
	for i, a := range c.Args {
		columns = append(columns, names[i]+" "+a[0])
	}
	s := NewSession(&diag.List{})
	text := fmt.Sprintf("CREATE TABLE t (%s) WITH ('connector' = 'filesystem', 'path' = 'p', 'format' = 'csv'); SELECT %s FROM t",
		strings.Join(columns, ", "), c.Expr)
	stmts, ds := sql.Parse(text, nil)
	if len(ds) > 0 {
		t.Fatalf("%s: %v", text, ds[0])
	}
	s.Execute(stmts[0])
	rel := s.Execute(stmts[1]).Query
	if s.Diags.HasErrors() {
		return nil, s.Diags.Sorted()[0]
	}
	e := rel.(*ir.Project).Columns[0]
	return ir.MapExpr(e, func(e ir.Expr) ir.Expr {
		if r, ok := e.(*ir.ColumnRef); ok {
			return ir.NewConst(r.Type(), valueOf(t, r.Type(), c.Args[r.Index][1]), r.Pos())
		}
		return e
	}), nil
}

// valueOf reads a value as a csv source does.
func valueOf(t *testing.T, typ types.Type, text string) any {
	t.Helper()
	var v any = text
	var err error
	switch {
	case typ.Kind == types.Decimal:
		d, fits, e := val.ParseDecimal(text, val.Shape{Precision: typ.Precision, Scale: typ.Scale})
		if err = e; !fits {
			t.Fatalf("%s doesn't fit %s", text, typ)
		}
		v = d.Big()
	case typ.Integer():
		v, err = strconv.ParseInt(text, 10, 64)
	case typ.Kind == types.Float:
		v, err = strconv.ParseFloat(text, 32)
	case typ.Kind == types.Double:
		v, err = strconv.ParseFloat(text, 64)
	case typ.Kind == types.Boolean:
		v = text == "true"
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// asText is a value as Flink casts it to STRING.
func asText(c *ir.Const) string {
	switch v := c.Value.(type) {
	case string:
		return v
	case float64:
		if c.T.Kind == types.Float {
			return string(val.AppendFloat(nil, float32(v)))
		}
		return string(val.AppendDouble(nil, v))
	}
	return c.Literal()
}
