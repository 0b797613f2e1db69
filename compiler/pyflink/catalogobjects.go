package pyflink

import (
	"slices"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

const catalogModule = "pyflink.table.catalog"

// The objects by which a script reads and changes a catalog. A Catalog carries
// its name as a *catalogHandle, the others what they describe.
var (
	catalogClass         = pyeval.NewClass(catalogModule, "Catalog")
	catalogDatabaseClass = pyeval.NewClass(catalogModule, "CatalogDatabase")
	catalogTableClass    = pyeval.NewClass(catalogModule, "CatalogBaseTable")
	catalogFunctionClass = pyeval.NewClass(catalogModule, "CatalogFunction")
	objectPathClass      = pyeval.NewClass(catalogModule, "ObjectPath")
	partitionSpecClass   = pyeval.NewClass(catalogModule, "CatalogPartitionSpec")
	partitionClass       = pyeval.NewClass(catalogModule, "CatalogPartition")
)

type catalogHandle struct{ name string }

// foreignCatalog is a catalog of another system, by its type in CREATE CATALOG.
type foreignCatalog string

// catalogItem is a database, or a partition: properties and a comment.
type catalogItem struct {
	properties []sql.Option
	comment    *sql.String
}

// catalogTable is a table or view as a catalog has it.
type catalogTable struct {
	declared *sql.CreateTable
	columns  types.Schema
	query    string // of a view
}

type objectPath struct{ database, name string }

// text is the path as one text.
func (p objectPath) text() string { return p.database + "." + p.name }

type catalogFunction struct{ class, language string }

func init() {
	declare(catalogClass, "A catalog of databases.", slices.Concat(catalogDatabaseMembers, catalogTableMembers, catalogFunctionMembers)...)
	declareItem(catalogDatabaseClass, "A database of a catalog.")
	declareItem(partitionClass, "A partition of a table of a catalog.")
	declareCatalogTable()
	declareCatalogFunction()
	declareObjectPath()
	declarePartitionSpec()
	declareForeignCatalog("HiveCatalog", "hive", "A catalog of Hive.", "catalog_name, default_database=None, hive_conf_dir=None")
	declareForeignCatalog("JdbcCatalog", "jdbc", "The tables of a database.", "catalog_name, default_database, username, pwd, base_url")
	declareRecord("CatalogTableStatistics", "How large a table is.", "row_count", "field_count", "total_size", "raw_data_size", "properties")
	declareRecord("CatalogColumnStatistics", "What is known of the values of columns.", "column_statistics_data", "properties")
}

// declareForeignCatalog makes the class of catalogs that are known by their type.
func declareForeignCatalog(name, kind, doc, params string) {
	declare(pyeval.NewClass(catalogModule, name, catalogClass), doc,
		def("__init__(self, "+params+")", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = foreignCatalog(kind)
			return pyeval.None, nil
		}).later())
}

// propertiesIn reads a dict of texts as options.
func propertiesIn(c *pyeval.Call, param string) []sql.Option {
	d, _ := c.Arg(param).(*pyeval.Dict)
	var out []sql.Option
	if d == nil {
		return nil
	}
	pos := c.Where(param).Pos()
	for k, v := range d.Items() {
		out = append(out, sql.Option{Key: literalAt(textValue(k), pos), Value: literalAt(textValue(v), pos)})
	}
	return out
}

func commentIn(c *pyeval.Call, param string) *sql.String {
	if c.Arg(param) == pyeval.None {
		return nil
	}
	return literalAt(c.Str(param), c.Where(param).Pos())
}

func commentText(s *sql.String) pyeval.Value {
	if s == nil {
		return pyeval.NewStr("")
	}
	return pyeval.NewStr(s.Value.Display())
}

func optionsDict(options []sql.Option) pyeval.Value {
	out := pyeval.NewDict()
	for _, o := range options {
		out.SetStr(o.Key.Value.Display(), pyeval.NewStr(o.Value.Value.Display()))
	}
	return out
}

