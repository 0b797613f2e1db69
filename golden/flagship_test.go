package golden

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pyfc/compiler/cli"
	"pyfc/demo/world"
	"pyfc/golden/services"
)

// flagship is a CDN job: the script of the talk where PYFC_SEED names its
// folder, else our own of the same shape.
type flagship struct {
	script        string // absolute path
	source, sink  string // table names in the script
	topic, table  string // in Kafka and in the database
	unknown       string // the function's answer when a look-up fails
	columns       string // of the table, key first
	createColumns string
	binary        string
}

const (
	partitions = 4
	slow       = 50 * time.Millisecond // of a look-up
	stopLimit  = 2 * time.Minute       // for a stop that doesn't hang
	converges  = 2 * time.Minute       // for the table to be right
)

// theFlagship builds the job.
func theFlagship(t testing.TB) *flagship {
	t.Helper()
	f := &flagship{
		script: "examples/cdn/cdn_job.py", source: "access_lines", sink: "traffic_totals",
		topic: "access_lines", table: "traffic_totals", unknown: "unknown",
		columns: "province, requests, sent_bytes, speed",
	}
	if seed := os.Getenv("PYFC_SEED"); seed != "" {
		f = &flagship{
			script: filepath.Join(seed, "cdn_demo.py"), source: "cdn_access_log", sink: "cdn_access_statistic",
			topic: "access_log", table: "access_statistic", unknown: "UnKnow",
			columns: "province, access_count, total_download, download_speed",
		}
	}
	c := strings.Split(f.columns, ", ")
	f.createColumns = fmt.Sprintf("%s VARCHAR(100) PRIMARY KEY, %s BIGINT, %s BIGINT, %s DOUBLE", c[0], c[1], c[2], c[3])
	var err error
	if f.script, err = filepath.Abs(f.script); err != nil {
		t.Fatal(err)
	}
	f.binary = filepath.Join(t.TempDir(), "flagship")
	var stderr strings.Builder
	if code := cli.Main([]string{"build", f.script, "-o", f.binary}, os.Stdout, &stderr); code != 0 {
		t.Fatalf("pyfc build: exit code %d\n%s", code, stderr.String())
	}
	return f
}

// scene is the flagship among real servers.
type scene struct {
	*flagship
	kafka  *services.Kafka
	db     *services.MariaDB
	lookup *world.Lookup
	log    *world.AccessLog
	set    []string // --set options, where the script's own addresses don't hold
	dir    string   // checkpoints
}

// stage starts servers, at the script's own ports in a namespace of our own.
func stage(t *testing.T) *scene {
	t.Helper()
	kafkaPort, dbPort := 0, 0
	if os.Getenv(inNamespace) != "" {
		kafkaPort, dbPort = 9092, 3306
	}
	f := theFlagship(t)
	s := &scene{
		flagship: f,
		kafka:    services.StartKafka(t, services.KafkaOptions{Port: kafkaPort}),
		db:       services.StartMariaDB(t, services.MariaDBOptions{Port: dbPort, Charset: "latin1"}),
		lookup:   startLookup(t),
		log:      world.NewAccessLog(1, f.unknown),
		dir:      filepath.Join(t.TempDir(), "checkpoints"),
	}
	if kafkaPort == 0 {
		s.set = []string{
			"--set", s.source + ".connector.properties.bootstrap.servers=" + s.kafka.Addr(),
			"--set", s.sink + ".connector.url=jdbc:mysql://" + s.db.Addr() + "/flink",
		}
	}
	s.kafka.CreateTopic(t, s.topic, partitions)
	s.db.Exec(t, "CREATE TABLE flink."+s.table+" ("+s.createColumns+") CHARSET utf8mb4")
	return s
}

