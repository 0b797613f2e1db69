package codegen

import (
	"fmt"
	"sort"
	"strings"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	connlist "pyfc/rt/conn/list"
)

// scan wires a source: a byte source with the generated decode function.
func (w *wiring) scan(r *ir.Scan) stream {
	row := w.row(r.UID, r.Schema)
	table := "table" + exported(r.UID)
	key := recordKey(r.Table)
	inRecord, aside := asideOf(r, key)
	decl := jen.Dict{
		jen.Id("Columns"): w.columns(r.Table, nil),
		jen.Id("Read"):    intList(r.Read),
	}
	if aside != nil {
		columns := make([]int, len(aside))
		for i, c := range aside {
			columns[i] = r.Read[c]
		}
		decl[jen.Id("Aside")] = w.asideList(r.Table, columns, r.Schema.At(aside))
	}
	w.pushed(r, decl)
	w.add(jen.Id(table).Op(":=").Op("&").Add(w.table(r.Table, decl)))
	inKey := inKeys(r, key)
	d := decoderOf(r.Table)
	decode := w.decodeFunc(r, row, d, "decode"+exported(r.UID), inRecord, tombstoned(key, inRecord, inKey))
	body := []jen.Code{
		jen.List(jen.Id("d"), jen.Err()).Op(":=").Qual(d.pkg, "NewDecoder").Call(records(r.Table, table)),
		returnErr(),
	}
	args := []jen.Code{jen.Id("sub"), jen.Id(table)}
	format, formatted := connlist.Format(r.Table.Format)
	newSource := "NewSource"
	switch {
	case formatted && format.Files:
		args, newSource = append(args, jen.Id("d")), "NewFileSource"
	case connector(r.Table).Splits:
		body = append(body, jen.List(jen.Id("splitter"), jen.Err()).Op(":=").Qual(d.pkg, "NewSplitter").Call(records(r.Table, table)), returnErr())
		args = append(args, jen.Id("splitter"))
	}
	fill := jen.Code(jen.Nil())
	if aside != nil {
		fill = jen.Id(w.asideFunc(r, row, aside))
	}
	decoded := jen.Qual(pkgConn, "NewDecoded").Call(jen.Id("sub"), jen.Id(table), jen.Id("src"), decodeCall(decode, "d", row), fill)
	if len(key.Columns) > 0 {
		kd := decoders[r.Table.KeyFormat]
		decodeKey := w.decodeFunc(r, row, kd, "decodeKey"+exported(r.UID), inKey, nil)
		body = append(body, jen.List(jen.Id("k"), jen.Err()).Op(":=").Qual(kd.pkg, "NewDecoder").Call(jen.Id(table).Dot("Keys").Call()), returnErr())
		decoded = decoded.Dot("Keyed").Call(decodeCall(decodeKey, "k", row))
	}
	source := jen.Qual(connector(r.Table).Package, newSource).Call(args...)
	if formatted && format.Changes {
		body = append(body,
			jen.List(jen.Id("messages"), jen.Err()).Op(":=").Add(source), returnErr(),
			jen.List(jen.Id("changes"), jen.Err()).Op(":=").Qual(format.Package, "NewChangeReader").Call(records(r.Table, table)), returnErr(),
			jen.Id("src").Op(":=").Qual(pkgConn, "NewChanges").Call(jen.Id("sub"), jen.Id("messages"), jen.Id("changes")))
	} else {
		body = append(body, jen.List(jen.Id("src"), jen.Err()).Op(":=").Add(source), returnErr())
	}
	body = append(body, jen.Return(decoded, jen.Nil()))
	return w.define(r, row, jen.Qual(pkgStream, "From").Call(jen.Id("g"), jen.Lit(r.UID), sourceFunc(row, body)))
}

