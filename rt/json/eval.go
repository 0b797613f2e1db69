package json

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"pyfc/rt/val"
)

// Find is what the path leads to: nil where it leads nowhere or to null. One
// that can lead to several values, with a wildcard say, leads to an array of
// them. The error is that of a malformed path, of a strict path that leads
// nowhere, or of a strict path in a malformed text, where root is nil.
func (p *Path) Find(root *Value) (*Value, error) {
	switch {
	case p.err != nil:
		return nil, p.err
	case root == nil && p.Lax:
		return nil, nil
	case root == nil:
		return nil, ErrMalformed
	}
	v, err := evaluate(p.steps, root, root, p.Lax)
	if err != nil {
		return nil, fmt.Errorf("JSON path %q: %w", p.text, err)
	}
	if v != nil && v.Kind == Null {
		return nil, nil
	}
	return v, nil
}

// ErrNotFound says that a path leads nowhere.
var ErrNotFound = errors.New("it leads nowhere")

func evaluate(steps []step, v, root *Value, lax bool) (*Value, error) {
	e := evaluation{root: root, lax: lax}
	if err := e.walk(steps, v, true); err != nil {
		return nil, err
	}
	if !definite(steps) {
		return &Value{Kind: Array, Items: e.found}, nil
	}
	if len(e.found) > 0 {
		return e.found[0], nil
	}
	if lax {
		return nil, nil
	}
	return nil, ErrNotFound
}

type evaluation struct {
	root  *Value
	lax   bool
	found []*Value
}

// miss is a step that its value doesn't have: an error unless the path is lax,
// or a step before it leads to several values.
func (e *evaluation) miss(exact bool) error {
	if e.lax || !exact {
		return nil
	}
	return ErrNotFound
}

// walk follows the steps from v. exact says that those before led to one value.
func (e *evaluation) walk(steps []step, v *Value, exact bool) error {
	if len(steps) == 0 {
		e.found = append(e.found, v)
		return nil
	}
	s, rest := &steps[0], steps[1:]
	switch s.kind {
	case stepKeys:
		return e.keys(s, rest, v, exact)
	case stepIndex, stepSlice:
		return e.indices(s, rest, v, exact)
	case stepAny:
		for _, item := range v.Items {
			if err := e.walk(rest, item, false); err != nil {
				return err
			}
		}
		return nil
	case stepDeep:
		return e.deep(rest, v)
	case stepFilter:
		return e.filtered(s, rest, v, exact)
	}
	out, err := call(s.call, v)
	if err != nil {
		return err
	}
	return e.walk(rest, out, exact)
}

func (e *evaluation) keys(s *step, rest []step, v *Value, exact bool) error {
	switch {
	case v.Kind != Object:
		return e.miss(exact)
	case len(s.keys) == 1:
		m := v.member(s.keys[0])
		if m == nil {
			return e.miss(exact && len(rest) > 0)
		}
		return e.walk(rest, m, exact)
	case len(rest) > 0:
		for _, k := range s.keys {
			if m := v.member(k); m != nil {
				if err := e.walk(rest, m, false); err != nil {
					return err
				}
			}
		}
		return nil
	}
	out := &Value{Kind: Object}
	for _, k := range s.keys {
		if m := v.member(k); m != nil {
			out.Keys, out.Items = append(out.Keys, k), append(out.Items, m)
		}
	}
	e.found = append(e.found, out)
	return nil
}

func (e *evaluation) indices(s *step, rest []step, v *Value, exact bool) error {
	if v.Kind != Array {
		return e.miss(exact)
	}
	n := len(v.Items)
	places := s.indices
	if s.kind == stepSlice {
		places = s.places(n)
	}
	for _, i := range places {
		if i < 0 {
			i += n
		}
		if i < 0 || i >= n {
			continue
		}
		if err := e.walk(rest, v.Items[i], exact && len(places) == 1 && s.kind == stepIndex); err != nil {
			return err
		}
	}
	return nil
}

// places are the indices of a slice in an array of n values.
func (s *step) places(n int) []int {
	from, to := 0, n
	if s.from != nil {
		if from = *s.from; from < 0 {
			from = max(from+n, 0)
		}
	}
	if s.to != nil {
		if to = *s.to; to < 0 {
			to += n
		}
		to = min(to, n)
	}
	var out []int
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

// deep applies the steps to v and all that is in it, where they can be.
func (e *evaluation) deep(rest []step, v *Value) error {
	if e.fits(rest, v) {
		if err := e.walk(rest, v, false); err != nil {
			return err
		}
	}
	for _, item := range v.Items {
		if err := e.deep(rest, item); err != nil {
			return err
		}
	}
	return nil
}

func (e *evaluation) fits(rest []step, v *Value) bool {
	if len(rest) == 0 {
		return false
	}
	switch s := &rest[0]; s.kind {
	case stepKeys:
		for _, k := range s.keys {
			if v.Kind != Object || v.member(k) == nil {
				return false
			}
		}
		return true
	case stepIndex, stepSlice:
		return v.Kind == Array
	case stepAny:
		return !v.Scalar()
	}
	return true
}

func (e *evaluation) filtered(s *step, rest []step, v *Value, exact bool) error {
	switch v.Kind {
	case Object:
		if s.filter.accepts(v, e.root) {
			return e.walk(rest, v, false)
		}
		return nil
	case Array:
		for _, item := range v.Items {
			if s.filter.accepts(item, e.root) {
				if err := e.walk(rest, item, false); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return e.miss(exact)
}

// calls are the functions that a path can end with.
var calls = map[string]bool{
	"length": true, "size": true, "min": true, "max": true, "avg": true, "sum": true, "stddev": true,
	"keys": true, "first": true, "last": true, "concat": true,
}

var errNoNumbers = errors.New("an aggregation of no numbers")

func call(name string, v *Value) (*Value, error) {
	switch name {
	case "length", "size":
		if v.Scalar() {
			return &Value{}, nil
		}
		return &Value{Kind: Int, Text: strconv.Itoa(len(v.Items))}, nil
	case "keys":
		out := &Value{Kind: Array}
		for _, k := range v.Keys {
			out.Items = append(out.Items, &Value{Kind: String, Text: k})
		}
		return out, nil
	case "first", "last":
		if v.Kind != Array || len(v.Items) == 0 {
			return nil, errNoNumbers
		}
		return v.Items[(len(v.Items)-1)*btoi(name == "last")], nil
	case "concat":
		var text []byte
		for _, item := range v.Items {
			if item.Kind == String {
				text = append(text, item.Text...)
			}
		}
		return &Value{Kind: String, Text: string(text)}, nil
	}
	return aggregate(name, v)
}

func btoi(v bool) int {
	if v {
		return 1
	}
	return 0
}

// aggregate computes with the numbers of an array.
func aggregate(name string, v *Value) (*Value, error) {
	var n, sum, squares float64
	least, most := math.MaxFloat64, -math.MaxFloat64
	if v.Kind == Array {
		for _, item := range v.Items {
			if !item.number() {
				continue
			}
			f, _ := strconv.ParseFloat(item.Text, 64)
			n++
			sum, squares = sum+f, squares+float64(f*f)
			least, most = min(least, f), max(most, f)
		}
	}
	if n == 0 {
		return nil, errNoNumbers
	}
	var f float64
	switch name {
	case "min":
		f = least
	case "max":
		f = most
	case "sum":
		f = sum
	case "avg":
		f = sum / n
	case "stddev":
		f = math.Sqrt(squares/n - float64(sum*sum)/n/n)
	}
	return &Value{Kind: Double, Num: f, Text: string(val.AppendDouble(nil, f))}, nil
}
