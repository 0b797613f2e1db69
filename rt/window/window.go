// Package window says to which windows a time belongs. Times, sizes and offsets
// are milliseconds; a window reaches from its start to just before its end.
package window

import "fmt"

// Kind is a kind of windows.
type Kind uint8

// The kinds of windows.
const (
	// Tumble windows follow one another.
	Tumble Kind = iota
	// Hop windows of a size start at each step.
	Hop
	// Cumulate windows start where tumbling ones of the size do and end at each
	// step within.
	Cumulate
	// Session windows end when no row comes for their size. They depend on other
	// rows, so that an assigner can't tell them.
	Session
)

var kinds = [...]string{"TUMBLE", "HOP", "CUMULATE", "SESSION"}

// String is the function that makes windows of the kind.
func (k Kind) String() string { return kinds[k] }

// KindOf is the kind of windows that a function makes.
func KindOf(function string) (Kind, bool) {
	for i, name := range kinds {
		if name == function {
			return Kind(i), true
		}
	}
	return 0, false
}

// Assigner assigns times to windows. Size and Step are positive; only a Hop and
// a Cumulate have a Step. The Size of a Session is its gap.
type Assigner struct {
	Kind               Kind
	Size, Step, Offset int64
}

// Check says what is wrong with the lengths.
func (a Assigner) Check() error {
	switch {
	case a.Size <= 0:
		return fmt.Errorf("the size of a window must be positive")
	case (a.Kind == Hop || a.Kind == Cumulate) && a.Step <= 0:
		return fmt.Errorf("the step of %s must be positive", a.Kind)
	case a.Kind == Cumulate && a.Size%a.Step != 0:
		return fmt.Errorf("the size of CUMULATE must be a multiple of its step")
	}
	return nil
}

// start is the greatest start up to a time of windows that start every so often.
func start(time, offset, every int64) int64 {
	rest := (time - offset) % every
	if rest < 0 {
		rest += every
	}
	return time - rest
}

// First is the first window of a time; false where there is none, between
// hopping windows.
func (a Assigner) First(time int64) (from, to int64, ok bool) {
	switch a.Kind {
	case Hop:
		from = start(time, a.Offset, a.Step)
		return from, from + a.Size, from+a.Size > time
	case Cumulate:
		return start(time, a.Offset, a.Size), start(time, a.Offset, a.Step) + a.Step, true
	}
	from = start(time, a.Offset, a.Size)
	return from, from + a.Size, true
}

// Next is the window of a time that comes behind another one: hopping windows
// go back in time, cumulating ones get longer.
func (a Assigner) Next(time, from, to int64) (nextFrom, nextTo int64, ok bool) {
	switch a.Kind {
	case Hop:
		return from - a.Step, to - a.Step, to-a.Step > time
	case Cumulate:
		return from, to + a.Step, to < from+a.Size
	}
	return 0, 0, false
}
