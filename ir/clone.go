package ir

import "slices"

// Clone copies a plan, so that passes may change one and leave the other: a
// relation that several sinks read is cloned for each. Expressions are shared,
// since nothing changes one in place, and so are declared tables.
func Clone(rel Rel) Rel {
	out := rel.copied()
	*out.P() = out.P().clone()
	for i, in := range rel.Inputs() {
		out.SetInput(i, Clone(in))
	}
	return out
}

// clone copies the properties with their slices.
func (p Props) clone() Props {
	p.Shared = 0 // of several consumers each gets a copy
	p.Schema = slices.Clone(p.Schema)
	p.Keys = slices.Clone(p.Keys)
	for i, k := range p.Keys {
		p.Keys[i] = slices.Clone(k)
	}
	return p
}

func (s *Scan) copied() Rel {
	c := *s
	c.Read = slices.Clone(s.Read)
	return &c
}

func (v *Values) copied() Rel {
	c := *v
	c.Rows = slices.Clone(v.Rows)
	return &c
}

func (p *Project) copied() Rel {
	c := *p
	c.Columns = slices.Clone(p.Columns)
	return &c
}

func (f *Filter) copied() Rel { c := *f; return &c }

func (b *Bridge) copied() Rel {
	c := *b
	c.Calls = slices.Clone(b.Calls)
	for i, call := range b.Calls { // its arguments are replaced in place
		d := *call
		d.Args = slices.Clone(call.Args)
		c.Calls[i] = &d
	}
	return &c
}

func (e *Exchange) copied() Rel {
	c := *e
	c.Key = slices.Clone(e.Key)
	return &c
}

func (a *Aggregate) copied() Rel {
	c := *a
	c.Group, c.Calls = slices.Clone(a.Group), slices.Clone(a.Calls)
	for i := range c.Calls {
		c.Calls[i].Args = slices.Clone(a.Calls[i].Args)
	}
	return &c
}

func (j *Join) copied() Rel {
	c := *j
	c.Equi = slices.Clone(j.Equi)
	return &c
}

func (u *Union) copied() Rel {
	c := *u
	c.In = slices.Clone(u.In)
	return &c
}

func (s *Sink) copied() Rel {
	c := *s
	c.Key, c.Labels, c.Static = slices.Clone(s.Key), slices.Clone(s.Labels), slices.Clone(s.Static)
	return &c
}
