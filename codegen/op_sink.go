package codegen

import (
	"github.com/dave/jennifer/jen"

	"pyfc/ir"
)

// sink wires a sink: the connector's generic sink with the generated function
// that visits a row's columns.
func (w *wiring) sink(s *ir.Sink) {
	from := w.rel(s.In)
	table := "table" + exported(s.UID)
	d := jen.Dict{jen.Id("Columns"): columns(s.Table, s.Labels)}
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
	if checks := w.notNullChecks(s, from.row); checks != "" {
		w.add(jen.Id(checks).Op(":=").Add(jen.Qual(pkgStream, "Map").Call(jen.Id(from.name), jen.Lit(s.UID+"/not-null"),
			jen.Func().Params(jen.Op("*").Qual(pkgStream, "Subtask")).Func().Params(batchOf(from.row), batchOf(from.row)).Error().
				Block(jen.Return(jen.Id("enforce"+exported(s.UID)))))))
		from.name = checks
	}
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

// notNullChecks emits the enforcement of NOT NULL columns that the query may
// leave NULL, and returns the name of the checked stream, or "".
func (w *wiring) notNullChecks(s *ir.Sink, row *rowType) string {
	x := &exprs{}
	for i, c := range s.Table.Columns {
		if c.Type.Nullable || row.fields[i].bit < 0 || s.Table.Legacy {
			continue
		}
		x.add(jen.If(row.isNull("r", i)).Block(jen.Return(
			jen.Op("&").Qual(pkgConn, "BadData").Values(jen.Dict{
				jen.Id("Table"): jen.Lit(s.Table.Name), jen.Id("Column"): jen.Lit(c.Name), jen.Id("Expr"): jen.Lit(s.Labels[i]),
				jen.Id("Err"): jen.Qual("errors", "New").Call(jen.Lit("the column is NOT NULL, and the query gives NULL for it")),
			}))))
	}
	if len(x.block) == 0 {
		return ""
	}
	x.add(jen.Op("*").Add(addRow(s.In.P().Mode)).Op("=").Op("*").Id("r"))
	w.stages.Func().Id("enforce"+exported(s.UID)).Params(
		jen.Id("in").Add(batchOf(row)), jen.Id("out").Add(batchOf(row)),
	).Error().Block(
		jen.For(jen.Id("i").Op(":=").Range().Id("in").Dot("Rows")).Block(
			append([]jen.Code{jen.Id("r").Op(":=").Op("&").Id("in").Dot("Rows").Index(jen.Id("i"))}, x.take()...)...),
		jen.Return(jen.Nil()),
	)
	return "checked" + exported(s.UID)
}
