package stream

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestGate feeds control elements of several producers: "1w5" is watermark 5
// from producer 1; b, i, e are barrier, idle and end, r is a row.
func TestGate(t *testing.T) {
	cases := []struct{ in, want string }{
		{"0w5 1w3", "w3"},
		{"0w5 1w3 1w4 1w9 0w6", "w3 w4 w5 w6"},
		{"0w5 0w4 1w8", "w5"},
		{"0w5 1i", "w5"},
		{"0w5 1i 0w7 1w6 1w9", "w5 w7"},
		{"0w5 1w3 1i 0i", "w3 w5 i"},
		{"0w9 1w3 0i 1i", "w3 w9 i"},
		{"0i 1i 0r 0i", "i i"},
		{"0w5 0e 1w7 1e", "w7 e"},
		{"0e 1i 1w4 1e", "i w4 e"},
		{"0b 1w4 1b", "b"},
		{"0b 1e 1b 0e", "b e"},
		{"0w1 1w1 0b 1b 0b 1b", "w1 b b"},
	}
	for _, c := range cases {
		g := gate{watermark: math.MinInt64}
		for range 2 {
			g.inlets = append(g.inlets, &inlet{watermark: math.MinInt64})
		}
		var got []string
		deliver := func(c Control) error {
			s := [...]string{Watermark: "w", Barrier: "b", Idle: "i", End: "e"}[c.Kind]
			if c.Kind == Watermark {
				s += fmt.Sprint(c.Time)
			}
			got = append(got, s)
			return nil
		}
		for _, word := range strings.Fields(c.in) {
			in := g.inlets[word[0]-'0']
			var e Control
			switch word[1] {
			case 'w':
				e.Kind = Watermark
				if _, err := fmt.Sscan(word[2:], &e.Time); err != nil {
					t.Fatal(err)
				}
			case 'b':
				e.Kind = Barrier
			case 'i':
				e.Kind = Idle
			case 'e':
				e.Kind = End
			case 'r':
				g.active(in)
				continue
			}
			if err := g.merge(in, e, deliver); err != nil {
				t.Fatal(err)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s gives %q, want %q", c.in, s, c.want)
		}
	}
}

// TestHeldLane looks at what a port hands out while it aligns a barrier.
func TestHeldLane(t *testing.T) {
	tk := &task{wake: make(chan struct{}, 1)}
	p := &port[int]{inbox: newInbox(tk, nil, nil)}
	a, b := p.lane(tk), p.lane(tk)
	row := func(n int) element[int] { return element[int]{batch: &Batch[int]{Rows: []int{n}}} }
	a.inlet.held = true
	a.push(row(1))
	a.push(row(2))
	b.push(row(3))
	if q, _, ok := p.take(); !ok || q != b || b.taken.Rows[0] != 3 {
		t.Errorf("took %v of lane %p", b.taken, q)
	}
	if q, _, _ := p.take(); q != nil {
		t.Errorf("took %v of the lane that is held", a.taken)
	}
	a.inlet.held = false
	for want := 1; want <= 2; want++ {
		if _, _, ok := p.take(); !ok || a.taken.Rows[0] != want {
			t.Errorf("took %v, want %d", a.taken, want)
		}
	}
}
