package sql

import "strconv"

func (w *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case Query:
		w.query(s)
	case *CreateTable:
		w.createTable(s)
	case *CreateMaterializedTable:
		w.createMaterialized(s)
	case *CreateView:
		w.create(s.Replace, prefix(s.Temporary, false), "VIEW", s.IfNotExists, s.Name)
		w.columns(s.Columns)
		w.comment(s.Comment)
		w.add(" AS ")
		w.query(s.Query)
	case *CreateFunction:
		w.createFunction(s)
	case *CreateCatalog:
		w.create(s.Replace, "", "CATALOG", s.IfNotExists, s.Name)
		w.comment(s.Comment)
		w.with(s.Options, len(s.Options) > 0)
	case *CreateDatabase:
		w.create(s.Replace, prefix(s.Temporary, false), "DATABASE", s.IfNotExists, s.Name)
		w.comment(s.Comment)
		w.with(s.Options, len(s.Options) > 0)
	case *CreateModel:
		w.createModel(s)
	case *Drop:
		w.add("DROP ", prefix(s.Temporary, false))
		w.flag(s.System, "SYSTEM ")
		w.add(s.Kind.String(), " ")
		w.flag(s.IfExists, "IF EXISTS ")
		w.path(s.Name.Parts)
		w.flag(s.Behavior != "", " "+s.Behavior)
	case *Alter:
		w.add("ALTER ", s.Kind.String(), " ")
		w.flag(s.IfExists, "IF EXISTS ")
		w.path(s.Name.Parts)
		w.add(" ")
		w.action(s.Action)
	case *AlterFunction:
		w.add("ALTER ", prefix(s.Temporary, s.System), "FUNCTION ")
		w.flag(s.IfExists, "IF EXISTS ")
		w.path(s.Name.Parts)
		w.add(" AS ")
		w.text(s.Class.Value)
		w.flag(s.Language != "", " LANGUAGE "+s.Language)
	case *AlterScope:
		w.add("ALTER ", s.Scope, " ")
		w.assignScope(s)
	default:
		w.otherStmt(s)
	}
}

// otherStmt prints what neither asks for rows nor defines something.
func (w *printer) otherStmt(s Stmt) {
	switch s := s.(type) {
	case *Insert:
		w.insert(s)
	case *StatementSet:
		w.flag(!s.Bare, "EXECUTE ")
		w.add("STATEMENT SET BEGIN\n")
		for _, i := range s.Inserts {
			w.insert(i)
			w.add(";\n")
		}
		w.add("END")
	case *Execute:
		w.add("EXECUTE ")
		w.stmt(s.Stmt)
	case *Update:
		w.add("UPDATE ")
		w.target(s.Table, s.Hints, s.Alias)
		w.add(" SET ")
		w.assignments(s.Set)
		w.optional(" WHERE ", s.Cond, "")
	case *Delete:
		w.add("DELETE FROM ")
		w.target(s.Table, s.Hints, s.Alias)
		w.optional(" WHERE ", s.Cond, "")
	case *Merge:
		w.merge(s)
	case *Truncate:
		w.add("TRUNCATE TABLE ")
		w.path(s.Table.Parts)
	case *CallProcedure:
		w.add("CALL ")
		w.function(s.Call)
	case *Describe:
		w.describe(s)
	case *Explain:
		w.add("EXPLAIN ")
		w.flag(s.PlanFor, "PLAN FOR ")
		w.commaList(len(s.Details), func(i int) { w.add(s.Details[i]) })
		w.flag(len(s.Details) > 0, " ")
		w.stmt(s.Stmt)
	case *Analyze:
		w.analyze(s)
	case *Show:
		w.show(s)
	default:
		w.sessionStmt(s)
	}
}