func declareItem(class *pyeval.Class, doc string) {
	of := func(c *pyeval.Call) *catalogItem {
		d, _ := pyeval.Data[*catalogItem](c.Self())
		return d
	}
	comment := func(c *pyeval.Call) (pyeval.Value, error) { return commentText(of(c).comment), nil }
	declare(class, doc,
		onClass("create_instance(properties: dict, comment: str|None = None)", "Makes one.", func(c *pyeval.Call) (pyeval.Value, error) {
			return class.Make(&catalogItem{propertiesIn(c, "properties"), commentIn(c, "comment")}), nil
		}),
		def("get_properties(self)", "Its properties.", func(c *pyeval.Call) (pyeval.Value, error) { return optionsDict(of(c).properties), nil }),
		def("get_comment(self)", "Its comment.", comment),
		def("get_description(self)", "Its comment.", comment),
		def("get_detailed_description(self)", "Its comment.", comment),
		def("copy(self)", "The same once more.", func(c *pyeval.Call) (pyeval.Value, error) {
			d := *of(c)
			return class.Make(&d), nil
		}),
	)
}

func declareCatalogTable() {
	of := func(c *pyeval.Call) *catalogTable {
		t, _ := pyeval.Data[*catalogTable](c.Self())
		return t
	}
	comment := func(c *pyeval.Call) (pyeval.Value, error) { return commentText(of(c).declared.Comment), nil }
	options := func(c *pyeval.Call) (pyeval.Value, error) { return optionsDict(of(c).declared.Options), nil }
	declare(catalogTableClass, "A table or view of a catalog.",
		onClass("create_table(schema: TableSchema, partition_keys: seq = (), properties: dict = None, comment: str|None = None)", "Describes a table.", func(c *pyeval.Call) (pyeval.Value, error) {
			t := tableOfSchema(c)
			t.declared.PartitionBy = namesOf(c, "partition_keys")
			return catalogTableClass.Make(t), nil
		}),
		onClass("create_view(original_query: str, expanded_query: str, schema: TableSchema, properties: dict, comment: str|None = None)", "Describes a view.", func(c *pyeval.Call) (pyeval.Value, error) {
			t := tableOfSchema(c)
			t.query = c.Str("expanded_query")
			return catalogTableClass.Make(t), nil
		}),
		def("get_options(self)", "Its options.", options),
		def("get_properties(self)", "Its options, as they were called before.", options),
		def("get_comment(self)", "Its comment.", comment),
		def("get_description(self)", "Its comment.", comment),
		def("get_detailed_description(self)", "What a table is, or a view's comment.", func(c *pyeval.Call) (pyeval.Value, error) {
			if of(c).query != "" {
				return comment(c)
			}
			return pyeval.NewStr("This is a catalog table in an im-memory catalog"), nil // as PyFlink 1.20.1 spells it
		}),
		def("get_schema(self)", "Its columns with their types.", func(c *pyeval.Call) (pyeval.Value, error) {
			return tableSchemaClass.Make(of(c).columns), nil
		}),
		def("get_unresolved_schema(self)", "Its columns, key and watermark.", func(c *pyeval.Call) (pyeval.Value, error) {
			return schemaClass.Make(&of(c).declared.Schema), nil
		}),
		def("copy(self)", "The same once more.", func(c *pyeval.Call) (pyeval.Value, error) {
			t := *of(c)
			return catalogTableClass.Make(&t), nil
		}),
	)
}

// tableOfSchema reads the arguments that tables and views have in common.
func tableOfSchema(c *pyeval.Call) *catalogTable {
	columns, _ := pyeval.Data[types.Schema](c.Arg("schema"))
	d := &sql.CreateTable{Options: propertiesIn(c, "properties"), Comment: commentIn(c, "comment")}
	pos := c.Where("schema").Pos()
	for _, col := range columns {
		d.Columns = append(d.Columns, &sql.Column{At: sql.At{Pos: pos}, Name: sql.Name{Text: col.Name, Pos: pos}, Type: col.Type})
	}
	return &catalogTable{declared: d, columns: columns}
}

func declareCatalogFunction() {
	of := func(c *pyeval.Call) *catalogFunction {
		f, _ := pyeval.Data[*catalogFunction](c.Self())
		return f
	}
	about := func(*pyeval.Call) (pyeval.Value, error) { return pyeval.NewStr("This is a user-defined function"), nil }
	declare(catalogFunctionClass, "A function of a catalog.",
		onClass("create_instance(class_name: str, function_language: str = 'Python')", "Describes a function.", func(c *pyeval.Call) (pyeval.Value, error) {
			return catalogFunctionClass.Make(&catalogFunction{c.Str("class_name"), strings.ToUpper(c.Str("function_language"))}), nil
		}),
		def("get_class_name(self)", "Where it is found.", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewStr(of(c).class), nil }),
		def("get_function_language(self)", "The language that it is written in.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(of(c).language), nil
		}),
		def("is_generic(self)", "Whether it belongs to no other system.", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.True, nil }),
		def("get_description(self)", "What it is.", about),
		def("get_detailed_description(self)", "What it is.", about),
		def("copy(self)", "The same once more.", func(c *pyeval.Call) (pyeval.Value, error) {
			f := *of(c)
			return catalogFunctionClass.Make(&f), nil
		}),
	)
}

