package pyeval

import (
	"strings"

	"pyfc/compiler/pyast"
	"pyfc/ir/diag"
)

// A late value is an opaque value that the job's run makes: the rows of a
// query, and all that is made of them. It may be computed with, since it is
// CPython that runs the script then; it may not reach the plan.
//
// What depends on a late value is executed, or not, or so many times. The
// evaluation executes it all the same, for what it submits, and takes what it
// has bound and changed for late afterwards: each part of the script that may
// be reached is seen, and no value that the run may find otherwise is held for
// known. A function that only looks into a late value – sorted, max, len –
// gives a late one.

// NewLate returns a late value; origin says in Python's words what it is.
func NewLate(origin string, where pyast.Span) *Opaque {
	return &Opaque{Origin: origin, Import: where, Where: where, Late: true}
}

// asLate is v if it is late.
func asLate(v Value) *Opaque {
	if o, ok := v.(*Opaque); ok && o.Late && !o.Reported {
		return o
	}
	return nil
}

// lateIn finds a late value among values and inside of them.
func lateIn(vs []Value, depth int) *Opaque {
	for _, v := range vs {
		if o := asLate(v); o != nil {
			return o
		}
		if depth == 0 {
			continue
		}
		switch v := v.(type) {
		case *List:
			if o := lateIn(v.elems, depth-1); o != nil {
				return o
			}
		case *Tuple:
			if o := lateIn(v.elems, depth-1); o != nil {
				return o
			}
		case *Dict:
			for k, x := range v.Items() {
				if o := lateIn([]Value{k, x}, depth-1); o != nil {
					return o
				}
			}
		}
	}
	return nil
}

// region is a part of the script of which only the run knows whether, or how
// often, it is executed.
type region struct {
	outer  *region
	on     *Opaque
	loop   bool
	stores []func(Value) // what binds again the names and elements that were bound
}

// looks are what is known of the late values that were looked into.
type looks struct {
	seen  int     // by the function that runs now
	total int     // by anybody
	last  *Opaque // the last one
}

// sawLate notes that what is being evaluated depends on a late value.
func (t *Thread) sawLate(o *Opaque) {
	t.looks.seen++
	t.looks.total++
	t.looks.last = o
}

// Uncertain returns the late value on which it depends whether the script is
// here, and whether that makes a loop; nil if nothing does.
func (t *Thread) Uncertain() (on *Opaque, loop bool) {
	for r := t.region; r != nil; r = r.outer {
		on, loop = r.on, loop || r.loop
	}
	return on, loop
}

// watch evaluates; what has looked into a late value gives a late value.
func (t *Thread) watch(origin string, eval func() (Value, error)) (Value, error) {
	before := t.looks.seen
	v, err := eval()
	if t.looks.seen == before {
		return v, err
	}
	t.looks.seen = before
	if _, raised := err.(*Raised); err != nil && !raised {
		return nil, err
	}
	return t.looks.last.derive(origin, t.Where()), nil
}

// explore executes a part of the script that depends on a late value. It
// reports whether the part may leave the loop or the function around it.
func (t *Thread) explore(on *Opaque, loop bool, run func() (flow, error)) (leaves bool, err error) {
	r := &region{outer: t.region, on: on, loop: loop}
	fr, depth, handling, trying := t.frame, t.depth, len(t.handling), len(t.trying)
	t.region = r
	f, err := run()
	t.region = r.outer
	late := on.derive("a value that depends on "+on.Origin, t.Where())
	late.Where = on.Where
	for _, bind := range r.stores {
		bind(late)
	}
	if r.outer != nil {
		r.outer.stores = append(r.outer.stores, r.stores...)
	}
	if _, raised := err.(*Raised); raised { // if it is raised at all
		t.frame, t.depth, t.handling, t.trying = fr, depth, t.handling[:handling], t.trying[:trying]
		err = nil
	}
	if f == returnValue {
		fr.returns = late
	}
	return f == returnValue || f == breakLoop, err
}

// either explores the two ways that a condition leads to.
func (t *Thread) either(on *Opaque, yes, no []pyast.Stmt) (flow, error) {
	for _, body := range [][]pyast.Stmt{yes, no} {
		leaves, err := t.explore(on, false, func() (flow, error) { return t.block(body) })
		if err != nil {
			return goOn, err
		}
		t.leaves = t.leaves || leaves
	}
	return goOn, nil
}

