package pyflink

import (
	"strconv"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// catalogMembers are those of a table environment that ask and change the
// catalog.
var catalogMembers = []member{
	def("list_catalogs(self)", "The names of the catalogs.", listing((*bind.Session).Catalogs)),
	def("list_databases(self)", "The names of the databases of the catalog in use.", listing((*bind.Session).Databases)),
	def("list_tables(self)", "The names of all tables and views of the database in use.", listing((*bind.Session).Tables)),
	def("list_views(self)", "The names of its views.", listing((*bind.Session).Views)),
	def("list_temporary_tables(self)", "The names of its temporary tables and views.", listing((*bind.Session).TemporaryTables)),
	def("list_temporary_views(self)", "The names of its temporary views.", listing((*bind.Session).TemporaryViews)),
	def("list_user_defined_functions(self)", "The names of the registered functions.", listing((*bind.Session).UserFunctions)),
	def("list_modules(self)", "The names of the modules.", listing((*bind.Session).Modules)),
	def("list_full_modules(self)", "The modules, each with whether it is used.", fullModules),
	def("get_current_catalog(self)", "The catalog in use.", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewStr(runOf(c).session.CurrentCatalog()), nil
	}),
	def("get_current_database(self)", "The database in use.", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewStr(runOf(c).session.CurrentDatabase()), nil
	}),
	def("use_catalog(self, catalog_name: str)", "Makes a catalog the one in use.", func(c *pyeval.Call) (pyeval.Value, error) {
		runOf(c).session.UseCatalog(c.Str("catalog_name"), c.Where("catalog_name").Pos())
		return pyeval.None, nil
	}),
	def("use_database(self, database_name: str)", "Makes a database the one in use.", func(c *pyeval.Call) (pyeval.Value, error) {
		runOf(c).session.UseDatabase(c.Str("database_name"), c.Where("database_name").Pos())
		return pyeval.None, nil
	}),
	def("drop_temporary_view(self, view_path: str)", "Forgets a temporary view.", dropTemporary("view_path", sql.ViewObject)),
	def("drop_temporary_table(self, table_path: str)", "Forgets a temporary table.", dropTemporary("table_path", sql.TableObject)),
	def("create_table(self, path: str, descriptor: TableDescriptor)", "Declares a table.", createFrom(false)).naming("path"),
	def("create_temporary_table(self, path: str, descriptor: TableDescriptor)", "Declares a temporary table.", createFrom(true)).naming("path"),
	def("from_descriptor(self, descriptor: TableDescriptor)", "The table that a descriptor declares.", fromDescriptor),
	def("explain_sql(self, stmt: text, *extra_details)", "The plan of a statement.", explainSQL),
}

func listing(names func(*bind.Session) []string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		out := pyeval.NewList()
		for _, n := range names(runOf(c).session) {
			out.Append(pyeval.NewStr(n))
		}
		return out, nil
	}
}

func dropTemporary(param string, kind sql.ObjectKind) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		path, err := pathOf(c, param)
		if err != nil {
			return nil, err
		}
		return pyeval.Bool(runOf(c).session.DropTemporary(path, kind)), nil
	}
}

func explainSQL(c *pyeval.Call) (pyeval.Value, error) {
	st, err := statement(c, "stmt")
	if err != nil {
		return nil, err
	}
	l := runOf(c).session.Execute(&sql.Explain{At: sql.At{Pos: st.Where()}, Stmt: st}).Listing
	if l == nil {
		return pyeval.Poison(c.Span), nil
	}
	runOf(c).shown = true
	return pyeval.NewStr(l.Rows[0][0].(string)), nil
}

