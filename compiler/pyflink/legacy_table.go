package pyflink

import (
	"slices"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// The classes by which the legacy generation declares tables: what connect(…)
// gives carries a *legacyTable, Schema a *legacySchema, Rowtime a *rowtime, and
// the table sources and sinks a *sql.CreateTable without a name.
var (
	connectTableClass  = pyeval.NewClass(legacyModule, "ConnectTableDescriptor", legacyDescriptor)
	streamConnectClass = pyeval.NewClass(legacyModule, "StreamTableDescriptor", connectTableClass)
	batchConnectClass  = pyeval.NewClass(legacyModule, "BatchTableDescriptor", connectTableClass)
	legacySchemaClass  = pyeval.NewClass(legacyModule, "Schema", legacyDescriptor)
	rowtimeClass       = pyeval.NewClass(legacyModule, "Rowtime", legacyDescriptor)

	tableSourceClass = pyeval.NewClass("pyflink.table.sources", "TableSource")
	csvSourceClass   = pyeval.NewClass("pyflink.table.sources", "CsvTableSource", tableSourceClass)
	tableSinkClass   = pyeval.NewClass("pyflink.table.sinks", "TableSink")
	csvSinkClass     = pyeval.NewClass("pyflink.table.sinks", "CsvTableSink", tableSinkClass)
)

// legacyTable is what connect(…) declares so far.
type legacyTable struct {
	options []sql.Option
	schema  sql.Schema
}

// legacySchema are the columns of a legacy declaration.
type legacySchema struct{ sql.Schema }

// rowtime is how a column becomes the time of events.
type rowtime struct {
	field string // of the record; empty for the column's own
	// delay is how far the watermark stays behind, in milliseconds; negative
	// where none is told.
	delay int64
	unrun string // what of it isn't run
}

func init() {
	mode := func(name, value string) member {
		return def(name+"(self)", "Sets 'update-mode'.", func(c *pyeval.Call) (pyeval.Value, error) {
			legacyTableOf(c).set("update-mode", value, c.Span.Pos())
			return c.Self(), nil
		})
	}
	declare(connectTableClass, "A table that is declared by descriptors.",
		def("with_format(self, format_descriptor: FormatDescriptor)", "Sets the format.", func(c *pyeval.Call) (pyeval.Value, error) {
			t := legacyTableOf(c)
			t.options = append(t.options, propertiesOf(c.Arg("format_descriptor")).options...)
			return c.Self(), nil
		}),
		def("with_schema(self, schema: Schema)", "Sets the columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			s, _ := pyeval.Data[*legacySchema](c.Arg("schema"))
			legacyTableOf(c).schema = s.Schema
			return c.Self(), nil
		}),
		def("create_temporary_table(self, path: str)", "Declares the table.", declareConnected("path")).naming("path"),
		def("register_table_source(self, name: str)", "Declares the table as a source.", declareConnected("name")).naming("name"),
		def("register_table_sink(self, name: str)", "Declares the table as a sink.", declareConnected("name")).naming("name"),
		def("register_table_source_and_sink(self, name: str)", "Declares the table as a source and sink.", declareConnected("name")).naming("name"),
	)
	declare(streamConnectClass, "A table that is declared by descriptors.",
		mode("in_append_mode", "append"), mode("in_retract_mode", "retract"), mode("in_upsert_mode", "upsert"))
	declare(batchConnectClass, "A table that is declared by descriptors.")
	declare(legacySchemaClass, "The columns of a legacy declaration.",
		def("__init__(self, schema = None, fields: dict|None = None, rowtime = None)", "", newLegacySchema),
		def("field(self, field_name: str, field_type)", "Adds a column.", func(c *pyeval.Call) (pyeval.Value, error) {
			return c.Self(), legacySchemaOf(c).add(c, c.Str("field_name"), c.Arg("field_type"), c.Where("field_name").Pos())
		}),
		def("fields(self, fields: dict)", "Adds columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			return c.Self(), legacySchemaOf(c).addAll(c, c.Arg("fields"))
		}),
		def("schema(self, table_schema: TableSchema)", "Adds the columns of a schema.", func(c *pyeval.Call) (pyeval.Value, error) {
			legacySchemaOf(c).addSchema(c, c.Arg("table_schema"))
			return c.Self(), nil
		}),
		def("from_origin_field(self, origin_field_name: str)", "Names the field of the record that the last column is.", func(c *pyeval.Call) (pyeval.Value, error) {
			s := legacySchemaOf(c)
			if s.last() == nil {
				return nil, argument(c.Span.Pos(), "from_origin_field follows on a field")
			}
			s.from(c.Str("origin_field_name"), c.Where("origin_field_name").Pos())
			return c.Self(), nil
		}),
		def("proctime(self)", "Makes the last column the time at which a row is processed.", func(c *pyeval.Call) (pyeval.Value, error) {
			col := legacySchemaOf(c).last()
			if col == nil {
				return nil, argument(c.Span.Pos(), "proctime follows on a field")
			}
			col.Kind, col.Expr = sql.Computed, sql.CallOf(c.Span.Pos(), "PROCTIME")
			return c.Self(), nil
		}),
		def("rowtime(self, rowtime: Rowtime)", "Makes the last column the time of events.", legacyRowtime),
	)
	declare(rowtimeClass, "How a column becomes the time of events.",
		def("__init__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = &rowtime{delay: -1}
			return pyeval.None, nil
		}),
		def("timestamps_from_field(self, field_name: str)", "Takes the time from a field.", rowtimeStep(func(c *pyeval.Call, r *rowtime) { r.field = c.Str("field_name") })),
		def("timestamps_from_source(self)", "Takes the time from the record's envelope.", rowtimeStep(func(_ *pyeval.Call, r *rowtime) { r.unrun = "Rowtime.timestamps_from_source" })),
		def("timestamps_from_extractor(self, extractor)", "Takes the time by a Java class.", rowtimeStep(func(_ *pyeval.Call, r *rowtime) { r.unrun = "Rowtime.timestamps_from_extractor" })).later(),
		def("watermarks_periodic_ascending(self)", "Lets no row be late.", rowtimeStep(func(_ *pyeval.Call, r *rowtime) { r.delay = 1 })),
		def("watermarks_periodic_bounded(self, delay: int)", "Lets rows be late by so many milliseconds.", rowtimeStep(func(c *pyeval.Call, r *rowtime) { r.delay = c.Int("delay") })),
		def("watermarks_from_source(self)", "Takes the watermarks of the source.", rowtimeStep(func(_ *pyeval.Call, r *rowtime) { r.unrun = "Rowtime.watermarks_from_source" })),
		def("watermarks_from_strategy(self, strategy)", "Makes watermarks by a Java class.", rowtimeStep(func(_ *pyeval.Call, r *rowtime) { r.unrun = "Rowtime.watermarks_from_strategy" })).later(),
	)
	declare(tableSourceClass, "A table that is read.")
	declare(csvSourceClass, "Files of CSV that are read.",
		def("__init__(self, source_path, field_names, field_types, field_delim = None, line_delim = None, quote_character = None, ignore_first_line = None, ignore_comments = None, lenient = None, empty_column_as_null = None)", "",
			csvTable("source_path", pyeval.Named[string]{{"field_delim", "field-delimiter"}, {"line_delim", "line-delimiter"}, {"quote_character", "quote-character"},
				{"ignore_first_line", "ignore-first-line"}, {"ignore_comments", "comment-prefix"}, {"lenient", "ignore-parse-errors"}}, "empty_column_as_null")))
	declare(tableSinkClass, "A table that is written.")
	declare(csvSinkClass, "A file of CSV that is written.",
		def("__init__(self, field_names, field_types, path, field_delimiter = ',', num_files: int|None = -1, write_mode = None)", "",
			func(c *pyeval.Call) (pyeval.Value, error) {
				if n, ok := c.Arg("num_files").(pyeval.Int); ok && n.String() != "-1" && n.String() != "1" {
					return nil, planned(c.Where("num_files").Pos(), "CsvTableSink with num_files")
				}
				return csvTable("path", pyeval.Named[string]{{"field_delimiter", "field-delimiter"}, {"write_mode", "write-mode"}}, "")(c)
			}))
}

