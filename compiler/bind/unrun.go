package bind

import (
	"reflect"
	"strings"

	"pyfc/compiler/sql"
	"pyfc/compiler/words"
	"pyfc/ir/diag"
)

// The parser takes all of Flink SQL. What of it isn't run is named here, by node;
// whoever makes a node run deletes its case.

// runnable reports whether a statement or query holds nothing that isn't run
// and nothing that Flink refuses, too. Each feature is reported once, and
// then the statement isn't bound.
func (s *Session) runnable(n sql.Node) bool {
	before := s.faults()
	seen := map[string]bool{}
	said := map[sql.Node]bool{} // reported with the node around it
	sql.Inspect(n, func(n sql.Node) bool {
		for _, f := range unrun(n) {
			if !seen[f.name] && !said[n] {
				seen[f.name] = true
				f.report(s.Diags)
			}
		}
		for _, inner := range partsOf(n) {
			said[inner] = true
		}
		s.refuse(n)
		return true
	})
	return s.faults() == before
}

// faults is the number of errors so far.
func (s *Session) faults() int {
	n := 0
	for _, d := range s.Diags.Sorted() {
		if d.Severity() == diag.Error {
			n++
		}
	}
	return n
}

// partsOf are the nodes below n that its feature names, too.
func partsOf(n sql.Node) []sql.Node {
	var args []sql.Expr
	switch n := n.(type) {
	case *sql.FromFunction:
		args = n.Call.Args
	case *sql.Call:
		args = n.Args
	case *sql.NamedArg:
		args = []sql.Expr{n.X}
	case *sql.TableArg:
		return []sql.Node{n.Query}
	}
	var out []sql.Node
	for _, a := range args {
		switch a := a.(type) {
		case *sql.Subquery:
			if c, ok := n.(*sql.Call); ok && c.Written == "" {
				out = append(out, a)
			}
		case *sql.TableArg, *sql.NamedArg:
			out = append(out, a)
		}
	}
	if f, ok := n.(*sql.FromFunction); ok {
		out = append(out, f.Call)
	}
	return out
}

// feature is something of Flink SQL that isn't run, and its place.
type feature struct {
	name string
	pos  diag.Pos
}

// clusterOnly are the statements that speak to a running Flink session.
var clusterOnly = words.Set("STOP_JOB SHOW_JOBS SHOW_JARS DESCRIBE_JOB ADD_JAR REMOVE_JAR HELP CLEAR QUIT")

// refused are the features that parse and that PyFlink 1.20.1 refuses when it
// validates or plans, with the reason.
var refused = map[string]string{
	"TABLESAMPLE": "there is no plan for it", "MULTISET": "there is no plan for it",
	"UNPIVOT": "its grammar hasn't it", "EXTEND": "no connector can be given more columns",
	"MEMBER OF": noOperator, "SUBMULTISET OF": noOperator, "UNIQUE": noOperator, "FORMAT JSON": noOperator,
	"MULTISET UNION ALL": noOperator, "MULTISET UNION DISTINCT": noOperator, "MULTISET EXCEPT ALL": noOperator,
	"MULTISET EXCEPT DISTINCT": noOperator, "MULTISET INTERSECT ALL": noOperator, "MULTISET INTERSECT DISTINCT": noOperator,
	"IS EMPTY": noOperator, "IS NOT EMPTY": noOperator, "IS A SET": noOperator, "IS NOT A SET": noOperator,
	"CONTAINS": noOperator, "EQUALS": noOperator, "PRECEDES": noOperator, "SUCCEEDS": noOperator,
	"IMMEDIATELY PRECEDES": noOperator, "IMMEDIATELY SUCCEEDS": noOperator, "PERIOD": noOperator,
	"WITHIN GROUP": "no aggregate function takes it", "WITHIN DISTINCT": "no aggregate function takes it",
	"IGNORE NULLS": "the function doesn't take it", "RESPECT NULLS": "the function doesn't take it",
	"RUNNING": "it belongs to MATCH_RECOGNIZE", "FINAL": "it belongs to MATCH_RECOGNIZE",
	"NEXT VALUE": "there are no sequences", "CURRENT VALUE": "there are no sequences",
	"NEW": "there are no types with constructors", "?": "a statement has no parameters",
	"DEFAULT": "columns have no default values", "INSERT of nested columns": "only whole columns can be written",
	"UPDATE": "no connector of a script changes single rows", "DELETE": "no connector of a script changes single rows",
	"TRUNCATE TABLE": "no connector of a script empties tables", "MERGE": "there is no plan for it",
	"CALL": "the catalogs of a script have no procedures",
}

const noOperator = "there is no such operator"

// report says that the feature isn't run, and why.
func (f feature) report(diags *diag.List) {
	if why := refused[f.name]; why != "" {
		diags.Errorf(diag.RefusedByFlink, f.pos, "PyFlink 1.20.1 refuses %s: %s", f.name, why)
		return
	}
	format := "%s isn't supported yet"
	if clusterOnly[strings.ReplaceAll(f.name, " ", "_")] {
		format = "%s speaks to a running Flink session, and a compiled job has none"
	}
	diags.Errorf(diag.SQLPlanned, f.pos, format, f.name).WithMissing("sql", f.name)
}

