package regex

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"pyfc/golden/services"
)

// found is the outcome of a pattern over a text in the form of matches.py:
// spans of groups and the last group of each match, or "error".
func found(pattern string, flags Flags, text string) (any, error) {
	re, err := Compile(pattern, flags)
	if err != nil {
		return "error", nil
	}
	runes := []rune(text)
	out := []any{}
	err = re.FindAll(runes, 0, len(runes), func(m *Match) bool {
		var spans []any
		for g := 0; g <= re.Groups; g++ {
			spans = append(spans, []any{float64(m.Caps[2*g]), float64(m.Caps[2*g+1])})
		}
		out = append(out, append(spans, float64(m.Last)))
		return true
	})
	return out, err
}

// TestFind checks what scripts ask of patterns; the spans are CPython's.
func TestFind(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		flags         Flags
		want          string
	}{
		{`a+`, "baac", 0, "[[[1 3] 0]]"},
		{`(a)|(b)`, "ab", 0, "[[[0 1] [0 1] [-1 -1] 1] [[1 2] [-1 -1] [1 2] 2]]"},
		{`(?P<x>\w)(?P=x)`, "aabb", 0, "[[[0 2] [0 1] 1] [[2 4] [2 3] 1]]"},
		{`x*`, "axb", 0, "[[[0 0] 0] [[1 2] 0] [[2 2] 0] [[3 3] 0]]"},
		{`^b`, "a\nb", Multiline, "[[[2 3] 0]]"},
		{`a.b`, "a\nb", DotAll, "[[[0 3] 0]]"},
		{`É`, "é", IgnoreCase, "[[[0 1] 0]]"},
		{`\w+`, "é a", ASCII, "[[[2 3] 0]]"},
		{`(?<=a)b(?!c)`, "abc ab", 0, "[[[5 6] 0]]"},
		{`(?>a+)ab`, "aaab", 0, "[]"},
		{`(a)?(?(1)b|c)`, "ab c", 0, "[[[0 2] [0 1] 1] [[3 4] [-1 -1] 0]]"},
		{` a # comment`, "a", Verbose, "[[[0 1] 0]]"},
		{`a{2,3}?`, "aaaa", 0, "[[[0 2] 0] [[2 4] 0]]"},
	} {
		got, err := found(c.pattern, c.flags, c.text)
		if s := fmt.Sprint(got); err != nil || s != c.want {
			t.Errorf("%s on %q: got %s, %v, want %s", c.pattern, c.text, s, err, c.want)
		}
	}
}

