package fn

import (
	"math/rand/v2"
	"testing"
)

// The short way gives what matching character by character does.
func TestLikeOfPlainPatterns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(alphabet []string) (s string) {
		for range r.IntN(6) {
			s += alphabet[r.IntN(len(alphabet))]
		}
		return s
	}
	plain := 0
	for range 20_000 {
		s, pattern := text([]string{"a", "b", "é", "\n", "😀"}), text([]string{"a", "b", "é", "%", "%", "_"})
		if _, _, _, ok := likeText(pattern); ok {
			plain++
		}
		if got, want := Like(s, pattern), like(s, pattern, -1); got != want {
			t.Fatalf("%q LIKE %q is %t, not %t", s, pattern, want, got)
		}
	}
	if plain < 2000 {
		t.Errorf("only %d plain patterns", plain)
	}
}
