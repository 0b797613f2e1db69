package demo

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"pyfc/codegen/gobuild"
)

// TestStandInKeepsEveryWrite has two connections replace rows of one table at
// the same time, as the two subtasks of a sink do: neither may take back what
// the other wrote.
func TestStandInKeepsEveryWrite(t *testing.T) {
	root, err := gobuild.Root()
	if err != nil {
		t.Fatal(err)
	}
	program, err := standIns(root)
	if err != nil {
		t.Fatal(err)
	}
	s, err := startServers(program, false, true)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	db, err := openTable(s.MySQL, "counts")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.create(t.Context()); err != nil {
		t.Fatal(err)
	}
	const writes, writers = 100, 2
	var busy sync.WaitGroup
	for w := range writers {
		busy.Go(func() {
			for i := 1; i <= writes; i++ {
				insert := fmt.Sprintf("INSERT INTO counts VALUES ('p%d', %d, 0, 0) ON DUPLICATE KEY UPDATE requests = VALUES(requests)", w, i)
				if _, err := db.db.ExecContext(t.Context(), insert); err != nil {
					t.Error(err)
					return
				}
				rows, err := db.read(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				for _, row := range rows {
					if row.province == fmt.Sprintf("p%d", w) && row.requests != int64(i) {
						t.Errorf("%s holds %d behind the write of %d", row.province, row.requests, i)
					}
				}
			}
		})
	}
	busy.Wait()
}

// TestStandInsShareModules: what the stand-ins' module and pyfc's both require is of
// one version, so that it is compiled once.
func TestStandInsShareModules(t *testing.T) {
	own, theirs := required(t, "../go.mod"), required(t, "servers/go.mod")
	shared := 0
	for module, version := range theirs {
		if v := own[module]; v == version {
			shared++
		} else if v != "" {
			t.Errorf("%s: the stand-ins require %s, pyfc %s", module, version, v)
		}
	}
	if shared < 5 {
		t.Errorf("only %d modules in common", shared)
	}
}

// required are the versions of the modules in a go.mod.
func required(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if module, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(line, "\t") {
			versions[module], _, _ = strings.Cut(rest, " ")
		}
	}
	return versions
}