func legacyTableOf(c *pyeval.Call) *legacyTable {
	t, _ := pyeval.Data[*legacyTable](c.Self())
	return t
}

func (t *legacyTable) set(key, value string, pos diag.Pos) {
	t.options = append(t.options, sql.Option{Key: literalAt(key, pos), Value: literalAt(value, pos)})
}

// connect begins the declaration of a table.
func connect(class *pyeval.Class) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		p := propertiesOf(c.Arg("connector_descriptor"))
		return class.Make(&legacyTable{options: slices.Clone(p.options)}), nil
	}
}

func declareConnected(param string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		path, err := pathOf(c, param)
		if err != nil {
			return nil, err
		}
		t := legacyTableOf(c)
		runOf(c).declareAs(&sql.CreateTable{Schema: t.schema, Options: t.options}, path, true)
		return pyeval.None, nil
	}
}

func legacySchemaOf(c *pyeval.Call) *legacySchema {
	s, _ := pyeval.Data[*legacySchema](c.Self())
	return s
}

func (s *legacySchema) last() *sql.Column {
	if len(s.Columns) == 0 {
		return nil
	}
	return s.Columns[len(s.Columns)-1]
}

// column is the column of a name, nil if there is none.
func (s *legacySchema) column(name string) *sql.Column {
	i := slices.IndexFunc(s.Columns, func(c *sql.Column) bool { return c.Name.Text == name })
	if i < 0 {
		return nil
	}
	return s.Columns[i]
}