// The descriptors. A builder carries the declaration that it makes, and a
// descriptor the finished one: a *sql.CreateTable without a name.
var (
	schemaClass            = pyeval.NewClass("pyflink.table.schema", "Schema")
	schemaBuilderClass     = pyeval.NewClass("pyflink.table.schema", "Builder")
	descriptorClass        = pyeval.NewClass("pyflink.table.table_descriptor", "TableDescriptor")
	descriptorBuilderClass = pyeval.NewClass("pyflink.table.table_descriptor", "Builder")
	formatClass            = pyeval.NewClass("pyflink.table.table_descriptor", "FormatDescriptor")
	formatBuilderClass     = pyeval.NewClass("pyflink.table.table_descriptor", "Builder")
)

// formatDescriptor is a format and its options.
type formatDescriptor struct {
	name    *sql.String
	options []sql.Option
}

func schemaOf(c *pyeval.Call) *sql.Schema {
	s, _ := pyeval.Data[*sql.Schema](c.Self())
	return s
}

func descriptorOf(v pyeval.Value) *sql.CreateTable {
	d, _ := pyeval.Data[*sql.CreateTable](v)
	return d
}

func init() {
	nest(schemaClass, schemaBuilderClass)
	nest(descriptorClass, descriptorBuilderClass)
	nest(formatClass, formatBuilderClass)
	declare(schemaClass, "The columns of a table, its key and its watermark.", append(schemaTextMembers,
		onClass("new_builder()", "A builder of a schema.", func(*pyeval.Call) (pyeval.Value, error) {
			return schemaBuilderClass.Make(&sql.Schema{}), nil
		}),
	)...)
	declare(schemaBuilderClass, "Makes a Schema.",
		def("column(self, column_name: str, data_type)", "Adds a column of the record.", schemaColumn),
		def("column_by_expression(self, column_name: str, expr)", "Adds a computed column.", schemaComputed),
		def("column_by_metadata(self, column_name: str, data_type, metadata_key: str|None = None, is_virtual: bool = False)", "Adds a column of the record's envelope.", schemaMetadata),
		def("from_fields(self, field_names, field_data_types)", "Adds columns of the record.", schemaFields),
		def("from_row_data_type(self, data_type: DataType)", "Adds the fields of a row as columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[types.Type](c.Arg("data_type"))
			if t.Kind != types.Row {
				return nil, argument(c.Where("data_type").Pos(), "from_row_data_type takes DataTypes.ROW([…]), not %s", t)
			}
			pos := c.Where("data_type").Pos()
			s := schemaOf(c)
			for i, n := range t.Names {
				s.Columns = append(s.Columns, &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: n, Pos: pos}, Type: t.Elems[i]})
			}
			return c.Self(), nil
		}),
		def("from_schema(self, schema: Schema)", "Takes over another schema.", func(c *pyeval.Call) (pyeval.Value, error) {
			other, _ := pyeval.Data[*sql.Schema](c.Arg("schema"))
			s := schemaOf(c)
			s.Columns = append(s.Columns, other.Columns...)
			if other.PrimaryKey != nil {
				s.PrimaryKey = other.PrimaryKey
			}
			if other.Watermark != nil {
				s.Watermark = other.Watermark
			}
			return c.Self(), nil
		}),
		def("watermark(self, column_name: str, watermark_expr)", "Declares the time of events.", schemaWatermark),
		def("primary_key(self, *column_names: str)", "Declares the primary key.", func(c *pyeval.Call) (pyeval.Value, error) {
			schemaOf(c).PrimaryKey = &sql.PrimaryKey{At: sql.At{Pos: c.Span.Pos()}, Columns: namesOf(c, "column_names")}
			return c.Self(), nil
		}),
		def("primary_key_named(self, constraint_name: str, *column_names: str)", "Declares the primary key by a name.", func(c *pyeval.Call) (pyeval.Value, error) {
			schemaOf(c).PrimaryKey = &sql.PrimaryKey{At: sql.At{Pos: c.Span.Pos()}, Name: sql.Name{Text: c.Str("constraint_name")}, Columns: namesOf(c, "column_names")}
			return c.Self(), nil
		}),
		def("build(self)", "The schema.", func(c *pyeval.Call) (pyeval.Value, error) {
			built := *schemaOf(c)
			return schemaClass.Make(&built), nil
		}),
	)
	declare(descriptorClass, "A declared table.", append(descriptorTextMembers,
		onClass("for_connector(connector: str)", "A builder of a table of a connector.", func(c *pyeval.Call) (pyeval.Value, error) {
			d := &sql.CreateTable{}
			d.Options = []sql.Option{{Key: literalAt("connector", c.Span.Pos()), Value: literalAt(c.Str("connector"), c.Where("connector").Pos())}}
			return descriptorBuilderClass.Make(d), nil
		}),
	)...)
	declare(descriptorBuilderClass, "Makes a TableDescriptor.",
		def("schema(self, schema: Schema)", "Sets the columns.", func(c *pyeval.Call) (pyeval.Value, error) {
			s, _ := pyeval.Data[*sql.Schema](c.Arg("schema"))
			descriptorOf(c.Self()).Schema = *s
			return c.Self(), nil
		}),
		def("option(self, key, value)", "Sets an option.", descriptorOption),
		def("format(self, format, format_option = None)", "Sets the format.", descriptorFormat),
		def("partitioned_by(self, *partition_keys: str)", "Sets the columns that rows are partitioned by.", func(c *pyeval.Call) (pyeval.Value, error) {
			descriptorOf(c.Self()).PartitionBy = namesOf(c, "partition_keys")
			return c.Self(), nil
		}),
		def("comment(self, comment: str)", "Describes the table.", func(c *pyeval.Call) (pyeval.Value, error) {
			descriptorOf(c.Self()).Comment = literalAt(c.Str("comment"), c.Where("comment").Pos())
			return c.Self(), nil
		}),
		def("build(self)", "The descriptor.", func(c *pyeval.Call) (pyeval.Value, error) {
			built := *descriptorOf(c.Self())
			return descriptorClass.Make(&built), nil
		}),
	)
	declare(formatClass, "A format and its options.", append(formatTextMembers,
		onClass("for_format(format: str)", "A builder of a format.", func(c *pyeval.Call) (pyeval.Value, error) {
			return formatBuilderClass.Make(&formatDescriptor{name: literalAt(c.Str("format"), c.Where("format").Pos())}), nil
		}),
	)...)
	declare(formatBuilderClass, "Makes a FormatDescriptor.",
		def("option(self, key, value)", "Sets an option.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*formatDescriptor](c.Self())
			o, err := optionOf(c)
			f.options = append(f.options, o)
			return c.Self(), err
		}),
		def("build(self)", "The format.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*formatDescriptor](c.Self())
			built := *f
			return formatClass.Make(&built), nil
		}),
	)
}

