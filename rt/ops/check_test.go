package ops

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// TestCheck asks a job that is alive, also by the address of all interfaces, and
// one that isn't.
func TestCheck(t *testing.T) {
	s, err := Listen("127.0.0.1:0", "job", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	addr := s.Addr()
	for _, a := range []string{addr, strings.Replace(addr, "127.0.0.1", "0.0.0.0", 1)} {
		if err := Check(a); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, a := range []string{addr, "no port"} {
		var u *Unhealthy
		if err := Check(a); !errors.As(err, &u) || u.ExitCode() != 1 {
			t.Errorf("%s: %v", a, err)
		}
	}
}
