package pyflink

import (
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
	"pyfc/rt/conn/rowloop"
)

// The rows that a driver reads. rowIteratorClass is what collect() gives: the
// rows of a query are known only when the job runs, so a loop over them that
// does nothing but print becomes a sink; what a statement answers is known, and
// iterated as it is.
var (
	rowIteratorClass = pyeval.NewClass("pyflink.table.table_result", "CloseableIterator")
	answerClass      = pyeval.NewClass("pyflink.table.table_result", "CloseableIterator")
)

func init() {
	same := func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }
	none := func(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }
	compute := func(c *pyeval.Call) (pyeval.Value, error) {
		return nil, runOf(c).needsDriver(c.At.Pos(), "computing with the rows of a query")
	}
	for _, class := range []*pyeval.Class{rowIteratorClass, answerClass} {
		iter, next := same, nextAnswer
		if class == rowIteratorClass {
			iter, next = compute, compute
		}
		declare(class, "The rows of a result.",
			def("__iter__(self)", "", iter),
			def("__next__(self)", "", next),
			def("next(self)", "The next row.", next),
			def("__enter__(self)", "", same),
			def("__exit__(self, *args)", "", none),
			def("close(self)", "Ends the reading.", none),
		)
	}
}

// collectResult is TableResult.collect.
func collectResult(c *pyeval.Call) (pyeval.Value, error) {
	t, _ := pyeval.Data[*tableResult](c.Self())
	switch {
	case t.query != nil && runOf(c).driver != nil:
		return runOf(c).rows(c, t.query, ir.DriverRows, "TableResult.collect()")
	case t.query != nil:
		return rowIteratorClass.Make(&rowIterator{t.query}), nil
	case t.listing != nil:
		if d := runOf(c).driver; d != nil {
			if err := d.listing(c.Thread, t.listing.Rows); err != nil {
				return nil, err
			}
		}
		return answerClass.Make(&answer{t.listing.Rows}), nil
	}
	return nil, planned(c.At.Pos(), "TableResult.collect of an insertion")
}

// answer are the rows that a statement answers and nobody has taken yet.
type answer struct{ rows [][]any }

func nextAnswer(c *pyeval.Call) (pyeval.Value, error) {
	a, _ := pyeval.Data[*answer](c.Self())
	if len(a.rows) == 0 {
		return nil, pyeval.Errorf(pyeval.StopIteration, "")
	}
	fields := cellValues(a.rows[0])
	a.rows = a.rows[1:]
	return rowClass.Make(&row{values: pyeval.NewList(fields...)}), nil
}

// cellValues are the values of a row of an answer.
func cellValues(row []any) []pyeval.Value {
	var fields []pyeval.Value
	for _, cell := range row {
		switch cell := cell.(type) {
		case string:
			fields = append(fields, pyeval.NewStr(cell))
		case bool:
			fields = append(fields, pyeval.Bool(cell))
		default:
			fields = append(fields, pyeval.None)
		}
	}
	return fields
}

// rowIterator reads the rows of a query.
type rowIterator struct{ query *query }

// Loop implements pyeval.RowLoop.
func (it *rowIterator) Loop(t *pyeval.Thread, s *pyast.For) error {
	r := t.Interp().Options().Host.(*run)
	l := &loop{thread: t, schema: it.query.rel.P().Schema}
	if !l.names(s.Target) || len(s.OrElse) > 0 || !l.body(s.Body) {
		return r.needsDriver(s.Where().Pos(), "a loop over the rows of a query that does more than print them")
	}
	for _, i := range l.shown {
		if c := l.schema[i]; !rowloop.Shows(c.Type) {
			return diag.New(diag.APIPlanned, s.Where().Pos(), "column %s is %s, whose values don't come to Python as such", c.Name, c.Type).
				WithMissing("api", "TableResult.collect of "+c.Type.Kind.String())
		}
	}
	if !it.query.take() {
		return nil
	}
	if sink := r.session.Loop(it.query.rel, l.parts, it.query.at); sink != nil {
		r.submit(bind.CollectTable, it.query.at, sink)
	}
	return nil
}

// loop makes a template of the body of a loop over rows. Its methods report
// whether they understand what they are given.
type loop struct {
	thread *pyeval.Thread
	schema types.Schema
	row    string   // the name of the row, or
	fields []string // those of its columns
	parts  []rowloop.Part
	shown  []int // columns that are printed
}