func literalAt(text string, pos diag.Pos) *sql.String {
	return &sql.String{At: sql.At{Pos: pos}, Value: ir.Literal(text)}
}

// namesOf reads names that are given one by one.
func namesOf(c *pyeval.Call, param string) []sql.Name {
	var out []sql.Name
	for i, v := range c.Elems(param) {
		out = append(out, sql.Name{Text: textValue(v), Pos: c.Where(param, i).Pos()})
	}
	return out
}

// columnAt begins a column of the name that is given.
func columnAt(c *pyeval.Call) *sql.Column {
	pos := c.Where("column_name").Pos()
	return &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: c.Str("column_name"), Pos: pos}}
}

func schemaColumn(c *pyeval.Call) (pyeval.Value, error) {
	t, err := typeOf(c, c.Arg("data_type"), c.Where("data_type").Pos())
	if err != nil {
		return nil, err
	}
	col := columnAt(c)
	col.Type = t
	s := schemaOf(c)
	s.Columns = append(s.Columns, col)
	return c.Self(), nil
}

func schemaMetadata(c *pyeval.Call) (pyeval.Value, error) {
	t, err := typeOf(c, c.Arg("data_type"), c.Where("data_type").Pos())
	if err != nil {
		return nil, err
	}
	col := columnAt(c)
	col.Type, col.Kind, col.Virtual = t, sql.Metadata, c.Bool("is_virtual")
	if c.Arg("metadata_key") != pyeval.None {
		col.Key = literalAt(c.Str("metadata_key"), c.Where("metadata_key").Pos())
	}
	s := schemaOf(c)
	s.Columns = append(s.Columns, col)
	return c.Self(), nil
}

