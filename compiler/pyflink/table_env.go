package pyflink

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

// The environments of tables. Their instances carry nothing: a script's
// environments are one, the run's.
var (
	tableEnvClass       = pyeval.NewClass("pyflink.table.table_environment", "TableEnvironment")
	streamTableEnvClass = pyeval.NewClass("pyflink.table.table_environment", "StreamTableEnvironment", tableEnvClass)
	batchTableEnvClass  = pyeval.NewClass("pyflink.table.table_environment", "BatchTableEnvironment", tableEnvClass)
)

func init() {
	members := []member{
		onClass("create(environment_settings)", "Makes a table environment.", createTableEnv(tableEnvClass)),
		def("from_path(self, path: str)", "A table or view by its name.", fromPath),
		def("scan(self, *table_path: str)", "A table or view by catalog, database and name.", scan),
		def("sql_query(self, query: text)", "The result of a query.", sqlQuery),
		def("execute_sql(self, stmt: text)", "Runs one statement.", executeSQL),
		def("sql_update(self, stmt: text)", "Runs a CREATE or DROP, keeps an INSERT for execute().", sqlUpdate),
		def("from_elements(self, elements, schema = None, verify_schema: bool = True)", "A table of values in the script.", fromElements),
		def("from_pandas(self, pdf, schema = None, splits_num: int = 1)", "A table of a DataFrame of pandas.", fromPandas).taking("pdf"),
		def("insert_into(self, target_path: str, table: Table)", "Keeps an insertion for execute().", envInsertInto),
		def("execute(self, job_name: str)", "Submits the insertions kept so far as one job.", executeKept),
		def("create_statement_set(self)", "Collects insertions into one job.", func(c *pyeval.Call) (pyeval.Value, error) {
			r := runOf(c)
			r.sets = append(r.sets, &statementSet{})
			return statementSetClass.Make(r.sets[len(r.sets)-1]), nil
		}),
		def("register_function(self, name: str, function)", "Makes a Python function known by a name.", registerFunction("name", (*bind.Session).RegisterUnchecked)).naming("name"),
		def("create_temporary_function(self, path: str, function)", "Makes a Python function known by a name.", registerFunction("path", (*bind.Session).Register)).naming("path"),
		def("create_temporary_system_function(self, name: str, function)", "Makes a Python function known by a name.", registerFunction("name", (*bind.Session).Register)).naming("name"),
		def("drop_temporary_function(self, path: str)", "Forgets a function.", dropFunction("path")),
		def("drop_function(self, path: str)", "Forgets a function.", dropFunction("path")),
		def("drop_temporary_system_function(self, name: str)", "Forgets a function.", dropFunction("name")),
		def("create_temporary_view(self, view_path: str, table_or_data_stream, *fields_or_schema)", "Names a table.", createView("view_path", "table_or_data_stream")).naming("view_path"),
		def("register_table(self, name: str, table: Table)", "Names a table.", createView("name", "table")).naming("name"),
		def("connect(self, connector_descriptor: ConnectorDescriptor)", "Begins the declaration of a table.", connect(connectTableClass)),
		def("register_table_source(self, name: str, table_source)", "Declares a source.", registerTable("table_source")).naming("name"),
		def("register_table_sink(self, name: str, table_sink)", "Declares a sink.", registerTable("table_sink")).naming("name"),
		def("from_table_source(self, table_source: TableSource)", "The table of a source.", fromTableSource),
		def("explain(self, table: Table|None = None, extended: bool = False)", "The plan of a table, or of the insertions kept so far.", func(c *pyeval.Call) (pyeval.Value, error) {
			if c.Arg("table") != pyeval.None {
				return explained(relOf(c.Arg("table")), c)
			}
			r := runOf(c)
			r.shown, r.explained = true, len(r.kept)
			return pyeval.NewStr(bind.Explain(r.kept...)), nil
		}),
		def("get_config(self)", "The configuration.", func(c *pyeval.Call) (pyeval.Value, error) {
			return tableConfigClass.Make(runOf(c).config), nil
		}),
	}
	declare(tableEnvClass, "The entry to tables and SQL.", slices.Concat(members, catalogMembers, catalogObjectMembers, dependencyMembers)...)
	declare(streamTableEnvClass, "The entry to tables and SQL, beside a stream environment.",
		onClass("create(stream_execution_environment = None, *more, table_config = None, environment_settings = None)", "Makes a table environment.", createTableEnv(streamTableEnvClass)),
		def("connect(self, connector_descriptor: ConnectorDescriptor)", "Begins the declaration of a table.", connect(streamConnectClass)),
	)
	declare(batchTableEnvClass, "The entry to tables and SQL over bounded input.",
		onClass("create(execution_environment = None, table_config = None, environment_settings = None)", "Makes a table environment.", func(c *pyeval.Call) (pyeval.Value, error) {
			cf := newConfig()
			cf.setText(modeKey, "BATCH", c.Span.Pos())
			runOf(c).begin(c.Args())
			if err := takeConfig(c, settingsClass.Make(cf)); err != nil {
				return nil, err
			}
			for _, v := range c.Args() {
				if err := takeConfig(c, v); err != nil {
					return nil, err
				}
			}
			return batchTableEnvClass.Make(nil), nil
		}),
		def("connect(self, connector_descriptor: ConnectorDescriptor)", "Begins the declaration of a table.", connect(batchConnectClass)),
	)
}

