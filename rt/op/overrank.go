package op

import "pyfc/rt/val"

// Position computes a function of a row's position in its partition.
type Position[In, Out, T any] struct {
	value func(p *Partition[In], i int) T
	set   func(o *Out, v T)
}

// Run implements Window.
func (w *Position[In, Out, T]) Run(p *Partition[In], from int, out []Out, _ *val.Arena) error {
	for i := range out {
		w.set(&out[i], w.value(p, from+i))
	}
	return nil
}

// OverRowNumber is ROW_NUMBER: the position from 1.
func OverRowNumber[In, Out any](set func(o *Out, v int64)) *Position[In, Out, int64] {
	return &Position[In, Out, int64]{func(_ *Partition[In], i int) int64 { return int64(i) + 1 }, set}
}

// OverRank is RANK: the position of the first row that is equal by the order.
func OverRank[In, Out any](set func(o *Out, v int64)) *Position[In, Out, int64] {
	return &Position[In, Out, int64]{func(p *Partition[In], i int) int64 { return int64(p.First(i)) + 1 }, set}
}

// OverDenseRank is DENSE_RANK: how many different rows by the order there are up
// to this one.
func OverDenseRank[In, Out any](set func(o *Out, v int64)) *Position[In, Out, int64] {
	var rank int64
	return &Position[In, Out, int64]{func(p *Partition[In], i int) int64 {
		switch {
		case i == 0:
			rank = 1
		case p.First(i) == i:
			rank++
		}
		return rank
	}, set}
}

// OverPercentRank is PERCENT_RANK: the rank from 0 to 1.
func OverPercentRank[In, Out any](set func(o *Out, v float64)) *Position[In, Out, float64] {
	return &Position[In, Out, float64]{func(p *Partition[In], i int) float64 {
		if p.Len() == 1 {
			return 0
		}
		return float64(p.First(i)) / float64(p.Len()-1)
	}, set}
}

// OverCumeDist is CUME_DIST: the share of the rows that don't come behind this
// one.
func OverCumeDist[In, Out any](set func(o *Out, v float64)) *Position[In, Out, float64] {
	return &Position[In, Out, float64]{func(p *Partition[In], i int) float64 {
		return float64(p.End(i)) / float64(p.Len())
	}, set}
}

// OverTile is NTILE: the number of the bucket, of so many as buckets
// says, which are as equal as can be.
func OverTile[In, Out any](buckets func(r *In) int64, set func(o *Out, v int64)) *Position[In, Out, int64] {
	return &Position[In, Out, int64]{func(p *Partition[In], i int) int64 {
		n, parts := int64(p.Len()), buckets(p.Row(0))
		size, larger := n/parts, n%parts // larger buckets come first
		if at := int64(i); at < larger*(size+1) {
			return at/(size+1) + 1
		}
		return (int64(i)-larger)/size + 1
	}, set}
}

// Shift is LAG or LEAD: a value of another row of the partition.
type Shift[In, Out any] struct {
	sign    int64
	offset  func(r *In) int64
	take    func(o *Out, from *In)
	without func(o *Out, current *In)
}

// OverShift takes values from the row that lies sign times offset behind the
// current one; without sets the column where there is no such row.
func OverShift[In, Out any](sign int64, offset func(r *In) int64, take, without func(o *Out, r *In)) *Shift[In, Out] {
	return &Shift[In, Out]{sign, offset, take, without}
}

// Run implements Window.
func (w *Shift[In, Out]) Run(p *Partition[In], from int, out []Out, _ *val.Arena) error {
	for i := range out {
		row := p.Row(from + i)
		at := int64(from+i) + w.sign*w.offset(row)
		if at >= 0 && at < int64(p.Len()) {
			w.take(&out[i], p.Row(int(at)))
		} else {
			w.without(&out[i], row)
		}
	}
	return nil
}
