package udfbridge

import (
	"fmt"
	"testing"

	"pyfc/ir/types"
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
			c := newCall(t, pairSpec(upperSource, types.String()))
			c.mustFeed(pairs(5000, batch))
			c.wantNumbers(5000, func(i int) string { return fmt.Sprint("ROW ", i) })
		})
	}
}

func BenchmarkStrings(b *testing.B) {
	c := newCall(b, pairSpec(upperSource, types.String()))
	rows := 0
	b.ReportAllocs()
	for b.Loop() {
		in := pairs(1000, 1000)
		rows += 1000
		if err := c.until(c.op.Ready); err != nil {
			b.Fatal(err)
		}
		if err := c.op.Process(in[0]); err != nil {
			b.Fatal(err)
		}
	}
	if err := c.until(func() bool { return len(c.out.rows) == rows }); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
