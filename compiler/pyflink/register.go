package pyflink

import (
	"fmt"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// registerFunction makes a function known; declare is how its name becomes known.
func registerFunction(name string, declare func(*bind.Session, string, *ir.UDF)) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		path, err := pathOf(c, name)
		if err != nil {
			return nil, err
		}
		v := c.Arg("function")
		for _, m := range []*maker{udafMaker, udtafMaker} {
			if v.Class().IsA(m.base) { // which PyFlink makes a function by itself
				if v, err = m.plain(c, v, c.Where("function")); err != nil {
					return nil, err
				}
				break
			}
		}
		return pyeval.None, runOf(c).register(path.Parts[len(path.Parts)-1].Text, v, c.Where("function"), declare)
	}
}

// register makes a Python function known by a name.
func (r *run) register(name string, v pyeval.Value, at pyast.Span, declare func(*bind.Session, string, *ir.UDF)) error {
	f, ok := pyeval.Data[*function](v)
	if !ok {
		return notWrapped(v, at)
	}
	if r.note(v) {
		f.udf.Name = name
	}
	declare(r.session, name, f.udf)
	return nil
}

// notWrapped refuses what should have been made by udf.
func notWrapped(v pyeval.Value, at pyast.Span) error {
	if o, ok := v.(*pyeval.Opaque); ok {
		return o.Refuse("is registered as a function")
	}
	by := udfMaker
	for _, m := range makers {
		if v.Class().IsA(m.base) {
			by = m
		}
	}
	return diag.New(diag.UDFType, at.Pos(), "a value of type %s is no function of the job", v.Class().Name()).
		WithHint("make one of it with %s(…, %s=…)", by.name, by.result)
}

// note remembers a function of the script; it reports whether it is new.
func (r *run) note(v pyeval.Value) bool {
	for _, w := range r.functions {
		if w == v {
			return false
		}
	}
	r.functions = append(r.functions, v)
	return true
}

// inline is the name under which an expression calls a function itself: that
// under which it is registered, or one that no text can spell.
func (r *run) inline(v pyeval.Value, at pyast.Span) (string, error) {
	f, ok := pyeval.Data[*function](v)
	if !ok {
		return "", notWrapped(v, at)
	}
	r.note(v)
	name := f.udf.Name
	for i := 1; ; i++ {
		switch u, taken := r.session.Function(name); {
		case u == f.udf:
			return name, nil
		case !taken && i > 1:
			r.session.Register(name, f.udf)
			return name, nil
		}
		name = fmt.Sprintf("%s#%d", f.udf.Name, i)
	}
}

func dropFunction(name string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		path, err := pathOf(c, name)
		if err != nil {
			return nil, err
		}
		return pyeval.Bool(runOf(c).session.DropFunction(path.Parts[len(path.Parts)-1].Text)), nil
	}
}

// createFunction is CREATE FUNCTION … AS 'module.name' LANGUAGE PYTHON: the
// module is imported as the driver would.
func (r *run) createFunction(t *pyeval.Thread, file *pyast.File, st *sql.CreateFunction) error {
	class, ok := st.Class.Value.Const()
	dot := strings.LastIndexByte(class, '.')
	if !ok || dot < 0 {
		return diag.New(diag.UDFType, st.Class.Pos, "a Python function is named as 'module.name'")
	}
	at := spanOf(file, st.Class.Pos)
	mod, err := t.Import(class[:dot])
	if err != nil {
		return err
	}
	v, err := t.GetAttr(mod, class[dot+1:])
	if err != nil {
		return err
	}
	return r.register(st.Name.Parts[len(st.Name.Parts)-1].Text, v, at, (*bind.Session).Register)
}

// spanOf is a place inside a statement as a span of the file that has it.
func spanOf(file *pyast.File, pos diag.Pos) pyast.Span {
	return pyast.Span{File: file, Line: pos.Line, Col: pos.Column, EndLine: pos.Line, EndCol: max(pos.EndColumn, pos.Column+1)}
}
