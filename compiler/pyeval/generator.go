package pyeval

import (
	"iter"
	"sort"

	"pyfc/compiler/pyast"
)

// Generator is a suspended function. Its body runs as a coroutine of iter.Pull;
// RunFile ends those that the script leaves behind.
type Generator struct {
	t       *Thread
	frame   *frame
	resume  func() (Value, bool)
	stop    func()
	emit    func(Value) bool
	sent    Value
	thrown  error
	result  Value
	err     error
	running bool
	closing bool // GeneratorExit has been raised in it
	done    bool
	// What the thread had inside the generator when it was suspended, beyond
	// what its caller had.
	at       *frame
	depth    int
	handling []*Instance
	region   *region
	late     *Opaque // how often the generator yields depends on it
}

// Class returns generator.
func (*Generator) Class() *Class { return generatorClass }

func (t *Thread) newGenerator(fr *frame) *Generator {
	g := &Generator{t: t, frame: fr, result: None}
	fr.gen = g
	g.resume, g.stop = iter.Pull(func(emit func(Value) bool) {
		g.emit = emit
		if g.thrown != nil {
			g.err = g.thrown
			return
		}
		g.result, g.err = g.body()
	})
	t.made++
	t.generators[g] = t.made
	return g
}

func (g *Generator) body() (Value, error) {
	if g.frame.function != nil && !g.frame.comp {
		f, err := g.t.block(g.frame.function.def.Body)
		if f == returnValue {
			return g.frame.result, err
		}
		return None, err
	}
	return None, g.frame.compBody()
}

// send resumes the body until its next yield; nil means that it ended.
func (g *Generator) send(v Value, thrown error) (Value, error) {
	if g.running {
		return nil, Errorf(ValueError, "generator already executing")
	}
	if g.done {
		return nil, thrown
	}
	if v != None && g.at == nil {
		return nil, Errorf(TypeError, "can't send non-None value to a just-started generator")
	}
	t := g.t
	if err := t.enter(); err != nil {
		return nil, err
	}
	defer t.leave()
	g.sent, g.thrown = v, thrown
	var x Value
	var more bool
	g.inside(func() { x, more = g.resume() })
	if more {
		return x, nil
	}
	g.finish()
	if isRaised(g.err, StopIteration) && g.err != thrown {
		return nil, becauseOf(raise(RuntimeError, NewStr("generator raised StopIteration")), g.err)
	}
	return nil, g.err
}

// inside lets the body run: with its own frame, calls and handled exceptions on
// top of the caller's, which are as before afterwards.
func (g *Generator) inside(run func()) {
	t := g.t
	depth, caller, handling, region, leaves := t.depth, t.frame, t.handling, t.region, t.leaves
	g.frame.caller = caller
	if g.at == nil {
		g.at = g.frame
	}
	t.frame, t.depth = g.at, depth+g.depth
	t.handling = append(handling[:len(handling):len(handling)], g.handling...)
	if g.region != nil {
		t.region = g.region
	}
	g.running = true
	run()
	g.running = false
	g.region = nil
	if t.region != region {
		g.region, g.late = t.region, t.region.on
	}
	t.region, t.leaves = region, leaves
	if g.late != nil {
		t.sawLate(g.late)
	}
	g.at, g.depth = t.frame, t.depth-depth
	g.handling = append([]*Instance(nil), t.handling[len(handling):]...)
	t.frame, t.depth, t.handling = caller, depth, handling
}

func (g *Generator) finish() {
	g.done = true
	delete(g.t.generators, g)
}

func (g *Generator) next() (Value, error) { return g.send(None, nil) }

// close raises GeneratorExit at the yield where the body waits.
func (g *Generator) close() error {
	if g.done {
		return nil
	}
	g.inside(g.stop)
	g.finish()
	if g.err != nil && !isRaised(g.err, generatorExit) && !isRaised(g.err, StopIteration) {
		return g.err
	}
	return nil
}

// yield suspends the current generator with a value and returns what is sent.
func (t *Thread) yield(v Value) (Value, error) {
	fr := t.frame
	for fr.comp && fr.gen == nil {
		fr = fr.outer
	}
	g := fr.gen
	if g == nil {
		return nil, Errorf(RuntimeError, "yield outside a function")
	}
	if !g.emit(v) {
		if g.closing {
			return nil, raise(RuntimeError, NewStr("generator ignored GeneratorExit"))
		}
		g.closing = true
		return nil, raise(generatorExit)
	}
	if err := g.thrown; err != nil {
		g.thrown = nil
		return nil, err
	}
	return g.sent, nil
}

// yieldFrom passes values and what is sent through to another iterator; its
// value is the result of a generator.
func (t *Thread) yieldFrom(e *pyast.YieldFrom) (Value, error) {
	v, err := t.eval(e.Value)
	if err != nil {
		return nil, err
	}
	inner, isGen := v.(*Generator)
	next, err := t.Iter(v)
	if err != nil {
		return nil, err
	}
	sent := None
	var thrown error
	for {
		var x Value
		switch {
		case isGen:
			x, err = inner.send(sent, thrown)
		case thrown != nil:
			return nil, thrown
		default:
			x, err = next()
		}
		if err != nil {
			return nil, err
		}
		if x == nil {
			if isGen {
				return inner.result, nil
			}
			return None, nil
		}
		sent, err = t.yield(x)
		thrown = nil
		if err != nil {
			if _, ok := err.(*Raised); !ok {
				return nil, err
			}
			thrown = err
		}
	}
}

// closeGenerators ends the coroutines that are left at the end of a run, the
// oldest first.
func (t *Thread) closeGenerators() error {
	left := make([]*Generator, 0, len(t.generators))
	for g := range t.generators {
		left = append(left, g)
	}
	sort.Slice(left, func(i, j int) bool { return t.generators[left[i]] < t.generators[left[j]] })
	var first error
	for _, g := range left {
		if err := g.close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
