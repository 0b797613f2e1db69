package ir

import (
	"fmt"
	"math"
	"math/big"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// Verify checks what every plan must satisfy, whichever pass made it. An error
// is a fault of pyfc.
func Verify(rel Rel) error {
	var err error
	shared := map[int]Rel{}
	Walk(rel, func(r Rel) {
		if err == nil {
			err = verifyRel(r)
		}
		if n := r.P().Shared; n > 0 && err == nil {
			if other, ok := shared[n]; ok && other != r {
				err = fmt.Errorf("%s and %s are both shared=%d", other.Op(), r.Op(), n)
			}
			shared[n] = r
		}
	})
	return err
}

func verifyRel(r Rel) error {
	info := r.Op().Info()
	if n := len(r.Inputs()); n != info.Inputs && (info.Inputs != Several || n == 0) {
		return fmt.Errorf("%s has %d inputs, wants %d", r.Op(), len(r.Inputs()), info.Inputs)
	}
	p := r.P()
	if p.Mode == 0 {
		return fmt.Errorf("%s yields no row kind", r.Op())
	}
	for _, c := range p.Schema {
		if !c.Type.Valid() {
			return fmt.Errorf("%s: column %s has no type", r.Op(), c.Name)
		}
	}
	for _, k := range p.Keys {
		if err := within("key", k, len(p.Schema)); err != nil {
			return fmt.Errorf("%s: %w", r.Op(), err)
		}
		for i := 0; i+1 < len(k); i++ {
			if k[i] >= k[i+1] {
				return fmt.Errorf("%s: key %v isn't ascending", r.Op(), k)
			}
		}
	}
	for _, e := range r.Exprs() {
		if err := verifyExpr(e, inputSchema(r)); err != nil {
			return fmt.Errorf("%s: %w", r.Op(), err)
		}
	}
	if err := verifyShape(r); err != nil {
		return fmt.Errorf("%s: %w", r.Op(), err)
	}
	return nil
}

// inputSchema is what an operator's expressions are over: the columns of all
// its inputs.
func inputSchema(r Rel) types.Schema {
	var out types.Schema
	for _, in := range r.Inputs() {
		out = append(out, in.P().Schema...)
	}
	return out
}

func verifyExpr(e Expr, in types.Schema) error {
	var err error
	WalkExpr(e, func(e Expr) {
		if err == nil {
			err = verifyNode(e, in)
		}
	})
	return err
}

// verifyNode checks an expression without its operands.
func verifyNode(e Expr, in types.Schema) error {
	if !e.Type().Valid() {
		return fmt.Errorf("%s has no type", e)
	}
	switch e := e.(type) {
	case *ColumnRef:
		if e.Index < 0 || e.Index >= len(in) {
			return fmt.Errorf("%s is outside of %s", e, in)
		}
		if !e.T.Equal(in[e.Index].Type) {
			return fmt.Errorf("%s is %s, its column %s", e, e.T, in[e.Index].Type)
		}
	case *Const:
		if !e.fits() {
			return fmt.Errorf("%s is no value of %s", e.Literal(), e.T)
		}
	case *Call:
		if o := overloadOf(e.Fn, e.Overload); o == nil || !o.Takes(len(e.Args)) {
			return fmt.Errorf("%s has no overload %d of %d arguments", e.Fn, e.Overload, len(e.Args))
		}
	case *Case:
		for _, w := range e.Whens {
			if w.Type().Kind != types.Boolean {
				return fmt.Errorf("WHEN %s is %s", w, w.Type())
			}
		}
	case *UDFCall:
		if !e.T.Equal(e.UDF.Result) || !e.UDF.WholeRow && e.UDF.Args != nil && len(e.UDF.Args) != len(e.Args) {
			return fmt.Errorf("%s isn't called as it is declared", e)
		}
	}
	return nil
}

// fits reports whether a constant's value has the form that its type asks for.
func (c *Const) fits() bool {
	switch v := c.Value.(type) {
	case nil:
		return c.T.Nullable
	case bool:
		return c.T.Kind == types.Boolean
	case int64:
		bits, sized := map[types.Kind]uint{types.TinyInt: 8, types.SmallInt: 16, types.Int: 32}[c.T.Kind]
		return c.T.Integer() && (!sized || v == v<<(64-bits)>>(64-bits))
	case float64:
		return c.T.Kind == types.Double || c.T.Kind == types.Float && (math.IsNaN(v) || float64(float32(v)) == v)
	case string:
		return c.T.Text()
	case []byte:
		return c.T.Binary()
	case val.Date:
		return c.T.Kind == types.Date
	case val.Time:
		return c.T.Kind == types.Time
	case val.Timestamp:
		return c.T.Timestamp()
	case val.Months:
		return c.T.Kind == types.IntervalYearMonth
	case val.Millis:
		return c.T.Kind == types.IntervalDayTime
	case *big.Int:
		return c.T.Kind == types.Decimal && len(new(big.Int).Abs(v).String()) <= c.T.Precision
	}
	return false
}

// verifyShape checks that the schema is the one that the operator makes, and
// that positions are within the input.
func verifyShape(r Rel) error {
	p := r.P()
	switch r := r.(type) {
	case *Scan:
		if err := within("columns read", r.Read, len(r.Table.Columns)); err != nil {
			return err
		}
		for _, cond := range []Expr{r.Partitions, r.Filter} {
			if cond == nil {
				continue
			}
			if err := verifyExpr(cond, r.Table.Schema()); err != nil {
				return err
			}
		}
		return sameLen("columns read", len(r.Read), len(p.Schema))
	case *Values:
		return verifyValues(r)
	case *Project:
		return verifyColumns(p.Schema, r.Columns)
	case *Filter:
		if r.Cond.Type().Kind != types.Boolean {
			return fmt.Errorf("condition %s is %s", r.Cond, r.Cond.Type())
		}
		return verifyPassed(p.Schema, r.In.P().Schema)
	case *Bridge:
		return verifyBridge(r)
	case *Exchange:
		if err := within("hash", r.Key, len(p.Schema)); err != nil {
			return err
		}
		return verifyPassed(p.Schema, r.In.P().Schema)
	case *Expand:
		for _, columns := range r.Projects {
			if err := verifyBranch(p.Schema, columns); err != nil {
				return err
			}
		}
	case *Watermark:
		return verifyWatermark(r)
	case *Window:
		return verifyWindow(r)
	case *Aggregate:
		return verifyAggregate(r)
	case *Correlate:
		return r.verify()
	case *Join:
		return verifyJoin(r)
	case *Union:
		return verifyUnion(r)
	case *Sort:
		return r.verify()
	case *Over:
		return r.verify()
	case *Rank:
		return r.verify()
	case *Normalize:
		return verifyKeyed(r, r.Key)
	case *Materialize:
		return verifyKeyed(r, r.Key, r.By)
	case *Sink:
		if err := within("key", r.Key, len(r.Table.Columns)); err != nil {
			return err
		}
		return sameLen("sink columns", len(r.Table.Columns), len(p.Schema))
	}
	return nil
}

func verifyValues(v *Values) error {
	for _, row := range v.Rows {
		if err := sameLen("values", len(row), len(v.Schema)); err != nil {
			return err
		}
		for i, c := range row {
			if t := v.Schema[i].Type; !c.T.SameRoot(t) || c.Value == nil && !t.Nullable || !c.fits() {
				return fmt.Errorf("%s is no value of %s", c, t)
			}
		}
	}
	return nil
}

// verifyColumns checks that the schema has the expressions' types.
func verifyColumns(s types.Schema, columns []Expr) error {
	if err := sameLen("columns", len(columns), len(s)); err != nil {
		return err
	}
	for i, e := range columns {
		if !e.Type().Equal(s[i].Type) {
			return fmt.Errorf("%s is %s, declared %s", e, e.Type(), s[i].Type)
		}
	}
	return nil
}

// verifyBranch checks that the expressions have the schema's types, or the same
// without NULL.
func verifyBranch(s types.Schema, columns []Expr) error {
	if err := sameLen("columns", len(columns), len(s)); err != nil {
		return err
	}
	for i, e := range columns {
		if t := e.Type(); !t.SameRoot(s[i].Type) || t.Nullable && !s[i].Type.Nullable {
			return fmt.Errorf("%s is %s, declared %s", e, t, s[i].Type)
		}
	}
	return nil
}

// verifyPassed checks that the schema has the input's types.
func verifyPassed(s, in types.Schema) error {
	if err := sameLen("columns", len(in), len(s)); err != nil {
		return err
	}
	for i := range in {
		if !s[i].Type.Equal(in[i].Type) {
			return fmt.Errorf("column %s is %s in the input, declared %s", s[i].Name, in[i].Type, s[i].Type)
		}
	}
	return nil
}

func verifyBridge(b *Bridge) error {
	width := len(b.In.P().Schema)
	if err := sameLen("columns", width+len(b.Calls), len(b.Schema)); err != nil {
		return err
	}
	results := make([]Expr, len(b.Calls))
	for i, c := range b.Calls {
		results[i] = c
		if err := verifyNode(c, nil); err != nil {
			return err
		}
	}
	if err := verifyPassed(b.Schema[:width], b.In.P().Schema); err != nil {
		return err
	}
	return verifyColumns(b.Schema[width:], results)
}

func verifyAggregate(a *Aggregate) error {
	in := a.In.P().Schema
	if err := within("group", a.Group, len(in)); err != nil {
		return err
	}
	if err := sameLen("columns", len(a.Group)+len(a.results()), len(a.Schema)); err != nil {
		return err
	}
	for i, g := range a.Group {
		if !a.Schema[i].Type.Equal(in[g].Type) {
			return fmt.Errorf("group column %s is %s in the input, declared %s", a.Schema[i].Name, in[g].Type, a.Schema[i].Type)
		}
	}
	if err := a.Window.verify(a.Schema[:len(a.Group)]); err != nil {
		return err
	}
	for i, c := range a.Calls {
		read := c.Args
		if c.Filter >= 0 {
			read = append([]int{c.Filter}, read...)
		}
		if err := within(c.Name(), read, len(in)); err != nil {
			return err
		}
		if u := c.UDF; u != nil && (!c.Type.Equal(u.Result) || u.Args != nil && !u.WholeRow && len(c.Args) != len(u.Args)) {
			return fmt.Errorf("%s isn't called as it is declared", c.text(in))
		}
		if t := a.results()[i]; !a.Schema[len(a.Group)+i].Type.Equal(t) {
			return fmt.Errorf("%s is %s, declared %s", c.text(in), c.Type, t)
		}
		if c.Filter >= 0 && in[c.Filter].Type.Kind != types.Boolean {
			return fmt.Errorf("%s: the filter is %s", c.text(in), in[c.Filter].Type)
		}
	}
	return nil
}

func verifyJoin(j *Join) error {
	left, right := j.Left.P().Schema, j.Right.P().Schema
	for _, k := range j.Equi {
		if err := within("left key", []int{k.Left}, len(left)); err != nil {
			return err
		}
		if err := within("right key", []int{k.Right}, len(right)); err != nil {
			return err
		}
		if l, r := left[k.Left].Type, right[k.Right].Type; l.Kind != r.Kind && !(l.Text() && r.Text()) {
			return fmt.Errorf("key %s is %s, %s is %s", left[k.Left].Name, l, right[k.Right].Name, r)
		}
	}
	if j.Cond != nil && j.Cond.Type().Kind != types.Boolean {
		return fmt.Errorf("condition %s is %s", j.Cond, j.Cond.Type())
	}
	return verifyWider(j.Schema, joinSchema(j.Kind, left, right))
}

// verifyWider checks that the schema has the types of what comes in, but that
// columns may be called nullable, and texts longer.
func verifyWider(s, in types.Schema) error {
	if err := sameLen("columns", len(in), len(s)); err != nil {
		return err
	}
	for i, c := range s {
		t := in[i].Type
		shorter := t.Kind == types.VarChar && c.Type.Kind == types.VarChar && t.Precision <= c.Type.Precision
		if !shorter && !t.SameRoot(c.Type) || t.Nullable && !c.Type.Nullable {
			return fmt.Errorf("column %s is %s in an input, declared %s", c.Name, t, c.Type)
		}
	}
	return nil
}

func verifyUnion(u *Union) error {
	for _, in := range u.In {
		if err := verifyWider(u.Schema, in.P().Schema); err != nil {
			return err
		}
	}
	return nil
}

// within checks that positions are in a schema of n columns.
func within(what string, columns []int, n int) error {
	for _, c := range columns {
		if c < 0 || c >= n {
			return fmt.Errorf("%s: column %d of %d", what, c, n)
		}
	}
	return nil
}

func sameLen(what string, got, want int) error {
	if got != want {
		return fmt.Errorf("%s: %d of %d", what, got, want)
	}
	return nil
}
