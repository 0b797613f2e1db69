package sql

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The SQL texts of the conformance cases in the folder of PYFC_CONFORMANCE
// parse, unless PyFlink refuses them.
func TestConformanceTexts(t *testing.T) {
	folder := os.Getenv("PYFC_CONFORMANCE")
	if folder == "" {
		t.Skip("PYFC_CONFORMANCE names no folder of cases")
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	n := 0
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var c struct {
				ID    string          `json:"id"`
				SQL   string          `json:"sql"`
				Error json.RawMessage `json:"expect_error"`
			}
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if c.SQL == "" || c.Error != nil {
				continue
			}
			n++
			if _, ds := Parse(c.SQL, nil); len(ds) > 0 {
				t.Errorf("%s: %s\n%s", c.ID, c.SQL, render(ds))
			}
			reparse(t, c.SQL)
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		t.Fatalf("%s holds no cases", folder)
	}
	t.Logf("%d texts", n)
}