func schemaComputed(c *pyeval.Call) (pyeval.Value, error) {
	x, err := schemaExpression(c, "expr")
	if err != nil {
		return nil, err
	}
	col := columnAt(c)
	col.Kind, col.Expr = sql.Computed, x
	s := schemaOf(c)
	s.Columns = append(s.Columns, col)
	return c.Self(), nil
}

// schemaExpression reads an expression: SQL text, or one of the Table API.
func schemaExpression(c *pyeval.Call, param string) (sql.Expr, error) {
	v := c.Arg(param)
	if _, isExpr := pyeval.Data[sql.Expr](v); isExpr {
		return operand(v, c.Where(param).Pos())
	}
	s, ok := v.(*pyeval.Str)
	if !ok {
		return nil, notExpression(c, v, c.Where(param).Pos())
	}
	x, ds := sql.ParseSQLExpression(s.String(), locator(s, c.Where(param).Pos()))
	return x, orNil(ds)
}

func schemaWatermark(c *pyeval.Call) (pyeval.Value, error) {
	x, err := schemaExpression(c, "watermark_expr")
	if err != nil {
		return nil, err
	}
	pos := c.Where("column_name").Pos()
	schemaOf(c).Watermark = &sql.Watermark{At: sql.At{Pos: c.Span.Pos()}, Column: []sql.Name{{Text: c.Str("column_name"), Pos: pos}}, Expr: x}
	return c.Self(), nil
}

func schemaFields(c *pyeval.Call) (pyeval.Value, error) {
	names, kinds := c.Elems("field_names"), c.Elems("field_data_types")
	if len(names) != len(kinds) {
		return nil, argument(c.Span.Pos(), "from_fields got %s and %s", count(len(names), "name"), count(len(kinds), "type"))
	}
	s := schemaOf(c)
	for i, n := range names {
		pos := c.Where("field_names", i).Pos()
		t, err := typeOf(c, kinds[i], c.Where("field_data_types", i).Pos())
		if err != nil {
			return nil, err
		}
		s.Columns = append(s.Columns, &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: textValue(n), Pos: pos}, Type: t})
	}
	return c.Self(), nil
}

// optionOf reads an option, whose value may be known only at start.
func optionOf(c *pyeval.Call) (sql.Option, error) {
	pos := c.Where("value").Pos()
	key, ok := c.Arg("key").(*pyeval.Str)
	if !ok {
		return sql.Option{}, planned(c.Where("key").Pos(), "an option that isn't named by a str")
	}
	v := c.Arg("value")
	if _, isSym := v.(*pyeval.Sym); !isSym {
		s, err := configText(c.Thread, v)
		if err != nil {
			return sql.Option{}, err
		}
		v = s
	}
	text, err := textOf(v, pos)
	return sql.Option{Key: literalAt(key.String(), c.Where("key").Pos()), Value: &sql.String{At: sql.At{Pos: pos}, Value: text}}, err
}

func descriptorOption(c *pyeval.Call) (pyeval.Value, error) {
	o, err := optionOf(c)
	if err == nil {
		d := descriptorOf(c.Self())
		d.Options = append(d.Options, o)
	}
	return c.Self(), err
}