// createTableEnv takes over the configuration of what an environment is made
// from. The legacy form of StreamTableEnvironment has a TableConfig second, the
// present one settings.
func createTableEnv(class *pyeval.Class) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		runOf(c).begin(flat(c.Args()))
		runOf(c).batchTables = false
		for _, v := range flat(c.Args()) {
			if err := takeConfig(c, v); err != nil {
				return nil, err
			}
		}
		return class.Make(nil), nil
	}
}

// flat is a list of arguments with those that a parameter gathers.
func flat(args []pyeval.Value) (out []pyeval.Value) {
	for _, v := range args {
		if t, ok := v.(*pyeval.Tuple); ok {
			out = append(out, t.Elems()...)
		} else {
			out = append(out, v)
		}
	}
	return out
}

func takeConfig(c *pyeval.Call, v pyeval.Value) error {
	if v == nil || v == pyeval.None {
		return nil
	}
	cf := configOf(v)
	if cf == nil {
		return argument(c.Span.Pos(), "%s takes an environment and its settings, not a value of type %s", c.Name, v.Class().Name())
	}
	if v.Class() == settingsClass {
		runOf(c).batchTables = cf.batch()
		runOf(c).session.NameFirst(cf.orElse(builtInCatalog, bind.DefaultCatalog), cf.orElse(builtInDatabase, bind.DefaultDatabase))
	}
	if own := runOf(c).config; cf != own && !belowTables(v) {
		own.addAll(cf, "")
	}
	return nil
}

// pathOf reads a str argument that names a table: parts separated by points,
// back quotes around a part that has one.
func pathOf(c *pyeval.Call, param string) (sql.Path, error) {
	text := c.Str(param)
	out := sql.Path{Pos: c.Where(param).Pos()}
	for rest, off := text, 0; ; {
		part, quoted := strings.CutPrefix(rest, "`")
		end := strings.IndexByte(part, '.')
		width := end
		if quoted {
			end = strings.IndexByte(part, '`')
			width = end + 2
		} else if end < 0 {
			end, width = len(part), len(part)
		}
		if end <= 0 || width < len(rest) && rest[width] != '.' {
			return out, argument(c.Where(param).Pos(), "%q is no path of a table", text)
		}
		out.Parts = append(out.Parts, sql.Name{Text: part[:end], Pos: nameAt(c, param, off, width)})
		if width == len(rest) {
			return out, nil
		}
		rest, off = rest[width+1:], off+width+1
	}
}

// nameAt is the place of a part of a str argument.
func nameAt(c *pyeval.Call, param string, off, width int) diag.Pos {
	pos := c.Locate(param, off).Pos()
	if end := c.Locate(param, off+width-1).Pos(); end.Line == pos.Line && end.Column > pos.Column {
		pos.EndColumn = end.Column + 1
	}
	return pos
}

