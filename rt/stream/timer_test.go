package stream

import (
	"testing"
	"time"
)

// TestTimer sets, stops and sets again a timer whose task is a channel.
func TestTimer(t *testing.T) {
	posted := make(chan func() error, 1)
	rings := 0
	sub := &Subtask{Post: func(f func() error) { posted <- f }}
	timer := sub.NewTimer(func() error { rings++; return nil })
	timer.Stop()
	timer.Set(0)
	timer.Set(time.Hour) // it is set already
	late := <-posted
	timer.Stop()
	timer.Set(0)
	for _, f := range []func() error{late, <-posted} {
		if err := f(); err != nil {
			t.Fatal(err)
		}
	}
	if rings != 1 {
		t.Errorf("%d rings, want that of the second round alone", rings)
	}
	timer.Set(0)
	if err := (<-posted)(); err != nil || rings != 2 {
		t.Errorf("%d rings, error %v, want a timer that rang to be set again", rings, err)
	}
}
