package golden

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pyfc/compiler/cli"
	"pyfc/demo/world"
	"pyfc/golden/services"
)

// TestDemo performs the demo as a newcomer does, with its own servers, and
// looks at what it keeps.
func TestDemo(t *testing.T) {
	const lines = 400
	keep := t.TempDir()
	var out, errs bytes.Buffer
	if code := cli.Main([]string{"demo", "--lines", "400", "--keep", keep}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	for _, text := range []string{"The table is right", "北京市", "pyfc build your_job.py"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("the demo doesn't say %q:\n%s", text, out.String())
		}
	}
	input, err := os.Open(filepath.Join(keep, "input.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	n := 0
	for s := bufio.NewScanner(input); s.Scan(); {
		n++
	}
	if n != lines {
		t.Errorf("%d lines are kept, want %d", n, lines)
	}
	for _, name := range []string{"cdn_job", "job.log", "table.tsv"} {
		if info, err := os.Stat(filepath.Join(keep, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s is not kept: %v", name, err)
		}
	}
	if found, _ := filepath.Glob(filepath.Join(keep, "ready")); found != nil {
		t.Errorf("%v is left behind", found)
	}
}

// TestDemoAmongRealServers: named servers take the place of the stand-ins, and
// nothing is left in them.
func TestDemoAmongRealServers(t *testing.T) {
	k := services.StartKafka(t, services.KafkaOptions{})
	db := services.StartMariaDB(t, services.MariaDBOptions{Charset: "latin1"})
	var out, errs bytes.Buffer
	code := cli.Main([]string{"demo", "--lines", "200", "--kafka", k.Addr(), "--mysql", "root:root@" + db.Addr() + "/flink"}, &out, &errs)
	if code != 0 || !strings.Contains(out.String(), "The table is right") || strings.Contains(out.String(), "stand-in") {
		t.Fatalf("exit code %d\n%s%s", code, out.String(), errs.String())
	}
	if left := db.Query(t, "SHOW TABLES IN flink"); len(left) > 0 {
		t.Errorf("the demo leaves %v", left)
	}
}

// TestDemoTellsWrongTables holds the comparison to finding what is wrong.
func TestDemoTellsWrongTables(t *testing.T) {
	l := world.NewAccessLog(1, "unknown")
	for range 200 {
		l.Line()
	}
	if wrong := l.Differences(l.Table()); wrong != nil {
		t.Errorf("the right table is called wrong: %v", wrong)
	}
	got := l.Table()
	delete(got, "北京市")
	row := got["河北省"]
	row[1] += "0"
	got["河北省"] = row
	got["火星"] = world.Row{"1", "1", "1"}
	wrong := l.Differences(got)
	slices.Sort(wrong)
	if len(wrong) != 3 || !strings.HasPrefix(wrong[0], "北京市: ") || !strings.HasPrefix(wrong[1], "河北省: ") || !strings.HasPrefix(wrong[2], "火星: ") {
		t.Errorf("differences: %v", wrong)
	}
}

// TestStandInsStayApart holds the demo's servers out of pyfc's own module.
func TestStandInsStayApart(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dependency := range []string{"kfake", "go-mysql-server"} {
		if strings.Contains(string(mod), dependency) {
			t.Errorf("go.mod requires %s", dependency)
		}
	}
}
