package codegen

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/ir/types"
	"pyfc/rt/conn"
	connlist "pyfc/rt/conn/list"
)

// decoder emits the decoding of records for one format, or for one connector
// whose records have a form of their own.
type decoder struct {
	// pkg is its package; its NewDecoder takes the table.
	pkg string
	// getters are the decoder's methods by kind; those with fails return
	// (value, present, error), the others take the arena and return (value,
	// present). That of DECIMAL takes precision and scale.
	getters map[types.Kind]getter
	// datum says that there is a method Datum for the types without getter, which
	// takes column, type and arena and returns (value, error).
	datum bool
}

type getter struct {
	method string
	fails  bool
}

// scalars are the getters of the formats whose decoder has one for each of these
// types.
var scalars = map[types.Kind]getter{
	types.Char: {"Text", false}, types.VarChar: {"Text", false},
	types.Boolean: {"Boolean", true}, types.TinyInt: {"TinyInt", true}, types.SmallInt: {"SmallInt", true},
	types.Int: {"Int", true}, types.BigInt: {"BigInt", true}, types.Float: {"Float", true}, types.Double: {"Double", true},
	types.Decimal: {"Decimal", true},
}

var jsonDecoder = decoder{pkg: "pyfc/rt/format/json", getters: scalars, datum: true}

// decoders are the formats that sources can be decoded from, by name, and the
// connectors that read without a format.
var decoders = map[string]decoder{
	"csv":           {pkg: "pyfc/rt/format/csv", getters: scalars, datum: true},
	"json":          jsonDecoder,
	"debezium-json": jsonDecoder,
	"canal-json":    jsonDecoder,
	"maxwell-json":  jsonDecoder,
	"raw":           {pkg: "pyfc/rt/format/raw", getters: scalars, datum: true},
	"parquet":       {pkg: "pyfc/rt/format/parquet/parquetio", getters: scalars, datum: true},
	"values":        {pkg: "pyfc/rt/conn/values", datum: true},
	"datagen":       {pkg: "pyfc/rt/conn/datagen", datum: true},
	"jdbc":          {pkg: "pyfc/rt/conn/jdbc", getters: scalars, datum: true},
	// of pyfc test, which shows records as they are
	"record": {pkg: "pyfc/rt/conn/replay", getters: map[types.Kind]getter{types.VarChar: {"Text", false}}},
}

// decoderOf finds what decodes a table's records.
func decoderOf(t *ir.Table) decoder {
	if t.Format == "" {
		return decoders[t.Connector]
	}
	return decoders[t.Format]
}

// decodes reports whether the scan's format reads column i of its schema, or that
// of its keys if the column is only there.
func decodes(s *ir.Scan, i int) bool {
	t, format, d := s.Schema[i].Type, s.Table.Format, decoderOf(s.Table)
	if key := recordKey(s.Table); key.Apart && slices.Contains(key.Columns, s.Read[i]) {
		format, d = s.Table.KeyFormat, decoders[s.Table.KeyFormat]
	}
	if _, ok := d.getters[t.Kind]; !ok && (!d.datum || s.Table.Legacy && format != "" && !oldTimes(s.Table, t)) {
		return false
	}
	f, ok := connlist.Format(format)
	return !ok || f.Supports(t)
}

// oldTimes reports whether a type is one of dates and times, and the table legacy
// csv files or legacy JSON: the csv messages of that generation have forms of
// their own for these.
func oldTimes(table *ir.Table, t types.Type) bool {
	if table.Format != "json" && (table.Connector != "filesystem" || table.Format != "csv") {
		return false
	}
	return t.Kind == types.Date || t.Kind == types.Time || t.Kind == types.Timestamp
}

// decodeFunc emits a function that decodes columns that a scan reads and returns
// its name. Places says where each of these columns stands in what is decoded, -1
// for one that doesn't. Without a record the columns of ifNone are NULL, if there
// are any; else the decoder says what becomes of the row.
func (g *generator) decodeFunc(s *ir.Scan, row *rowType, d decoder, name string, places, ifNone []int) string {
	g.stages.Comment(headline(s))
	g.stages.Func().Id(name).Params(
		jen.Id("d").Op("*").Qual(d.pkg, "Decoder"), jen.Id("record").Index().Byte(),
		jen.Id("r").Op("*").Id(row.name), jen.Id("arena").Op("*").Qual(pkgVal, "Arena"),
	).Params(jen.Id("keep").Bool(), jen.Err().Error()).BlockFunc(func(b *jen.Group) {
		if ifNone != nil {
			b.If(jen.Id("record").Op("==").Nil()).BlockFunc(func(b *jen.Group) {
				for _, i := range ifNone {
					if row.fields[i].bit >= 0 {
						b.Add(row.setNull("r", i))
					}
				}
				b.Return(jen.True(), jen.Nil())
			})
		}
		b.If(jen.List(jen.Id("keep"), jen.Err()).Op("=").Id("d").Dot("Split").Call(jen.Id("record")), jen.Op("!").Id("keep").Op("||").Err().Op("!=").Nil()).
			Block(jen.Return(jen.False(), jen.Err()))
		declared := map[string]bool{}
		declare := func(name string, t *jen.Statement) {
			if !declared[name] {
				declared[name] = true
				b.Var().Id(name).Add(t)
			}
		}
		for i, column := range places {
			if column < 0 {
				continue
			}
			if get, ok := d.getters[s.Schema[i].Type.Kind]; ok {
				declare("ok", jen.Bool())
				decodeColumn(b, get, row, i, column)
			} else {
				declare("x", jen.Qual(pkgVal, "Datum"))
				g.decodeDatum(b, row, i, column)
			}
		}
		b.Return(jen.True(), jen.Nil())
	})
	g.stages.Line()
	return name
}

