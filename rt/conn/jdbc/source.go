package jdbc

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Source reads a table, or the parts of it that fall to one subtask: each is a
// query of its own. A record is the row's values as texts, in the order of
// Table.Read.
type Source struct {
	sub    *stream.Subtask
	table  *conn.Table
	opts   *Options
	faults []conn.OptionError
	link   link
	parts  []part    // of this subtask
	from   string    // the table or query as SQL text
	rel    *Relation // nil for a query

	done   map[part]bool      // parts that have been read
	skip   map[part]int64     // rows of parts that a checkpoint has
	now    int                // in parts
	read   int64              // rows of that part
	rows   Rows               // nil: the part isn't begun
	cancel context.CancelFunc // of its query
}

// part is a range of the column by which reading is split; the whole table if
// there is none.
type part struct{ low, high int64 }

var _ conn.ByteSource = (*Source)(nil)

// NewSource returns the source of one subtask.
func NewSource(sub *stream.Subtask, t *conn.Table) (*Source, error) {
	opts, target, faults, err := settings(*t, checkSource)
	if err != nil {
		return nil, err
	}
	s := &Source{
		sub: sub, table: t, opts: opts, faults: faults, done: map[part]bool{}, skip: map[part]int64{},
		link: link{target: target, table: t.Name, log: sub.Log, retries: opts.MaxRetries},
	}
	for i, p := range opts.parts() {
		if i%sub.Parallelism == sub.Index {
			s.parts = append(s.parts, p)
		}
	}
	return s, nil
}

// parts are the ranges of the options, as Flink cuts them: of as equal length as
// can be, the longer ones first.
func (o *Options) parts() []part {
	if o.PartitionColumn == "" {
		return []part{{}}
	}
	low, high := *o.PartitionLower, *o.PartitionUpper
	values := uint64(high) - uint64(low) + 1 // 0 stands for all of 64 bits
	n := uint64(*o.PartitionNum)
	if values != 0 {
		n = min(n, values)
	}
	size, longer := (values-1)/n, (values-1)%n+1 // of the shorter ones
	out := make([]part, n)
	for i := range out {
		end := low + int64(size) - 1
		if uint64(i) < longer {
			end++
		}
		out[i] = part{low, end}
		low = end + 1
	}
	return out
}

// Open implements stream.Opener: it connects and looks at the table.
func (s *Source) Open(ctx context.Context) error {
	for _, f := range s.faults {
		if f.Kind == conn.Ignored {
			s.sub.Log.Warn(f.Message, "table", s.table.Name)
		}
	}
	patience := min(openPatience, s.opts.RetryTimeout)
	if s.opts.ReadQuery != "" {
		s.from = "(" + s.opts.ReadQuery + ") pyfc_query"
		return s.link.do(ctx, patience, func(Session) error { return nil })
	}
	d := s.link.target.dialect
	err := s.link.do(ctx, patience, func(session Session) (err error) {
		s.rel, err = d.Describe(ctx, session, s.opts.Table)
		return err
	})
	switch {
	case err != nil && d.Classify(err) == Refused:
		return s.misfit(err)
	case err != nil:
		return err
	case s.rel == nil:
		return s.misfit(fmt.Errorf("%s has no table %s", s.link.target, s.opts.Table))
	}
	s.from = s.rel.SQL
	for _, i := range s.table.Read {
		if name := s.table.Columns[i].Name; s.rel.find(name) == nil {
			return s.misfit(fmt.Errorf("%s: the table %s in the database has no column %s", s.link.target, s.from, name))
		}
	}
	return nil
}

// column is a column's name in the database's SQL.
func (s *Source) column(name string) string {
	if s.rel != nil {
		if c := s.rel.find(name); c != nil {
			name = c.Name
		}
	}
	return s.link.target.dialect.Quote(name)
}

func (s *Source) misfit(err error) error { return &conn.Misconfigured{Table: s.table.Name, Err: err} }

// Poll implements conn.ByteSource.
func (s *Source) Poll(ctx context.Context, wake <-chan struct{}, r *conn.Records, limit int) error {
	for s.now < len(s.parts) {
		if s.done[s.parts[s.now]] {
			s.now++
			continue
		}
		if s.rows == nil {
			if err := s.begin(ctx); err != nil {
				return err
			}
		}
		switch ended, err := s.take(wake, r, limit); {
		case err != nil:
			return err
		case !ended:
			return nil
		}
	}
	return io.EOF
}