func pathIn(v pyeval.Value) objectPath {
	p, _ := pyeval.Data[objectPath](v)
	return p
}

func declareObjectPath() {
	text := func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewStr(pathIn(c.Self()).text()), nil }
	declare(objectPathClass, "The name of an object with its database.",
		def("__init__(self, database_name: str, object_name: str)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = objectPath{c.Str("database_name"), c.Str("object_name")}
			return pyeval.None, nil
		}),
		onClass("from_string(full_name: str)", "The path of a text with a point.", func(c *pyeval.Call) (pyeval.Value, error) {
			database, name, ok := strings.Cut(c.Str("full_name"), ".")
			if !ok || strings.Contains(name, ".") {
				return nil, argument(c.Where("full_name").Pos(), "a path is database.object, not %q", c.Str("full_name"))
			}
			return objectPathClass.Make(objectPath{database, name}), nil
		}),
		def("get_database_name(self)", "The database.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(pathIn(c.Self()).database), nil
		}),
		def("get_object_name(self)", "The object's own name.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(pathIn(c.Self()).name), nil
		}),
		def("get_full_name(self)", "Both, with a point.", text),
		def("__str__(self)", "", text),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			other, ok := pyeval.Data[objectPath](c.Arg("other"))
			return pyeval.Bool(ok && other == pathIn(c.Self())), nil
		}),
		def("__hash__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			hash, err := c.Thread.GetAttr(pyeval.NewStr(pathIn(c.Self()).text()), "__hash__")
			if err != nil {
				return nil, err
			}
			return c.Thread.Call(hash)
		}),
	)
}

func declarePartitionSpec() {
	of := func(v pyeval.Value) *pyeval.Dict {
		d, _ := pyeval.Data[*pyeval.Dict](v)
		return d
	}
	declare(partitionSpecClass, "The values that tell a partition.",
		def("__init__(self, partition_spec: dict)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = c.Arg("partition_spec")
			return pyeval.None, nil
		}),
		def("get_partition_spec(self)", "The values by column.", func(c *pyeval.Call) (pyeval.Value, error) { return of(c.Self()), nil }),
		def("__str__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			var parts []string
			for k, v := range of(c.Self()).Items() {
				parts = append(parts, textValue(k)+"="+textValue(v))
			}
			return pyeval.NewStr("CatalogPartitionSpec{{" + strings.Join(parts, ", ") + "}}"), nil
		}),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			other := of(c.Arg("other"))
			if other == nil {
				return pyeval.False, nil
			}
			same, err := c.Thread.Equal(of(c.Self()), other)
			return pyeval.Bool(same), err
		}),
	)
}

// declareRecord declares a class of plain values, which get_NAME() gives.
func declareRecord(name, doc string, fields ...string) {
	class := pyeval.NewClass(catalogModule, name)
	members := []member{
		def("__init__(self"+optionalParameters(strings.Join(fields, " "))+")", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = slices.Clone(c.Args()[1:])
			return pyeval.None, nil
		}),
		def("copy(self)", "The same once more.", func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }),
	}
	for i, f := range fields {
		members = append(members, def("get_"+f+"(self)", "The "+strings.ReplaceAll(f, "_", " ")+".", func(c *pyeval.Call) (pyeval.Value, error) {
			values, _ := pyeval.Data[[]pyeval.Value](c.Self())
			return values[i], nil
		}))
	}
	declare(class, doc, members...)
}

// catalogName is the catalog that a call is on.
func catalogName(c *pyeval.Call) string {
	h, _ := pyeval.Data[*catalogHandle](c.Self())
	return h.name
}