func fromPath(c *pyeval.Call) (pyeval.Value, error) {
	path, err := pathOf(c, "path")
	if err != nil {
		return nil, err
	}
	return newTable(runOf(c).session.From(path)), nil
}

func scan(c *pyeval.Call) (pyeval.Value, error) {
	path := sql.Path{Pos: c.Span.Pos()}
	for i, v := range c.Elems("table_path") {
		path.Parts = append(path.Parts, sql.Name{Text: textValue(v), Pos: c.Where("table_path", i).Pos()})
	}
	if len(path.Parts) == 0 {
		return nil, argument(c.Span.Pos(), "scan takes the name of a table")
	}
	return newTable(runOf(c).session.From(path)), nil
}

// statement parses an argument that must be one statement. It is nil where a
// fault was reported.
func statement(c *pyeval.Call, param string) (sql.Stmt, error) {
	text, holes, at, err := sqlText(c, param)
	if err != nil {
		return nil, err
	}
	stmts, ds := sql.Parse(text, at, holes...)
	if filled, err := fixed(c, param, ds); filled != nil || err != nil {
		if err != nil {
			return nil, err
		}
		text, holes, at, err = symText(filled, c.Where(param))
		if err != nil {
			return nil, err
		}
		stmts, ds = sql.Parse(text, at, holes...)
	}
	if runOf(c).config.hive() {
		stmts, ds = nil, refusals{planned(c.Where(param).Pos(), "SqlDialect.HIVE")}
	}
	switch {
	case refusals(ds).hasErrors():
		if path, ok := definedBy(text); ok {
			runOf(c).unknown(path)
		}
		return nil, refusals(ds)
	case len(stmts) == 0:
		return nil, diag.New(diag.SQLSyntax, c.Where(param).Pos(), "%s was given no statement", c.Name)
	case len(stmts) > 1:
		return nil, diag.New(diag.SQLSyntax, stmts[1].Where(), "%s takes one statement; here a second one begins", c.Name)
	}
	for _, d := range ds {
		c.Thread.Report(d)
	}
	return stmts[0], nil
}

// createsName matches the head of a statement that defines something.
var createsName = regexp.MustCompile("(?i)^\\s*CREATE\\s+(?:OR\\s+REPLACE\\s+|TEMPORARY\\s+|SYSTEM\\s+)*(?:TABLE|VIEW|FUNCTION)\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?([\\w.`]+)")

// definedBy is the name that a statement would have defined, had it been
// accepted.
func definedBy(text string) (sql.Path, bool) {
	m := createsName.FindStringSubmatch(text)
	if m == nil {
		return sql.Path{}, false
	}
	name := strings.ReplaceAll(m[1][strings.LastIndexByte(m[1], '.')+1:], "`", "")
	return sql.Path{Parts: []sql.Name{{Text: name}}}, name != ""
}

func sqlQuery(c *pyeval.Call) (pyeval.Value, error) {
	st, err := statement(c, "query")
	if err != nil {
		return nil, err
	}
	q, ok := st.(sql.Query)
	if !ok {
		return nil, argument(st.Where(), "sql_query takes a query").WithHint("run other statements with execute_sql")
	}
	return newTable(runOf(c).session.Query(q)), nil
}

func executeSQL(c *pyeval.Call) (pyeval.Value, error) {
	st, err := statement(c, "stmt")
	if err != nil {
		return nil, err
	}
	if err := forClient(st); err != nil {
		return nil, err
	}
	r := runOf(c)
	out, err := r.execute(c.Thread, c.Span.File, st)
	switch {
	case err != nil:
		return nil, err
	case out.Query != nil:
		return r.ran(out.Query, st.Where()), nil
	case out.Sink != nil:
		return r.insert(c.Span.Pos(), out.Sink), nil
	case out.Sinks != nil:
		return r.insert(c.Span.Pos(), out.Sinks...), nil
	case out.Listing == bind.Done:
		return tableResultClass.Make(&tableResult{listing: out.Listing}), r.decided(c)
	case out.Listing != nil:
		return tableResultClass.Make(&tableResult{listing: out.Listing}), nil
	}
	return pyeval.Poison(c.Span), nil
}