// passes is how often the body of a loop over late values is explored: the
// second time with what the first has made late. A loop inside it is explored
// once each time.
const passes = 2

// deepest is how many calls of one function may be under way where a late value
// decides how many there are.
const deepest = 2

// callers are the modules of the library whose functions call those of the
// script.
var callers = map[string]bool{"functools": true, "contextlib": true, "itertools": true}

// libraryLate is what a function of the library gives that gets late values, and
// therefore needn't be called; nil for others. What it may change is late, too.
func (t *Thread) libraryLate(f *Function, args []Arg, span pyast.Span) *Opaque {
	if !f.module.library || callers[f.module.name] {
		return nil
	}
	var on *Opaque
	for _, a := range args {
		if o := asLate(a.Value); o != nil {
			on = o
		}
	}
	if on == nil {
		return nil
	}
	for _, a := range args {
		if isContainer(a.Value) {
			t.become(a.Value, on)
		}
	}
	t.looks.total++
	t.looks.last = on
	return on.derive(f.module.name+"."+f.name+"(…)", span)
}

// tooDeep is what a call gives of a function that calls itself over and over,
// because of a late value; nil for others.
func (t *Thread) tooDeep(f *Function, span pyast.Span) *Opaque {
	if t.region == nil {
		return nil
	}
	calls := 0
	for fr := t.frame; fr != nil; fr = fr.caller {
		if fr.function == f && !fr.comp {
			calls++
		}
	}
	if calls < deepest {
		return nil
	}
	return t.region.on.derive(f.name+"(…)", span)
}

// around explores the body of a loop whose end only the run knows, then what is
// executed if it isn't left; enter binds what the loop binds.
func (t *Thread) around(on *Opaque, enter func() error, body, orElse []pyast.Stmt) (flow, error) {
	left, n := t.leaves, passes
	if _, loop := t.Uncertain(); loop {
		n = 1
	}
	for range n {
		_, err := t.explore(on, true, func() (flow, error) {
			if err := enter(); err != nil {
				return goOn, err
			}
			f, err := t.block(body)
			if f == breakLoop {
				f = goOn
			}
			return f, err
		})
		if err != nil {
			return goOn, err
		}
	}
	t.leaves = left || t.frame.returns != nil
	if len(orElse) > 0 {
		return t.either(on, orElse, nil)
	}
	return goOn, nil
}

// exploreHandlers explores the handlers of a try statement whose body has to do
// with late values, and so may raise.
func (t *Thread) exploreHandlers(on *Opaque, s *pyast.Try) error {
	for _, h := range s.Handlers {
		leaves, err := t.explore(on, false, func() (flow, error) {
			if h.Name != "" {
				t.store(h.Name, on.derive("an exception", h.Where()))
			}
			return t.block(h.Body)
		})
		if err != nil {
			return err
		}
		t.leaves = t.leaves || leaves
	}
	return nil
}