// start runs the binary.
func (s *scene) start(t *testing.T, args ...string) *process {
	t.Helper()
	args = slices.Concat([]string{"--checkpoint-dir", s.dir, "-D", "execution.checkpointing.interval=1s"}, s.set, args)
	return launch(t, t.TempDir(), []string{"http_proxy=http://" + s.lookup.Addr, "no_proxy="}, s.binary, args...)
}

// stop ends the job, which has so many rows to look up, by a signal. It doesn't
// wait for all of the look-ups.
func (s *scene) stop(t *testing.T, p *process, sig syscall.Signal, rows int64) {
	t.Helper()
	before := s.lookup.Asked()
	if code := p.end(t, sig, stopLimit); code != 0 {
		t.Errorf("exit code %d after %v", code, sig)
	}
	if asked := s.lookup.Asked() - before; asked > rows/2 {
		t.Errorf("a stop took %d look-ups", asked)
	}
}

// converge waits until the table holds what it must, and compares it all.
func (s *scene) converge(t *testing.T, p *process, limit time.Duration) {
	t.Helper()
	c := strings.Split(s.columns, ", ")
	count := "SELECT COALESCE(SUM(" + c[1] + "), 0) FROM flink." + s.table
	deadline := time.Now().Add(limit)
	want := fmt.Sprint(s.log.Kept())
	for {
		got := s.db.Query(t, count)
		if got[0][0] == want {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %v %s of %s rows are counted", limit, got[0][0], want)
		}
		select {
		case <-p.exited:
			t.Fatalf("the job ended: %s", p.cmd.ProcessState)
		case <-time.After(20 * time.Millisecond):
		}
	}
	got := map[string]world.Row{}
	for _, row := range s.db.Query(t, "SELECT "+s.columns+" FROM flink."+s.table) {
		got[row[0]] = world.Row{row[1], row[2], row[3]}
	}
	for _, line := range s.log.Differences(got) {
		t.Error(line)
	}
}

// TestFlagship is the promise of the README: the unmodified script, with real
// servers where the script expects them, fills the table right.
func TestFlagship(t *testing.T) {
	if namespaced(t) {
		return
	}
	s := stage(t)
	p := s.start(t)
	p.waitReady(t)
	produce(t, s.log, s.kafka, s.topic, 6000, partitions)
	s.converge(t, p, converges)
	workers := p.workers(t)
	if len(workers) == 0 {
		t.Error("no Python worker runs")
	}
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	noneLeft(t, workers)
}

// TestFlagshipSurvives kills binary, worker, broker and database in mid-run
// and ends the job by signals; the table is right every time.
func TestFlagshipSurvives(t *testing.T) {
	t.Parallel()
	kills := 10
	if testing.Short() {
		kills = 2
	}
	s := stage(t)
	random := rand.New(rand.NewSource(2))
	pause := func() { time.Sleep(time.Duration(random.Intn(1500)) * time.Millisecond) } // the moment must be random
	p := s.start(t)
	p.waitReady(t)
	feed := func() { produce(t, s.log, s.kafka, s.topic, 400, partitions) }
	for range kills {
		feed()
		pause()
		workers := p.workers(t)
		p.kill()
		noneLeft(t, workers)
		feed()
		p = s.start(t)
	}
	p.waitReady(t)
	s.converge(t, p, converges)
	for range kills {
		feed()
		pause()
		for _, pid := range p.workers(t) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	s.converge(t, p, converges)
	feed()
	s.kafka.Restart(t)
	feed()
	s.converge(t, p, converges)
	feed()
	s.db.Restart(t)
	feed()
	s.converge(t, p, converges)
	s.lookup.Delay(slow)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		const rows = 4000
		produce(t, s.log, s.kafka, s.topic, rows, partitions)
		waitAsked(t, s.lookup, 5)
		workers := p.workers(t)
		s.stop(t, p, sig, rows)
		noneLeft(t, workers)
		p = s.start(t)
		p.waitReady(t)
	}
	s.lookup.Delay(0)
	s.converge(t, p, converges)
}
