package fn

import (
	"testing"

	"pyfc/rt/val"
)

// The texts are those of PyFlink's exceptions.
func TestDecimalDivisionFails(t *testing.T) {
	shape := val.Shape{Precision: 5, Scale: 2}
	wide := val.Shape{Precision: 38, Scale: 38}
	most, _, _ := val.ParseDecimal("99999999999999999999999999999999999999", val.Shape{Precision: 38})
	for _, c := range []struct {
		f    func(a, b val.Decimal, as, bs, to val.Shape) (val.Decimal, bool, error)
		a, b val.Decimal
		bs   val.Shape
		want string
	}{
		{DivDecimal, val.DecimalOf(1), val.DecimalOf(0), shape, "Division by zero"},
		{DivDecimal, val.DecimalOf(0), val.DecimalOf(0), shape, "Division undefined"},
		{ModDecimal, val.DecimalOf(1), val.DecimalOf(0), shape, "Division by zero"},
		{ModDecimal, most, val.DecimalOf(7), wide, "Division impossible"},
	} {
		if v, ok, err := c.f(c.a, c.b, shape, c.bs, shape); err == nil || err.Error() != c.want || ok || v != (val.Decimal{}) {
			t.Errorf("%v, %v: got %v %v %v, want %s", c.a, c.b, v, ok, err, c.want)
		}
	}
}

func FuzzTextToDecimal(f *testing.F) {
	for _, s := range []string{"1.5", "12a", "1e5", "+", ".", "1e-21", "999999999999999999"} {
		f.Add(s, 5, 2)
	}
	f.Fuzz(func(t *testing.T, s string, p, scale int) {
		if p < 1 || p > val.MaxPrecision || scale < 0 || scale > p {
			t.Skip()
		}
		if d, err := TextToDecimal(s, val.Shape{Precision: p, Scale: scale}); err != nil && d != (val.Decimal{}) {
			t.Errorf("%q: %v beside %v", s, d, err)
		}
	})
}