// whole is a path in the catalog that a call is on.
func whole(c *pyeval.Call, param string, parts ...string) sql.Path {
	pos := c.Where(param).Pos()
	out := sql.Path{Pos: pos, Parts: []sql.Name{{Text: catalogName(c), Pos: pos}}}
	for _, p := range parts {
		out.Parts = append(out.Parts, sql.Name{Text: p, Pos: pos})
	}
	return out
}

func wholeOf(c *pyeval.Call, param string) sql.Path {
	p := pathIn(c.Arg(param))
	return whole(c, param, p.database, p.name)
}

// does is a member that is a statement.
func does(statement func(c *pyeval.Call) sql.Stmt) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		r := runOf(c)
		_, err := r.execute(c.Thread, c.Span.File, statement(c))
		return pyeval.None, err
	}
}

var catalogDatabaseMembers = []member{
	def("get_default_database(self)", "The database that the catalog begins with.", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewStr(runOf(c).session.DefaultDatabaseOf(catalogName(c))), nil
	}),
	def("list_databases(self)", "The names of the databases.", func(c *pyeval.Call) (pyeval.Value, error) {
		return texts(runOf(c).session.DatabasesOf(catalogName(c))), nil
	}),
	def("database_exists(self, database_name: str)", "Whether there is a database.", func(c *pyeval.Call) (pyeval.Value, error) {
		return pyeval.Bool(slices.Contains(runOf(c).session.DatabasesOf(catalogName(c)), c.Str("database_name"))), nil
	}),
	def("get_database(self, database_name: str)", "A database.", func(c *pyeval.Call) (pyeval.Value, error) {
		options, comment, ok := runOf(c).session.DatabaseOptions(catalogName(c), c.Str("database_name"))
		if !ok {
			return nil, missing(c, "database_name", "database", c.Str("database_name"))
		}
		return catalogDatabaseClass.Make(&catalogItem{options, comment}), nil
	}),
	def("create_database(self, name: str, database: CatalogDatabase, ignore_if_exists: bool)", "Declares a database.", does(func(c *pyeval.Call) sql.Stmt {
		d, _ := pyeval.Data[*catalogItem](c.Arg("database"))
		return &sql.CreateDatabase{At: sql.At{Pos: c.Span.Pos()}, Name: whole(c, "name", c.Str("name")), IfNotExists: c.Bool("ignore_if_exists"), Comment: d.comment, Options: d.properties}
	})),
	def("drop_database(self, name: str, ignore_if_exists: bool)", "Drops a database without tables.", does(func(c *pyeval.Call) sql.Stmt {
		return &sql.Drop{At: sql.At{Pos: c.Span.Pos()}, Kind: sql.DatabaseObject, Name: whole(c, "name", c.Str("name")), IfExists: c.Bool("ignore_if_exists")}
	})),
	def("alter_database(self, name: str, new_database: CatalogDatabase, ignore_if_not_exists: bool)", "Describes a database anew.", func(c *pyeval.Call) (pyeval.Value, error) {
		d, _ := pyeval.Data[*catalogItem](c.Arg("new_database"))
		if !runOf(c).session.SetDatabaseOptions(catalogName(c), c.Str("name"), d.properties, d.comment) && !c.Bool("ignore_if_not_exists") {
			return nil, missing(c, "name", "database", c.Str("name"))
		}
		return pyeval.None, nil
	}),
}

// missing refuses the name of what isn't there.
func missing(c *pyeval.Call, param, what, name string) error {
	return diag.New(diag.UnknownTable, c.Where(param).Pos(), "no %s is called %q", what, name)
}

func tablesOf(views bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		if !slices.Contains(runOf(c).session.DatabasesOf(catalogName(c)), c.Str("database_name")) {
			return nil, missing(c, "database_name", "database", c.Str("database_name"))
		}
		return texts(runOf(c).session.TablesOf(catalogName(c), c.Str("database_name"), views)), nil
	}
}

