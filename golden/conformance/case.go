// Package conformance reads cases of Flink SQL with the answers that PyFlink
// 1.20.1 gave, compiles them, runs a hundred in one binary, and compares.
//
// A folder of cases has files of one JSON object a line and tables.json, the
// tables that cases name. Values are in the form that the connector "values"
// reads; results are rows as Java's Row.toString prints them.
package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Case is one statement with its tables and the expected answer.
type Case struct {
	ID     string            `json:"id"`     // family/class.method/n
	Family string            `json:"family"` // expr, builtin, batch or program
	Mode   string            `json:"mode"`   // execution.runtime-mode
	Config map[string]string `json:"config"`
	Tables []Table           `json:"tables"`
	SQL    string            `json:"sql"`
	Tags   []string          `json:"tags"`
	// Verified says that PyFlink 1.20.1 gave the answer for this very
	// statement; others don't count.
	Verified bool `json:"verified"`

	Expect      []string `json:"expect"`
	ExpectCount *int     `json:"expect_count"` // of rows, where only that is fixed
	ExpectError bool     `json:"expect_error"`
	ErrorPhase  string   `json:"error_phase"` // validation, runtime, or empty
	Ordered     bool     `json:"ordered"`     // rows are compared as a list
	Sinks       []Sink   `json:"sinks"`       // of statements that insert
	// SingleRun says how Flink itself does when rows before and after the
	// restart come in one run; SingleRunExpect is what it then gives by sink,
	// where that differs from what the sinks expect.
	SingleRun       string              `json:"single_run"`
	SingleRunExpect map[string][]string `json:"single_run_expect"`
}

// Table is a table of a case. Ref names one of tables.json, which then supplies
// the rest; otherwise the rows are Before and After.
type Table struct {
	Name          string            `json:"name"`
	Ref           string            `json:"ref"`
	Columns       []Column          `json:"columns"`
	DDL           []string          `json:"ddl"` // the lines of the column list
	PartitionedBy []string          `json:"partitioned_by"`
	Options       map[string]string `json:"options"`
	Rows          []Row             `json:"rows"`
	Before        []Row             `json:"before"`
	After         []Row             `json:"after"`
}

// Column is a column that a row carries.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // as SQL text
}

// Row is a change of a table, in JSON ["+I", [1, "a"]].
type Row struct {
	Kind   string
	Values json.RawMessage
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *Row) UnmarshalJSON(data []byte) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("%s is no pair of a row's kind and its values", data)
	}
	r.Values = pair[1]
	return json.Unmarshal(pair[0], &r.Kind)
}

// Sink is a table that a case inserts into, with what it receives.
type Sink struct {
	Table
	Compare      string   `json:"compare"` // changelog or materialized
	ExpectBefore []string `json:"expect_before"`
	ExpectAfter  []string `json:"expect_after"`
}

// expected is what a sink receives in a single run.
func (c *Case) expected(s *Sink) []string {
	if rows, ok := c.SingleRunExpect[s.Name]; ok {
		return rows
	}
	return append(append([]string(nil), s.ExpectBefore...), s.ExpectAfter...)
}

// Load reads all cases of a folder, in the order of files and lines, with the
// tables that they name.
func Load(dir string) ([]*Case, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	shared := map[string]Table{}
	data, err := os.ReadFile(filepath.Join(dir, "tables.json"))
	switch {
	case err == nil:
		err = json.Unmarshal(data, &shared)
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("tables.json: %w", err)
	}
	var all []*Case
	for _, file := range files {
		cases, err := read(file, shared)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		all = append(all, cases...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no cases in %s", dir)
	}
	return all, nil
}

func read(file string, shared map[string]Table) ([]*Case, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var out []*Case
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for lines.Scan() {
		c := &Case{}
		if err := json.Unmarshal(lines.Bytes(), c); err != nil {
			return nil, fmt.Errorf("case %d: %w", len(out)+1, err)
		}
		for i, t := range c.Tables {
			if t.Ref == "" {
				continue
			}
			full, ok := shared[t.Ref]
			if !ok {
				return nil, fmt.Errorf("%s: no table %s in tables.json", c.ID, t.Ref)
			}
			full.Name, full.Ref = t.Name, t.Ref
			c.Tables[i] = full
		}
		out = append(out, c)
	}
	return out, lines.Err()
}
