package main

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/go-sql-driver/mysql"

	"pyfc/codegen/gobuild"
	"pyfc/golden/oracle/pyflink"
	"pyfc/golden/services"
)

// bench is what the experiments share.
type bench struct {
	*services.Host
	settings
	ctx      context.Context
	root     string // checkout of pyfc
	dir      string // for everything that is made on the way
	programs programs
	// The servers, of the experiments that need them.
	kafka   *services.Kafka
	mariadb *services.MariaDB
	db      *sql.DB
	inputs  map[int]*input     // by lines
	logs    map[int]*accessLog // by lines
	flink   *pyflink.Flink     // made when it is first needed
}

// programs are binaries of this checkout.
type programs struct {
	pyfc, handwritten, empty string
}

// prepare builds the programs.
func prepare(ctx context.Context, h *services.Host, s settings) (*bench, error) {
	b := &bench{Host: h, settings: s, ctx: ctx, dir: h.TempDir(), inputs: map[int]*input{}, logs: map[int]*accessLog{}}
	var err error
	if b.root, err = gobuild.Root(); err != nil {
		return nil, err
	}
	for out, pkg := range map[*string]string{&b.programs.pyfc: ".", &b.programs.handwritten: "./golden/bench/handwritten", &b.programs.empty: "./golden/bench/empty"} {
		*out = filepath.Join(b.dir, "program-"+filepath.Base(pkg))
		cmd := exec.CommandContext(ctx, "go", "build", "-o", *out, pkg)
		cmd.Dir = b.root
		if output, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build %s: %w\n%s", pkg, err, output)
		}
	}
	return b, nil
}

// startServers starts broker and database, once.
func (b *bench) startServers() (err error) {
	if b.kafka != nil {
		return nil
	}
	b.kafka = services.StartKafka(b.Host, services.KafkaOptions{})
	b.mariadb = services.StartMariaDB(b.Host, services.MariaDBOptions{})
	if b.db, err = sql.Open("mysql", "root:root@tcp("+b.mariadb.Addr()+")/flink"); err != nil {
		return err
	}
	b.Cleanup(func() {
		if err := b.db.Close(); err != nil {
			b.Fatal(err)
		}
	})
	_, err = b.db.Exec("CREATE TABLE traffic (name VARCHAR(100) PRIMARY KEY, requests BIGINT, sent BIGINT, speed DOUBLE)")
	return err
}

// input returns the input of so many lines, made when it is first needed.
func (b *bench) input(lines int) *input {
	if b.inputs[lines] == nil {
		b.progress("writing %d lines to Kafka", lines)
		b.inputs[lines] = produce(b.ctx, b.Host, b.kafka, fmt.Sprintf("access_log_%d", lines), lines)
	}
	return b.inputs[lines]
}

func (b *bench) progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}

// environment is that of the jobs; more is added to it.
func environment(more ...string) []string { return append(withoutProxies(os.Environ()), more...) }

// withoutProxies takes proxies out: the JVM and its worker would talk through them.
func withoutProxies(all []string) (env []string) {
	for _, v := range all {
		if name, _, _ := strings.Cut(strings.ToLower(v), "="); !strings.HasSuffix(name, "_proxy") {
			env = append(env, v)
		}
	}
	return env
}

// onServers is what scripts read that work on an input in Kafka; more is added.
func (b *bench) onServers(in *input, more ...string) []string {
	return append([]string{"BENCH_TOPIC=" + in.topic, "BENCH_KAFKA=" + b.kafka.Addr(),
		"BENCH_JDBC=jdbc:mysql://" + b.mariadb.Addr() + "/flink?rewriteBatchedStatements=true"}, more...)
}

// script is the path of a job's script.
func (b *bench) script(job string) string {
	return filepath.Join(b.root, "golden", "bench", "jobs", job+".py")
}

// wanted is what a job must make of an input.
func (in *input) wanted(job string) totals {
	if job == "cdn" {
		return in.byProvince
	}
	return in.byURI
}

// clear empties the table of results.
func (b *bench) clear() error {
	_, err := b.db.ExecContext(b.ctx, "TRUNCATE TABLE traffic")
	return err
}

// verify compares the table with what it must hold.
func (b *bench) verify(want totals) error {
	rows, err := b.db.QueryContext(b.ctx, "SELECT name, requests, sent, speed FROM traffic")
	if err != nil {
		return err
	}
	defer rows.Close()
	var got []result
	for rows.Next() {
		var r result
		if err := rows.Scan(&r.name, &r.rows, &r.bytes, &r.speed); err != nil {
			return err
		}
		got = append(got, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return want.compare(got)
}

// result is one row of a result.
type result struct {
	name        string
	rows, bytes int64
	speed       float64
}

// compare returns an error that names the first difference.
func (t totals) compare(got []result) error {
	for _, r := range got {
		want := t[r.name]
		if want == nil {
			return fmt.Errorf("a wrong result: %v should not be there", r)
		}
		speed := float64(want.bytes) / float64(want.time)
		if r.rows != want.rows || r.bytes != want.bytes || math.Abs(r.speed-speed) > 1e-12*speed {
			return fmt.Errorf("a wrong result: %v, want %v", r, result{r.name, want.rows, want.bytes, speed})
		}
	}
	if len(got) != len(t) {
		return fmt.Errorf("a wrong result: %d groups, want %d", len(got), len(t))
	}
	return nil
}

// parseResults reads what the hand-written program prints.
func parseResults(out string) ([]result, error) {
	var list []result
	for line := range strings.Lines(out) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("malformed result %q", line)
		}
		r := result{name: f[0]}
		var errs [3]error
		r.rows, errs[0] = strconv.ParseInt(f[1], 10, 64)
		r.bytes, errs[1] = strconv.ParseInt(f[2], 10, 64)
		r.speed, errs[2] = strconv.ParseFloat(f[3], 64)
		for _, err := range errs {
			if err != nil {
				return nil, err
			}
		}
		list = append(list, r)
	}
	return list, nil
}
