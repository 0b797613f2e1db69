package pyflink

import (
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
)

// What submissions give back. A tableResult is that of a statement;
// statementSetClass collects insertions for one.
var (
	tableResultClass  = pyeval.NewClass("pyflink.table.table_result", "TableResult")
	jobClientClass    = pyeval.NewClass("pyflink.common.job_client", "JobClient")
	futureClass       = pyeval.NewClass("pyflink.common.completable_future", "CompletableFuture")
	jobResultClass    = pyeval.NewClass("pyflink.common.job_execution_result", "JobExecutionResult")
	statementSetClass = pyeval.NewClass("pyflink.table.statement_set", "StatementSet")
)

// tableResult says whether a statement started a job.
type tableResult struct{ job bool }

// statementSet are insertions that will run as one job.
type statementSet struct{ sinks []*ir.Sink }

func init() {
	none := func(*pyeval.Call) (pyeval.Value, error) { return pyeval.None, nil }
	make := func(class *pyeval.Class) pyeval.NativeFunc {
		return func(*pyeval.Call) (pyeval.Value, error) { return class.Make(nil), nil }
	}
	declare(tableResultClass, "What a statement gives.",
		def("wait(self, timeout_ms: int|None = None)", "Waits for the job.", none),
		def("get_job_client(self)", "A handle of the job.", func(c *pyeval.Call) (pyeval.Value, error) {
			if t, _ := pyeval.Data[*tableResult](c.Self()); !t.job {
				return pyeval.None, nil
			}
			return jobClientClass.Make(nil), nil
		}),
	)
	declare(jobClientClass, "A handle of a job.",
		def("get_job_execution_result(self, user_class_loader = None)", "The result when the job has ended.", make(futureClass)),
	)
	declare(futureClass, "A value that comes later.",
		def("result(self)", "Waits for the value.", make(jobResultClass)),
	)
	declare(jobResultClass, "What a job that has ended gives.")
	declare(statementSetClass, "Insertions that run as one job.",
		def("add_insert_sql(self, stmt: text)", "Adds an INSERT.", addInsertSQL),
		def("add_insert(self, target_path_or_descriptor, table: Table, overwrite: bool = False)", "Adds an insertion of a table.", addInsert),
		def("execute(self)", "Runs the insertions.", executeSet),
	)
}

func addInsertSQL(c *pyeval.Call) (pyeval.Value, error) {
	st, err := statement(c, "stmt")
	if err != nil {
		return nil, err
	}
	if _, ok := st.(*sql.Insert); !ok {
		return nil, argument(st.Where(), "add_insert_sql takes an INSERT")
	}
	sink, err := runOf(c).execute(c, st)
	return c.Self(), addSink(c, sink, err)
}

func addInsert(c *pyeval.Call) (pyeval.Value, error) {
	if _, ok := c.Arg("target_path_or_descriptor").(*pyeval.Str); !ok {
		return nil, planned(c.At.Pos(), "StatementSet.add_insert with a TableDescriptor")
	}
	if c.Bool("overwrite") {
		return nil, planned(c.Where("overwrite").Pos(), "StatementSet.add_insert with overwrite")
	}
	path, err := pathOf(c, "target_path_or_descriptor")
	if err != nil {
		return nil, err
	}
	sink := runOf(c).session.Insert(relOf(c.Arg("table")), path, c.Span.Pos())
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
	name := "insert-into_"
	for i, sink := range s.sinks {
		if i > 0 {
			name += ","
		}
		name += qualified(sink.Table.Name)
	}
	r.submit(name, c.Span.Pos(), s.sinks...)
	s.sinks = nil
	return tableResultClass.Make(&tableResult{job: true}), nil
}