// begin runs the query of the next part.
func (s *Source) begin(ctx context.Context) error {
	query, err := s.query(s.parts[s.now])
	if err != nil {
		return s.misfit(err)
	}
	ctx, s.cancel = context.WithCancel(ctx)
	err = s.link.do(ctx, s.opts.RetryTimeout, func(session Session) (err error) {
		s.rows, err = session.Stream(ctx, query)
		return err
	})
	if err != nil {
		return s.blame(err)
	}
	p := s.parts[s.now]
	for s.read = 0; s.read < s.skip[p]; s.read++ {
		row, err := s.rows.Next()
		if err != nil {
			return s.blame(err)
		}
		if row == nil {
			break
		}
	}
	delete(s.skip, p)
	return nil
}

// take adds rows up to limit and reports whether the part has ended.
func (s *Source) take(wake <-chan struct{}, r *conn.Records, limit int) (ended bool, err error) {
	if r.Arena == nil {
		r.Arena = val.NewArena()
	}
	for len(r.Values) < limit {
		row, err := s.rows.Next()
		if err != nil {
			return false, s.blame(err)
		}
		if row == nil {
			err := s.rows.Close()
			s.cancel()
			s.done[s.parts[s.now]], s.rows = true, nil
			s.now++
			return true, err
		}
		s.read++
		r.Values = append(r.Values, encodeRow(r.Arena, row))
		select {
		case <-wake:
			return false, nil
		default:
		}
	}
	return false, nil
}

// blame says whose fault it is that a query fails.
func (s *Source) blame(err error) error {
	switch s.link.target.dialect.Classify(err) {
	case Lost, Transient:
		return &conn.Unreachable{Table: s.table.Name, System: s.link.target.String(), Err: err}
	}
	var known *conn.Unreachable
	var wrong *conn.Misconfigured
	if errors.As(err, &known) || errors.As(err, &wrong) || errors.Is(err, context.Canceled) {
		return err
	}
	return s.misfit(fmt.Errorf("%s: %w", s.link.target, err))
}

// encodeRow writes a row's values one after the other, each behind its length
// plus one; 0 is NULL.
func encodeRow(arena *val.Arena, row [][]byte) []byte {
	size := 0
	for _, v := range row {
		size += binary.MaxVarintLen32 + len(v)
	}
	out := arena.Alloc(size)[:0]
	for _, v := range row {
		if v == nil {
			out = append(out, 0)
			continue
		}
		out = binary.AppendUvarint(out, uint64(len(v))+1)
		out = append(out, v...)
	}
	return out
}

// Snapshot implements conn.ByteSource: a part that has been read is an entry, and
// so is one that is being read, with its rows so far. The database should give
// those in the same order when it is asked again.
func (s *Source) Snapshot(c *state.Snapshot) error {
	add := func(p part, rows int64) {
		c.List = append(c.List, binary.AppendVarint(binary.AppendVarint(binary.AppendVarint(nil, p.low), p.high), rows))
	}
	for p := range s.done {
		add(p, wholePart)
	}
	for p, rows := range s.skip {
		add(p, rows)
	}
	if s.rows != nil {
		add(s.parts[s.now], s.read)
		c.Notes = append(c.Notes, fmt.Sprintf("table %s: %d rows read", s.opts.Table, s.read))
	}
	return nil
}

// wholePart stands for the number of rows of a part that has been read.
const wholePart = -1

// Restore implements conn.ByteSource.
func (s *Source) Restore(r *state.Restored) error {
	for _, b := range r.List {
		var fields [3]int64
		for i := range fields {
			v, n := binary.Varint(b)
			if n <= 0 {
				return fmt.Errorf("the position in table %s in the checkpoint is damaged", s.table.Name)
			}
			fields[i], b = v, b[n:]
		}
		switch p := (part{fields[0], fields[1]}); {
		case !slices.Contains(s.parts, p): // another subtask's
		case fields[2] == wholePart:
			s.done[p] = true
		default:
			s.skip[p] = fields[2]
		}
	}
	return nil
}

// Close implements stream.Closer. A query that is under way is given up, with the
// session, rather than read to its end.
func (s *Source) Close() error {
	if s.rows == nil {
		return s.link.close()
	}
	s.cancel()
	_ = s.rows.Close() // says that it was given up
	s.rows = nil
	s.link.drop()
	return nil
}
