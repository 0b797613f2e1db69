package bind

import "pyfc/ir/types"

// arithmetic is the type that the operands of a op b get, where op is + - * / or
// %, and neither is DECIMAL.
func arithmetic(op string, a, b types.Type) types.Type {
	nullable := a.Nullable || b.Nullable
	switch {
	case a.Approximate() || b.Approximate():
		return types.CommonApproximate(a, b).WithNull(nullable)
	case op == "%": // the remainder fits the divisor
		return b.WithNull(nullable)
	}
	return types.Of(max(a.Kind, b.Kind)).WithNull(nullable)
}

// exactDecimals reports whether two numbers are computed with as DECIMALs, each
// as it is.
func exactDecimals(a, b types.Type) bool {
	return a.Kind == types.Decimal && b.Numeric() && !b.Approximate() || b.Kind == types.Decimal && a.Numeric() && !a.Approximate()
}

// concatenation is the type of a || b.
func concatenation(a, b types.Type) types.Type {
	t := types.Type{Kind: types.VarChar, Nullable: a.Nullable || b.Nullable, Precision: types.MaxLength}
	if a.Kind == types.Char && b.Kind == types.Char {
		t.Kind = types.Char
	}
	if a.Precision < types.MaxLength-b.Precision {
		t.Precision = a.Precision + b.Precision
	}
	return t
}