// names takes the target of the loop: a name, or as many as there are columns.
func (l *loop) names(target pyast.Expr) bool {
	switch x := target.(type) {
	case *pyast.Name:
		l.row = x.ID
		return true
	case *pyast.Tuple:
		for _, e := range x.Elts {
			n, ok := e.(*pyast.Name)
			if !ok {
				return false
			}
			l.fields = append(l.fields, n.ID)
		}
		return len(l.fields) == len(l.schema)
	}
	return false
}

// body takes statements that print.
func (l *loop) body(body []pyast.Stmt) bool {
	for _, s := range body {
		if _, ok := s.(*pyast.Pass); ok {
			continue
		}
		e, ok := s.(*pyast.ExprStmt)
		if !ok {
			return false
		}
		call, ok := e.Value.(*pyast.Call)
		if !ok || !isName(call.Func, "print") || !l.print(call) {
			return false
		}
	}
	return true
}

func isName(e pyast.Expr, name string) bool {
	n, ok := e.(*pyast.Name)
	return ok && n.ID == name
}

// print takes a call of print.
func (l *loop) print(call *pyast.Call) bool {
	sep, end := " ", "\n"
	for _, k := range call.Keywords {
		text, ok := stringConstant(k.Value)
		switch {
		case k.Name == "flush":
		case k.Name == "sep" && ok:
			sep = text
		case k.Name == "end" && ok:
			end = text
		default:
			return false
		}
	}
	for i, a := range call.Args {
		if i > 0 {
			l.literal(sep)
		}
		if star, ok := a.(*pyast.Starred); ok {
			if !isName(star.Value, l.row) {
				return false
			}
			l.add(rowloop.Part{Form: rowloop.All, Text: sep})
			continue
		}
		if !l.text(a, rowloop.Str) {
			return false
		}
	}
	l.literal(end)
	return true
}

func stringConstant(e pyast.Expr) (string, bool) {
	c, ok := e.(*pyast.Constant)
	if !ok || c.Kind != pyast.ConstStr {
		return "", false
	}
	return c.Text, true
}

// literal adds a text.
func (l *loop) literal(text string) {
	if n := len(l.parts); n > 0 && l.parts[n-1].Form == rowloop.Literal {
		l.parts[n-1].Text += text
		return
	}
	l.parts = append(l.parts, rowloop.Part{Text: text})
}

// add adds what is shown of the row.
func (l *loop) add(p rowloop.Part) {
	switch p.Form {
	case rowloop.Str, rowloop.Repr:
		l.shown = append(l.shown, p.Column)
	case rowloop.Row, rowloop.List, rowloop.Tuple, rowloop.All:
		for i := range l.schema {
			l.shown = append(l.shown, i)
		}
	}
	l.parts = append(l.parts, p)
}

// text takes an expression whose str or repr is shown.
func (l *loop) text(e pyast.Expr, form rowloop.Form) bool {
	if i, ok := l.column(e); ok {
		l.add(rowloop.Part{Form: form, Column: i})
		return true
	}
	switch x := e.(type) {
	case *pyast.Name:
		if x.ID == l.row {
			l.add(rowloop.Part{Form: rowloop.Row})
			return true
		}
	case *pyast.JoinedStr:
		return form == rowloop.Str && l.joined(x)
	case *pyast.Call:
		return form == rowloop.Str && l.call(x)
	case *pyast.BinOp:
		return form == rowloop.Str && x.Op == "%" && l.percent(x)
	}
	return l.outside(e, form)
}

// column finds the column that an expression stands for.
func (l *loop) column(e pyast.Expr) (int, bool) {
	switch x := e.(type) {
	case *pyast.Name:
		i := slices.Index(l.fields, x.ID)
		return i, i >= 0
	case *pyast.Subscript:
		i, ok := intConstant(x.Index)
		if i < 0 {
			i += len(l.schema)
		}
		return i, ok && l.row != "" && isName(x.Value, l.row) && i >= 0 && i < len(l.schema)
	}
	return 0, false
}

func intConstant(e pyast.Expr) (int, bool) {
	sign := 1
	if u, ok := e.(*pyast.UnaryOp); ok && u.Op == "-" {
		sign, e = -1, u.Operand
	}
	c, ok := e.(*pyast.Constant)
	if !ok || c.Kind != pyast.ConstInt {
		return 0, false
	}
	n, err := strconv.Atoi(c.Text)
	return sign * n, err == nil
}

