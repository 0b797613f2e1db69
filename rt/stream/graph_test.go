package stream_test

import (
	"testing"

	"pyfc/rt/stream"
)

func TestOrderInOneSubtask(t *testing.T) {
	for _, size := range []int{1, 3, 0} {
		var got collected
		g := stream.NewGraph(stream.Config{Parallelism: 1, BatchSize: size})
		s := stream.From(g, "source", newNumbers(2500, 7))
		double := stream.Map(s, "double", func(*stream.Subtask) func(in, out *stream.Batch[row]) error {
			return func(in, out *stream.Batch[row]) error {
				for i := range in.Rows {
					if in.Rows[i].n%5 == 0 {
						continue
					}
					r := out.Add()
					*r = in.Rows[i]
					r.key = out.Arena.Concat(r.key, "!")
				}
				return nil
			}
		})
		stream.To(stream.KeyBy(double, hashKey), "sink", got.sink)
		if e := run(t, g); e != stream.Finished {
			t.Fatalf("ending = %v", e)
		}
		if len(got.rows) != 2000 || got.closed != 1 {
			t.Fatalf("batch size %d: %d rows, closed %d times", size, len(got.rows), got.closed)
		}
		last := int64(-1)
		for _, r := range got.rows {
			if r.n <= last || r.key != "k"+string(rune('0'+r.n%7))+"!" {
				t.Fatalf("batch size %d: row %v after %d", size, r, last)
			}
			last = r.n
		}
		end := got.controls[len(got.controls)-1]
		if end.Kind != stream.End {
			t.Errorf("last control element is %v", end)
		}
	}
}
