package exprs

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"pyfc/rt/val"
)

// numRows is a full batch; it and its results stay in the processor's caches.
const numRows = 1024

// Rows makes the input, the same each time: one value in sixteen is NULL.
func Rows() []Row {
	rnd := rand.New(rand.NewPCG(7, 11))
	words := []string{"abc", "xyz", "Abel, the second, of many", "bcd", "some longer text, 64 bytes or so, as a path might have it", " ab ", ""}
	rows := make([]Row, numRows)
	for i := range rows {
		r := &rows[i]
		r.A, r.B, r.I = rnd.Int64N(1000), rnd.Int64N(1000), rnd.Int32N(1000)
		r.D, r.E = rnd.Float64()*1e6, rnd.Float64()*1e3
		r.S, r.T = words[rnd.IntN(len(words))], words[rnd.IntN(len(words))]
		r.N = strconv.FormatInt(rnd.Int64N(1e9), 10)
		r.P, r.Q = rnd.Int64N(1e9), rnd.Int64N(1e9)
		r.F = rnd.IntN(2) == 1
		r.Day, r.TS = rnd.Int32N(30_000), rnd.Int64N(2_000_000_000_000)
		for bit := range Columns {
			if rnd.IntN(16) == 0 {
				r.Nulls |= 1 << bit
				r.zero(bit)
			}
		}
	}
	return rows
}

// zero gives a NULL column the value that it has in generated rows, so that
// both sides compute with the same.
func (r *Row) zero(bit int) {
	zeros := [...]func(){
		func() { r.A = 0 }, func() { r.B = 0 }, func() { r.I = 0 }, func() { r.D = 0 }, func() { r.E = 0 }, func() { r.S = "" },
		func() { r.T = "" }, func() { r.N = "" }, func() { r.P = 0 }, func() { r.Q = 0 }, func() { r.F = false }, func() { r.Day = 0 }, func() { r.TS = 0 },
	}
	zeros[bit]()
}

// Compare measures case i. prepare returns the generated function over in, and
// what frees its results.
func Compare(i, rounds int, in []Row, prepare func() (run, release func())) Figure {
	run, release := prepare()
	generated := func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			run()
			release()
		}
	}
	hand := func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			arena := val.NewArena()
			if n := Cases[i].Hand(in, arena); n != len(in) {
				panic(fmt.Sprintf("%d results", n))
			}
			arena.Release()
		}
	}
	// By turns, and the better one of each: others use the machine, too.
	f := Figure{SQL: Cases[i].SQL}
	for round := range rounds {
		g, h := testing.Benchmark(generated), testing.Benchmark(hand)
		f.Generated = better(f.Generated, perRow(g))
		f.Hand = better(f.Hand, perRow(h))
		if round == 0 {
			f.Allocs, f.HandAllocs = perThousand(g), perThousand(h)
		}
		f.Allocs, f.HandAllocs = min(f.Allocs, perThousand(g)), min(f.HandAllocs, perThousand(h))
	}
	return f
}

func better(a, b float64) float64 {
	if a == 0 {
		return b
	}
	return min(a, b)
}

func perRow(r testing.BenchmarkResult) float64 {
	return float64(r.T.Nanoseconds()) / float64(r.N) / numRows
}

// perThousand leaves out the arena of the batch and its chunk.
func perThousand(r testing.BenchmarkResult) float64 {
	return float64(max(r.AllocsPerOp()-arenaAllocs, 0)) * 1000 / numRows
}

// arenaAllocs are the allocations of one batch's arena: itself, a chunk and the
// list of chunks.
const arenaAllocs = 3
