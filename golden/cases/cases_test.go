package cases

import (
	"strings"
	"testing"
)

// TestLeft takes rows back and keeps what shows none.
func TestLeft(t *testing.T) {
	a := "out> +I[1, a]\nhello\nout> -U[1, a]\nout> +U[1, b]\n+I[x]\nhello\n"
	b := "+I[x]\nhello\nout> +U[1, b]\nhello\n"
	if Left(a) != Left(b) || !strings.Contains(Left(a), "2 × hello\n") {
		t.Errorf("%s\n%s", Left(a), Left(b))
	}
	if Left(a) == Left("+I[x]\n"+b) {
		t.Error("a row that comes twice is the same as one")
	}
}
