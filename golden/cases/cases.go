// Package cases reads and writes goldens: one txtar file holds a script, its
// inputs and what is expected.
//
//	job.py       the script (case.json may name another)
//	case.json    how it is built, run and compared
//	want.plan    the optimised plans; go test -update rewrites it
//	want.out     standard output; only golden/oracle writes it
//	want/PATH    lines of the files that a sink left at PATH; likewise
//
// Anything else is an input and lies beside the script.
package cases

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"golang.org/x/tools/txtar"
)

// Case is one golden.
type Case struct {
	Name string // path below the folder it was loaded from, without .txtar
	Spec Spec

	file    string
	archive *txtar.Archive
}

// Spec is case.json.
type Spec struct {
	Script string            `json:"script,omitempty"` // default job.py
	Args   []string          `json:"args,omitempty"`   // of build and run
	Env    map[string]string `json:"env,omitempty"`    // of build (--env) and run
	// Oracle says which PyFlink recorded the expected output: "PyFlink 1.20.1".
	Oracle string `json:"oracle"`
	// OracleScript is what the oracle runs in place of Script, for a script
	// whose results PyFlink 1.20.1 can only give in other words.
	OracleScript string `json:"oracleScript,omitempty"`
	// Unordered compares standard output as a multiset of lines.
	Unordered bool `json:"unordered,omitempty"`
	// Serial says why the results hold for one subtask only: because they depend on
	// the order of rows that several pass on.
	Serial string `json:"serial,omitempty"`
	// Classes says which values the driver takes from pyflink's own classes, which a
	// pyflink that only records calls doesn't have.
	Classes string `json:"classes,omitempty"`
	// Sinks are paths whose lines are compared as multisets, and topics and tables
	// of the Servers.
	Sinks []string `json:"sinks,omitempty"`
	// Servers are the real ones that the script needs; see StartServers.
	Servers []string `json:"servers,omitempty"`
}

// Load reads all txtar files below dir.
func Load(dir string) ([]*Case, error) {
	var out []*Case
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".txtar" {
			return err
		}
		c, err := read(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		c.Name = strings.TrimSuffix(filepath.ToSlash(rel), ".txtar")
		out = append(out, c)
		return err
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("no cases below %s", dir)
	}
	return out, err
}

func read(path string) (*Case, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	c := &Case{file: abs, Spec: Spec{Script: "job.py"}}
	if c.archive, err = txtar.ParseFile(path); err != nil {
		return nil, err
	}
	if spec, ok := c.Section("case.json"); ok {
		if err := json.Unmarshal([]byte(spec), &c.Spec); err != nil {
			return nil, fmt.Errorf("%s: case.json: %w", path, err)
		}
	}
	return c, nil
}

// Section returns the text of a file of the archive.
func (c *Case) Section(name string) (string, bool) {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// Comment is the text before the first file.
func (c *Case) Comment() string { return string(c.archive.Comment) }

// Inputs are the names of the files beside script and expectations.
func (c *Case) Inputs() []string {
	var out []string
	for _, f := range c.archive.Files {
		if f.Name != c.Spec.Script && f.Name != "case.json" && !strings.HasPrefix(f.Name, "want") {
			out = append(out, f.Name)
		}
	}
	return out
}

// Set replaces a section, or adds it.
func (c *Case) Set(name, text string) {
	for i := range c.archive.Files {
		if c.archive.Files[i].Name == name {
			c.archive.Files[i].Data = []byte(text)
			return
		}
	}
	c.archive.Files = append(c.archive.Files, txtar.File{Name: name, Data: []byte(text)})
}

// Save writes the sections back, and Spec as case.json.
func (c *Case) Save() error {
	spec, err := json.Marshal(c.Spec)
	if err != nil {
		return err
	}
	c.Set("case.json", string(spec)+"\n")
	return os.WriteFile(c.file, txtar.Format(c.archive), 0o644)
}

// Unpack writes script and inputs into dir.
func (c *Case) Unpack(dir string) error {
	for _, f := range c.archive.Files {
		if f.Name == "case.json" || strings.HasPrefix(f.Name, "want.") || strings.HasPrefix(f.Name, "want/") {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// SortLines sorts the lines of a text, to compare it as a multiset.
func SortLines(text string) string {
	l := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	sort.Strings(l)
	return strings.Join(l, "\n") + "\n"
}

// change is a line that shows a row with its kind.
var change = regexp.MustCompile(`^(.*?)([+-])[IUD](\[.*)$`)

// Left is what the changes in a text leave, in any order: a row that is taken back
// isn't there. Other lines stay.
func Left(text string) string {
	count := map[string]int{}
	for _, l := range strings.Split(text, "\n") {
		switch m := change.FindStringSubmatch(l); {
		case m == nil:
			count[l]++
		case m[2] == "+":
			count[m[1]+m[3]]++
		default:
			count[m[1]+m[3]]--
		}
	}
	var lines []string
	for l, n := range count {
		if n != 0 {
			lines = append(lines, fmt.Sprintf("%d × %s", n, l))
		}
	}
	return SortLines(strings.Join(lines, "\n"))
}

// SinkText joins the visible files of a sink's folder, or reads its only file.
func SinkText(path string) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(path, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") {
			return err
		}
		data, err := os.ReadFile(p)
		b.Write(data)
		return err
	})
	return b.String(), err
}
