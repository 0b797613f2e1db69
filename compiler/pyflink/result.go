package pyflink

import (
	"slices"
	"strconv"
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/rt/conn/tableau"
	"pyfc/rt/val"
)

// What submissions give back. A tableResult is that of a statement;
// statementSetClass collects insertions for one.
var (
	tableResultClass  = pyeval.NewClass("pyflink.table.table_result", "TableResult")
	jobClientClass    = pyeval.NewClass("pyflink.common.job_client", "JobClient")
	futureClass       = pyeval.NewClass("pyflink.common.completable_future", "CompletableFuture")
	jobResultClass    = pyeval.NewClass("pyflink.common.job_execution_result", "JobExecutionResult")
	jobIDClass        = pyeval.NewClass("pyflink.common.job_id", "JobID")
	statementSetClass = pyeval.NewClass("pyflink.table.statement_set", "StatementSet")
)

// tableResult is what a statement gave. One of the fields is set.
type tableResult struct {
	listing *bind.Listing // what it answers

	// job is the number of tables that the statement inserts into.
	job int
	// number tells the jobs of insertions apart.
	number int
	// query is a query that runs when its rows are asked for.
	query *query
}

// query is a query whose rows aren't read yet.
type query struct {
	rel  ir.Rel
	at   diag.Pos
	read bool
	// submission is its position among the actions, once it is read.
	submission int
}

// future is what a handle gives of a job.
type future struct {
	of    *tableResult
	value func(*pyeval.Call, *tableResult) (pyeval.Value, error)
}

// statementSet are insertions that will run as one job.
type statementSet struct{ sinks []*ir.Sink }

func init() {
	is := func(v pyeval.Value) pyeval.NativeFunc {
		return func(*pyeval.Call) (pyeval.Value, error) { return v, nil }
	}
	declare(tableResultClass, "What a statement gives.",
		def("wait(self, timeout_ms: int|None = None)", "Waits for the job.", is(pyeval.None)),
		def("print(self)", "Shows the result.", printResult),
		def("collect(self)", "The rows, one by one.", collectResult),
		def("get_result_kind(self)", "ResultKind: whether there are rows, or it is only done.", func(c *pyeval.Call) (pyeval.Value, error) {
			if t, _ := pyeval.Data[*tableResult](c.Self()); t.listing == bind.Done {
				return pyeval.NewInt(0), nil
			}
			return pyeval.NewInt(1), nil
		}),
		def("get_table_schema(self)", "The columns of the result.", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[*tableResult](c.Self())
			switch {
			case t.query != nil:
				return tableSchemaClass.Make(t.query.rel.P().Schema), nil
			case t.listing != nil:
				return tableSchemaClass.Make(t.listing.Columns), nil
			}
			return nil, planned(c.At.Pos(), "TableResult.get_table_schema of an insertion")
		}),
		def("get_job_client(self)", "A handle of the job.", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[*tableResult](c.Self())
			if t.job == 0 && t.query == nil {
				return pyeval.None, nil
			}
			return jobClientClass.Make(t), nil
		}),
	)
	declare(jobClientClass, "A handle of a job.",
		def("get_job_id(self)", "The number of the job, another one at each run of the binary.", jobID),
		def("get_job_execution_result(self, user_class_loader = None)", "The result when the job has ended.", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[*tableResult](c.Self())
			return futureClass.Make(&future{t, jobEnd}), nil
		}),
		def("get_job_status(self)", "What the job is doing. What follows on an insertion sees its job ended.", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[*tableResult](c.Self())
			return futureClass.Make(&future{t, jobStatus}), nil
		}),
	)
	declare(futureClass, "A value that comes later.",
		def("result(self)", "Waits for the value.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*future](c.Self())
			return f.value(c, f.of)
		}),
		def("done(self)", "Whether the value is there: it is.", is(pyeval.Bool(true))),
		def("cancelled(self)", "Whether nobody waits for the value any more.", is(pyeval.Bool(false))),
		def("exception(self)", "Why there will be no value: it is there.", is(pyeval.None)),
		// PyFlink 1.20.1 prints the Java object, whose number is another one each time.
		def("__str__(self)", "", func(*pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr("java.util.concurrent.CompletableFuture@0[Completed normally]"), nil
		}),
	)
	declare(jobResultClass, "What a job that has ended gives.",
		def("get_job_id(self)", "The number of the job, as JobClient.get_job_id.", jobID))
	declare(jobIDClass, "The number of a job.")
	declare(statementSetClass, "Insertions that run as one job.",
		def("add_insert_sql(self, stmt: text)", "Adds an INSERT.", addInsertSQL),
		def("add_insert(self, target_path_or_descriptor, table: Table, overwrite: bool = False)", "Adds an insertion of a table.", addInsert),
		def("explain(self, *extra_details)", "The plan as text.", func(c *pyeval.Call) (pyeval.Value, error) {
			s, _ := pyeval.Data[*statementSet](c.Self())
			runOf(c).shown = true
			return pyeval.NewStr(bind.Explain(s.sinks...)), nil
		}),
		def("execute(self)", "Runs the insertions.", executeSet),
	)
}