// pushed adds what the source does itself of the work of the operators behind it.
func (w *wiring) pushed(r *ir.Scan, decl jen.Dict) {
	if r.Partitions != nil {
		decl[jen.Id("Partitions")] = w.partitions(r)
	}
	if r.Filter != nil {
		var list []jen.Code
		for _, e := range ir.Conjuncts(r.Filter) {
			c, ok := ir.ConditionOf(e)
			if !ok {
				panic(fmt.Sprintf("codegen: no source takes %s", e))
			}
			list = append(list, w.condition(r.Table, c))
		}
		decl[jen.Id("Filter")] = jen.Index().Qual(pkgConn, "Condition").Values(lined(list)...)
	}
	if r.Limit != ir.NoLimit {
		decl[jen.Id("Limit")] = jen.Lit(int(r.Limit))
	}
}

// condition is a literal of what a source decides.
func (w *wiring) condition(t *ir.Table, c ir.Condition) jen.Code {
	d := jen.Dict{jen.Id("Op"): jen.Lit(c.Op)}
	var args []jen.Code
	for _, a := range c.Args {
		args = append(args, w.condition(t, a))
	}
	if args != nil {
		d[jen.Id("Args")] = jen.Index().Qual(pkgConn, "Condition").Values(lined(args)...)
		return jen.Values(d)
	}
	d[jen.Id("Column")] = jen.Lit(c.Column)
	d[jen.Id("Type")] = w.typeVar(t.Columns[c.Column].Type)
	if c.Value != nil {
		d[jen.Id("Value")] = asDatum(constant(c.Value), c.Value.T)
	}
	return jen.Values(d)
}

// partitions emits the function that chooses partitions by their columns'
// values, and returns what the source gets.
func (w *wiring) partitions(r *ir.Scan) jen.Code {
	needed := &ir.Scan{Table: r.Table}
	needed.UID = r.UID + "Partition"
	place, all := map[int]int{}, []int{}
	for i, c := range ir.Columns(r.Partitions) {
		place[c] = i
		all = append(all, i)
		needed.Read = append(needed.Read, c)
		needed.Schema = append(needed.Schema, r.Table.Columns[c].Column)
	}
	row := w.row(needed.UID, needed.Schema)
	fill := w.asideFunc(needed, row, all)
	x := w.newExprs(row, jen.Id("arena"), nil)
	cond := ir.Remap(r.Partitions, place)
	x.share(cond)
	x.add(jen.Op("*").Id("holds").Op("=").Add(truth(x.emit(cond))))
	name := "partitions" + exported(r.UID)
	body := append([]jen.Code{
		jen.Id("r").Op(":=").New(jen.Id(row.name)),
		jen.If(jen.Err().Op(":=").Id(fill).Call(jen.Id("values"), jen.Id("r")), jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Err())),
		jen.Id("arena").Op(":=").Qual(pkgVal, "NewArena").Call(),
		jen.Defer().Id("arena").Dot("Release").Call(),
	}, x.take()...)
	w.stages.Comment(headline(r))
	w.stages.Func().Id(name).Params(jen.Id("values").Index().Qual(pkgVal, "Datum"), jen.Id("holds").Op("*").Bool()).
		Error().Block(append(body, jen.Return(jen.Nil()))...)
	w.stages.Line()
	return jen.Op("&").Qual(pkgConn, "Partitions").Values(jen.Dict{
		jen.Id("Columns"): w.asideList(r.Table, needed.Read, needed.Schema),
		jen.Id("Holds"):   jen.Id(name),
	})
}

// decodeCall is a function that decodes by the decoder of the name.
func decodeCall(decode, decoder string, row *rowType) jen.Code {
	return jen.Func().Params(jen.Id("record").Index().Byte(), jen.Id("r").Op("*").Id(row.name), jen.Id("arena").Op("*").Qual(pkgVal, "Arena")).Params(jen.Bool(), jen.Error()).
		Block(jen.Return(jen.Id(decode).Call(jen.Id(decoder), jen.Id("record"), jen.Id("r"), jen.Id("arena"))))
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
