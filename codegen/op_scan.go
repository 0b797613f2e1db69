package codegen

import (
	"fmt"
	"sort"
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
)

// scan wires a source: a byte source with the generated decode function.
func (w *wiring) scan(r *ir.Scan) stream {
	row := w.row(r.UID, r.Schema)
	table := "table" + exported(r.UID)
	inRecord, aside := asideOf(r)
	decl := jen.Dict{
		jen.Id("Columns"): columns(r.Table, nil),
		jen.Id("Read"):    intList(r.Read),
	}
	if aside != nil {
		decl[jen.Id("Aside")] = w.asideList(r, aside)
	}
	w.add(jen.Id(table).Op(":=").Op("&").Add(w.table(r.Table, decl)))
	decode := w.decodeFunc(r, row, inRecord)
	d := decoderOf(r.Table)
	body := []jen.Code{
		jen.List(jen.Id("d"), jen.Err()).Op(":=").Qual(d.pkg, "NewDecoder").Call(records(r.Table, table)),
		returnErr(),
	}
	args := []jen.Code{jen.Id("sub"), jen.Id(table)}
	if connector(r.Table).Splits {
		body = append(body, jen.List(jen.Id("splitter"), jen.Err()).Op(":=").Qual(d.pkg, "NewSplitter").Call(records(r.Table, table)), returnErr())
		args = append(args, jen.Id("splitter"))
	}
	fill := jen.Code(jen.Nil())
	if aside != nil {
		fill = jen.Id(w.asideFunc(r, row, aside))
	}
	body = append(body,
		jen.List(jen.Id("src"), jen.Err()).Op(":=").Qual(connector(r.Table).Package, "NewSource").Call(args...),
		returnErr(),
		jen.Return(jen.Qual(pkgConn, "NewDecoded").Call(jen.Id("sub"), jen.Id("src"),
			jen.Func().Params(jen.Id("record").Index().Byte(), jen.Id("r").Op("*").Id(row.name), jen.Id("arena").Op("*").Qual(pkgVal, "Arena")).Params(jen.Bool(), jen.Error()).
				Block(jen.Return(jen.Id(decode).Call(jen.Id("d"), jen.Id("record"), jen.Id("r"), jen.Id("arena")))), fill), jen.Nil()),
	)
	return w.define(r, row, jen.Qual(pkgStream, "From").Call(jen.Id("g"), jen.Lit(r.UID), sourceFunc(row, body)))
}

func sourceFunc(row *rowType, body []jen.Code) *jen.Statement {
	return jen.Func().Params(jen.Id("sub").Op("*").Qual(pkgStream, "Subtask")).
		Params(jen.Qual(pkgStream, "Source").Types(jen.Id(row.name)), jen.Error()).Block(body...)
}

func returnErr() jen.Code {
	return jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err()))
}

// values wires a fixed list of rows, read by one subtask.
func (w *wiring) values(r *ir.Values) stream {
	row := w.row(r.UID, r.Schema)
	var rows []jen.Code
	for _, values := range r.Rows {
		rows = append(rows, rowLiteral(row, values))
	}
	body := []jen.Code{jen.Return(jen.Qual(pkgOp, "NewValues").Call(jen.Id("sub"),
		jen.Index().Id(row.name).Values(lined(rows)...)), jen.Nil())}
	return w.define(r, row, jen.Qual(pkgStream, "From").Call(jen.Id("g"), jen.Lit(r.UID), sourceFunc(row, body),
		jen.Qual(pkgStream, "Parallelism").Call(jen.Lit(1))))
}

// rowLiteral is a row struct's literal for constants.
func rowLiteral(row *rowType, values []*ir.Const) jen.Code {
	d := jen.Dict{}
	nulls := map[int][]string{} // word → bits
	for i, v := range values {
		if v.Value != nil {
			d[jen.Id(row.fields[i].name)] = literal(v)
			continue
		}
		bit := row.fields[i].bit
		nulls[bit/64] = append(nulls[bit/64], fmt.Sprintf("1<<%d", bit%64))
	}
	if len(nulls) > 0 {
		words := make([]int, 0, len(nulls))
		for w := range nulls {
			words = append(words, w)
		}
		sort.Ints(words)
		var entries []jen.Code
		for _, w := range words {
			entries = append(entries, jen.Id(fmt.Sprintf("%d: %s", w, strings.Join(nulls[w], " | "))))
		}
		d[jen.Id("nulls")] = jen.Index(jen.Lit(row.words)).Uint64().Values(entries...)
	}
	return jen.Values(d)
}
