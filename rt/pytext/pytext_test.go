package pytext

import (
	"math"
	"testing"
)

// The texts are CPython's.
func TestTextsAreCPythons(t *testing.T) {
	for _, c := range [][2]string{
		{Quote("a"), `'a'`}, {Quote("it's"), `"it's"`}, {Quote(`it's "x"`), `'it\'s "x"'`}, {Quote("\n\t\x01\u2028é中"), `'\n\t\x01\u2028é中'`},
		{ByteArray("a\n\xff"), `bytearray(b'a\n\xff')`}, {ByteArray("a'"), `bytearray(b"a\'")`}, {ByteArray(`a'"`), `bytearray(b'a\'"')`},
		{Float(1), "1.0"}, {Float(1e16), "1e+16"}, {Float(123456789012345680), "1.2345678901234568e+17"}, {Float(1e-5), "1e-05"},
		{Float(0.0001), "0.0001"}, {Float(math.NaN()), "nan"}, {Float(math.Inf(-1)), "-inf"}, {Float(math.Copysign(0, -1)), "-0.0"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %s, want %s", c[0], c[1])
		}
	}
}