func sqlUpdate(c *pyeval.Call) (pyeval.Value, error) {
	st, err := statement(c, "stmt")
	if err != nil {
		return nil, err
	}
	if _, isQuery := st.(sql.Query); isQuery {
		return nil, argument(st.Where(), "sql_update takes INSERT, CREATE and DROP").WithHint("a query is run with sql_query")
	}
	if err := forClient(st); err != nil {
		return nil, err
	}
	r := runOf(c)
	out, err := r.execute(c.Thread, c.Span.File, st)
	if out.Sink != nil {
		r.kept = append(r.kept, out.Sink)
	}
	return pyeval.None, err
}

// forClient refuses statements that PyFlink 1.20.1 takes in its SQL client only.
func forClient(st sql.Stmt) error {
	switch st := st.(type) {
	case *sql.Set:
		d := diag.New(diag.RefusedByFlink, st.Pos, "PyFlink 1.20.1 takes SET in the SQL client only")
		if st.Key == nil {
			return d.WithHint("get_config() has the settings")
		}
		return d.WithHint("write t_env.get_config().set(%q, %q)", st.Key.Value.Display(), st.Value.Value.Display())
	case *sql.Reset:
		return diag.New(diag.RefusedByFlink, st.Pos, "PyFlink 1.20.1 takes RESET in the SQL client only")
	}
	return nil
}

// execute binds a statement, which the file has, and does what isn't the
// catalog's business.
func (r *run) execute(t *pyeval.Thread, file *pyast.File, st sql.Stmt) (bind.Outcome, error) {
	out := r.session.Execute(st)
	switch {
	case out.Set != nil:
		return bind.Outcome{Listing: bind.Done}, r.set(out.Set)
	case out.Reset != nil:
		r.reset(out.Reset)
		return bind.Outcome{Listing: bind.Done}, nil
	case out.Function != nil:
		return bind.Outcome{Listing: bind.Done}, r.createFunction(t, file, out.Function)
	}
	return out, nil
}

func (r *run) set(s *sql.Set) error {
	if s.Key == nil {
		return planned(s.Pos, "SET without a key")
	}
	key, ok := s.Key.Value.Const()
	if !ok {
		return diag.New(diag.InputSymbolic, s.Key.Pos, "the key of SET must be known at build")
	}
	value, _ := s.Value.Value.Const()
	r.config.put(key, entry{s.Value.Value, pyeval.NewStr(value), s.Pos})
	return nil
}

// reset forgets an entry of the configuration, or all.
func (r *run) reset(s *sql.Reset) {
	if s.Key != nil {
		r.config.remove(s.Key.Value.Display())
		return
	}
	r.config.keys = nil
	clear(r.config.values)
}

// submit adds a run of sinks to what the driver does, and returns its position
// there. The configuration may name the job.
func (r *run) submit(name string, pos diag.Pos, sinks ...*ir.Sink) int {
	if n := r.config.text("pipeline.name"); n != "" {
		name = n
	}
	if r.job.Name == "" {
		r.job.Name = name
	}
	r.job.Actions = append(r.job.Actions, ir.Action{Run: &ir.Submission{
		Name: name, Sinks: sinks, Batch: r.config.batch(), Config: r.config.settings(), Pos: pos,
	}})
	n := len(r.job.Actions) - 1
	for _, s := range sinks {
		if path := writtenPath(s.Table); path != "" {
			r.interp.Thread().Change(path)
		}
	}
	if r.driver != nil {
		r.driver.answer = &ir.DriverAnswer{Kind: ir.DriverRun, Run: n}
	}
	return n
}

// qualified is a table's whole name.
func qualified(name string) string {
	if strings.Count(name, ".") == 2 {
		return name
	}
	return bind.DefaultCatalog + "." + bind.DefaultDatabase + "." + name
}