func TestMalformed(t *testing.T) {
	for pattern, want := range map[string]string{
		`(`: "missing ), unterminated subpattern at position 0", `a)`: "unbalanced parenthesis at position 1",
		`[a`: "unterminated character set at position 0", `*a`: "nothing to repeat at position 0", `a**`: "multiple repeat at position 2",
		`\`: "bad escape (end of pattern) at position 0", `[b-a]`: "bad character range b-a at position 1", `(?P<1>a)`: "bad character in group name '1' at position 4",
		`\2(a)`: "invalid group reference 2 at position 1", `(?<=a+)b`: "look-behind requires fixed-width pattern",
	} {
		_, err := Compile(pattern, 0)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", pattern, err, want)
		}
	}
}

func TestBudget(t *testing.T) {
	_, err := found(`(a*)*b`, 0, strings.Repeat("a", 40))
	if err != nil && !errors.Is(err, ErrBudget) {
		t.Error(err)
	}
	if _, err := found(`(a|aa)+$`, 0, strings.Repeat("a", 60)+"b"); !errors.Is(err, ErrBudget) {
		t.Errorf("got %v, want the budget to end it", err)
	}
}

// generator makes patterns of a few letters.
type generator struct{ *rand.Rand }

func (g generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g generator) pattern(depth int) string {
	var b strings.Builder
	for range 1 + g.IntN(4) {
		b.WriteString(g.item(depth))
		if g.IntN(3) == 0 {
			b.WriteString(g.pick("*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{1,}?", "*+", "?+"))
		}
	}
	if depth > 0 && g.IntN(4) == 0 {
		b.WriteString("|" + g.pattern(depth-1))
	}
	return b.String()
}

func (g generator) item(depth int) string {
	if depth == 0 || g.IntN(3) > 0 {
		return g.pick("a", "b", "c", "A", ".", `\w`, `\d`, `\s`, `\b`, `\B`, "^", "$", "[ab]", "[^a]", "[a-c]", `[\d_]`, "1", " ", `\A`, `\Z`, "\\n", "é")
	}
	inner := g.pattern(depth - 1)
	return g.pick("("+inner+")", "("+inner+")", "(?:"+inner+")", "(?="+inner+")", "(?!"+inner+")", "(?<="+g.pick("a", "b|c", "[ab]c")+")", "(?<!"+g.pick("a", "bc")+")",
		"(?>"+inner+")", "(?i:"+inner+")", "(?P<g>"+inner+")", "(a)"+inner+`\1`, "(a)?(?(1)b|c)")
}

// TestAgainstCPython compares matches of made patterns with those of CPython's
// re; with PYFC_LONG many more.
func TestAgainstCPython(t *testing.T) {
	python := services.Python(t)
	n := 1000
	if os.Getenv("PYFC_LONG") != "" {
		n = 100_000
	}
	g := generator{rand.New(rand.NewPCG(11, 5))}
	var input bytes.Buffer
	var cases [][3]any
	for range n {
		var text strings.Builder
		for range g.IntN(12) {
			text.WriteString(g.pick("a", "b", "c", "A", "1", " ", "\n", "_", "é", "ab"))
		}
		c := [3]any{g.pattern(2), []Flags{0, IgnoreCase, Multiline, DotAll, ASCII}[g.IntN(5)], text.String()}
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		input.Write(append(line, '\n'))
		cases = append(cases, c)
	}
	cmd := exec.Command(python, "testdata/matches.py")
	cmd.Stdin, cmd.Stderr = &input, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	// Of a group that matches the empty text lazily CPython keeps other spans in
	// a few patterns of a hundred thousand.
	differ, tolerated, compared := 0, n/10_000, 0
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for _, c := range cases {
		if !lines.Scan() {
			t.Fatal("CPython answered too few cases")
		}
		var want any
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		if want == "unknown" {
			continue
		}
		compared++
		pattern, text := c[0].(string), c[2].(string)
		got, err := found(pattern, c[1].(Flags), text)
		if errors.Is(err, ErrBudget) {
			continue
		}
		if err == nil && reflect.DeepEqual(got, want) {
			continue
		}
		if differ++; differ > tolerated {
			t.Errorf("%s with flags %d on %q: got %v, %v, CPython finds %v", pattern, c[1], text, got, err, want)
		}
	}
	if compared < n/2 {
		t.Errorf("CPython knows only %d of %d cases", compared, n)
	}
}

// FuzzFind checks that no pattern panics or runs on beyond its budget, and
// that spans lie within the text.
func FuzzFind(f *testing.F) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	for range 50 {
		f.Add(g.pattern(2), int64(0), "aab c1\nbA")
	}
	f.Fuzz(func(t *testing.T, pattern string, flags int64, text string) {
		re, err := Compile(pattern, Flags(flags))
		if err != nil {
			return
		}
		runes := []rune(text)
		last := 0
		err = re.FindAll(runes, 0, len(runes), func(m *Match) bool {
			for i := 0; i < len(m.Caps); i += 2 {
				if from, to := m.Caps[i], m.Caps[i+1]; from > to || to > len(runes) || (from < 0) != (to < 0) {
					t.Fatalf("group %d spans %d to %d of %d", i/2, from, to, len(runes))
				}
			}
			if m.Caps[0] < last {
				t.Fatal("a match begins before the last one ended")
			}
			last = m.Caps[1]
			return true
		})
		if err != nil && !errors.Is(err, ErrBudget) {
			t.Fatal(err)
		}
	})
}