// joined takes an f-string whose fields have no format.
func (l *loop) joined(x *pyast.JoinedStr) bool {
	for _, v := range x.Values {
		if text, ok := stringConstant(v); ok {
			l.literal(text)
			continue
		}
		f, ok := v.(*pyast.FormattedValue)
		if !ok || f.FormatSpec != nil {
			return false
		}
		form := rowloop.Str
		switch f.Conversion {
		case 'r':
			form = rowloop.Repr
		case 'a':
			return false
		}
		if !l.text(f.Value, form) {
			return false
		}
	}
	return true
}

// percent takes "…" % (a, b) and "…" % tuple(row) whose places are %s and %r.
func (l *loop) percent(x *pyast.BinOp) bool {
	format, ok := stringConstant(x.Left)
	if !ok {
		return false
	}
	values, ok := l.operands(x.Right)
	for ok && format != "" {
		var before string
		before, format, ok = strings.Cut(format, "%")
		l.literal(before)
		switch {
		case !ok:
			return len(values) == 0
		case strings.HasPrefix(format, "%"):
			l.literal("%")
		case len(values) == 0:
			return false
		case strings.HasPrefix(format, "s"):
			ok, values = l.text(values[0], rowloop.Str), values[1:]
		case strings.HasPrefix(format, "r"):
			ok, values = l.text(values[0], rowloop.Repr), values[1:]
		default:
			return false
		}
		format = format[1:]
	}
	return ok && len(values) == 0
}

// operands are the values that % puts into a text: those of a tuple, or one.
func (l *loop) operands(e pyast.Expr) ([]pyast.Expr, bool) {
	switch x := e.(type) {
	case *pyast.Tuple:
		return x.Elts, true
	case *pyast.Call:
		if !isName(x.Func, "tuple") {
			return []pyast.Expr{e}, true
		}
		if len(x.Args) != 1 || len(x.Keywords) > 0 || l.row == "" || !isName(x.Args[0], l.row) {
			return nil, false
		}
		var out []pyast.Expr
		for i := range l.schema {
			out = append(out, &pyast.Subscript{Value: x.Args[0], Index: &pyast.Constant{Kind: pyast.ConstInt, Text: strconv.Itoa(i)}})
		}
		return out, true
	}
	_, isColumn := l.column(e)
	return []pyast.Expr{e}, isColumn || isName(e, l.row)
}

// call takes str(…), repr(…), list(row), tuple(row), len(row) and
// row.get_row_kind().
func (l *loop) call(x *pyast.Call) bool {
	if a, ok := x.Func.(*pyast.Attribute); ok {
		if len(x.Args)+len(x.Keywords) > 0 || a.Attr != "get_row_kind" || l.row == "" || !isName(a.Value, l.row) {
			return false
		}
		l.add(rowloop.Part{Form: rowloop.Kind})
		return true
	}
	n, ok := x.Func.(*pyast.Name)
	if !ok || len(x.Args) != 1 || len(x.Keywords) > 0 {
		return false
	}
	switch n.ID {
	case "str":
		return l.text(x.Args[0], rowloop.Str)
	case "repr":
		return l.text(x.Args[0], rowloop.Repr)
	case "len":
		if l.row == "" || !isName(x.Args[0], l.row) {
			return false
		}
		l.literal(strconv.Itoa(len(l.schema)))
		return true
	case "list", "tuple":
		if l.row == "" || !isName(x.Args[0], l.row) {
			return false
		}
		l.add(rowloop.Part{Form: map[string]rowloop.Form{"list": rowloop.List, "tuple": rowloop.Tuple}[n.ID]})
		return true
	}
	return false
}

// outside takes a constant, or a variable that isn't the loop's: it is the same
// for all rows.
func (l *loop) outside(e pyast.Expr, form rowloop.Form) bool {
	switch x := e.(type) {
	case *pyast.Constant:
	case *pyast.Name:
		if x.ID == l.row || slices.Contains(l.fields, x.ID) {
			return false
		}
	default:
		return false
	}
	v, err := l.thread.Eval(e)
	if err != nil {
		return false
	}
	switch v.(type) {
	case *pyeval.Str, pyeval.Int, pyeval.Bool, pyeval.Float, pyeval.NoneType:
	default:
		return false
	}
	show := l.thread.Str
	if form == rowloop.Repr {
		show = l.thread.Repr
	}
	s, err := show(v)
	if err != nil {
		return false
	}
	l.literal(s)
	return true
}