func decodeColumn(b *jen.Group, get getter, row *rowType, i, column int) {
	missing := row.missing("r", i)
	if !get.fails {
		b.If(jen.List(row.get("r", i), jen.Id("ok")).Op("=").Id("d").Dot(get.method).Call(jen.Lit(column), jen.Id("arena")), jen.Op("!").Id("ok")).
			Block(missing)
		return
	}
	args := []jen.Code{jen.Lit(column)}
	if t := row.fields[i].typ; t.Kind == types.Decimal {
		args = append(args, shapeOf(t))
	}
	b.If(jen.List(row.get("r", i), jen.Id("ok"), jen.Err()).Op("=").Id("d").Dot(get.method).Call(args...), jen.Err().Op("!=").Nil()).
		Block(jen.Return(jen.False(), jen.Err())).
		Else().If(jen.Op("!").Id("ok")).Block(missing)
}

func (g *generator) decodeDatum(b *jen.Group, row *rowType, i, column int) {
	t := row.fields[i].typ
	b.If(jen.List(jen.Id("x"), jen.Err()).Op("=").Id("d").Dot("Datum").Call(jen.Lit(column), g.typeVar(t), jen.Id("arena")), jen.Err().Op("!=").Nil()).
		Block(jen.Return(jen.False(), jen.Err())).
		Else().If(jen.Id("x").Dot("Null")).Block(row.missing("r", i)).
		Else().Block(row.get("r", i).Op("=").Add(fromDatum(jen.Id("x"), t)))
}

// missing is what happens when a record has no value for a column: NULL, or a
// failure where the table declares the column NOT NULL.
func (r *rowType) missing(v string, i int) jen.Code {
	if r.fields[i].bit >= 0 {
		return r.setNull(v, i)
	}
	return r.absent(i, jen.False().Op(","))
}

// absent returns the failure, behind what else is returned.
func (r *rowType) absent(i int, before *jen.Statement) *jen.Statement {
	return jen.Return(before.Qual("fmt", "Errorf").Call(jen.Lit("a record has no value for the NOT NULL column %s"), jen.Lit(r.fields[i].column)))
}

// asideOf says where each column that a scan reads stands in the table's records,
// or their values, and which don't belong to records: these have the place -1.
// Connectors without format have all columns in their records.
func asideOf(s *ir.Scan, key conn.RecordKey) (places []int, aside []int) {
	inRecord := make([]int, len(s.Table.Columns))
	n := 0
	apart := func(i int) bool { return key.Apart && slices.Contains(key.Columns, i) }
	folder := func(i int) bool { return connector(s.Table).PartitionsApart && slices.Contains(s.Table.PartitionBy, i) }
	for i := range s.Table.Columns {
		inRecord[i] = n
		if s.Table.Format != "" && (s.Table.Columns[i].Metadata != "" || folder(i) || apart(i)) {
			inRecord[i] = -1
			continue
		}
		n++
	}
	for i, column := range s.Read {
		places = append(places, inRecord[column])
		if inRecord[column] < 0 && !apart(column) {
			aside = append(aside, i)
		}
	}
	return places, aside
}

// records is the table as its format sees it.
func records(t *ir.Table, table string) *jen.Statement {
	if t.Format == "" {
		return jen.Id(table)
	}
	return jen.Id(table).Dot("Records").Call()
}

// asideList lists columns that aren't in the records, with their types.
func (g *generator) asideList(t *ir.Table, columns []int, schema types.Schema) *jen.Statement {
	var list []jen.Code
	for i, column := range columns {
		d := jen.Dict{jen.Id("Column"): jen.Lit(column), jen.Id("Type"): g.typeVar(schema[i].Type)}
		if key := t.Columns[column].Metadata; key != "" {
			d[jen.Id("Metadata")] = jen.Lit(key)
		}
		list = append(list, jen.Values(d))
	}
	return jen.Index().Qual(pkgConn, "Aside").Values(lined(list)...)
}

// asideFunc emits the function that puts their values into a row, and returns its
// name.
func (g *generator) asideFunc(s *ir.Scan, row *rowType, aside []int) string {
	name := "aside" + exported(s.UID)
	g.stages.Func().Id(name).Params(jen.Id("values").Index().Qual(pkgVal, "Datum"), jen.Id("r").Op("*").Id(row.name)).Error().BlockFunc(func(b *jen.Group) {
		for n, i := range aside {
			value := func() *jen.Statement { return jen.Id("values").Index(jen.Lit(n)) }
			missing := row.setNull
			if row.fields[i].bit < 0 {
				missing = func(string, int) *jen.Statement { return row.absent(i, jen.Null()) }
			}
			b.If(value().Dot("Null")).Block(missing("r", i)).
				Else().Block(row.get("r", i).Op("=").Add(fromDatum(value(), row.fields[i].typ)))
		}
		b.Return(jen.Nil())
	})
	g.stages.Line()
	return name
}
