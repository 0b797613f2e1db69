package jdbc

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Sink writes the rows of one subtask into a table. With a key it converges:
// the table gets each key's last change, whatever was written before. Without
// a key rows are inserted, and may be inserted twice when a connection is lost
// in the middle of a statement.
type Sink[R any] struct {
	writer
	write func(*R, val.Writer)
}

// NewSink returns the sink of one subtask; write gives it a row's columns.
// Several subtasks must get disjoint keys.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer)) (*Sink[R], error) {
	opts, target, faults, err := settings(t, func(*Options, *conn.Table) []conn.OptionError { return nil })
	if err != nil {
		return nil, err
	}
	s := &Sink[R]{write: write}
	s.writer = writer{
		sub: sub, table: &t, opts: opts, faults: faults, dialect: target.dialect,
		buf:  newBuffer(target.dialect, &t),
		link: link{target: target, table: t.Name, log: sub.Log, retries: opts.MaxRetries},
	}
	s.linger = sub.NewTimer(s.flush)
	return s, nil
}

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	defer b.Release()
	for i := range b.Rows {
		s.buf.begin()
		s.write(&b.Rows[i], s.buf)
		// A -U takes the row away until the +U that follows it; a filter in
		// front of the sink may have dropped that one.
		if err := s.buf.end(b.Kind(i)); err != nil {
			return err
		}
		if s.full() {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	s.arm()
	return nil
}

// writer is the part of a sink that doesn't depend on the row's type.
type writer struct {
	sub     *stream.Subtask
	table   *conn.Table
	opts    *Options
	faults  []conn.OptionError
	dialect Dialect
	buf     *buffer
	link    link
	ctx     context.Context // Open's: until the job ends or is abandoned
	linger  *stream.Timer   // to the next flush by interval

	// The fixed parts of the statements.
	insert, overwrite, deleteIn, deleteWhere string

	stmt []byte // the statement being sent
}

const (
	// writePatience is how long, at least, a lost database is waited for while
	// rows are written: its restart must not fail the job.
	writePatience = 60 * time.Second
	// openPatience is how long, at most, it is waited for at the start, when a
	// wrong address is more likely than a restart.
	openPatience = 20 * time.Second
	// stmtSize is the size to which statements grow, if the server permits it;
	// bufferSize is how much text waits for a flush by rows or interval.
	stmtSize   = 1 << 20
	bufferSize = 4 << 20
)

// Open implements stream.Opener: it connects and compares the table with the
// sink's columns.
func (w *writer) Open(ctx context.Context) error {
	w.ctx = ctx
	for _, f := range w.faults {
		if f.Kind == conn.Ignored {
			w.sub.Log.Warn(f.Message, "table", w.table.Name)
		}
	}
	var rel *Relation
	err := w.link.do(ctx, min(openPatience, w.opts.RetryTimeout), func(s Session) (err error) {
		rel, err = w.dialect.Describe(ctx, s, w.opts.Table)
		return err
	})
	if err != nil {
		if w.dialect.Classify(err) == Refused {
			return w.misfit(err)
		}
		return err
	}
	if rel == nil {
		return w.misfit(fmt.Errorf("%s has no table %s", w.link.target, w.opts.Table))
	}
	names, err := match(w.table, rel, w.dialect)
	if err != nil {
		return w.misfit(fmt.Errorf("%s: %w", w.link.target, err))
	}
	if key := pick(names, w.table.Key); len(key) > 0 && !rel.uniqueWithin(key) {
		w.sub.Log.Warn("the database's table has no unique index over the query's key, so that each change may add a row",
			"table", w.table.Name, "key", strings.Join(key, ", "))
	}
	w.prepare(rel.SQL, names)
	return nil
}

func (w *writer) misfit(err error) error { return &conn.Misconfigured{Table: w.table.Name, Err: err} }

// prepare makes the fixed parts of the statements, with the columns' names as
// the database has them.
func (w *writer) prepare(table string, names []string) {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = w.dialect.Quote(n)
	}
	w.buf.names = quoted
	w.insert = "INSERT INTO " + table + " (" + strings.Join(quoted, ", ") + ") VALUES "
	if key := pick(quoted, w.table.Key); len(key) > 0 {
		w.overwrite = w.dialect.Overwrite(quoted, key)
		w.deleteWhere = "DELETE FROM " + table + " WHERE "
		w.deleteIn = w.deleteWhere + "(" + strings.Join(key, ", ") + ") IN ("
	}
}

// Control implements stream.Consumer. Rows before a barrier or the end are in
// the database when it returns.
func (w *writer) Control(c stream.Control) error {
	if c.Kind == stream.Barrier || c.Kind == stream.End {
		return w.flush()
	}
	return nil
}