// jobID is the number of a job, which only its run has.
func jobID(c *pyeval.Call) (pyeval.Value, error) {
	t, _ := pyeval.Data[*tableResult](c.Self())
	return ofRun(c, t, ir.DriverJob, "get_job_id()")
}

// jobStatus is the status of a job. As the driver of PyFlink may find its job
// running or ended, only the run tells.
func jobStatus(c *pyeval.Call, t *tableResult) (pyeval.Value, error) {
	return ofRun(c, t, ir.DriverEnded, "JobClient.get_job_status().result()")
}

func jobEnd(_ *pyeval.Call, t *tableResult) (pyeval.Value, error) {
	return jobResultClass.Make(t), nil
}

// ofRun is what the run tells of a job to a driver.
func ofRun(c *pyeval.Call, t *tableResult, kind ir.DriverKind, origin string) (pyeval.Value, error) {
	r := runOf(c)
	switch {
	case t.job == 0:
		return nil, planned(c.At.Pos(), origin+" of a query")
	case r.driver == nil:
		return nil, r.needsDriver(c.At.Pos(), origin)
	}
	r.driver.answer = &ir.DriverAnswer{Kind: kind, Text: ir.Literal(strconv.Itoa(t.number))}
	return pyeval.NewLate(origin, c.Span), nil
}

func addInsertSQL(c *pyeval.Call) (pyeval.Value, error) {
	st, err := statement(c, "stmt")
	if err != nil {
		return nil, err
	}
	if _, ok := st.(*sql.Insert); !ok {
		return nil, argument(st.Where(), "add_insert_sql takes an INSERT")
	}
	out, err := runOf(c).execute(c.Thread, c.Span.File, st)
	return c.Self(), addSink(c, out.Sink, err)
}

func addInsert(c *pyeval.Call) (pyeval.Value, error) {
	path, err := target(c, "target_path_or_descriptor", relOf(c.Arg("table")))
	if err != nil {
		return nil, err
	}
	sink := runOf(c).session.Insert(relOf(c.Arg("table")), path, c.Span.Pos())
	if sink != nil {
		sink.Overwrite = c.Bool("overwrite")
	}
	return c.Self(), addSink(c, sink, nil)
}

func addSink(c *pyeval.Call, sink *ir.Sink, err error) error {
	if s, _ := pyeval.Data[*statementSet](c.Self()); sink != nil {
		s.sinks = append(s.sinks, sink)
	}
	return err
}

func executeSet(c *pyeval.Call) (pyeval.Value, error) {
	s, _ := pyeval.Data[*statementSet](c.Self())
	r := runOf(c)
	if len(s.sinks) == 0 {
		if r.failed() {
			return pyeval.Poison(c.Span), nil
		}
		return nil, nothingToRun(c.Span.Pos(), "the statement set is empty")
	}
	sinks := s.sinks
	s.sinks = nil
	return r.insert(c.Span.Pos(), sinks...), nil
}

