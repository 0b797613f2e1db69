package ir

import (
	"fmt"

	"pyfc/ir/types"
)

// Verify checks what every plan must satisfy, whichever pass made it. An error
// is a fault of pyfc.
func Verify(rel Rel) error {
	var err error
	Walk(rel, func(r Rel) {
		if err == nil {
			err = verifyRel(r)
		}
	})
	return err
}

func verifyRel(r Rel) error {
	info := r.Op().Info()
	if len(r.Inputs()) != info.Inputs {
		return fmt.Errorf("%s has %d inputs, wants %d", r.Op(), len(r.Inputs()), info.Inputs)
	}
	p := r.P()
	if p.Mode == 0 {
		return fmt.Errorf("%s yields no row kind", r.Op())
	}
	for _, c := range p.Schema {
		if !c.Type.Valid() {
			return fmt.Errorf("%s: column %s has no type", r.Op(), c.Name)
		}
	}
	for _, k := range p.Keys {
		for _, c := range k {
			if c < 0 || c >= len(p.Schema) {
				return fmt.Errorf("%s: key column %d of %d", r.Op(), c, len(p.Schema))
			}
		}
	}
	for _, e := range r.Exprs() {
		if err := verifyExpr(e, r.Inputs()[0].P().Schema); err != nil {
			return fmt.Errorf("%s: %w", r.Op(), err)
		}
	}
	return verifyShape(r)
}

func verifyExpr(e Expr, in types.Schema) error {
	var err error
	WalkExpr(e, func(e Expr) {
		switch c, isRef := e.(*ColumnRef); {
		case err != nil:
		case !e.Type().Valid():
			err = fmt.Errorf("%s has no type", e)
		case !isRef:
		case c.Index < 0 || c.Index >= len(in):
			err = fmt.Errorf("%s is outside of %s", c, in)
		case !c.T.Equal(in[c.Index].Type):
			err = fmt.Errorf("%s is %s, its column %s", c, c.T, in[c.Index].Type)
		}
	})
	return err
}

// verifyShape checks that the schema is the one that the operator makes.
func verifyShape(r Rel) error {
	p := r.P()
	switch r := r.(type) {
	case *Scan:
		return sameLen("columns read", len(r.Read), len(p.Schema))
	case *Project:
		for i, e := range r.Columns {
			if i < len(p.Schema) && !e.Type().Equal(p.Schema[i].Type) {
				return fmt.Errorf("Project: %s is %s, declared %s", e, e.Type(), p.Schema[i].Type)
			}
		}
		return sameLen("projected columns", len(r.Columns), len(p.Schema))
	case *Filter:
		if r.Cond.Type().Kind != types.Boolean {
			return fmt.Errorf("Filter: condition %s is %s", r.Cond, r.Cond.Type())
		}
		return sameLen("filtered columns", len(r.In.P().Schema), len(p.Schema))
	case *Bridge:
		return sameLen("bridge columns", len(r.In.P().Schema)+len(r.Calls), len(p.Schema))
	case *Aggregate:
		return sameLen("aggregate columns", len(r.Group)+len(r.Calls), len(p.Schema))
	case *Sink:
		return sameLen("sink columns", len(r.Table.Columns), len(p.Schema))
	}
	return nil
}

func sameLen(what string, got, want int) error {
	if got != want {
		return fmt.Errorf("%s: %d of %d", what, got, want)
	}
	return nil
}