// Ready implements stream.Consumer: rows are taken in whenever the task runs.
func (w *writer) Ready() bool { return true }

// Close implements stream.Closer.
func (w *writer) Close() error {
	if w.linger != nil {
		w.linger.Stop()
	}
	return w.link.close()
}

func (w *writer) full() bool {
	return w.opts.FlushRows > 0 && len(w.buf.rows) >= w.opts.FlushRows || len(w.buf.text) >= bufferSize
}

// arm starts the time that the first buffered row may wait.
func (w *writer) arm() {
	if len(w.buf.rows) > 0 && w.opts.FlushInterval > 0 {
		w.linger.Set(w.opts.FlushInterval)
	}
}

// flush writes the buffered rows. Keys are sorted, so that shards lock them in
// the same order.
func (w *writer) flush() error {
	if len(w.buf.rows) == 0 {
		return nil
	}
	rows := w.buf.rows
	if len(w.table.Key) > 0 {
		slices.SortFunc(rows, func(a, b bufferedRow) int {
			return cmp.Or(cmp.Compare(a.op, b.op), strings.Compare(a.key, b.key))
		})
	}
	for len(rows) > 0 {
		n, err := w.send(rows)
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	w.sub.Count.Written.Add(int64(len(w.buf.rows)))
	w.buf.reset()
	return nil
}

// send writes, in one statement, as many of the rows as it can hold, and
// returns their number.
func (w *writer) send(rows []bufferedRow) (int, error) {
	var n int
	var tooLarge error
	err := w.link.do(w.ctx, max(writePatience, w.opts.RetryTimeout), func(s Session) error {
		n = w.build(rows, min(stmtSize, s.MaxStatement()))
		if len(w.stmt) > s.MaxStatement() {
			tooLarge = fmt.Errorf("the row takes a statement of %d bytes, and the server's limit is %d", len(w.stmt), s.MaxStatement())
			return nil
		}
		return s.Exec(w.ctx, val.View(w.stmt))
	})
	switch {
	case tooLarge != nil:
		return n, &conn.BadData{Table: w.table.Name, Row: w.buf.describeAt(rows[0]), Err: tooLarge}
	case err != nil && w.dialect.Classify(err) == Refused:
		return n, w.blame(rows[:n], err)
	}
	return n, err
}

// build makes the statement for the first rows, of one operation: as many as
// limit bytes hold, one at least. It returns their number.
func (w *writer) build(rows []bufferedRow, limit int) int {
	head, tail := w.insert, w.overwrite
	switch rows[0].op {
	case deleteKey:
		head, tail = w.deleteIn, ")"
	case deleteWhere:
		head, tail = w.deleteWhere, ""
		rows = rows[:1]
	}
	stmt := append(w.stmt[:0], head...)
	n := 0
	for _, r := range rows {
		if n > 0 && (r.op != rows[0].op || len(stmt)+len(",()")+r.end-r.start+len(tail) > limit) {
			break
		}
		if n > 0 {
			stmt = append(stmt, ',')
		}
		stmt = append(stmt, '(')
		stmt = append(stmt, w.buf.text[r.start:r.end]...)
		stmt = append(stmt, ')')
		n++
	}
	w.stmt = append(stmt, tail...)
	return n
}

// blame finds the row among those of a refused statement for which the
// database refuses it, and says which row and column that is.
func (w *writer) blame(rows []bufferedRow, refusal error) error {
	bad := &conn.BadData{Table: w.table.Name, Err: refusal}
	for len(rows) > 1 {
		if half := len(rows) / 2; w.probe(rows[:half]) != nil {
			rows = rows[:half]
		} else {
			rows = rows[half:]
		}
	}
	if err := w.probe(rows); err != nil {
		bad.Err = err
		bad.Row = w.buf.describeAt(rows[0])
	}
	if name := w.dialect.Column(bad.Err); name != "" {
		bad.Column = name
		i := slices.IndexFunc(w.buf.names, func(n string) bool { return strings.EqualFold(n, w.dialect.Quote(name)) })
		if i >= 0 {
			bad.Column, bad.Expr = w.table.Columns[i].Name, w.table.Columns[i].Expr
		}
	}
	return bad
}

// probe returns the error with which the database refuses the rows, having
// changed nothing; nil if it takes them, or doesn't answer.
func (w *writer) probe(rows []bufferedRow) error {
	var refusal error
	err := w.link.do(w.ctx, 0, func(s Session) error {
		if err := s.Exec(w.ctx, "BEGIN"); err != nil {
			return err
		}
		w.build(rows, s.MaxStatement())
		refusal = s.Exec(w.ctx, val.View(w.stmt))
		return s.Exec(w.ctx, "ROLLBACK")
	})
	if err != nil || refusal == nil || w.dialect.Classify(refusal) != Refused {
		return nil
	}
	return refusal
}
