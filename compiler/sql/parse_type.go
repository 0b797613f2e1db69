package sql

import (
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// ParseType reads one data type, such as the result_type="ROW<a INT>" of a
// Python function. The invalid type comes with a diagnostic.
func ParseType(text string, at Locator) (types.Type, []*diag.Diagnostic) {
	p := newParser(text, at, flinkSQL, nil)
	var t types.Type
	p.recovering(func() {
		p.intervals = true
		t = p.dataType(true)
		if p.tok().kind != tokEOF {
			p.unexpected("NOT NULL", "the end of the type")
		}
	})
	if p.faults+p.doubts > 0 {
		t = types.Type{}
	}
	return t, p.diags.Sorted()
}

// ParseSQLExpression reads one expression of SQL, as it stands in the
// declaration of a computed column.
func ParseSQLExpression(text string, at Locator) (Expr, []*diag.Diagnostic) {
	p := newParser(text, at, flinkSQL, nil)
	var out Expr
	p.recovering(func() {
		out = p.expr()
		if p.tok().kind != tokEOF {
			p.unexpected("an operator", endOfStatement)
		}
	})
	if p.faults > 0 {
		out = nil
	}
	return out, p.diags.Sorted()
}