// featureIf is a list of one feature where on, else of none.
func featureIf(on bool, name string, pos diag.Pos) []feature {
	if !on {
		return nil
	}
	return []feature{{name, pos}}
}

// unrun are the features that a node itself needs, without what is in it.
func unrun(n sql.Node) []feature {
	switch n := n.(type) {
	case sql.Query: // all kinds are run; without this they would count as statements
	case sql.From:
		return unrunFrom(n)
	case sql.Expr:
		return unrunExpr(n)
	case sql.Stmt:
		return unrunStmt(n)
	case *sql.Hint:
		return featureIf(kindOfHint(n) == unrunHint, "hint "+strings.ToUpper(n.Name.Text), n.Pos)
	}
	return nil
}

func unrunFrom(f sql.From) []feature {
	switch f := f.(type) {
	case *sql.FromTable:
		out := featureIf(len(f.Extend) > 0, "EXTEND", f.Pos)
		if f.AsOf != nil {
			out = append(out, feature{"FOR SYSTEM_TIME AS OF", f.AsOf.Where()})
		}
		return out
	case *sql.Match:
		return featureIf(true, "MATCH_RECOGNIZE", f.Word)
	case *sql.Unpivot:
		return featureIf(true, "UNPIVOT", f.Word)
	case *sql.Sample:
		return featureIf(!takesAll(f), "TABLESAMPLE", f.Word)
	}
	return nil
}

// takesAll reports whether a sample is of all rows: of 100 percent, and in PyFlink
// 1.20.1 of none, too.
func takesAll(f *sql.Sample) bool {
	percent, ok := f.Arg.(*sql.Literal)
	return ok && f.Method != "SUBSTITUTE" && (percent.Value == int64(0) || percent.Value == int64(100))
}

// windowFunctions are the table functions that put rows into windows.
var windowFunctions = words.Set("TUMBLE HOP CUMULATE SESSION")

// unrunOperators are the operators and calls with a syntax of their own that
// isn't run.
var unrunOperators = map[string]bool{
	sql.OpMemberOf: true, sql.OpSubmultisetOf: true, sql.OpMultiset: true, sql.OpUnique: true,
	sql.OpIsEmpty: true, sql.OpIsNotEmpty: true, sql.OpIsASet: true, sql.OpIsNotASet: true, sql.OpFormatJSON: true,
	"OVERLAPS": true, "CONTAINS": true, "EQUALS": true, "PRECEDES": true, "SUCCEEDS": true, "IMMEDIATELY PRECEDES": true,
	"IMMEDIATELY SUCCEEDS": true, "PERIOD": true, "RUNNING": true, "FINAL": true, "SPECIFIC": true, "NEW": true,
	"NEXT VALUE": true, "CURRENT VALUE": true,
}

func unrunExpr(x sql.Expr) []feature {
	switch x := x.(type) {
	case *sql.Call:
		return unrunCall(x)
	case *sql.Default:
		return featureIf(true, "DEFAULT", x.Pos)
	case *sql.Param:
		return featureIf(true, "?", x.Pos)
	}
	return nil
}

// takesNulls are the functions that take IGNORE NULLS and RESPECT NULLS.
var takesNulls = words.Set("ARRAY_AGG LAG LEAD")

func unrunCall(x *sql.Call) []feature {
	out := featureIf(len(x.WithinGroup) > 0, "WITHIN GROUP", x.Pos)
	out = append(out, featureIf(len(x.WithinDistinct) > 0, "WITHIN DISTINCT", x.Pos)...)
	out = append(out, featureIf(x.Nulls != "" && !takesNulls[x.Func], x.Nulls+" NULLS", x.Pos)...)
	operator := x.Written == "" || strings.HasPrefix(x.Func, "IS ")
	switch {
	case x.Func == sql.OpEscape:
		return append(out, unrunEscape(x)...)
	case operator && unrunOperators[x.Func], strings.HasPrefix(x.Func, "MULTISET "), x.Func == "PERIOD":
		return append(out, feature{x.Func, x.Pos})
	}
	return out
}

func unrunStmt(st sql.Stmt) []feature {
	switch st := st.(type) {
	case *sql.CreateTable, *sql.CreateView:
		return nil
	case *sql.CreateFunction:
		return featureIf(st.Replace, "CREATE OR REPLACE", st.Pos)
	case *sql.Insert:
		return featureIf(len(st.Nested) > 0, "INSERT of nested columns", st.Pos)
	case *sql.Drop:
		switch st.Kind {
		case sql.TableObject, sql.ViewObject, sql.FunctionObject, sql.CatalogObject, sql.DatabaseObject:
			return nil
		}
	case *sql.Set, *sql.Reset, *sql.LoadModule, *sql.UnloadModule, *sql.Analyze, *sql.AlterFunction, *sql.CreateCatalog, *sql.CreateDatabase, *sql.Use, *sql.Execute, *sql.StatementSet, *sql.Explain, *sql.CompilePlan, *sql.ExecutePlan:
		return nil
	case *sql.Alter:
		return unrunAlter(st)
	case *sql.Show:
		if refusedShows[st.What] != "" {
			return nil
		}
		return featureIf(lists[st.What] == nil, "SHOW "+st.What, st.Pos)
	case *sql.Describe:
		return featureIf(st.What != "TABLE" && st.What != "CATALOG" && st.What != "DATABASE", "DESCRIBE "+st.What, st.Pos)
	}
	return featureIf(true, statementName(st), st.Where())
}

