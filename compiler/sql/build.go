package sql

import (
	"math/big"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Col is the column of the given name.
func Col(pos diag.Pos, name string) *Ident {
	return &Ident{At: At{pos}, Parts: []Name{{Text: name, Pos: pos}}}
}

// CallOf is a call of a built-in function, an operator (one of the Op
// constants) or a registered function.
func CallOf(pos diag.Pos, name string, args ...Expr) *Call {
	return &Call{At: At{pos}, Func: name, Args: args}
}

// As is x under another name.
func As(pos diag.Pos, x Expr, names ...string) *Alias {
	a := &Alias{At: At{pos}, X: x}
	for _, n := range names {
		a.Names = append(a.Names, Name{Text: n, Pos: pos})
	}
	return a
}

// CastTo is CAST(x AS t).
func CastTo(pos diag.Pos, x Expr, t types.Type) *Cast {
	return &Cast{At: At{pos}, X: x, Type: t}
}

// Null is NULL of a type; types.Null for one that the context decides.
func Null(pos diag.Pos, t types.Type) *Literal {
	return &Literal{At: At{pos}, Type: t.WithNull(true)}
}

// Bool is TRUE or FALSE.
func Bool(pos diag.Pos, v bool) *Literal {
	return &Literal{At: At{pos}, Type: types.Of(types.Boolean).NotNull(), Value: v}
}

// Text is a string literal: CHAR of its length in UTF-16 code units, which is
// how Flink counts.
func Text(pos diag.Pos, v string) *Literal {
	return &Literal{At: At{pos}, Type: types.NewChar(utf16Len(v)).NotNull(), Value: v}
}

// Integer is a literal of an integer kind; v must fit it.
func Integer(pos diag.Pos, kind types.Kind, v int64) *Literal {
	return &Literal{At: At{pos}, Type: types.Of(kind).NotNull(), Value: v}
}

// Double is a DOUBLE literal.
func Double(pos diag.Pos, v float64) *Literal {
	return &Literal{At: At{pos}, Type: types.Of(types.Double).NotNull(), Value: v}
}

// Decimal is a DECIMAL literal as Flink types it from its text: digits with
// at most one point, as many digits as are written (0.05 is DECIMAL(3, 2)).
func Decimal(pos diag.Pos, text string) *Literal {
	whole, frac, _ := strings.Cut(text, ".")
	unscaled, _ := new(big.Int).SetString(whole+frac, 10)
	precision := max(len(unscaled.String()), len(frac), 1)
	return &Literal{At: At{pos}, Type: types.NewDecimal(precision, len(frac)).NotNull(), Value: unscaled}
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
