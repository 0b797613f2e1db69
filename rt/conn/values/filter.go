package values

import (
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// filtering says that the source decides every condition but LIKE.
func filtering(_ *conn.Table, c *conn.Condition) bool {
	if c.Op == "LIKE" {
		return false
	}
	for i := range c.Args {
		if !filtering(nil, &c.Args[i]) {
			return false
		}
	}
	return true
}

// truth is that of SQL.
type truth int8

const (
	isFalse truth = iota - 1
	isUnknown
	isTrue
)

func truthOf(v bool) truth {
	if v {
		return isTrue
	}
	return isFalse
}

// holds finds the truth of a condition for the row that the decoder has split.
func (d *Decoder) holds(c *conn.Condition, arena *val.Arena) (truth, error) {
	switch c.Op {
	case "AND", "OR", "NOT":
		return d.joined(c, arena)
	}
	x, err := d.Datum(c.Column, c.Type, arena)
	if err != nil {
		return isUnknown, err
	}
	switch {
	case c.Op == "IS NULL":
		return truthOf(x.Null), nil
	case c.Op == "IS NOT NULL":
		return truthOf(!x.Null), nil
	case x.Null:
		return isUnknown, nil
	}
	order := val.CompareDatum(x, c.Value, c.Type)
	switch c.Op {
	case "=":
		return truthOf(order == 0), nil
	case "<>":
		return truthOf(order != 0), nil
	case "<":
		return truthOf(order < 0), nil
	case "<=":
		return truthOf(order <= 0), nil
	case ">":
		return truthOf(order > 0), nil
	}
	return truthOf(order >= 0), nil
}

// joined finds the truth of AND, the least of its arguments', of OR, the
// greatest, and of NOT.
func (d *Decoder) joined(c *conn.Condition, arena *val.Arena) (truth, error) {
	least, greatest := isTrue, isFalse
	for i := range c.Args {
		t, err := d.holds(&c.Args[i], arena)
		if err != nil {
			return isUnknown, err
		}
		least, greatest = min(least, t), max(greatest, t)
	}
	switch c.Op {
	case "AND":
		return least, nil
	case "OR":
		return greatest, nil
	}
	return -least, nil
}

// filtered are the rows for which all conditions of the table are true.
func (s *Source) filtered(rows []row) ([]row, error) {
	if len(s.table.Filter) == 0 {
		return rows, nil
	}
	d := &Decoder{table: s.table}
	arena := val.NewArena()
	defer arena.Release()
	all := &conn.Condition{Op: "AND", Args: s.table.Filter}
	var out []row
	for _, r := range rows {
		if _, err := d.Split(r.values); err != nil {
			return nil, &conn.BadData{Table: s.table.Name, Err: err}
		}
		t, err := d.holds(all, arena)
		if err != nil {
			return nil, err
		}
		if t == isTrue {
			out = append(out, r)
		}
	}
	return out, nil
}