func unrunAlter(st *sql.Alter) []feature {
	switch st.Kind {
	case sql.TableObject, sql.ViewObject, sql.DatabaseObject, sql.CatalogObject:
		return nil
	}
	return featureIf(true, "ALTER "+st.Kind.String(), st.Pos)
}

// statementName is the name of a statement that isn't run: its first words.
func statementName(st sql.Stmt) string {
	switch st := st.(type) {
	case *sql.Drop:
		return "DROP " + st.Kind.String()
	case *sql.AlterScope:
		return "ALTER " + st.Scope
	case *sql.Command:
		return st.Words
	case *sql.Jar:
		if st.Remove {
			return "REMOVE JAR"
		}
		return "ADD JAR"
	}
	return statementNames[reflect.TypeOf(st)]
}

// statementNames are the names of the other statements.
var statementNames = map[reflect.Type]string{
	reflect.TypeFor[*sql.CreateMaterializedTable](): "CREATE MATERIALIZED TABLE",
	reflect.TypeFor[*sql.CreateModel]():             "CREATE MODEL",
	reflect.TypeFor[*sql.Update]():                  "UPDATE",
	reflect.TypeFor[*sql.Delete]():                  "DELETE",
	reflect.TypeFor[*sql.Merge]():                   "MERGE",
	reflect.TypeFor[*sql.Truncate]():                "TRUNCATE TABLE",
	reflect.TypeFor[*sql.CallProcedure]():           "CALL",
	reflect.TypeFor[*sql.StopJob]():                 "STOP JOB",
}

// refusedShows are the forms of SHOW that PyFlink 1.20.1 refuses, with the
// reason.
var refusedShows = map[string]string{
	"PROCEDURES": "the catalogs of a script have no procedures",
}

// refuse reports what Flink's grammar has and Flink refuses afterwards, and
// functions that need the Java virtual machine.
func (s *Session) refuse(n sql.Node) {
	switch n := n.(type) {
	case *sql.Hint:
		s.refuseHint(n)
	case *sql.Select:
		s.checkHints(n)
	case *sql.Show:
		if why := refusedShows[n.What]; why != "" {
			s.Diags.Errorf(diag.RefusedByFlink, n.Pos, "Flink refuses SHOW %s: %s", n.What, why)
		}
	case *sql.Describe:
		if n.What == "DATABASE" {
			s.Diags.Errorf(diag.RefusedByFlink, n.Pos, "PyFlink 1.20.1 refuses DESCRIBE DATABASE")
		}
	case *sql.PrimaryKey:
		switch {
		case n.Enforced && n.OfColumn:
			s.Diags.Errorf(diag.SQLVersion, n.Pos, "PyFlink 1.20.1 refuses a key without NOT ENFORCED; up to 1.16 it is one behind a column, and here").
				WithHint("write PRIMARY KEY NOT ENFORCED")
		case n.Enforced:
			s.Diags.Errorf(diag.SQLSyntax, n.Pos, "Flink doesn't enforce a key, so the script must say NOT ENFORCED").
				WithHint("write PRIMARY KEY … NOT ENFORCED")
		}
	case *sql.CreateTable:
		for _, k := range n.Unique {
			s.Diags.Errorf(diag.SQLSyntax, k.Pos, "Flink doesn't support UNIQUE constraints")
		}
	case *sql.CreateFunction:
		s.refuseLanguage(n.Language, n.LanguageWhere)
	case *sql.AlterFunction:
		s.refuseLanguage(n.Language, n.Class.Pos)
	case *sql.Insert:
		if n.Upsert {
			s.Diags.Errorf(diag.SQLSyntax, n.Pos, "Flink doesn't support UPSERT INTO").
				WithHint("write INSERT INTO; a sink with a primary key is updated by it")
		}
	}
}

// refuseLanguage reports a function that isn't written in Python; without a
// language it is Java.
func (s *Session) refuseLanguage(language string, pos diag.Pos) {
	if language == "PYTHON" {
		return
	}
	name := map[string]string{"SCALA": "Scala", "SQL": "SQL"}[language]
	if name == "" {
		name = "Java"
	}
	s.Diags.Errorf(diag.APIJava, pos, "the function is written in %s, which needs the Java virtual machine", name).
		WithHint("a Python function is declared with LANGUAGE PYTHON")
}
