package jregex

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

// outcome writes what a pattern does with a text as testdata/jdk17.txt does:
// the groups of the first match, and the text with all matches replaced.
func outcome(pattern, text string) string {
	p, err := Compile(pattern)
	if err != nil {
		return "error"
	}
	if found, err := p.Find(text); err != nil || !found {
		return "none"
	}
	var b strings.Builder
	for n := 0; n <= p.groups(); n++ {
		if n > 0 {
			b.WriteByte(' ')
		}
		if g, ok, _ := p.Group(text, n); ok {
			b.WriteString(quoted(g))
		} else {
			b.WriteString("null")
		}
	}
	matches, err := p.All(text)
	if err != nil {
		return err.Error()
	}
	replaced, last := "", 0
	for _, m := range matches {
		replaced += text[last:m[0]] + "<>"
		last = m[1]
	}
	return b.String() + " => " + quoted(replaced+text[last:])
}

func (p *Pattern) groups() int {
	if p.fast != nil {
		return p.fast.NumSubexp()
	}
	re, _ := p.slow()
	return len(re.GetGroupNumbers()) - 1
}

func quoted(s string) string {
	s = strconv.QuoteToASCII(s)
	for short, long := range map[string]string{`\n`: `\u000a`, `\r`: `\u000d`, `\t`: `\u0009`} {
		s = strings.ReplaceAll(s, short, long)
	}
	return s
}

// knownToDiffer is how many of the random patterns of testdata/jdk17.txt may come
// out otherwise: a quantifier behind another, lazy empty look-arounds, \R giving
// back its \n, and empty matches inside of surrogate pairs.
const knownToDiffer = 78

// TestJDK compares with what java.util.regex of JDK 17 does with random
// patterns and texts.
func TestJDK(t *testing.T) {
	file, err := os.Open("testdata/jdk17.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	differ := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		first, _ := strconv.QuotedPrefix(line)
		rest := line[len(first)+1:]
		second, _ := strconv.QuotedPrefix(rest)
		want := rest[len(second)+1:]
		pattern, _ := strconv.Unquote(first)
		text, _ := strconv.Unquote(second)
		if got := outcome(pattern, text); got != want {
			differ++
			t.Logf("%s on %s: %s, Java has %s", first, second, got, want)
		}
	}
	if differ > knownToDiffer {
		t.Errorf("%d differ", differ)
	}
}

// A hit of the cache and a match by Go's engine don't allocate.
func TestMatchDoesNotAllocate(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		p, _ := Cached("b+c$")
		if ok, _ := p.Find("aabbc"); !ok {
			t.Fatal("no match")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzCompile(f *testing.F) {
	for _, p := range []string{"a(b|c)*+", `[a-z&&[^b]]\p{L}`, `(?i)x{2,3}?`, `\Qa\E\x{61}`, `(?<n>a)\k<n>`, "[", `\`, "(?<=a)b$"} {
		f.Add(p, "abc")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := Compile(pattern)
		if err != nil || len(text) > 20 || len(pattern) > 30 {
			return
		}
		if found, err := p.Find(text); err == nil && !found {
			if all, err := p.All(text); err == nil && len(all) > 0 {
				t.Errorf("%q on %q: matches, but isn't found", pattern, text)
			}
		}
	})
}

// The answers are those of java.util.regex of JDK 17.
func TestWhatScriptsWrite(t *testing.T) {
	for _, c := range []struct{ pattern, text, want string }{
		{`(?i)ÄÖ`, "äö ÄÖ", `"\u00c4\u00d6" => "\u00e4\u00f6 <>"`},
		{`(?iu)ÄÖ`, "äö ÄÖ", `"\u00e4\u00f6" => "<> <>"`},
		{`(?i)k`, "\u212a K", `"K" => "\u212a <>"`},
		{`(?i)[^a]+`, "AbAa", `"b" => "A<>Aa"`},
		{`(?i)(a)\1`, "aA", `"aA" "a" => "<>"`},
		{`(?i:a)b`, "Ab AB", `"Ab" => "<> AB"`},
		{`(?s:.)+\.`, "a\n.", `"a\u000a." => "<>"`},
		{`(?x) a b # c`, "ab", `"ab" => "<>"`},
		{`(?x)[a b]+ #`, "ab c", `"ab" => "<> c"`},
		{`(?m)^.*$`, "", "none"},
		{`(?m)^.*$`, "a\nb", `"a" => "<>\u000a<>"`},
		{`(^|,)([^,]*)`, "foo b", `"foo b" "" "foo b" => "<>"`},
		{`[^-]*`, "a-b", `"a" => "<><>-<><>"`},
		{`\p{InGreek}+|\p{block=Hiragana}`, "aλμ", `"\u03bb\u03bc" => "a<>"`},
		{`\p{IsDigit}+\p{IsPunctuation}`, "x12.", `"12." => "x<>"`},
		{`\p{javaUpperCase}\p{javaLowerCase}+`, "x Äbc", `"\u00c4bc" => "x <>"`},
		{`\p{IsIdeographic}+`, "a日本", `"\u65e5\u672c" => "a<>"`},
		{`\p{Greek}`, "λ", "error"},
		{`(?<n>a)(?<n>b)`, "ab", "error"},
	} {
		if got := outcome(c.pattern, c.text); got != c.want {
			t.Errorf("%s on %q: %s, Java has %s", c.pattern, c.text, got, c.want)
		}
	}
}