// lateCall decides a call of a function written in Go that gets a late value,
// or changes a container in a region. done is false where the function is to
// be called.
func (t *Thread) lateCall(n *Native, args []Arg, span pyast.Span) (v Value, done bool) {
	values := make([]Value, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	if n.home != "" && t.in != nil && t.in.ofPackage(n.home) {
		if n.late != "" && len(args) > 1 && (args[1].Name == "" || args[1].Name == n.late) {
			values = append(values[:1:1], values[2:]...)
		}
		o := lateIn(values, 3)
		if o == nil {
			return nil, false
		}
		if d, ok := o.Refuse("is passed to " + n.name + "()").(*diag.Diagnostic); ok {
			for _, a := range args {
				if a.Expr != nil && lateIn([]Value{a.Value}, 3) == o {
					d.Pos = a.Expr.Where().Pos()
				}
			}
			t.suspect(d)
		}
		return Poison(span), true
	}
	name := n.name
	if class, special := strings.CutSuffix(n.qualname, ".__new__"); special {
		name = class
	}
	changes := n.method && len(args) > 0 && changesItself[n.name] && isContainer(args[0].Value)
	o := lateIn(values, 0)
	switch {
	case changes && t.region != nil:
		t.become(args[0].Value, t.region.on)
		return t.region.on.derive(name+"(…)", span), true
	case o == nil, n.keepsLate(values):
		return nil, false
	case changes:
		t.become(args[0].Value, o)
	}
	t.looks.total++
	t.looks.last = o
	return o.derive(name+"(…)", span), true
}

// keepsLate reports whether a function only keeps the late values among its
// arguments.
func (n *Native) keepsLate(args []Value) bool {
	if len(args) == 0 {
		return false
	}
	if class, ok := args[0].(*Class); ok && class.IsA(BaseException) {
		return true
	}
	switch {
	case n.owner == nil:
		return n.name == "setattr"
	case n.owner.IsA(BaseException), n.name == "append", n.name == "insert", n.name == "__setattr__":
		return true
	case n.name == "setdefault":
		return asLate(args[1]) == nil
	}
	return false
}

// changesItself are the methods of containers that change them.
var changesItself = func() map[string]bool {
	out := map[string]bool{}
	for _, name := range []string{"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault",
		"popitem", "add", "discard", "appendleft", "popleft", "extendleft", "rotate", "subtract", "move_to_end", "write", "writelines",
		"difference_update", "intersection_update", "symmetric_difference_update", "__setitem__", "__delitem__", "__iadd__", "__ior__"} {
		out[name] = true
	}
	return out
}()

func isContainer(v Value) bool {
	switch v := v.(type) {
	case *List, *Dict, *Set:
		return true
	case *Instance:
		return v.builtin != nil || v.class.native() && !v.class.IsA(BaseException)
	}
	return false
}

// changeLate makes v late, if an element under a late key, or in a region a new
// element, is bound or deleted; it reports whether nothing more is to do.
func (t *Thread) changeLate(v, key Value) bool {
	on := asLate(key)
	if on == nil && t.region != nil {
		on = t.region.on
	}
	if on == nil || !isContainer(v) {
		return false
	}
	t.become(v, on)
	return true
}

// become puts a late value in the place of a container, wherever it is.
func (t *Thread) become(old Value, on *Opaque) {
	late := on.derive("a "+old.Class().name+" that depends on "+on.Origin, t.Where())
	h := &heap{old: old, late: late, seen: map[any]bool{}}
	for f := t.frame; f != nil; f = f.caller {
		h.frame(f)
	}
	for g := range t.generators {
		h.frame(g.frame)
	}
	for _, m := range t.in.modules {
		h.value(m)
	}
}

// heap replaces a value in all that can be reached.
type heap struct {
	old  Value
	late *Opaque
	seen map[any]bool
}

// value visits v and returns what stands for it now.
func (h *heap) value(v Value) Value {
	if v == h.old {
		return h.late
	}
	switch v.(type) {
	case *List, *Tuple, *Dict, *Instance, *Module, *Function, *BoundMethod, *Class:
		if h.seen[v] {
			return v
		}
		h.seen[v] = true
	}
	switch v := v.(type) {
	case *List:
		h.values(v.elems)
	case *Tuple:
		h.values(v.elems)
	case *Dict:
		h.dict(v)
	case *Instance:
		h.dict(v.dict)
		if v.builtin != nil {
			h.value(v.builtin)
		}
	case *Module:
		h.dict(v.dict)
	case *Class:
		if !v.native() {
			h.dict(v.dict)
		}
	case *Function:
		h.frame(v.outer)
		h.values(v.defaults)
	case *BoundMethod:
		v.self = h.value(v.self)
	}
	return v
}

func (h *heap) values(vs []Value) {
	for i, v := range vs {
		if v != nil {
			vs[i] = h.value(v)
		}
	}
}

func (h *heap) dict(d *Dict) {
	if d == nil {
		return
	}
	for i, e := range d.entries {
		if e.key != nil {
			d.entries[i].value = h.value(e.value)
		}
	}
}

func (h *heap) frame(f *frame) {
	for ; f != nil && !h.seen[f]; f = f.outer {
		h.seen[f] = true
		for name, v := range f.vars {
			if v != nil {
				f.vars[name] = h.value(v)
			}
		}
		h.dict(f.ns)
	}
}

// bindLater notes how a name or attribute is bound again at the end of the
// region.
func (t *Thread) bindLater(bind func(Value)) {
	if t.region != nil {
		t.region.stores = append(t.region.stores, bind)
	}
}
