package udfbridge

import (
	"fmt"
	"testing"

	"pyfc/ir/types"
	"pyfc/rt/stream"
)

const upperSource = `
from pyflink.table import DataTypes
from pyflink.table.udf import udf

@udf(input_types=[DataTypes.STRING(), DataTypes.BIGINT()], result_type=DataTypes.STRING())
def f(s, n):
    return s.upper()
`

func TestOrder(t *testing.T) {
	for _, batch := range []int{1, 3, 1000} {
		t.Run(fmt.Sprint(batch), func(t *testing.T) {
			c := newCall(t, pairSpec(upperSource, types.String()), "python.worker.address", sharedWorker(t))
			c.mustFeed(pairs(5000, batch))
			c.wantNumbers(5000, func(i int) string { return fmt.Sprint("ROW ", i) })
		})
	}
}

// BenchmarkStrings is a trivial function over short strings: what the bridge
// costs a row.
func BenchmarkStrings(b *testing.B) {
	const size = 1000
	next := &counter[pair]{}
	t := newTask(b)
	op, err := NewCall(t.sub, NewPool(config(b), "", t.sub.Log), pairSpec(upperSource, types.String()), pairCodec, next)
	if err != nil {
		b.Fatal(err)
	}
	defer op.Close()
	if err := op.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	template := pairs(size, size)[0]
	var inputs stream.Pool[pair]
	rows := 0
	b.ReportAllocs()
	for b.Loop() {
		in := inputs.Get()
		in.Rows = append(in.Rows, template.Rows...)
		rows += size
		if err := t.until(op.Ready); err != nil {
			b.Fatal(err)
		}
		if err := op.Process(in); err != nil {
			b.Fatal(err)
		}
	}
	if err := t.until(func() bool { return next.rows == rows }); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// counter is the end of a chain that only counts.
type counter[R any] struct{ rows int }

func (c *counter[R]) Process(b *stream.Batch[R]) error {
	c.rows += len(b.Rows)
	b.Release()
	return nil
}

func (c *counter[R]) Control(stream.Control) error { return nil }
func (c *counter[R]) Ready() bool                  { return true }
