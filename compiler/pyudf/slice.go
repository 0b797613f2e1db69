package pyudf

import (
	"maps"
	"slices"
	"sort"

	"pyfc/compiler/pyast"
	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// level is one scope around a function: the module, then each function that
// encloses it. A slice has a single scope, so a name may be needed of one level
// only.
type level struct {
	function *pyast.FunctionDef // nil for the module
	units    []*unit
	onCall   map[string]*effects
	binds    names
	headers  map[string]*block // names that the head of a block binds
}

// unit is a statement that a slice takes or leaves as a whole.
type unit struct {
	*effects
	stmt  pyast.Stmt
	level int
	block *block // what it is indented under, nil at the left margin
}

// block is an indented part of the file whose statements are units of their
// own, because it encloses the function or is if __name__ == "__main__".
type block struct {
	header pyast.Stmt
	parent *block
}

// slicer finds the statements without which a function can't run.
type slicer struct {
	module *pyeval.Module
	thread *pyeval.Thread
	live   func(pyeval.Value) bool
	levels []*level
	cells  map[string]pyeval.Value // captured variables of enclosing functions
	// around knows the other variables of enclosing functions; nil without any.
	around interface {
		Variable(of *pyast.FunctionDef, name string) pyeval.Value
	}
	edits []edit // in the order of the source
	found found
}

// found is what a slice consists of so far.
type found struct {
	owner map[string]int // level of each needed name
	keep  map[*unit]bool // statements that travel
	// values are names whose statements can't travel, with a literal of their
	// value: by the statement that binds them first, or by the block whose
	// head does.
	values map[*unit]map[string]string
	heads  map[*block]map[string]string
	// stars are the names that are needed of an "import *".
	stars  map[*unit]names
	inputs []Input
}

func (f found) clone() found {
	f.owner, f.keep = maps.Clone(f.owner), maps.Clone(f.keep)
	f.values, f.heads, f.stars = maps.Clone(f.values), maps.Clone(f.heads), maps.Clone(f.stars)
	f.inputs = f.inputs[:len(f.inputs):len(f.inputs)]
	return f
}

// newSlicer splits a module into units, and what encloses the given place into
// units of their own.
func (sh *Shipper) newSlicer(m *pyeval.Module, at pyast.Span) *slicer {
	s := &slicer{module: m, thread: sh.thread, live: sh.live, cells: map[string]pyeval.Value{}}
	s.found = found{map[string]int{}, map[*unit]bool{}, map[*unit]map[string]string{}, map[*block]map[string]string{}, map[*unit]names{}, nil}
	s.addLevel(nil)
	s.split(m.AST().Body, at, nil)
	return s
}

func (s *slicer) addLevel(f *pyast.FunctionDef) *level {
	l := &level{function: f, onCall: map[string]*effects{}, binds: names{}, headers: map[string]*block{}}
	s.levels = append(s.levels, l)
	return l
}

// split makes units of the statements of one body.
func (s *slicer) split(body []pyast.Stmt, at pyast.Span, in *block) {
	n := len(s.levels) - 1
	_, inClass := header(in).(*pyast.ClassDef)
	for _, st := range body {
		inner := bodyAround(st, at)
		if g, ok := st.(*pyast.If); ok && isMainGuard(g) {
			inner = g.Body
		}
		if inner == nil || inner[0].Where().Line == st.Where().Line {
			if !inClass { // functions inside a class don't see its names
				s.addUnit(&unit{effectsOf(st), st, n, in})
			}
			continue
		}
		b := &block{st, in}
		if f, ok := st.(*pyast.FunctionDef); ok {
			s.addUnit(&unit{effectsOf(st), st, n, in})
			s.addLevel(f)
		}
		s.bindHeader(s.levels[len(s.levels)-1], b)
		s.split(inner, at, b)
	}
}

func header(b *block) pyast.Stmt {
	if b == nil {
		return nil
	}
	return b.header
}

func (s *slicer) addUnit(u *unit) {
	l := s.levels[u.level]
	l.units = append(l.units, u)
	l.binds.addAll(u.binds)
	for name, when := range u.onCall {
		if l.onCall[name] == nil {
			l.onCall[name] = newEffects()
		}
		l.onCall[name].run(when, nil)
	}
}

// bindHeader notes the names that the head of a block binds.
func (s *slicer) bindHeader(l *level, b *block) {
	e := newEffects()
	switch h := b.header.(type) {
	case *pyast.FunctionDef:
		for _, p := range h.Args.Params() {
			e.binds[p.Name] = true
		}
	case *pyast.For:
		pyast.Walk(h.Target, e.visit)
	case *pyast.With:
		for _, it := range h.Items {
			pyast.Walk(it.Vars, e.visit)
		}
	}
	for n := range e.binds {
		l.binds[n], l.headers[n] = true, b
	}
}

// bodyAround returns the body of a compound statement in which a function's
// definition stands, nil if it doesn't stand in the statement or is it.
func bodyAround(st pyast.Stmt, at pyast.Span) []pyast.Stmt {
	for _, body := range bodies(st) {
		for _, in := range body {
			if contains(in.Where(), at) || decorated(in, at) {
				return body
			}
		}
	}
	return nil
}

// bodies lists the bodies of a compound statement.
func bodies(st pyast.Stmt) [][]pyast.Stmt {
	switch st := st.(type) {
	case *pyast.FunctionDef:
		return [][]pyast.Stmt{st.Body}
	case *pyast.ClassDef:
		return [][]pyast.Stmt{st.Body}
	case *pyast.If:
		return [][]pyast.Stmt{st.Body, st.OrElse}
	case *pyast.For:
		return [][]pyast.Stmt{st.Body, st.OrElse}
	case *pyast.While:
		return [][]pyast.Stmt{st.Body, st.OrElse}
	case *pyast.With:
		return [][]pyast.Stmt{st.Body}
	case *pyast.Try:
		out := [][]pyast.Stmt{st.Body, st.OrElse, st.FinalBody}
		for _, h := range st.Handlers {
			out = append(out, h.Body)
		}
		return out
	}
	return nil
}

func contains(outer, inner pyast.Span) bool {
	after := func(l1, c1, l2, c2 int) bool { return l1 > l2 || l1 == l2 && c1 >= c2 }
	return after(inner.Line, inner.Col, outer.Line, outer.Col) &&
		after(outer.EndLine, outer.EndCol, inner.EndLine, inner.EndCol)
}

// decorated reports whether a place is in the decorators of a definition.
func decorated(st pyast.Stmt, at pyast.Span) bool {
	for _, d := range decorators(st) {
		if contains(d.Where(), at) {
			return true
		}
	}
	return false
}

func decorators(st pyast.Stmt) []pyast.Expr {
	switch st := st.(type) {
	case *pyast.FunctionDef:
		return st.Decorators
	case *pyast.ClassDef:
		return st.Decorators
	}
	return nil
}

// isMainGuard reports whether a statement is if __name__ == "__main__".
func isMainGuard(s *pyast.If) bool {
	c, ok := s.Test.(*pyast.Compare)
	if !ok || len(c.Ops) != 1 || c.Ops[0] != "==" || len(s.OrElse) > 0 {
		return false
	}
	n, isName := c.Left.(*pyast.Name)
	k, isConst := c.Comparators[0].(*pyast.Constant)
	return isName && n.ID == "__name__" && isConst && k.Text == "__main__"
}

// need adds what gives a name its value, as code at a level sees it.
func (s *slicer) need(name string, at int) error {
	lv := s.resolve(name, at)
	if lv < 0 {
		return s.needStar(name)
	}
	if o, ok := s.found.owner[name]; ok {
		if o != lv {
			return diag.New(diag.UDFShipping, s.binding(name, max(o, lv)),
				"%s has one meaning here and another one outside of the function; both are needed, and only one can travel to the worker", name).
				WithHint("give one of the two another name")
		}
		return nil
	}
	s.found.owner[name] = lv
	if lv > 0 && s.needValue(name, lv) {
		return nil
	}
	before := s.found.clone()
	refused := s.needStatements(name, lv)
	if refused == nil {
		return nil
	}
	// What can't be made again may still travel as the value that it has.
	s.found = before
	if s.needValue(name, lv) {
		return nil
	}
	return refused
}

// resolve returns the innermost level that binds a name for code at a level,
// -1 when none does.
func (s *slicer) resolve(name string, at int) int {
	for ; at >= 0; at-- {
		if s.levels[at].binds[name] {
			return at
		}
	}
	return -1
}

// value returns what a name of a level denotes when the script has run, nil
// when that is not known.
func (s *slicer) value(name string, lv int) pyeval.Value {
	if lv > 0 {
		if v := s.cells[name]; v != nil {
			return v
		}
		return s.parameter(name, lv)
	}
	v, _ := s.module.Dict().GetStr(name)
	return v
}

// parameter is what an enclosing function was called with for a parameter that
// it doesn't bind again, nil for other names.
func (s *slicer) parameter(name string, lv int) pyeval.Value {
	l := s.levels[lv]
	b := l.headers[name]
	if b == nil || b.header != pyast.Stmt(l.function) || s.around == nil ||
		slices.ContainsFunc(l.units, func(u *unit) bool { return u.binds[name] }) {
		return nil
	}
	return s.around.Variable(l.function, name)
}

// needStar takes the last "import *" that brings a name that nothing else
// binds; builtins need nothing.
func (s *slicer) needStar(name string) error {
	v := s.value(name, 0)
	if v == nil {
		return nil
	}
	if s.live(v) {
		return s.refuseLive(name, diag.Pos{File: s.module.File().Name})
	}
	for _, u := range slices.Backward(s.levels[0].units) {
		st, ok := u.stmt.(*pyast.ImportFrom)
		if !ok || !u.star {
			continue
		}
		m, err := s.thread.Import(s.absolute(st))
		if err != nil {
			return err
		}
		if mod, ok := m.(*pyeval.Module); ok {
			if w, _ := mod.Dict().GetStr(name); w == v {
				wanted := names{name: true}
				wanted.addAll(s.found.stars[u])
				s.found.stars[u] = wanted
				return s.take(u)
			}
		}
	}
	return nil
}

// needStatements takes the statements that bind or may mutate a name of a
// level.
func (s *slicer) needStatements(name string, lv int) error {
	v := s.value(name, lv)
	switch {
	case s.live(v):
		return s.refuseLive(name, s.binding(name, lv))
	case s.levels[lv].headers[name] != nil, holdsInput(v):
		return diag.New(diag.UDFShipping, s.binding(name, lv), "%s can't travel to the worker: it is neither plain data nor made by a statement that can run there", name)
	}
	if f, ok := v.(*pyeval.Function); ok {
		s.capture(f)
	}
	affected := s.aliasesOf(name, lv)
	for i := lv; i < len(s.levels); i++ {
		for _, u := range s.levels[i].units {
			if _, ends := u.stmt.(*pyast.Return); ends || s.resolve(name, i) != lv {
				continue
			}
			touch := s.touches(u, affected, s.mutable(name, lv))
			if touch == untouched {
				continue
			}
			before := s.found.clone()
			if err := s.take(u); err != nil {
				if touch == passed { // to what describes the job
					s.found = before
					continue
				}
				return err
			}
		}
	}
	return nil
}

func (s *slicer) refuseLive(name string, pos diag.Pos) error {
	return diag.New(diag.UDFShipping, pos,
		"%s belongs to the job that the script describes; a Python function runs in a worker, where there is no job", name).
		WithHint("take what the function needs out of it beforehand, or pass it as an argument")
}

// capture makes the captured variables of a function known.
func (s *slicer) capture(f *pyeval.Function) {
	if f.Module() != s.module {
		return
	}
	for _, c := range f.Closure() {
		if c.Value != nil {
			s.cells[c.Name] = c.Value
		}
	}
}

// touch says what a statement may do to an object.
type touch uint8

const (
	untouched touch = iota
	passed          // gives it to a call
	changed         // binds its name, assigns to a part of it, or calls a method
)

// touches says what a statement may do to the object of the names, with the
// functions that it calls.
func (s *slicer) touches(u *unit, affected names, byCall bool) touch {
	done := names{}
	var worst func(e *effects) touch
	worst = func(e *effects) touch {
		t := untouched
		switch {
		case meet(e.binds, affected) || meet(e.mutates, affected) || byCall && meet(e.calledOn, affected):
			return changed
		case byCall && meet(e.passes, affected):
			t = passed
		}
		for c := range e.calls {
			if done[c] {
				continue
			}
			done[c] = true
			for _, l := range s.levels {
				if in := l.onCall[c]; in != nil {
					t = max(t, worst(in))
				}
			}
		}
		return t
	}
	return worst(u.effects)
}

// mutable reports whether a call may change what a name denotes. An imported
// object is the worker's own, whatever the driver did to it.
func (s *slicer) mutable(name string, lv int) bool {
	return !s.imported(name, lv) && mutable(s.value(name, lv))
}

// imported reports whether an import binds a name of a level.
func (s *slicer) imported(name string, lv int) bool {
	return lv >= 0 && slices.ContainsFunc(s.levels[lv].units, func(u *unit) bool {
		switch u.stmt.(type) {
		case *pyast.Import, *pyast.ImportFrom:
			return u.binds[name]
		}
		return false
	})
}

// aliasesOf returns a name with all names that may denote the same object.
func (s *slicer) aliasesOf(name string, lv int) names {
	out := names{name: true}
	if !s.mutable(name, lv) {
		return out
	}
	for grown := true; grown; {
		grown = false
		for i, l := range s.levels[lv:] {
			for _, u := range l.units {
				for _, a := range u.aliases {
					// What an imported function gives is no part of it.
					if out[a[0]] != out[a[1]] && !s.imported(a[1], s.resolve(a[1], lv+i)) {
						out[a[0]], out[a[1]], grown = true, true, true
					}
				}
			}
		}
	}
	return out
}

// take adds a statement and what it needs.
func (s *slicer) take(u *unit) error {
	if s.found.keep[u] {
		return nil
	}
	s.found.keep[u] = true
	return s.needAll(u.reads, u.level)
}

// needAll needs names in a fixed order, so that messages don't vary.
func (s *slicer) needAll(n names, at int) error {
	for _, name := range sorted(n) {
		if err := s.need(name, at); err != nil {
			return err
		}
	}
	return nil
}

// needValue puts a literal in place of what binds a name, if its value is
// plain data.
func (s *slicer) needValue(name string, lv int) bool {
	v := s.value(name, lv)
	if v == nil {
		return false
	}
	text, ok := s.literal(v)
	if !ok {
		return false
	}
	if b := s.levels[lv].headers[name]; b != nil {
		put(s.found.heads, b, name, text)
		return true
	}
	for _, u := range s.levels[lv].units {
		if u.binds[name] {
			put(s.found.values, u, name, text)
			return true
		}
	}
	return false
}

// put sets m[k][name] without changing a map that a clone shares.
func put[K comparable](m map[K]map[string]string, k K, name, text string) {
	in := maps.Clone(m[k])
	if in == nil {
		in = map[string]string{}
	}
	in[name] = text
	m[k] = in
}

// binding returns the place that binds a name of a level first.
func (s *slicer) binding(name string, lv int) diag.Pos {
	l := s.levels[lv]
	if b := l.headers[name]; b != nil {
		return b.header.Where().Pos()
	}
	for _, u := range l.units {
		if u.binds[name] {
			return u.stmt.Where().Pos()
		}
	}
	return diag.Pos{File: s.module.File().Name}
}

func meet(a, b names) bool {
	for k := range b {
		if a[k] {
			return true
		}
	}
	return false
}

func sorted[V any](n map[string]V) []string {
	out := make([]string, 0, len(n))
	for k := range n {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
