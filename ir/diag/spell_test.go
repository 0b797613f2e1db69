package diag

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"select", "group_by", "where", "order_by", "execute_insert"}
	for _, c := range []struct{ name, want string }{
		{"selct", "select"},
		{"slecet", "select"},
		{"groupby", "group_by"},
		{"Where", "where"},
		{"execute_inset", "execute_insert"},
		{"zzz", ""},
		{"", ""},
		{"where", ""}, // itself is no suggestion
	} {
		if got := Nearest(c.name, words); got != c.want {
			t.Errorf("Nearest(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}
