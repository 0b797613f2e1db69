package ir

import "pyfc/ir/diag"

// DeclaredAt is where a table declares the column that reaches r unchanged;
// unknown for one that is computed on the way.
func DeclaredAt(r Rel, column int) diag.Pos {
	switch r := r.(type) {
	case *Scan:
		return r.Table.Columns[r.Read[column]].Pos
	case *Project:
		if column < len(r.Columns) { // what stands for a faulty query has none
			if ref, ok := r.Columns[column].(*ColumnRef); ok {
				return DeclaredAt(r.In, ref.Index)
			}
		}
	case *Join:
		if width := len(r.Left.P().Schema); column >= width {
			return DeclaredAt(r.Right, column-width)
		}
		return DeclaredAt(r.Left, column)
	case *Filter, *Sort, *Watermark, *Window, *Rank: // columns of their own come last
		if in := r.Inputs()[0]; column < len(in.P().Schema) {
			return DeclaredAt(in, column)
		}
	}
	return diag.Pos{}
}
