package kafka

import (
	"context"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// Sink writes the rows of one subtask as messages. What a checkpoint has been
// taken behind is in the topic: each row at least once.
type Sink[R any] struct {
	messages
	write func(*R, val.Writer)
}

// NewSink returns the sink of one subtask; write gives a row's columns to the
// encoders of value and key. key is nil for messages without keys.
func NewSink[R any](sub *stream.Subtask, t conn.Table, write func(*R, val.Writer), value, key conn.Encoder) (*Sink[R], error) {
	s := &Sink[R]{write: write}
	return s, s.init(sub, &t, value, key)
}

// Process implements stream.Consumer.
func (s *Sink[R]) Process(b *stream.Batch[R]) error {
	defer b.Release()
	for i := range b.Rows {
		for j := range s.keys {
			s.write(&b.Rows[i], s.keys[j].Begin())
		}
		s.write(&b.Rows[i], s.values.Begin())
		if err := s.put(b.Kind(i)); err != nil {
			return err
		}
	}
	if s.waiting() {
		s.linger.Set(s.wait)
	}
	return nil
}

// messages is the part of a sink that doesn't depend on the row's type.
type messages struct {
	sub        *stream.Subtask
	table      *conn.Table
	client     client
	producer   producer
	value, key conn.Encoder
	changes    conn.ChangeEncoder // of the value; nil for a format of rows
	values     conn.Router        // columns to the value, and to what is beside it
	keys       []conn.Router      // columns to the key, as far as they follow each other
	beside     beside
	reducer    *reducer // nil: every change is sent
	message    outgoing

	ctx    context.Context // Open's: until the job ends or is abandoned
	linger *stream.Timer
	wait   time.Duration // of a message for others
}

func (m *messages) init(sub *stream.Subtask, t *conn.Table, value, key conn.Encoder) error {
	o, err := parse(t, (*Options).checkSink)
	if err != nil {
		return err
	}
	builder, _ := o.client() // checked by parse
	c, err := builder.load()
	if err != nil {
		return &conn.Misconfigured{Table: t.Name, Err: err}
	}
	m.sub, m.table, m.client, m.value, m.key = sub, t, c, value, key
	m.changes, _ = value.(conn.ChangeEncoder)
	m.producer = producer{
		cluster:  &cluster{dialer: c.dialer, bootstrap: o.Servers},
		topic:    topics{names: o.Topics, create: true},
		settings: c.settings, fixed: -1, log: sub.Log, table: t.Name, opts: o, turn: sub.Index,
		wrote:  func(rows int) { sub.Count.Written.Add(int64(rows)) },
		packer: compressor{codec: c.settings.codec},
	}
	if o.Partitioner == "fixed" {
		m.producer.fixed = sub.Index
	}
	m.wait = c.settings.linger
	if u := o.upsert; u != nil && u.FlushRows > 0 {
		m.reducer = newReducer(u.FlushRows, u.FlushInterval)
		m.wait = m.reducer.interval
	}
	m.linger = sub.NewTimer(m.flush)
	m.route()
	return nil
}

// route says where each column goes.
func (m *messages) route() {
	m.values.To = make([]val.Writer, len(m.table.Columns))
	inKey := map[int]bool{}
	for i, column := range m.table.RecordKey.Columns {
		inKey[column] = true
		// An encoder takes columns in order, and a row gives them in its own.
		if n := len(m.keys); n == 0 || column < m.table.RecordKey.Columns[i-1] {
			m.keys = append(m.keys, conn.Router{To: make([]val.Writer, len(m.table.Columns))})
		}
		m.keys[len(m.keys)-1].To[column] = m.key
	}
	for i := range m.values.To {
		if !m.table.RecordKey.Apart || !inKey[i] {
			m.values.To[i] = m.value
		}
	}
	for _, a := range m.table.Aside {
		m.values.To[a.Column] = &aside{m: &m.beside, key: a.Metadata}
	}
}

// Open implements stream.Opener: it finds the topic.
func (m *messages) Open(ctx context.Context) error {
	m.ctx = ctx
	if err := m.producer.open(ctx, m.client.open); err != nil {
		m.producer.cluster.close()
		return m.producer.blame(err)
	}
	return nil
}

// put takes over the row that the encoders hold.
func (m *messages) put(kind val.RowKind) error {
	out := &m.message
	*out = outgoing{time: m.beside.time, headers: m.beside.headers}
	if !m.beside.timed {
		out.time = time.Now().UnixMilli()
	}
	m.beside.clear()
	var err error
	if m.key != nil {
		if out.key, err = m.key.Record(); err != nil {
			return &conn.BadData{Table: m.table.Name, Err: err}
		}
	}
	if m.changes != nil {
		m.changes.Change(kind)
	}
	value, err := m.value.Record()
	switch {
	case !kind.Adds() && m.changes == nil: // a tombstone
	case err != nil:
		return &conn.BadData{Table: m.table.Name, Err: err}
	default:
		out.value = value
	}
	if m.reducer != nil {
		if m.reducer.put(out) {
			return m.flush()
		}
		return nil
	}
	return m.send(out)
}

// send gives a message to the producer, which sends what it has when it is enough.
func (m *messages) send(out *outgoing) error {
	enough, err := m.producer.put(out)
	switch {
	case err != nil:
		return &conn.BadData{Table: m.table.Name, Err: err}
	case enough:
		return m.producer.send(m.ctx)
	}
	return nil
}

// flush sends all that has been gathered.
func (m *messages) flush() error {
	if m.reducer != nil {
		if err := m.reducer.each(m.send); err != nil {
			return err
		}
	}
	return m.producer.send(m.ctx)
}

// waiting reports whether something has been gathered.
func (m *messages) waiting() bool {
	return m.producer.rows > 0 || m.reducer != nil && len(m.reducer.entries) > 0
}

// Control implements stream.Consumer. Rows before a barrier or the end are in
// the topic when it returns.
func (m *messages) Control(c stream.Control) error {
	if c.Kind != stream.Barrier && c.Kind != stream.End {
		return nil
	}
	if err := m.flush(); err != nil {
		return err
	}
	return m.producer.await(m.ctx)
}

// Ready implements stream.Consumer.
func (m *messages) Ready() bool { return true }

// Close implements stream.Closer.
func (m *messages) Close() error {
	if m.linger != nil {
		m.linger.Stop()
	}
	m.producer.cluster.close()
	return nil
}

// beside is what a message has beside its key and value.
type beside struct {
	timed   bool
	time    int64
	headers []byte // encoded; nil for none
	buf     []byte
}

func (b *beside) clear() { b.timed, b.headers = false, nil }

// aside takes the value of a metadata column.
type aside struct {
	conn.Discard
	m   *beside
	key string
}

// Datum implements val.Writer for the types that metadata has.
func (a *aside) Datum(d val.Datum, t *types.Type) {
	if a.key == "timestamp" {
		a.m.timed, a.m.time = true, d.Timestamp().Milli
		return
	}
	entries, n := d.Map(), 0
	a.m.buf = a.m.buf[:0]
	for i := range entries.Len() {
		name, value := entries.At(i, t)
		if name.Null || value.Null {
			continue // as in Flink
		}
		n++
		a.m.buf = appendVarint(a.m.buf, int64(len(name.Text())))
		a.m.buf = append(a.m.buf, name.Text()...)
		a.m.buf = appendVarint(a.m.buf, int64(len(value.Text())))
		a.m.buf = append(a.m.buf, value.Text()...)
	}
	if n == 0 {
		return
	}
	// The number comes first, and is only known now.
	end := len(a.m.buf)
	a.m.buf = appendVarint(a.m.buf, int64(n))
	a.m.buf = append(a.m.buf, a.m.buf[:end]...)
	a.m.headers = a.m.buf[end:]
}
