package sql

import (
	"encoding/hex"
	"math/big"
	"strings"

	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// Col is the column of the given name.
func Col(pos diag.Pos, name string) *Ident {
	return &Ident{At: At{pos}, Parts: []Name{{Text: name, Pos: pos}}}
}

// Op applies an operator, one of the Op constants.
func Op(pos diag.Pos, op string, args ...Expr) *Call {
	return &Call{At: At{pos}, Func: op, Args: args}
}

// CallOf calls a function by the name that SQL text would have.
func CallOf(pos diag.Pos, name string, args ...Expr) *Call {
	return &Call{At: At{pos}, Func: strings.ToUpper(name), Written: name, Args: args}
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

// Bytes is a BINARY literal, from hexadecimal digits of even number.
func Bytes(pos diag.Pos, digits string) *Literal {
	b, _ := hex.DecodeString(digits)
	return &Literal{At: At{pos}, Type: types.Type{Kind: types.Binary, Precision: len(b)}, Value: b}
}

// Integer is a literal of an integer kind; v must fit it.
func Integer(pos diag.Pos, kind types.Kind, v int64) *Literal {
	return &Literal{At: At{pos}, Type: types.Of(kind).NotNull(), Value: v}
}

// Interval is an interval literal of months (IntervalYearMonth) or
// milliseconds (IntervalDayTime).
func Interval(pos diag.Pos, kind types.Kind, v int64) *Literal {
	return &Literal{At: At{pos}, Type: types.Of(kind).NotNull(), Value: v}
}

// Double is a DOUBLE literal.
func Double(pos diag.Pos, v float64) *Literal {
	return &Literal{At: At{pos}, Type: types.Of(types.Double).NotNull(), Value: v}
}

// Decimal is a DECIMAL literal from digits with at most one point. As in
// Flink, its precision is the number of digits written: 0.05 is DECIMAL(3, 2).
func Decimal(pos diag.Pos, text string) *Literal {
	whole, frac, _ := strings.Cut(text, ".")
	unscaled, _ := new(big.Int).SetString(whole+frac, 10)
	return &Literal{At: At{pos}, Type: types.NewDecimal(len(whole)+len(frac), len(frac)).NotNull(), Value: unscaled}
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
