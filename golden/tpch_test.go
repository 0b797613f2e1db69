package golden

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pyfc/golden/multicall"
	"pyfc/golden/oracle/venv"
	"pyfc/golden/services"
	"pyfc/golden/tpch"
)

// duckDB is the release that answers the queries, too.
const duckDB = "1.1.3"

// TestTPCH answers the queries of TPC-H and compares with what DuckDB answers
// over the same rows.
func TestTPCH(t *testing.T) {
	python, err := venv.Python("duckdb", "duckdb", duckDB)
	if err != nil {
		services.Missing(t, "DuckDB can't be installed: %v", err)
	}
	scale, limit := 0.01, 5*time.Minute
	if os.Getenv("PYFC_LONG") != "" {
		scale, limit = 1, time.Hour
	}
	dir := t.TempDir()
	if err := tpch.Generate(dir, scale); err != nil {
		t.Fatal(err)
	}
	res := compileText(t, tpch.Script(dir))
	if v := res.Verdict(); v.ExitCode() != 0 {
		t.Fatalf("the script is %s: %v", v, res.Diags.Sorted())
	}
	var linked multicall.Binary
	name := linked.Add(res.Files)
	binary := build(t, &linked)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	got := byQuery(command(t, ctx, nil, binary, name))
	input, err := json.Marshal(questions())
	if err != nil {
		t.Fatal(err)
	}
	want := command(t, ctx, input, python, filepath.Join(root(t), "golden", "tpch", "answer.py"), dir)
	for i, answer := range strings.Split(strings.TrimSpace(want), "\n") {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			var rows [][]string
			if err := json.Unmarshal([]byte(answer), &rows); err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				t.Error("the query has no rows, so that it tells nothing")
			}
			sameRows(t, rows, got[i+1])
		})
	}
}

// questions are the tables and queries as answer.py reads them.
func questions() any {
	type table struct {
		Name    string      `json:"name"`
		Columns [][2]string `json:"columns"`
	}
	var q struct {
		Tables  []table  `json:"tables"`
		Queries []string `json:"queries"`
	}
	for _, t := range tpch.Tables {
		out := table{Name: t.Name}
		for _, c := range t.Columns {
			out.Columns = append(out.Columns, [2]string{c.Name, c.Type})
		}
		q.Tables = append(q.Tables, out)
	}
	for n := 1; n <= tpch.Count; n++ {
		q.Queries = append(q.Queries, tpch.Query(n))
	}
	return q
}

// command runs a program and returns its output.
func command(t *testing.T, ctx context.Context, input []byte, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, program, args...)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr, cmd.Dir = bytes.NewReader(input), &stderr, t.TempDir()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, stderr.String())
	}
	return string(out)
}

// byQuery reads the rows of the printed tables by the numbers of their queries.
func byQuery(out string) map[int][][]string {
	rows := map[int][][]string{}
	query, header := 0, false
	for _, line := range strings.Split(out, "\n") {
		if n, ok := strings.CutPrefix(line, "query "); ok {
			query, _ = strconv.Atoi(n)
			header = true
			continue
		}
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if header {
			header = false
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows[query] = append(rows[query], cells)
	}
	return rows
}

// sameRows compares rows in their order; numbers may differ in the digits that
// an average of decimals rounds away.
func sameRows(t *testing.T, want, got [][]string) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%d rows, want %d", len(got), len(want))
		return
	}
	for i := range want {
		for j := range want[i] {
			if len(got[i]) != len(want[i]) || !sameValue(want[i][j], got[i][j]) {
				t.Errorf("row %d is %v, want %v", i+1, got[i], want[i])
				return
			}
		}
	}
}

func sameValue(want, got string) bool {
	if want == got {
		return true
	}
	x, errX := strconv.ParseFloat(want, 64)
	y, errY := strconv.ParseFloat(got, 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= 1e-6*max(1, math.Abs(x))
}