var catalogTableMembers = []member{
	def("list_tables(self, database_name: str)", "The names of the tables and views of a database.", tablesOf(false)),
	def("list_views(self, database_name: str)", "The names of the views of a database.", tablesOf(true)),
	def("table_exists(self, table_path: ObjectPath)", "Whether there is a table or view.", func(c *pyeval.Call) (pyeval.Value, error) {
		p := pathIn(c.Arg("table_path"))
		_, _, ok := runOf(c).session.Declared(catalogName(c), p.database, p.name)
		return pyeval.Bool(ok), nil
	}),
	def("get_table(self, table_path: ObjectPath)", "A table or view.", func(c *pyeval.Call) (pyeval.Value, error) {
		p := pathIn(c.Arg("table_path"))
		d, columns, ok := runOf(c).session.Declared(catalogName(c), p.database, p.name)
		if !ok {
			return nil, missing(c, "table_path", "table or view", p.text())
		}
		if d == nil {
			d = &sql.CreateTable{}
			for _, col := range columns {
				d.Columns = append(d.Columns, &sql.Column{Name: sql.Name{Text: col.Name}, Type: col.Type})
			}
		}
		return catalogTableClass.Make(&catalogTable{declared: d, columns: columns}), nil
	}),
	def("create_table(self, table_path: ObjectPath, table: CatalogBaseTable, ignore_if_exists: bool)", "Declares a table or view.", func(c *pyeval.Call) (pyeval.Value, error) {
		t, _ := pyeval.Data[*catalogTable](c.Arg("table"))
		if t.query == "" {
			d := *t.declared
			d.At, d.Name, d.IfNotExists = sql.At{Pos: c.Span.Pos()}, wholeOf(c, "table_path"), c.Bool("ignore_if_exists")
			runOf(c).session.Execute(&d)
			return pyeval.None, nil
		}
		stmts, ds := sql.Parse(t.query, func(int) diag.Pos { return c.Where("table").Pos() })
		if len(ds) > 0 || len(stmts) != 1 {
			return nil, orNil(ds)
		}
		q, ok := stmts[0].(sql.Query)
		if !ok {
			return nil, argument(c.Where("table").Pos(), "a view is made of a query")
		}
		runOf(c).session.Execute(&sql.CreateView{At: sql.At{Pos: c.Span.Pos()}, Name: wholeOf(c, "table_path"), IfNotExists: c.Bool("ignore_if_exists"), Query: q})
		return pyeval.None, nil
	}),
	def("drop_table(self, table_path: ObjectPath, ignore_if_not_exists: bool)", "Drops a table or view.", does(func(c *pyeval.Call) sql.Stmt {
		p := pathIn(c.Arg("table_path"))
		kind := sql.TableObject
		if d, _, ok := runOf(c).session.Declared(catalogName(c), p.database, p.name); ok && d == nil {
			kind = sql.ViewObject
		}
		return &sql.Drop{At: sql.At{Pos: c.Span.Pos()}, Kind: kind, Name: wholeOf(c, "table_path"), IfExists: c.Bool("ignore_if_not_exists")}
	})),
	def("rename_table(self, table_path: ObjectPath, new_table_name: str, ignore_if_not_exists: bool)", "Gives a table or view another name.", does(func(c *pyeval.Call) sql.Stmt {
		p := pathIn(c.Arg("table_path"))
		kind := sql.TableObject
		if d, _, ok := runOf(c).session.Declared(catalogName(c), p.database, p.name); ok && d == nil {
			kind = sql.ViewObject
		}
		to := sql.Path{Pos: c.Where("new_table_name").Pos(), Parts: []sql.Name{{Text: c.Str("new_table_name"), Pos: c.Where("new_table_name").Pos()}}}
		return &sql.Alter{At: sql.At{Pos: c.Span.Pos()}, Kind: kind, Name: wholeOf(c, "table_path"), IfExists: c.Bool("ignore_if_not_exists"), Action: &sql.RenameTo{Name: to}}
	})),
	def("alter_table(self, table_path: ObjectPath, new_table: CatalogBaseTable, ignore_if_not_exists: bool)", "Declares a table anew.", func(c *pyeval.Call) (pyeval.Value, error) {
		p := pathIn(c.Arg("table_path"))
		t, _ := pyeval.Data[*catalogTable](c.Arg("new_table"))
		session := runOf(c).session
		if _, _, ok := session.Declared(catalogName(c), p.database, p.name); !ok {
			if c.Bool("ignore_if_not_exists") {
				return pyeval.None, nil
			}
			return nil, missing(c, "table_path", "table", p.text())
		}
		session.Execute(&sql.Drop{At: sql.At{Pos: c.Span.Pos()}, Kind: sql.TableObject, Name: wholeOf(c, "table_path")})
		d := *t.declared
		d.At, d.Name = sql.At{Pos: c.Span.Pos()}, wholeOf(c, "table_path")
		session.Execute(&d)
		return pyeval.None, nil
	}),
}