// insert submits insertions as one job.
func (r *run) insert(pos diag.Pos, sinks ...*ir.Sink) pyeval.Value {
	r.submitInserts(pos, sinks...)
	return r.inserted(len(sinks))
}

func (r *run) submitInserts(pos diag.Pos, sinks ...*ir.Sink) {
	names := make([]string, len(sinks))
	for i, s := range sinks {
		names[i] = qualified(s.Table.Name)
	}
	r.submit("insert-into_"+strings.Join(names, ","), pos, sinks...)
}

// inserted is the result of insertions into so many tables.
func (r *run) inserted(n int) pyeval.Value { return tableResultClass.Make(r.jobOf(n)) }

// jobResult is what a job gave whose end was waited for.
func (r *run) jobResult() pyeval.Value { return jobResultClass.Make(r.jobOf(1)) }

func (r *run) jobOf(tables int) *tableResult {
	r.jobs++
	return &tableResult{job: tables, number: r.jobs}
}

// ran is the result of a query.
func (r *run) ran(rel ir.Rel, at diag.Pos) pyeval.Value {
	if rel == nil {
		return pyeval.Poison(pyast.Span{})
	}
	q := &query{rel: rel, at: at}
	r.queries = append(r.queries, q)
	return tableResultClass.Make(&tableResult{query: q})
}

// printResult is TableResult.print.
func printResult(c *pyeval.Call) (pyeval.Value, error) {
	t, _ := pyeval.Data[*tableResult](c.Self())
	r := runOf(c)
	switch {
	case t.query != nil:
		return pyeval.None, r.show(c, t.query)
	case t.job != 0:
		r.print(strings.Join(slices.Repeat([]string{unknownCount}, t.job), ", ") + "\n")
	default:
		r.print(listingText(t.listing))
	}
	return pyeval.None, nil
}

// listingText is how a listing is shown.
func listingText(l *bind.Listing) string {
	rows := make([][]string, len(l.Rows))
	for i, r := range l.Rows {
		for _, cell := range r {
			text := ""
			switch cell := cell.(type) {
			case string:
				text = cell
			case bool:
				text = string(val.AppendTruth(nil, cell))
			}
			rows[i] = append(rows[i], text)
		}
	}
	if l.Plain {
		return rows[0][0] + "\n"
	}
	return tableau.Text(l.Columns.Names(), rows)
}

// unknownCount stands for the number of rows that an insertion writes.
const unknownCount = "-1"

// print makes a text that is known at build an action of the job.
func (r *run) print(text string) {
	r.shown = true
	if r.driver != nil {
		r.driver.answer = &ir.DriverAnswer{Kind: ir.DriverPrint, Text: ir.Literal(text)}
		return
	}
	r.job.Actions = append(r.job.Actions, ir.Action{Print: ir.Literal(text)})
}

// show runs a query and shows its rows in a frame.
func (r *run) show(c *pyeval.Call, q *query) error {
	if !q.take() {
		r.print(tableau.Text(nil, nil))
		return nil
	}
	f, err := r.frame(!r.batchTables)
	if err != nil {
		return err
	}
	if sink := r.session.Show(q.rel, f, q.at); sink != nil {
		r.submit(bind.CollectTable, q.at, sink)
	}
	return nil
}

// frame is how the configuration says that rows are shown.
func (r *run) frame(op bool) (bind.Frame, error) {
	f := bind.Frame{Op: op, MaxWidth: tableau.DefaultMaxWidth}
	if text := r.config.text(maxWidthKey); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return f, diag.New(diag.OptionValue, r.config.values[maxWidthKey].pos, "%s: %q is not a positive number", maxWidthKey, text)
		}
		f.MaxWidth = n
	}
	if zone, ok := r.config.values[zoneKey]; ok {
		f.Zone = zone.text
	}
	return f, nil
}

// Configuration entries that say how rows are shown.
const (
	maxWidthKey = "table.display.max-column-width"
	zoneKey     = "table.local-time-zone"
)

// take reports whether there are rows to read: they can be read once.
func (q *query) take() bool {
	first := !q.read
	q.read = true
	return first
}
