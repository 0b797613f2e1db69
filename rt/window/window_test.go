package window_test

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/rt/window"
)

func windows(a window.Assigner, time int64) string {
	var out []string
	for from, to, ok := a.First(time); ok; from, to, ok = a.Next(time, from, to) {
		out = append(out, fmt.Sprintf("%d-%d", from, to))
	}
	return strings.Join(out, " ")
}

func TestWindows(t *testing.T) {
	tumble := window.Assigner{Kind: window.Tumble, Size: 5}
	late := window.Assigner{Kind: window.Tumble, Size: 5, Offset: 1}
	hop := window.Assigner{Kind: window.Hop, Size: 5, Step: 2}
	gaps := window.Assigner{Kind: window.Hop, Size: 2, Step: 4}
	cumulate := window.Assigner{Kind: window.Cumulate, Size: 6, Step: 2}
	for _, c := range []struct {
		a    window.Assigner
		time int64
		want string
	}{
		{tumble, 0, "0-5"}, {tumble, 4, "0-5"}, {tumble, 5, "5-10"}, {tumble, -1, "-5-0"}, {tumble, -5, "-5-0"},
		{late, 0, "-4-1"}, {late, 1, "1-6"}, {late, 12, "11-16"},
		{window.Assigner{Kind: window.Tumble, Size: 5, Offset: -1}, 4, "4-9"},
		{hop, 4, "4-9 2-7 0-5"}, {hop, 1, "0-5 -2-3"}, {hop, -3, "-4-1 -6--1"},
		{gaps, 0, "0-2"}, {gaps, 2, ""}, {gaps, 5, "4-6"}, {gaps, 7, ""},
		{cumulate, 0, "0-2 0-4 0-6"}, {cumulate, 4, "0-6"}, {cumulate, 9, "6-10 6-12"}, {cumulate, -1, "-6-0"},
	} {
		if got := windows(c.a, c.time); got != c.want {
			t.Errorf("%+v of %d: got %q, want %q", c.a, c.time, got, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		a    window.Assigner
		want string
	}{
		{window.Assigner{Size: 1}, "<nil>"},
		{window.Assigner{}, "the size of a window must be positive"},
		{window.Assigner{Kind: window.Hop, Size: 5}, "the step of HOP must be positive"},
		{window.Assigner{Kind: window.Cumulate, Size: 5, Step: 2}, "the size of CUMULATE must be a multiple of its step"},
		{window.Assigner{Kind: window.Cumulate, Size: 6, Step: 2}, "<nil>"},
	} {
		if got := fmt.Sprint(c.a.Check()); got != c.want {
			t.Errorf("%+v: %s", c.a, got)
		}
	}
}

func BenchmarkHop(b *testing.B) {
	b.ReportAllocs()
	a := window.Assigner{Kind: window.Hop, Size: 10, Step: 1}
	n := 0
	for i := range b.N {
		for from, to, ok := a.First(int64(i)); ok; from, to, ok = a.Next(int64(i), from, to) {
			n++
		}
	}
}