// descriptorFormat takes a format's name or a FormatDescriptor. An option other
// than 'format' gives its options the prefix that belongs to it.
func descriptorFormat(c *pyeval.Call) (pyeval.Value, error) {
	key := "format"
	if c.Arg("format_option") != pyeval.None {
		key = textValue(c.Arg("format_option"))
	}
	pos := c.Where("format").Pos()
	f, ok := pyeval.Data[*formatDescriptor](c.Arg("format"))
	if !ok {
		name, isText := c.Arg("format").(*pyeval.Str)
		if !isText || key == "" {
			return nil, argument(pos, "format takes a name or a FormatDescriptor, and the name of an option")
		}
		f = &formatDescriptor{name: literalAt(name.String(), pos)}
	}
	d := descriptorOf(c.Self())
	d.Options = append(d.Options, sql.Option{Key: literalAt(key, pos), Value: f.name})
	prefix := strings.TrimSuffix(key, "format") + f.name.Value.Display() + "."
	for _, o := range f.options {
		d.Options = append(d.Options, sql.Option{Key: literalAt(prefix+o.Key.Value.Display(), o.Key.Pos), Value: o.Value})
	}
	return c.Self(), nil
}

// declareAs declares what a descriptor says under a name.
func (r *run) declareAs(d *sql.CreateTable, path sql.Path, temporary bool) {
	c := *d
	c.At, c.Name, c.Temporary = sql.At{Pos: path.Pos}, path, temporary
	r.session.Execute(&c)
}

func createFrom(temporary bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		path, err := pathOf(c, "path")
		if err != nil {
			return nil, err
		}
		runOf(c).declareAs(descriptorOf(c.Arg("descriptor")), path, temporary)
		return pyeval.None, nil
	}
}

// anonymous declares a descriptor's table under a name that no text can spell.
func (r *run) anonymous(d *sql.CreateTable, pos diag.Pos) sql.Path {
	r.unnamed++
	path := sql.Path{Parts: []sql.Name{{Text: bind.Anonymous + d.Options[0].Value.Value.Display() + "$" + strconv.Itoa(r.unnamed) + "*", Pos: pos}}, Pos: pos}
	r.declareAs(d, path, true)
	return path
}

func fromDescriptor(c *pyeval.Call) (pyeval.Value, error) {
	r := runOf(c)
	return newTable(r.session.From(r.anonymous(descriptorOf(c.Arg("descriptor")), c.Span.Pos()))), nil
}

// target is the table that an insertion names, or declares by a descriptor; one
// without columns has those of the query.
func target(c *pyeval.Call, param string, query ir.Rel) (sql.Path, error) {
	d := descriptorOf(c.Arg(param))
	if d == nil {
		return pathOf(c, param)
	}
	if len(d.Columns) == 0 && query != nil {
		with := *d
		for _, col := range query.P().Schema {
			pos := c.Where(param).Pos()
			with.Columns = append(with.Columns, &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: col.Name, Pos: pos}, Type: col.Type})
		}
		d = &with
	}
	return runOf(c).anonymous(d, c.Where(param).Pos()), nil
}

// printSchema is Table.print_schema.
func printSchema(c *pyeval.Call) (pyeval.Value, error) {
	rel := relOf(c.Self())
	if rel == nil {
		return pyeval.Poison(c.Span), nil
	}
	runOf(c).print(schemaText(rel.P().Schema))
	return pyeval.None, nil
}

// schemaText is how Flink writes the columns of a relation.
func schemaText(s types.Schema) string {
	lines := make([]string, len(s))
	for i, col := range s {
		lines[i] = "  " + types.Quote(col.Name, '`') + " " + col.Type.String()
	}
	return "(\n" + strings.Join(lines, ",\n") + "\n)\n"
}

// explainTable is Table.explain.
func explainTable(c *pyeval.Call) (pyeval.Value, error) { return explained(relOf(c.Self()), c) }

func explained(rel ir.Rel, c *pyeval.Call) (pyeval.Value, error) {
	if rel == nil {
		return pyeval.Poison(c.Span), nil
	}
	runOf(c).shown = true
	return pyeval.NewStr(bind.Explain(rel)), nil
}