func executeKept(c *pyeval.Call) (pyeval.Value, error) {
	r := runOf(c)
	if len(r.kept) == 0 {
		if r.failed() {
			return pyeval.Poison(c.Span), nil
		}
		if r.submitted() {
			r.report(diag.New(diag.NothingKept, c.Span.Pos(), "%s has nothing to run: the insertions before it run already", c.Name).
				WithHint("leave it out: PyFlink 1.20.1 ends the script here with an exception"))
			return r.jobResult(), nil
		}
		return nil, nothingToRun(c.Span.Pos(), "no insertion is kept").
			WithHint("insert_into and sql_update(\"INSERT …\") come first; execute_insert and execute_sql need no execute")
	}
	name := textValue(c.Arg("job_name"))
	r.submit(name, c.Span.Pos(), r.kept...)
	r.kept = nil
	return r.jobResult(), nil
}

func nothingToRun(pos diag.Pos, why string) *diag.Diagnostic {
	return diag.New(diag.NoPipeline, pos, "there is nothing to run: %s", why)
}

// leftovers reports a script that runs nothing.
func (r *run) leftovers() {
	switch {
	case r.failed() || r.shown && len(r.kept) <= r.explained:
	case len(r.kept) > 0:
		s := r.kept[0]
		r.report(diag.New(diag.NoPipeline, s.Pos, "this insertion into %s is never run", s.Table.Name).
			WithHint(`end with t_env.execute("a name"), or use execute_insert or execute_sql`))
	case !r.submitted() && r.waitingSet() != nil:
		s := r.waitingSet()
		r.report(diag.New(diag.NoPipeline, s.Pos, "this insertion into %s is never run", s.Table.Name).
			WithHint("end with execute() of the statement set"))
	case !r.submitted() && len(r.queries) > 0:
		r.report(diag.New(diag.NoPipeline, r.queries[0].at, "the rows of this query are never read, so there is nothing to run").
			WithHint("print() shows them"))
	case !r.submitted() && r.interp.ExitCode() != 0 && r.interp.Unfix(fmt.Sprintf("sys.exit(%d)", r.interp.ExitCode()), diag.Pos{}):
	case !r.submitted():
		d := diag.New(diag.NoPipeline, diag.Pos{File: r.opts.Script}, "the script never writes to a sink, so there is nothing to run")
		if code := r.interp.ExitCode(); code != 0 {
			d.WithHint("it ends before, by sys.exit(%d)", code)
		} else if !r.made {
			d.WithHint("it makes no table environment: what only defines functions and classes is built by the script that calls them")
		}
		r.interp.BlameAbsent(d)
		if r.waits.File != nil {
			d.WithHint("call what submits the job before the loop").WithNote(r.waits.Pos(), "it waits here in a loop without end")
		}
		r.report(d)
	}
}

// waitingSet is the first insertion of a statement set that wasn't executed.
func (r *run) waitingSet() *ir.Sink {
	for _, s := range r.sets {
		if len(s.sinks) > 0 {
			return s.sinks[0]
		}
	}
	return nil
}

// failed reports whether an error has been reported.
func (r *run) failed() bool {
	if r.bound.HasErrors() {
		return true
	}
	return refusals(r.interp.Diagnostics()).hasErrors() || refusals(r.diags).hasErrors()
}

func envInsertInto(c *pyeval.Call) (pyeval.Value, error) {
	path, err := pathOf(c, "target_path")
	if err != nil {
		return nil, err
	}
	return keepInsert(c, c.Arg("table"), path), nil
}

// keepInsert keeps an insertion for execute().
func keepInsert(c *pyeval.Call, table pyeval.Value, path sql.Path) pyeval.Value {
	r := runOf(c)
	if sink := r.session.Insert(relOf(table), path, c.Span.Pos()); sink != nil {
		r.kept = append(r.kept, sink)
	}
	return pyeval.None
}

func createView(name, table string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		path, err := pathOf(c, name)
		if err != nil {
			return nil, err
		}
		v := c.Arg(table)
		if _, ok := v.(*pyeval.Instance); !ok || v.Class() != tableClass {
			return nil, argument(c.Where(table).Pos(), "%s takes a Table, not a %s", c.Name, v.Class().Name())
		}
		runOf(c).session.CreateView(path, relOf(v))
		return pyeval.None, nil
	}
}