// from makes the last column what a field of the record is; the empty field is
// the one of the column's name.
func (s *legacySchema) from(field string, pos diag.Pos) {
	col := s.last()
	if field == "" || field == col.Name.Text {
		return
	}
	if s.column(field) == nil {
		s.Hidden = append(s.Hidden, &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: field, Pos: pos}, Type: col.Type})
	}
	col.Kind, col.Expr = sql.Computed, sql.Col(pos, field)
}

func (s *legacySchema) add(c *pyeval.Call, name string, kind pyeval.Value, pos diag.Pos) error {
	t, err := typeOf(c, kind, pos)
	s.Columns = append(s.Columns, &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: name, Pos: pos}, Type: t})
	return err
}

func (s *legacySchema) addAll(c *pyeval.Call, fields pyeval.Value) error {
	d, _ := fields.(*pyeval.Dict)
	for name, kind := range d.Items() {
		if err := s.add(c, textValue(name), kind, c.Span.Pos()); err != nil {
			return err
		}
	}
	return nil
}

func (s *legacySchema) addSchema(c *pyeval.Call, v pyeval.Value) {
	columns, _ := pyeval.Data[types.Schema](v)
	for _, col := range columns {
		s.Columns = append(s.Columns, &sql.Column{At: sql.At{Pos: c.Span.Pos()}, Name: sql.Name{Text: col.Name, Pos: c.Span.Pos()}, Type: col.Type})
	}
}

func newLegacySchema(c *pyeval.Call) (pyeval.Value, error) {
	s := &legacySchema{}
	c.Self().(*pyeval.Instance).Data = s
	if c.Arg("rowtime") != pyeval.None {
		return nil, planned(c.Where("rowtime").Pos(), "Schema with the argument rowtime")
	}
	if v := c.Arg("schema"); v != pyeval.None {
		s.addSchema(c, v)
	}
	if v := c.Arg("fields"); v != pyeval.None {
		return pyeval.None, s.addAll(c, v)
	}
	return pyeval.None, nil
}

func rowtimeStep(take func(*pyeval.Call, *rowtime)) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		r, _ := pyeval.Data[*rowtime](c.Self())
		take(c, r)
		return c.Self(), nil
	}
}