// sessionStmt prints the statements about the session, plans and jobs.
func (w *printer) sessionStmt(s Stmt) {
	switch s := s.(type) {
	case *Use:
		w.add("USE ")
		switch s.What {
		case "CATALOG":
			w.add("CATALOG ")
			w.path(s.Name.Parts)
		case "MODULES":
			w.add("MODULES ")
			w.names(s.Modules)
		default:
			w.path(s.Name.Parts)
		}
	case *LoadModule:
		w.add("LOAD MODULE ")
		w.name(s.Name.Text)
		w.with(s.Options, len(s.Options) > 0)
	case *UnloadModule:
		w.add("UNLOAD MODULE ")
		w.name(s.Name.Text)
	case *Set:
		w.add("SET")
		if s.Key != nil {
			w.add(" ")
			w.text(s.Key.Value)
			w.add(" = ")
			w.text(s.Value.Value)
		}
	case *Reset:
		w.add("RESET")
		if s.Key != nil {
			w.add(" ")
			w.text(s.Key.Value)
		}
	case *Jar:
		w.add([]string{"ADD JAR ", "REMOVE JAR "}[btoi(s.Remove)])
		w.text(s.Path.Value)
	case *StopJob:
		w.add("STOP JOB ")
		w.text(s.ID.Value)
		w.flag(s.Savepoint, " WITH SAVEPOINT")
		w.flag(s.Drain, " WITH DRAIN")
	case *CompilePlan:
		w.add("COMPILE ")
		w.flag(s.Execute, "AND EXECUTE ")
		w.add("PLAN ")
		w.text(s.File.Value)
		w.flag(s.IfNotExists, " IF NOT EXISTS")
		w.add(" FOR ")
		w.stmt(s.Stmt)
	case *ExecutePlan:
		w.add("EXECUTE PLAN ")
		w.text(s.File.Value)
	case *Command:
		w.add(s.Words)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func prefix(temporary, system bool) string {
	switch {
	case system:
		return "TEMPORARY SYSTEM "
	case temporary:
		return "TEMPORARY "
	}
	return ""
}

func (w *printer) create(replace bool, prefix, what string, ifNotExists bool, name Path) {
	w.add("CREATE ")
	w.flag(replace, "OR REPLACE ")
	w.add(prefix, what, " ")
	w.flag(ifNotExists, "IF NOT EXISTS ")
	w.path(name.Parts)
}

// columns prints (a, b), or nothing for none.
func (w *printer) columns(ns []Name) {
	if len(ns) > 0 {
		w.add(" (")
		w.names(ns)
		w.add(")")
	}
}

func (w *printer) comment(c *String) {
	if c != nil {
		w.add(" COMMENT ")
		w.text(c.Value)
	}
}

// lines prints elements on lines of their own, in brackets.
func (w *printer) lines(elements []func()) {
	w.add(" (")
	for i, print := range elements {
		w.flag(i > 0, ",")
		w.add("\n  ")
		print()
	}
	w.add("\n)")
}

// with prints WITH (options) where written.
func (w *printer) with(options []Option, written bool) {
	if !written {
		return
	}
	w.add(" WITH")
	w.options(options)
}

func (w *printer) options(options []Option) {
	var elements []func()
	for _, o := range options {
		elements = append(elements, func() {
			w.text(o.Key.Value)
			w.add(" = ")
			w.text(o.Value.Value)
		})
	}
	w.lines(elements)
}

func (w *printer) createTable(s *CreateTable) {
	if s.ReplaceOnly {
		w.add("REPLACE TABLE ")
		w.flag(s.IfNotExists, "IF NOT EXISTS ")
		w.path(s.Name.Parts)
	} else {
		w.create(s.Replace, prefix(s.Temporary, false), "TABLE", s.IfNotExists, s.Name)
	}
	if elements := w.schema(s.Columns, s.Watermark, s.PrimaryKey, s.Unique); len(elements) > 0 {
		w.lines(elements)
	}
	w.comment(s.Comment)
	if s.DistributeBy != nil {
		w.add(" DISTRIBUTED")
		w.distribution(s.DistributeBy)
	}
	if len(s.PartitionBy) > 0 {
		w.add(" PARTITIONED BY")
		w.columns(s.PartitionBy)
	}
	w.with(s.Options, s.OptionsWhere.Known())
	if s.Like != nil {
		w.add(" LIKE ")
		w.path(s.Like.Table.Parts)
		for i, o := range s.Like.Options {
			w.add([]string{" ", " ("}[btoi(i == 0)], o.Strategy, " ", o.Part)
		}
		w.flag(len(s.Like.Options) > 0, ")")
	}
	if s.Query != nil {
		w.add(" AS ")
		w.query(s.Query)
	}
}

// schema are the printers of a table's elements.
func (w *printer) schema(columns []*Column, mark *Watermark, key *PrimaryKey, unique []*PrimaryKey) []func() {
	var out []func()
	for _, c := range columns {
		out = append(out, func() { w.column(c) })
	}
	if mark != nil {
		out = append(out, func() {
			w.add("WATERMARK FOR ")
			w.path(mark.Column)
			w.add(" AS ")
			w.expr(mark.Expr)
		})
	}
	if key != nil {
		out = append(out, func() { w.constraint("PRIMARY KEY", key) })
	}
	for _, k := range unique {
		out = append(out, func() { w.constraint("UNIQUE", k) })
	}
	return out
}

func (w *printer) constraint(what string, k *PrimaryKey) {
	if k.Name.Text != "" {
		w.add("CONSTRAINT ")
		w.name(k.Name.Text)
		w.add(" ")
	}
	w.add(what)
	w.columns(k.Columns)
	w.flag(!k.Enforced, " NOT ENFORCED")
}

func (w *printer) distribution(d *Distribution) {
	if len(d.Columns) > 0 {
		w.add(" BY")
		w.flag(d.Kind != "", " "+d.Kind)
		w.columns(d.Columns)
	}
	if d.Counted {
		w.add(" INTO ", strconv.Itoa(d.Buckets), " BUCKETS")
	}
}

func (w *printer) column(c *Column) {
	if len(c.Path) > 0 {
		w.path(c.Path)
	} else {
		w.name(c.Name.Text)
	}
	switch c.Kind {
	case Computed:
		w.add(" AS ")
		w.expr(c.Expr)
	default:
		w.add(" ", TypeText(c.Type))
		if c.Kind == Metadata {
			w.add(" METADATA")
			if c.Key != nil {
				w.add(" FROM ")
				w.text(c.Key.Value)
			}
			w.flag(c.Virtual, " VIRTUAL")
		}
	}
	w.comment(c.Comment)
	w.flag(c.First, " FIRST")
	if len(c.After) > 0 {
		w.add(" AFTER ")
		w.path(c.After)
	}
}

func (w *printer) createMaterialized(s *CreateMaterializedTable) {
	w.add("CREATE MATERIALIZED TABLE ")
	w.path(s.Name.Parts)
	if s.PrimaryKey != nil {
		w.lines(w.schema(nil, nil, s.PrimaryKey, nil))
	}
	w.comment(s.Comment)
	if len(s.PartitionBy) > 0 {
		w.add(" PARTITIONED BY")
		w.columns(s.PartitionBy)
	}
	w.with(s.Options, len(s.Options) > 0)
	w.add(" FRESHNESS = ")
	w.expr(s.Freshness)
	w.flag(s.RefreshMode != "", " REFRESH_MODE = "+s.RefreshMode)
	w.add(" AS ")
	w.query(s.Query)
}

func (w *printer) createFunction(s *CreateFunction) {
	w.create(s.Replace, prefix(s.Temporary, s.System), "FUNCTION", s.IfNotExists, s.Name)
	w.add(" AS ")
	w.text(s.Class.Value)
	w.add(" LANGUAGE ", s.Language)
	for i, j := range s.Jars {
		w.add([]string{", ", " USING "}[btoi(i == 0)], "JAR ")
		w.text(j.Value)
	}
}

func (w *printer) createModel(s *CreateModel) {
	w.create(s.Replace, prefix(s.Temporary, false), "MODEL", s.IfNotExists, s.Name)
	if len(s.Input) > 0 {
		w.add(" INPUT")
		w.lines(w.schema(s.Input, nil, nil, nil))
	}
	if len(s.Output) > 0 {
		w.add(" OUTPUT")
		w.lines(w.schema(s.Output, nil, nil, nil))
	}
	w.comment(s.Comment)
	w.with(s.Options, len(s.Options) > 0)
	if s.Query != nil {
		w.add(" AS ")
		w.query(s.Query)
	}
}

func (w *printer) action(a Action) {
	switch a := a.(type) {
	case *RenameTo:
		w.add("RENAME TO ")
		w.path(a.Name.Parts)
	case *RenameColumn:
		w.add("RENAME ")
		w.path(a.Column)
		w.add(" TO ")
		w.name(a.Name.Text)
	case *SetOptions:
		w.add("SET")
		w.options(a.Options)
	case *ResetOptions:
		w.add("RESET (")
		w.commaList(len(a.Keys), func(i int) { w.text(a.Keys[i].Value) })
		w.add(")")
	case *SetComment:
		w.add("COMMENT ")
		w.text(a.Comment.Value)
	case *ChangeSchema:
		w.add([]string{"ADD", "MODIFY"}[btoi(a.Modify)])
		elements := w.schema(a.Columns, a.Watermark, a.PrimaryKey, a.Unique)
		if a.Bracketed || len(elements) != 1 {
			w.lines(elements)
			return
		}
		w.add(" ")
		elements[0]()
	case *ChangeDistribution:
		if a.Distribution == nil {
			w.add("DROP DISTRIBUTION")
			return
		}
		w.add([]string{"ADD", "MODIFY"}[btoi(a.Modify)], " DISTRIBUTION")
		w.distribution(a.Distribution)
	case *DropColumns:
		w.add("DROP ")
		w.flag(a.Bracketed, "(")
		w.commaList(len(a.Columns), func(i int) { w.path(a.Columns[i].Parts) })
		w.flag(a.Bracketed, ")")
	case *DropPart:
		w.add("DROP ", a.Part)
		if a.Name.Text != "" {
			w.add(" ")
			w.name(a.Name.Text)
		}
	case *AsQuery:
		w.add("AS ")
		w.query(a.Query)
	default:
		w.partitionAction(a)
	}
}

// partitionAction prints the actions on partitions and refreshing.
func (w *printer) partitionAction(a Action) {
	switch a := a.(type) {
	case *AddPartitions:
		w.add("ADD")
		w.flag(a.IfNotExists, " IF NOT EXISTS")
		for _, p := range a.Partitions {
			w.partition(" ", p.Values)
			w.with(p.Options, len(p.Options) > 0)
		}
	case *DropPartitions:
		w.add("DROP ")
		w.flag(a.IfExists, "IF EXISTS ")
		w.commaList(len(a.Partitions), func(i int) { w.partition("", a.Partitions[i].Values) })
	case *Compact:
		w.partition("", a.Partition)
		w.flag(len(a.Partition) > 0, " ")
		w.add("COMPACT")
	case *Refreshing:
		switch a.What {
		case "FRESHNESS":
			w.add("SET FRESHNESS = ")
			w.expr(a.Freshness)
		case "REFRESH_MODE":
			w.add("SET REFRESH_MODE = ", a.Mode)
		default:
			w.add(a.What)
			w.partition(" ", a.Partition)
			w.with(a.Options, len(a.Options) > 0)
		}
	}
}

// partition prints PARTITION (…), or nothing for none.
func (w *printer) partition(before string, values []Assignment) {
	if len(values) > 0 {
		w.add(before, "PARTITION (")
		w.assignments(values)
		w.add(")")
	}
}

func (w *printer) assignments(as []Assignment) {
	w.commaList(len(as), func(i int) {
		w.name(as[i].Column.Text)
		w.optional(" = ", as[i].X, "")
	})
}

func (w *printer) assignScope(s *AlterScope) {
	if s.Value == nil {
		w.add("RESET ")
		if len(s.Key.Parts) == 1 && s.Key.Parts[0].Text == "ALL" {
			w.add("ALL")
			return
		}
		w.path(s.Key.Parts)
		return
	}
	w.add("SET ")
	w.path(s.Key.Parts)
	w.optional(" = ", s.Value, "")
}

func (w *printer) insert(s *Insert) {
	switch {
	case s.Upsert:
		w.add("UPSERT INTO ")
	case s.Overwrite:
		w.add("INSERT OVERWRITE ")
	default:
		w.add("INSERT INTO ")
	}
	w.path(s.Into.Parts)
	w.hints(s.Hints, " ", "")
	w.partition(" ", s.Partition)
	if len(s.Nested) > 0 {
		w.add(" (")
		w.commaList(len(s.Nested), func(i int) { w.path(s.Nested[i].Parts) })
		w.add(")")
	} else {
		w.columns(s.Columns)
	}
	w.add(" ")
	w.query(s.Query)
}

func (w *printer) target(table Path, hints []*Hint, alias Name) {
	w.path(table.Parts)
	w.hints(hints, " ", "")
	if alias.Text != "" {
		w.add(" AS ")
		w.name(alias.Text)
	}
}

func (w *printer) merge(s *Merge) {
	w.add("MERGE INTO ")
	w.target(s.Table, s.Hints, s.Alias)
	w.add(" USING ")
	w.input(s.Using)
	w.add(" ON ")
	w.expr(s.On)
	if len(s.Set) > 0 {
		w.add(" WHEN MATCHED THEN UPDATE SET ")
		w.commaList(len(s.Set), func(i int) {
			w.path(s.SetPath[i].Parts)
			w.add(" = ")
			w.expr(s.Set[i].X)
		})
	}
	if len(s.Values) > 0 {
		w.add(" WHEN NOT MATCHED THEN INSERT")
		w.columns(s.Columns)
		w.add(" VALUES ")
		w.valuesRow(s.Values)
	}
}

func (w *printer) describe(s *Describe) {
	w.add("DESCRIBE ")
	w.flag(s.What != "TABLE", s.What+" ")
	w.flag(s.Extended, "EXTENDED ")
	if s.Job != nil {
		w.text(s.Job.Value)
		return
	}
	w.path(s.Name.Parts)
}

func (w *printer) analyze(s *Analyze) {
	w.add("ANALYZE TABLE ")
	w.path(s.Table.Parts)
	w.partition(" ", s.Partition)
	w.add(" COMPUTE STATISTICS")
	w.flag(s.AllColumns, " FOR ALL COLUMNS")
	if len(s.Columns) > 0 {
		w.add(" FOR COLUMNS ")
		w.names(s.Columns)
	}
}

func (w *printer) show(s *Show) {
	w.add("SHOW ", s.What)
	if s.Word != "" {
		w.add(" ", s.Word, " ")
		w.path(s.In.Parts)
	}
	w.flag(s.Word == "" && len(s.Name.Parts) > 0, " ")
	w.path(s.Name.Parts)
	if s.Like != "" {
		w.flag(s.Not, " NOT")
		w.add(" ", s.Like, " ")
		w.text(s.Pattern.Value)
	}
	w.partition(" ", s.Partition)
}
