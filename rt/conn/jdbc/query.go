package jdbc

import (
	"fmt"
	"strconv"
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// filtering reports whether the database decides a condition: as in Flink by its
// own rules, where a text equals others, say, that differ in case.
func filtering(t *conn.Table, c *conn.Condition) bool {
	return !strings.EqualFold(t.Options["filter.handling.policy"], "never") && understands(c)
}

// understands reports whether a condition can be said in the database's SQL.
func understands(c *conn.Condition) bool {
	if c.Args == nil {
		switch c.Type.Kind {
		case types.Float, types.Double, types.Binary, types.VarBinary:
			return c.Op == "IS NULL" || c.Op == "IS NOT NULL"
		}
		return true
	}
	for i := range c.Args {
		if c.Op == "NOT" || !understands(&c.Args[i]) {
			return false
		}
	}
	return true
}

// query is the query that reads a part of the table.
func (s *Source) query(p part) (string, error) {
	columns := make([]string, len(s.table.Read))
	for i, c := range s.table.Read {
		columns[i] = s.column(s.table.Columns[c].Name)
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + s.from
	var where []string
	for i := range s.table.Filter {
		text, err := s.condition(&s.table.Filter[i])
		if err != nil {
			return "", err
		}
		where = append(where, text)
	}
	if s.opts.PartitionColumn != "" {
		where = append(where, fmt.Sprintf("%s BETWEEN %d AND %d", s.column(s.opts.PartitionColumn), p.low, p.high))
	}
	if where != nil {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	if s.table.Limit > 0 {
		query += " LIMIT " + strconv.FormatInt(s.table.Limit, 10)
	}
	return query, nil
}

// condition is a condition in the database's SQL.
func (s *Source) condition(c *conn.Condition) (string, error) {
	if c.Args != nil {
		parts := make([]string, len(c.Args))
		for i := range c.Args {
			var err error
			if parts[i], err = s.condition(&c.Args[i]); err != nil {
				return "", err
			}
		}
		return "(" + strings.Join(parts, " "+c.Op+" ") + ")", nil
	}
	column := s.column(s.table.Columns[c.Column].Name)
	if c.Op == "IS NULL" || c.Op == "IS NOT NULL" {
		return column + " " + c.Op, nil
	}
	value, err := s.literal(c)
	return column + " " + c.Op + " " + value, err
}

// literal is the value that a condition compares with.
func (s *Source) literal(c *conn.Condition) (string, error) {
	switch c.Type.Kind {
	case types.Boolean:
		return strings.ToUpper(strconv.FormatBool(c.Value.Bool())), nil
	case types.TinyInt, types.SmallInt, types.Int, types.BigInt:
		return strconv.FormatInt(c.Value.Int(), 10), nil
	case types.Decimal:
		return string(val.AppendPlainDecimal(nil, c.Value.Decimal(), c.Type.Scale)), nil
	case types.Date, types.Time, types.Timestamp:
		return "'" + string(appendTime(nil, c.Value, c.Type)) + "'", nil
	}
	text, err := s.link.target.dialect.AppendString(nil, c.Value.Text())
	return string(text), err
}
