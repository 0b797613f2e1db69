package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
)

// sink wires a sink: the connector's generic sink with the generated function
// that visits a row's columns.
func (w *wiring) sink(s *ir.Sink) {
	from := w.rel(s.In)
	table := "table" + exported(s.UID)
	d := jen.Dict{jen.Id("Columns"): w.columns(s.Table, s.Labels)}
	if s.Static != nil {
		d[jen.Id("Static")] = stringList(s.Static)
	}
	if s.Overwrite {
		d[jen.Id("Overwrite")] = jen.True()
	}
	if s.Key != nil {
		d[jen.Id("Key")] = intList(s.Key)
		d[jen.Id("Declared")] = jen.Lit(s.Declared)
	}
	if connector(s.Table).Metadata != nil && s.Table.Format != "" {
		if columns := metadataColumns(s.Table); columns != nil {
			d[jen.Id("Aside")] = w.asideList(s.Table, columns, s.Table.Schema().At(columns))
		}
	}
	w.add(jen.Comment(headline(s)))
	w.add(jen.Id(table).Op(":=").Add(w.table(s.Table, d)))
	from.name = w.enforced(s, from)
	if connector(s.Table).Single {
		single := "single" + exported(s.UID)
		w.add(jen.Id(single).Op(":=").Qual(pkgStream, "Rebalance").Call(jen.Id(from.name), jen.Qual(pkgStream, "Parallelism").Call(jen.Lit(1))))
		from.name = single
	}
	write := "write" + exported(s.UID)
	w.writeFunc(write, from.row)
	w.add(jen.Qual(pkgStream, "To").Call(jen.Id(from.name), jen.Lit(s.UID),
		jen.Func().Params(jen.Id("sub").Op("*").Qual(pkgStream, "Subtask")).Params(consumerOf(from.row), jen.Error()).
			Block(newSink(s.Table, table, write)...)))
}

// metadataColumns are the columns of a sink that its records don't hold.
func metadataColumns(t *ir.Table) (columns []int) {
	for i, c := range t.Columns {
		if c.Metadata != "" {
			columns = append(columns, i)
		}
	}
	return columns
}

// newSink returns the connector's sink, which gets an encoder if it writes
// records of bytes, and one for their keys if they have some.
func newSink(t *ir.Table, table, write string) []jen.Code {
	args := []jen.Code{jen.Id("sub"), jen.Id(table), jen.Id(write)}
	var body []jen.Code
	if connector(t).Bytes {
		body = append(body, jen.List(jen.Id("record"), jen.Err()).Op(":=").Qual(decoderOf(t).pkg, "NewWriter").Call(jen.Id(table).Dot("Records").Call()), returnErr())
		args = append(args, jen.Id("record"))
	}
	if connector(t).RecordKey != nil {
		key := jen.Nil()
		if len(recordKey(t).Columns) > 0 {
			key = jen.Id("key")
			body = append(body, jen.List(key.Clone(), jen.Err()).Op(":=").Qual(decoders[t.KeyFormat].pkg, "NewWriter").Call(jen.Id(table).Dot("Keys").Call()), returnErr())
		}
		args = append(args, key)
	}
	return append(body, jen.Return(jen.Qual(connector(t).Package, "NewSink").Call(args...)))
}

// enforced wires what makes rows fit the sink's columns, where the query may give
// others, and returns the name of the stream behind it.
func (w *wiring) enforced(s *ir.Sink, from stream) string {
	checks, fits := w.notNullChecks(s, from.row), lengthFits(s, from.row)
	if len(checks)+len(fits) == 0 {
		return from.name
	}
	n := exported(s.UID)
	w.stages.Comment(headline(s))
	w.batchFunc("enforce"+n, from.row, from.row, false,
		jen.For(jen.Id("i").Op(":=").Range().Id("in").Dot("Rows")).BlockFunc(func(b *jen.Group) {
			b.Id("r").Op(":=").Op("&").Id("in").Dot("Rows").Index(jen.Id("i"))
			for _, c := range checks {
				b.Add(c)
			}
			b.Id("o").Op(":=").Add(addRow(s.In.P().Mode))
			b.Op("*").Id("o").Op("=").Op("*").Id("r")
			for _, f := range fits {
				b.Add(f)
			}
		}))
	w.add(jen.Id("enforced" + n).Op(":=").Add(mapped(from, s.UID+"/enforce", "enforce"+n, from.row, false)))
	return "enforced" + n
}

// notNullChecks are the checks of NOT NULL columns that the query may leave NULL:
// such a row fails the job, or is dropped.
func (w *wiring) notNullChecks(s *ir.Sink, row *rowType) []jen.Code {
	var out []jen.Code
	for i, c := range s.Table.Columns {
		if c.Type.Nullable || row.fields[i].bit < 0 || s.Table.Legacy {
			continue
		}
		failure := jen.Return(jen.Op("&").Qual(pkgConn, "BadData").Values(jen.Dict{
			jen.Id("Table"): jen.Lit(s.Table.Name), jen.Id("Column"): jen.Lit(c.Name), jen.Id("Expr"): jen.Lit(s.Labels[i]),
			jen.Id("Err"): jen.Qual(pkgConn, "ErrNotNull"),
		}))
		if s.DropNulls {
			failure = jen.Continue()
		}
		out = append(out, jen.If(row.isNull("r", i)).Block(failure))
	}
	return out
}

// lengthFits are the statements that give texts and binary strings of the row o
// the length of their columns. NULL has no length.
func lengthFits(s *ir.Sink, row *rowType) []jen.Code {
	var out []jen.Code
	for i, c := range s.Table.Columns {
		if !s.FitLengths || !c.Type.Limited() {
			continue
		}
		value := row.get("o", i)
		fitted := jen.Qual(pkgFn, fitters[c.Type.Kind])
		if c.Type.Kind == types.Char || c.Type.Kind == types.Binary {
			fitted.Call(jen.Id("out").Dot("Arena"), value, shapeOf(c.Type))
		} else {
			fitted.Call(value, shapeOf(c.Type))
		}
		fit := jen.Add(row.get("o", i)).Op("=").Add(fitted)
		if null := row.isNull("o", i); null != nil {
			fit = jen.If(jen.Op("!").Parens(null)).Block(fit)
		}
		out = append(out, fit)
	}
	return out
}

// fitters are the functions of rt/fn that cut values to the length of their
// column; those of CHAR and BINARY fill them up, too.
var fitters = map[types.Kind]string{
	types.Char: "PadText", types.VarChar: "CutText", types.Binary: "FitBytes", types.VarBinary: "CutBytes",
}
