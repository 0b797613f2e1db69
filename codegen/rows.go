package codegen

import (
	"fmt"
	"go/token"
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"

	"pyfc/ir/types"
	fnlist "pyfc/rt/fn/list"
)

// goInfo says how generated code handles the values of a Go type.
type goInfo struct {
	// zero is the zero value: "0", or "{}" for a struct.
	zero string
	// writer is the method of val.Writer, empty for Datum, which takes all.
	writer string
	// codec is the suffix of val.EncodeX and val.DecodeX, and encodeAs the type
	// that EncodeX takes where it is another one.
	codec, encodeAs string
	// datum is the prefix of val.XDatum and the name of the method of val.Datum
	// that reads it back, readAs the type that this gives where it is another.
	datum, readAs string
	// hash is the suffix of val.HashX, and hashAs the type that it takes.
	hash, hashAs string
}

// goInfos are the Go types of values, as reflection prints them.
var goInfos = map[string]goInfo{
	"bool":          {"false", "Bool", "Bool", "", "Bool", "", "Bool", ""},
	"int8":          {"0", "Int8", "Int", "int64", "Int", "int64", "Int", "uint64"},
	"int16":         {"0", "Int16", "Int", "int64", "Int", "int64", "Int", "uint64"},
	"int32":         {"0", "Int32", "Int", "int64", "Int", "int64", "Int", "uint64"},
	"int64":         {"0", "Int64", "Int", "", "Int", "", "Int", "uint64"},
	"float32":       {"0", "Float32", "Float", "float64", "Float", "float64", "Float", "float64"},
	"float64":       {"0", "Float64", "Float", "", "Float", "", "Float", ""},
	"string":        {`""`, "String", "Text", "", "Text", "", "Text", ""},
	"val.Decimal":   {"{}", "Decimal", "Decimal", "", "Decimal", "", "Decimal", ""},
	"val.Date":      {"0", "", "Int", "int64", "Int", "int64", "Int", "uint64"},
	"val.Time":      {"0", "", "Int", "int64", "Int", "int64", "Int", "uint64"},
	"val.Months":    {"0", "", "Int", "int64", "Int", "int64", "Int", "uint64"},
	"val.Millis":    {"0", "", "Int", "int64", "Int", "int64", "Int", "uint64"},
	"val.Timestamp": {"{}", "", "Timestamp", "", "Timestamp", "", "Timestamp", ""},
	"val.FloatKey":  {"0", "", "Int", "int64", "", "", "Float", ""},
	"val.Bytes":     {`""`, "", "Text", "string", "Text", "string", "Text", "string"},
	"val.Array":     {`""`, "", "Text", "string", "Text", "string", "Text", "string"},
	"val.Map":       {`""`, "", "Text", "string", "Text", "string", "Text", "string"},
	"val.Row":       {`""`, "", "Text", "string", "Text", "string", "Text", "string"},
}

// goType is the Go type of a column's values, as reflection prints it; empty
// for a type that is planned.
func goType(t types.Type) string { return fnlist.GoType(t.Kind) }

// infoOf is how generated code handles a type's values.
func infoOf(t types.Type) goInfo { return goInfos[goType(t)] }

// goTypeOf is goType as code.
func goTypeOf(t types.Type) *jen.Statement { return goNamed(goType(t)) }

func goNamed(goType string) *jen.Statement {
	if name, ok := strings.CutPrefix(goType, "val."); ok {
		return jen.Qual(pkgVal, name)
	}
	return jen.Id(goType)
}

// viewed reports whether a type's values view an arena.
func viewed(t types.Type) bool { return infoOf(t).zero == `""` }

// converted is v as the type called name, or v where that is empty.
func converted(name string, v *jen.Statement) *jen.Statement {
	if name == "" {
		return v
	}
	return jen.Id(name).Call(v)
}

// field is one column of a generated row struct.
type field struct {
	name   string // Go name
	column string
	typ    types.Type
	bit    int // null bit, or -1 for a column that is never NULL
	// floatKey says that the field holds a number as a val.FloatKey.
	floatKey bool
}

// goName is the Go type of the field, as reflection prints it.
func (f field) goName() string {
	if f.floatKey {
		return "val.FloatKey"
	}
	return goType(f.typ)
}

// info is how generated code handles the field.
func (f field) info() goInfo { return goInfos[f.goName()] }

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
			g.Id(fd.name).Add(goNamed(fd.goName())).Comment(fd.typ.String())
		}
	})
}

// keyRowType is the row struct of a key: == is what makes two keys one.
func keyRowType(name string, s types.Schema) *rowType {
	r := newRowType(name, s)
	for i := range r.fields {
		r.fields[i].floatKey = r.fields[i].typ.Approximate()
	}
	return r
}

// value is v.field as a value of its SQL type.
func (r *rowType) value(v string, i int) *jen.Statement {
	get := r.get(v, i)
	if f := r.fields[i]; f.floatKey {
		return goTypeOf(f.typ).Call(get.Dot("Float").Call())
	}
	return get
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
	o := operand{value: func() *jen.Statement { return r.value(v, i) }, atom: true}
	if r.fields[i].bit >= 0 {
		o.null = func() *jen.Statement { return r.isNull(v, i) }
	}
	return o
}

// assign stores an operand in column i of the row that v points to.
func (r *rowType) assign(v string, i int, o operand) jen.Code {
	value := o.value()
	if r.fields[i].floatKey {
		value = jen.Qual(pkgVal, "KeyOfFloat").Call(value)
	}
	set := r.get(v, i).Op("=").Add(value)
	if o.null == nil {
		return set
	}
	if o.constNull {
		return r.setNull(v, i)
	}
	return jen.If(o.null()).Block(r.setNull(v, i)).Else().Block(set)
}
