package udfbridge

import (
	"errors"
	"io"

	"pyfc/rt/op"
	"pyfc/rt/stream"
	"pyfc/rt/val"
	"pyfc/udfbridge/udfpb"
)

// seriesRows is how many rows a request of SeriesAgg has, if its last group ends
// there.
const seriesRows = 4 << 10

// SeriesAgg is the keyed aggregation by functions of pandas Series, in batch mode:
// when the input ends its rows are sorted by key, and a function is called once
// for each group, with Series of all its rows. As in PyFlink 1.20.1 the groups come
// out in the order of their keys, and no row without a group, not even of an
// aggregation without keys.
type SeriesAgg[In any, K comparable, A, Out any] struct {
	stream.Forward[Out]
	asker
	f AggFuncs[In, K, A, Out]

	rows    *op.Sorter[In]
	ahead   *In // the first row of the next request
	takes   []bool
	groups  []K // of the request
	batches stream.Pool[Out]
	key     K // functions get a pointer to it: a variable would be allocated for each row
}

// NewSeriesAgg makes the operator of one subtask, to which all rows of a group
// come. Compare orders rows of different groups. The first two columns of spec are
// the operator's own, INT and BOOLEAN.
func NewSeriesAgg[In any, K comparable, A, Out any](sub *stream.Subtask, pool *Pool, spec *Spec, out stream.Consumer[Out], f AggFuncs[In, K, A, Out], compare func(x, y *In) int) (*SeriesAgg[In, K, A, Out], error) {
	k, err := newAsker(sub, pool, spec)
	if err != nil {
		return nil, err
	}
	return &SeriesAgg[In, K, A, Out]{
		Forward: stream.Forward[Out]{Out: out}, asker: k, f: f,
		rows: op.NewSorter(sub, f.Rows, compare), takes: make([]bool, len(spec.Results)),
	}, nil
}

// Process implements stream.Consumer.
func (g *SeriesAgg[In, K, A, Out]) Process(b *stream.Batch[In]) error {
	for i := range b.Rows {
		if err := g.rows.Add(&b.Rows[i]); err != nil {
			return err
		}
	}
	b.Release()
	return nil
}

// Control implements stream.Consumer: at the end of the input the groups go out.
func (g *SeriesAgg[In, K, A, Out]) Control(c stream.Control) error {
	if c.Kind != stream.End {
		return g.Out.Control(c)
	}
	if err := g.rows.Finish(); err != nil {
		return err
	}
	var err error
	if g.ahead, err = g.next(); err != nil {
		return err
	}
	return op.AtEnd(g.sub, g.Out, c, g.piece)
}

// next is the next row, nil at the end.
func (g *SeriesAgg[In, K, A, Out]) next() (*In, error) {
	row, err := g.rows.Next()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	return row, err
}

// piece asks for some groups, gives them out, and reports whether there are more.
func (g *SeriesAgg[In, K, A, Out]) piece() (more bool, err error) {
	rows, err := g.collect()
	if err != nil || rows == 0 {
		return false, err
	}
	message, err := g.args.message(rows)
	if err != nil {
		return false, err
	}
	a, err := g.ask(&udfpb.CallRequest{Batch: message, Groups: make([][]byte, len(g.groups))}, rows)
	if err != nil {
		return false, err
	}
	out := g.batches.Get()
	out.Arena = val.NewArena()
	a.results.adopt(out.Arena, 0, a.results.rows)
	var none A
	for i := range g.groups {
		o := out.Add()
		g.f.Result(&g.groups[i], &none, o, out.Arena)
		g.f.Values(a.results, i, o)
	}
	return g.ahead != nil, g.Out.Process(out)
}

// collect takes the rows of the next groups into a request.
func (g *SeriesAgg[In, K, A, Out]) collect() (rows int, err error) {
	g.groups = g.groups[:0]
	for ; g.ahead != nil; rows++ {
		g.key = g.f.Key(g.ahead)
		if last := len(g.groups) - 1; last < 0 || g.groups[last] != g.key {
			if rows >= seriesRows {
				return rows, nil
			}
			g.f.Keep(&g.key)
			g.groups = append(g.groups, g.key)
		}
		g.args.Int32(groupColumn).Append(int32(len(g.groups) - 1))
		g.args.Bool(flagColumn).Append(false)
		g.f.Args(g.ahead, g.takes, g.args)
		if g.ahead, err = g.next(); err != nil {
			return 0, err
		}
	}
	return rows, nil
}

// Close closes the functions, ends the worker and removes files.
func (g *SeriesAgg[In, K, A, Out]) Close() error {
	g.rows.Close()
	return g.asker.Close()
}
