package ir

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"pyfc/ir/types"
)

// String implements Expr.
func (c *ColumnRef) String() string { return quoteName(c.Name) + "#" + strconv.Itoa(c.Index) }

// String implements Expr: a literal with the type that SQL text would give it,
// or with its type spelled out.
func (c *Const) String() string {
	switch v := c.Value.(type) {
	case nil:
		return "NULL:" + c.T.WithNull(true).String()
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case int64:
		return strconv.FormatInt(v, 10) + ":" + c.T.Kind.String()
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64) + ":" + c.T.Kind.String()
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case []byte:
		return fmt.Sprintf("X'%x'", v)
	case *big.Int:
		return decimalText(v, c.T.Scale) + ":" + c.T.WithNull(true).String()
	}
	return fmt.Sprintf("?%T", c.Value)
}

func decimalText(unscaled *big.Int, scale int) string {
	s := new(big.Int).Abs(unscaled).String()
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	if scale > 0 {
		s = s[:len(s)-scale] + "." + s[len(s)-scale:]
	}
	if unscaled.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// String implements Expr: operators between their operands, functions before.
func (c *Call) String() string {
	if isOperator(c.Fn) {
		switch len(c.Args) {
		case 1:
			if strings.HasPrefix(c.Fn, "IS ") {
				return "(" + c.Args[0].String() + " " + c.Fn + ")"
			}
			return "(" + c.Fn + " " + c.Args[0].String() + ")"
		case 2:
			return "(" + c.Args[0].String() + " " + c.Fn + " " + c.Args[1].String() + ")"
		}
	}
	return c.Fn + "(" + exprList(c.Args) + ")"
}

// isOperator reports whether a function's name is written between or around
// its operands rather than before them.
func isOperator(fn string) bool {
	switch fn {
	case "AND", "OR", "NOT", "LIKE":
		return true
	}
	return strings.HasPrefix(fn, "IS ") || !strings.ContainsAny(fn, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// String implements Expr.
func (c *Cast) String() string {
	name := "CAST"
	if c.Try {
		name = "TRY_CAST"
	}
	return name + "(" + c.Arg.String() + " AS " + c.T.WithNull(true).String() + ")"
}

// String implements Expr.
func (c *Case) String() string {
	var b strings.Builder
	b.WriteString("CASE")
	for i := range c.Whens {
		b.WriteString(" WHEN " + c.Whens[i].String() + " THEN " + c.Thens[i].String())
	}
	b.WriteString(" ELSE " + c.Else.String() + " END")
	return b.String()
}

// String implements Expr.
func (c *UDFCall) String() string { return c.UDF.Name + "(" + exprList(c.Args) + ")" }

func exprList(es []Expr) string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.String()
	}
	return strings.Join(parts, ", ")
}

func quoteName(s string) string {
	for i, r := range s {
		if r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && (r >= '0' && r <= '9' || r == '$') {
			continue
		}
		return "`" + strings.ReplaceAll(s, "`", "``") + "`"
	}
	return s
}

// Print renders a plan: one line per relation, inputs indented below their
// consumer.
//
//	Sink stats key=(province) [UA,D,I]
//	  Aggregate …
func Print(rel Rel) string {
	var b strings.Builder
	printRel(&b, rel, 0)
	return b.String()
}

func printRel(b *strings.Builder, rel Rel, depth int) {
	p := rel.P()
	b.WriteString(strings.Repeat("  ", depth) + Line(rel))
	fmt.Fprintf(b, " [%s]", p.Mode)
	for _, k := range p.Keys {
		b.WriteString(" unique=" + k.Names(p.Schema))
	}
	if rel.Op() != OpSink {
		b.WriteString(" : " + p.Schema.String())
	}
	b.WriteByte('\n')
	for _, in := range rel.Inputs() {
		printRel(b, in, depth+1)
	}
}

// Line is the relation with what it does, without properties and inputs.
func Line(rel Rel) string {
	if s := detail(rel); s != "" {
		return rel.Op().String() + " " + s
	}
	return rel.Op().String()
}

func detail(rel Rel) string {
	switch r := rel.(type) {
	case *Scan:
		return quoteName(r.Table.Name) + " connector=" + r.Table.Connector
	case *Values:
		return fmt.Sprintf("rows=%d", len(r.Rows))
	case *Project:
		return "(" + exprList(r.Columns) + ")"
	case *Filter:
		return "(" + r.Cond.String() + ")"
	case *Bridge:
		parts := make([]string, len(r.Calls))
		for i, c := range r.Calls {
			parts[i] = c.String()
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case *Exchange:
		return "hash=" + r.Key.Names(r.Schema)
	case *Aggregate:
		return aggregateDetail(r)
	case *Sink:
		return sinkDetail(r)
	}
	return ""
}

func aggregateDetail(a *Aggregate) string {
	in := a.In.P().Schema
	parts := make([]string, len(a.Calls))
	for i, c := range a.Calls {
		parts[i] = c.text(in)
	}
	s := "group=" + Key(a.Group).Names(in) + " calls=(" + strings.Join(parts, ", ") + ")"
	if a.Coalesce {
		s += " coalesced"
	}
	return s
}

func (c AggCall) text(in types.Schema) string {
	arg := "*"
	if len(c.Args) > 0 {
		arg = strings.Trim(Key(c.Args).Names(in), "()")
	}
	if c.Distinct {
		arg = "DISTINCT " + arg
	}
	s := c.Fn + "(" + arg + ")"
	if c.Filter >= 0 {
		s += " FILTER " + in[c.Filter].Name
	}
	return s
}

func sinkDetail(s *Sink) string {
	out := quoteName(s.Table.Name) + " connector=" + s.Table.Connector
	if s.Key != nil {
		names := make(types.Schema, len(s.Table.Columns))
		for i, c := range s.Table.Columns {
			names[i] = c.Column
		}
		out += " key=" + s.Key.Names(names)
	}
	return out
}