// legacyRowtime gives the last column a watermark.
func legacyRowtime(c *pyeval.Call) (pyeval.Value, error) {
	s := legacySchemaOf(c)
	r, _ := pyeval.Data[*rowtime](c.Arg("rowtime"))
	col := s.last()
	pos := c.Span.Pos()
	switch {
	case col == nil:
		return nil, argument(pos, "rowtime follows on a field")
	case r.unrun != "":
		c.Thread.Report(planned(c.At.Pos(), r.unrun))
	case r.delay < 0:
		return nil, argument(pos, "Rowtime says no watermarks").WithHint("watermarks_periodic_bounded(60000) lets rows be late by a minute")
	}
	if r.delay < 0 {
		return c.Self(), nil
	}
	if col.Type.Kind == types.Timestamp {
		col.Type.Precision = 3 // which every time attribute has
	}
	if other := s.column(r.field); other != nil && other != col && other.Type.Kind != types.Timestamp {
		c.Thread.Report(planned(c.At.Pos(), "Rowtime.timestamps_from_field of a field that is no TIMESTAMP"))
	}
	s.from(r.field, pos)
	s.Watermark = &sql.Watermark{At: sql.At{Pos: pos}, Column: []sql.Name{col.Name},
		Expr: sql.Op(pos, sql.OpMinus, sql.Col(pos, col.Name.Text), sql.Interval(pos, types.IntervalDayTime, r.delay))}
	return c.Self(), nil
}

// csvTable makes a source or sink of the legacy CSV. options say which options
// the parameters are; one that isn't run is refused where it is given.
func csvTable(path string, options pyeval.Named[string], unrun string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		if unrun != "" {
			if v := c.Arg(unrun); v != pyeval.None && v != pyeval.False && v != pyeval.NewInt(0) {
				return nil, planned(c.Where(unrun).Pos(), c.Self().Class().Name()+" with "+unrun)
			}
		}
		s := &legacySchema{}
		names, kinds := c.Elems("field_names"), c.Elems("field_types")
		if len(names) != len(kinds) {
			return nil, argument(c.Span.Pos(), "%s got %s and %s", c.Self().Class().Name(), count(len(names), "name"), count(len(kinds), "type"))
		}
		for i, n := range names {
			if err := s.add(c, textValue(n), kinds[i], c.Where("field_names", i).Pos()); err != nil {
				return nil, err
			}
		}
		text, err := textOf(c.Arg(path), c.Where(path).Pos())
		if err != nil {
			return nil, err
		}
		p := &properties{}
		p.add("connector.type", ir.Literal("filesystem"), c.Span.Pos())
		p.add("connector.path", text, c.Where(path).Pos())
		p.add("format.type", ir.Literal("csv"), c.Span.Pos())
		for param, key := range options.All() {
			v := c.Arg(param)
			if v == pyeval.None {
				continue
			}
			given, err := configText(c.Thread, v)
			if err != nil {
				return nil, err
			}
			if key == "write-mode" {
				given = pyeval.NewStr(writeMode(v))
			}
			p.add("format."+key, ir.Literal(textValue(given)), c.Where(param).Pos())
		}
		c.Self().(*pyeval.Instance).Data = &sql.CreateTable{Schema: s.Schema, Options: p.options}
		return pyeval.None, nil
	}
}

// writeMode is the name of a member of WriteMode, which are numbers.
func writeMode(v pyeval.Value) string {
	if n, ok := v.(pyeval.Int); ok && n.String() == "1" {
		return "OVERWRITE"
	}
	return "NO_OVERWRITE"
}

// registerTable declares a table source or sink under a name.
func registerTable(table string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		path, err := pathOf(c, "name")
		if err != nil {
			return nil, err
		}
		d := descriptorOf(c.Arg(table))
		if d == nil {
			return nil, argument(c.Where(table).Pos(), "%s takes a table source or sink, not a value of type %s", c.Name, c.Arg(table).Class().Name())
		}
		runOf(c).declareAs(d, path, true)
		return pyeval.None, nil
	}
}

// fromTableSource is TableEnvironment.from_table_source.
func fromTableSource(c *pyeval.Call) (pyeval.Value, error) {
	r := runOf(c)
	return newTable(r.session.From(r.anonymous(descriptorOf(c.Arg("table_source")), c.Span.Pos()))), nil
}
