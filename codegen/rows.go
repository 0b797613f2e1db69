package codegen

import (
	"fmt"
	"go/token"
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"

	"pyfc/ir/types"
)

// goKinds says which Go type stands for a kind of SQL type. A kind that is
// missing here is planned.
var goKinds = map[types.Kind]string{
	types.Boolean: "bool", types.TinyInt: "int8", types.SmallInt: "int16", types.Int: "int32",
	types.BigInt: "int64", types.Float: "float32", types.Double: "float64",
	types.Char: "string", types.VarChar: "string", types.Decimal: "val.Decimal",
}

// writerMethods are the methods of val.Writer by Go type.
var writerMethods = map[string]string{
	"bool": "Bool", "int8": "Int8", "int16": "Int16", "int32": "Int32", "int64": "Int64",
	"float32": "Float32", "float64": "Float64", "string": "String", "val.Decimal": "Decimal",
}

// goType is the Go type of a column's values, as reflection prints it.
func goType(t types.Type) string { return goKinds[t.Kind] }

// goTypeOf is goType as code.
func goTypeOf(t types.Type) *jen.Statement {
	if name, ok := strings.CutPrefix(goType(t), "val."); ok {
		return jen.Qual(pkgVal, name)
	}
	return jen.Id(goType(t))
}

// field is one column of a generated row struct.
type field struct {
	name   string // Go name
	column string
	typ    types.Type
	bit    int // null bit, or -1 for a column that is never NULL
}

// rowType is a generated row struct: one Go field per column, and a bit per
// nullable column in nulls. A NULL column holds its zero value, so that rows
// compare with ==.
type rowType struct {
	name   string
	fields []field
	words  int // of nulls; 0 when no column is nullable
}

func newRowType(name string, s types.Schema) *rowType {
	r := &rowType{name: name}
	used := map[string]bool{"nulls": true}
	bits := 0
	for _, c := range s {
		f := field{name: uniqueName(c.Name, used), column: c.Name, typ: c.Type, bit: -1}
		if c.Type.Nullable {
			f.bit = bits
			bits++
		}
		r.fields = append(r.fields, f)
	}
	r.words = (bits + 63) / 64
	return r
}

// uniqueName makes a Go field name of a column name: response_size becomes
// responseSize.
func uniqueName(column string, used map[string]bool) string {
	var b strings.Builder
	up := false
	for _, c := range column {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			up = b.Len() > 0
			continue
		case b.Len() == 0 && unicode.IsDigit(c):
			b.WriteByte('c')
		case b.Len() == 0:
			c = unicode.ToLower(c)
		case up:
			c = unicode.ToUpper(c)
		}
		b.WriteRune(c)
		up = false
	}
	name := b.String()
	if name == "" || token.IsKeyword(name) {
		name += "_"
	}
	for base, n := name, 2; used[name]; n++ {
		name = fmt.Sprintf("%s%d", base, n)
	}
	used[name] = true
	return name
}

// declare emits the struct.
func (r *rowType) declare(f *jen.File, doc string) {
	f.Comment(doc)
	f.Type().Id(r.name).StructFunc(func(g *jen.Group) {
		if r.words > 0 {
			g.Id("nulls").Index(jen.Lit(r.words)).Uint64()
		}
		for _, fd := range r.fields {
			g.Id(fd.name).Add(goTypeOf(fd.typ)).Comment(fd.typ.String())
		}
	})
}

// get is v.field.
func (r *rowType) get(v string, i int) *jen.Statement { return jen.Id(v).Dot(r.fields[i].name) }

// isNull is the test of a column's null bit, or nil for one that is never NULL.
func (r *rowType) isNull(v string, i int) *jen.Statement {
	bit := r.fields[i].bit
	if bit < 0 {
		return nil
	}
	return jen.Id(v).Dot("nulls").Index(jen.Lit(bit / 64)).Op("&").Parens(mask(bit)).Op("!=").Lit(0)
}

// setNull sets a column's null bit.
func (r *rowType) setNull(v string, i int) *jen.Statement {
	bit := r.fields[i].bit
	return jen.Id(v).Dot("nulls").Index(jen.Lit(bit / 64)).Op("|=").Add(mask(bit))
}

func mask(bit int) *jen.Statement { return jen.Lit(1).Op("<<").Lit(bit % 64) }

// operand is column i of the row that v points to.
func (r *rowType) operand(v string, i int) operand {
	o := operand{value: func() *jen.Statement { return r.get(v, i) }, atom: true}
	if r.fields[i].bit >= 0 {
		o.null = func() *jen.Statement { return r.isNull(v, i) }
	}
	return o
}

// assign stores an operand in column i of the row that v points to.
func (r *rowType) assign(v string, i int, o operand) jen.Code {
	set := r.get(v, i).Op("=").Add(o.value())
	if o.null == nil {
		return set
	}
	if o.constNull {
		return r.setNull(v, i)
	}
	return jen.If(o.null()).Block(r.setNull(v, i)).Else().Block(set)
}