var catalogFunctionMembers = []member{
	def("list_functions(self, database_name: str)", "The names of the functions of a database.", func(c *pyeval.Call) (pyeval.Value, error) {
		return texts(runOf(c).session.UserFunctions()), nil
	}),
	def("function_exists(self, function_path: ObjectPath)", "Whether there is a function.", func(c *pyeval.Call) (pyeval.Value, error) {
		_, ok := runOf(c).session.Function(pathIn(c.Arg("function_path")).name)
		return pyeval.Bool(ok), nil
	}),
	def("create_function(self, function_path: ObjectPath, function: CatalogFunction, ignore_if_exists: bool)", "Makes a Python function known by a name.", does(func(c *pyeval.Call) sql.Stmt {
		f, _ := pyeval.Data[*catalogFunction](c.Arg("function"))
		pos := c.Where("function").Pos()
		return &sql.CreateFunction{At: sql.At{Pos: c.Span.Pos()}, Name: wholeOf(c, "function_path"), IfNotExists: c.Bool("ignore_if_exists"),
			Class: literalAt(f.class, pos), Language: f.language, LanguageWhere: pos}
	})),
	def("drop_function(self, function_path: ObjectPath, ignore_if_not_exists: bool)", "Forgets a function.", does(func(c *pyeval.Call) sql.Stmt {
		return &sql.Drop{At: sql.At{Pos: c.Span.Pos()}, Kind: sql.FunctionObject, Name: wholeOf(c, "function_path"), IfExists: c.Bool("ignore_if_not_exists")}
	})),
}

// registerForeign is CREATE CATALOG of a type.
func registerForeign(c *pyeval.Call, kind string) (pyeval.Value, error) {
	at := sql.At{Pos: c.Where("catalog").Pos()}
	text := func(s string) *sql.String { return &sql.String{At: at, Value: ir.Literal(s)} }
	return does(func(c *pyeval.Call) sql.Stmt {
		name := sql.Name{Text: c.Str("catalog_name"), Pos: c.Where("catalog_name").Pos()}
		return &sql.CreateCatalog{At: sql.At{Pos: c.Span.Pos()}, Name: sql.Path{Parts: []sql.Name{name}, Pos: name.Pos},
			Options: []sql.Option{{Key: text("type"), Value: text(kind)}}}
	})(c)
}

// catalogObjectMembers are the members of a table environment that give catalogs.
var catalogObjectMembers = []member{
	def("get_catalog(self, catalog_name: str)", "A catalog; None where there is none.", func(c *pyeval.Call) (pyeval.Value, error) {
		if !runOf(c).session.HasCatalog(c.Str("catalog_name")) {
			return pyeval.None, nil
		}
		return catalogClass.Make(&catalogHandle{c.Str("catalog_name")}), nil
	}),
	def("register_catalog(self, catalog_name: str, catalog: Catalog)", "Makes a catalog known by a name.", func(c *pyeval.Call) (pyeval.Value, error) {
		if o, ok := c.Arg("catalog").(*pyeval.Instance); ok {
			if kind, ok := o.Data.(foreignCatalog); ok {
				return registerForeign(c, string(kind))
			}
		}
		return nil, planned(c.At.Pos(), "TableEnvironment.register_catalog")
	}).later(),
	def("list_functions(self)", "The names of all functions.", listing((*bind.Session).Functions)),
	def("load_module(self, module_name: str, module: Module)", "Loads a module of functions.", func(c *pyeval.Call) (pyeval.Value, error) {
		return nil, diag.New(diag.APIJava, c.Where("module").Pos(), "a module is an object of a Java class, and a compiled job has no Java process")
	}).loading("module_name"),
	def("use_modules(self, *module_names: str)", "Chooses the modules whose functions are used.", func(c *pyeval.Call) (pyeval.Value, error) {
		st := &sql.Use{At: sql.At{Pos: c.Span.Pos()}, What: "MODULES", Modules: namesOf(c, "module_names")}
		runOf(c).session.Execute(st)
		return pyeval.None, nil
	}),
	def("unload_module(self, module_name: str)", "Takes the functions of a module away.", does(func(c *pyeval.Call) sql.Stmt {
		return &sql.UnloadModule{At: sql.At{Pos: c.Span.Pos()}, Name: sql.Name{Text: c.Str("module_name"), Pos: c.Where("module_name").Pos()}}
	})),
}
