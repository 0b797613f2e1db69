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
		t = p.dataType(true)
		if p.tok().kind != tokEOF {
			p.unexpected("NOT NULL", "the end of the type")
		}
	})
	if p.faults > 0 {
		t = types.Type{}
	}
	return t, p.diags.Sorted()
}
