package jdbc

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/rt/conn"
)

// family is a group of types that databases treat alike in an assignment.
type family uint8

const (
	unknownFamily family = iota
	boolFamily
	numberFamily
	textFamily
	bytesFamily
	timeFamily
)

func (f family) String() string {
	return [...]string{"unknown", "truth value", "number", "text", "binary value", "date or time"}[f]
}

// familyOf classifies a column's SQL type, as types.Type prints it. Only types
// that the sink can write are known.
func familyOf(sqlType string) family {
	root, _, _ := strings.Cut(strings.TrimSuffix(sqlType, " NOT NULL"), "(")
	switch root {
	case "BOOLEAN":
		return boolFamily
	case "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL":
		return numberFamily
	case "STRING", "VARCHAR", "CHAR":
		return textFamily
	case "BYTES", "VARBINARY", "BINARY":
		return bytesFamily
	case "DATE", "TIME", "TIMESTAMP":
		return timeFamily
	}
	return unknownFamily
}

// match finds the sink's columns in the database's table and returns their
// names there. The error lists all differences at once.
func match(t *conn.Table, rel *Relation, d Dialect) ([]string, error) {
	var diffs []string
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		rc := rel.find(c.Name)
		switch {
		case rc == nil:
			diffs = append(diffs, fmt.Sprintf("it has no column %s (%s)", c.Name, c.Type))
			continue
		case rc.Generated:
			diffs = append(diffs, fmt.Sprintf("its column %s is generated", rc.Name))
		case !slices.Contains(rc.Takes, familyOf(c.Type)):
			diffs = append(diffs, fmt.Sprintf("its column %s is %s, which takes no %s (%s)", rc.Name, rc.Type, familyOf(c.Type), c.Type))
		}
		names[i] = rc.Name
	}
	for _, rc := range rel.Columns {
		if rc.Needed && !slices.Contains(names, rc.Name) {
			diffs = append(diffs, fmt.Sprintf("its column %s (%s) is NOT NULL without a default, and the sink gives it no value", rc.Name, rc.Type))
		}
	}
	if diffs == nil && len(t.Key) > 0 && d.KeyMustBeUnique() && !rel.uniqueOver(pick(names, t.Key)) {
		diffs = append(diffs, fmt.Sprintf("it has no primary key or unique index over (%s), the key that the query updates by", strings.Join(pick(names, t.Key), ", ")))
	}
	if diffs == nil {
		return names, nil
	}
	have := make([]string, len(rel.Columns))
	for i, rc := range rel.Columns {
		have[i] = rc.Name + " " + rc.Type
	}
	return nil, fmt.Errorf("the table %s in the database doesn't fit: %s; it is (%s)", rel.SQL, strings.Join(diffs, "; "), strings.Join(have, ", "))
}

// find returns the column of the name, by exact case first.
func (r *Relation) find(name string) *RelationColumn {
	for _, same := range []func(string, string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for i := range r.Columns {
			if same(r.Columns[i].Name, name) {
				return &r.Columns[i]
			}
		}
	}
	return nil
}

// uniqueOver reports whether the columns of some unique index are exactly
// these.
func (r *Relation) uniqueOver(columns []string) bool {
	want := slices.Sorted(slices.Values(columns))
	return slices.ContainsFunc(r.Unique, func(u []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(u)), want)
	})
}

// uniqueWithin reports whether rows that agree in these columns can't be two.
func (r *Relation) uniqueWithin(columns []string) bool {
	return slices.ContainsFunc(r.Unique, func(u []string) bool {
		return !slices.ContainsFunc(u, func(c string) bool { return !slices.Contains(columns, c) })
	})
}

func pick(names []string, positions []int) []string {
	out := make([]string, len(positions))
	for i, p := range positions {
		out[i] = names[p]
	}
	return out
}
