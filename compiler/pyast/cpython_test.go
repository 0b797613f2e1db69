package pyast

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pyfc/golden/services"
	"pyfc/ir/diag"
)

var every = flag.Int("every", 40, "compare every n-th file of Python's standard library")

// cpythonTrees returns CPython's tree of each file as lines, or its error as
// a line that begins with "!".
func cpythonTrees(t *testing.T, files []string) map[string][]string {
	t.Helper()
	cmd := exec.Command(services.Python(t), "testdata/dump.py")
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	trees := map[string][]string{}
	name := ""
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		if file, ok := strings.CutPrefix(line, "# "); ok {
			name = file
		} else {
			trees[name] = append(trees[name], line)
		}
	}
	return trees
}

// TestAgainstCPython compares the trees of the case file with CPython's.
func TestAgainstCPython(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for i, c := range readCases(t, "testdata/trees.txt") {
		file := filepath.Join(dir, fmt.Sprintf("%02d-%s.py", i, strings.ReplaceAll(c.name, " ", "-")))
		if err := os.WriteFile(file, []byte(c.source), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	trees := cpythonTrees(t, files)
	for _, file := range files {
		compareTrees(t, file, trees[file])
	}
}

// TestErrorsAgainstCPython proves that what is refused as malformed is so for
// CPython too, and that what is only unsupported isn't.
func TestErrorsAgainstCPython(t *testing.T) {
	dir := t.TempDir()
	var files []string
	codes := map[string]string{}
	for i, c := range readCases(t, "testdata/errors.txt") {
		file := filepath.Join(dir, fmt.Sprintf("%02d.py", i))
		if err := os.WriteFile(file, []byte(c.source), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		codes[file] = c.output
	}
	for file, tree := range cpythonTrees(t, files) {
		refused := strings.HasPrefix(tree[0], "!")
		if want := strings.Contains(codes[file], string(diag.PySyntax)); refused != want {
			t.Errorf("%s: CPython gives %s", codes[file], tree[0])
		}
	}
}

// TestStandardLibrary compares a sample of Python's own library; the flag
// "-every=1" takes all of it.
func TestStandardLibrary(t *testing.T) {
	out, err := exec.Command(services.Python(t), "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])").Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	n := 0
	err = filepath.WalkDir(strings.TrimSpace(string(out)), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == "site-packages":
			return fs.SkipDir
		case filepath.Ext(path) == ".py":
			if n%*every == 0 {
				files = append(files, path)
			}
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	trees := cpythonTrees(t, files)
	equal, unsupported := 0, 0
	for _, file := range files {
		if strings.HasPrefix(trees[file][0], "!") {
			continue // the library holds malformed files for its own tests
		}
		if slices.ContainsFunc(trees[file], func(line string) bool { return strings.Contains(line, "- AsyncFunctionDef ") }) {
			unsupported++ // taken, but without its async and await
			continue
		}
		switch compareTrees(t, file, trees[file]) {
		case same:
			equal++
		case notSupported:
			unsupported++
		}
	}
	t.Logf("%d files: %d equal, %d with unsupported syntax", len(files), equal, unsupported)
	if equal < len(files)*3/4 {
		t.Errorf("only %d of %d files were compared", equal, len(files))
	}
}

type comparison uint8

const (
	same comparison = iota
	different
	notSupported
)

// compareTrees compares our tree of a file with CPython's and reports the
// first difference.
func compareTrees(t *testing.T, file string, want []string) comparison {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, d := Parse(&File{Name: file, Src: string(src)})
	if d != nil {
		if d.Code == diag.PyUnsupported {
			return notSupported
		}
		t.Errorf("%v, but CPython takes it", d)
		return different
	}
	var b strings.Builder
	if err := Dump(&b, m); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got) || i >= len(want):
			t.Errorf("%s: the tree has %d lines, CPython's %d", file, len(got), len(want))
			return different
		case !sameLine(got[i], want[i]):
			t.Errorf("%s: line %d of the tree:\n  got     %s\n  CPython %s", file, i+1, got[i], want[i])
			return different
		}
	}
	return same
}

var (
	dumpPlace = regexp.MustCompile(` \d+:\d+-\d+:\d+`)
	noPlace   = regexp.MustCompile(`^ *\S+ \w+ \?:\?`)
)

// sameLine compares a line of our dump with CPython's: floating-point numbers
// by value, and without the position where CPython has none.
func sameLine(ours, theirs string) bool {
	if noPlace.MatchString(theirs) {
		theirs = strings.Replace(theirs, " ?:?", "", 1)
		if at := dumpPlace.FindStringIndex(ours); at != nil {
			ours = ours[:at[0]] + ours[at[1]:]
		}
	}
	if ours == theirs {
		return true
	}
	head, want, ok := strings.Cut(theirs, " float ")
	if !ok {
		head, want, ok = strings.Cut(theirs, " complex ")
	}
	if !ok || !strings.HasPrefix(ours, head+" ") {
		return false
	}
	fields := strings.Fields(ours)
	a, errA := strconv.ParseFloat(strings.TrimRight(fields[len(fields)-1], "jJ"), 64)
	b, errB := strconv.ParseFloat(strings.TrimRight(want, "jJ"), 64)
	return a == b && (errA == nil || a > 1e308) && errB == nil
}
