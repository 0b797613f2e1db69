package golden

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/compiler/cli"
	"pyfc/golden/cases"
)

// generated returns the files of a golden job's module.
func generated(t *testing.T, name string) gobuild.Files {
	t.Helper()
	all, err := cases.Load(filepath.Join(root(t), "golden", "jobs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Name == name {
			unpackHere(t, c)
			res := compiler.Compile(compiler.Request{Script: c.Spec.Script})
			if v := res.Verdict(); v.ExitCode() != 0 {
				t.Fatalf("%s is %s", name, v)
			}
			return res.Files
		}
	}
	t.Fatalf("no case %s", name)
	return nil
}

// root is the checkout.
func root(t *testing.T) string {
	t.Helper()
	dir, err := gobuild.Root()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestOnlyBridgedJobsLinkTheBridge lists what a binary links: gRPC and Arrow
// only where Python functions are called, a connector only where it is used.
func TestOnlyBridgedJobsLinkTheBridge(t *testing.T) {
	heavy := []string{"google.golang.org/grpc", "github.com/apache/arrow-go/v18/arrow", "github.com/segmentio/kafka-go", "github.com/go-sql-driver/mysql"}
	bridged, plain := dependencies(t, "cdn/table-api"), dependencies(t, "cdn/no-udf")
	for i, pkg := range heavy {
		if plain[pkg] {
			t.Errorf("a job without Python functions links %s", pkg)
		}
		if want := i < 2; bridged[pkg] != want {
			t.Errorf("a bridged job links %s: %v", pkg, bridged[pkg])
		}
	}
}

func dependencies(t *testing.T, name string) map[string]bool {
	t.Helper()
	module, err := gobuild.Module(generated(t, name), root(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := gobuild.Write(module, dir); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-mod=mod", "-deps", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	deps := map[string]bool{}
	for _, p := range strings.Fields(string(out)) {
		deps[p] = true
	}
	return deps
}

// TestBuildOffline builds where no network can be reached: in a namespace whose
// loopback is all there is, with an empty cache of builds.
func TestBuildOffline(t *testing.T) {
	script := filepath.Join(root(t), "golden", "examples", "cdn", "cdn_job.py")
	if namespaced(t) {
		return
	}
	t.Setenv("PYFC_CACHE", t.TempDir())
	out := filepath.Join(t.TempDir(), "job")
	var stderr strings.Builder
	if code := cli.Main([]string{"build", script, "-o", out}, os.Stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d\n%s", code, stderr.String())
	}
	info, err := os.Stat(out)
	if err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("no executable: %v", err)
	}
}

// TestCheckpointDuringSlowLookups stops a job by SIGTERM, whose final
// checkpoint doesn't wait for the look-ups, and goes on from it at another
// parallelism.
func TestCheckpointDuringSlowLookups(t *testing.T) {
	s := stage(t)
	p := s.start(t, "--parallelism", "2")
	p.waitReady(t)
	s.lookup.delay.Store(int64(slow))
	s.log.produce(t, s.kafka, s.topic, 2000, partitions)
	s.lookup.waitAsked(t, 10)
	workers := p.workers(t)
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d", code)
	}
	noneLeft(t, workers)
	s.lookup.delay.Store(0)
	for _, parallelism := range []string{"1", "3"} {
		p = s.start(t, "--parallelism", parallelism)
		p.waitReady(t)
		s.log.produce(t, s.kafka, s.topic, 500, partitions)
		s.converge(t, p, converges)
		if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
			t.Errorf("exit code %d", code)
		}
	}
}

// TestDriverExitCode ends a job with the code that the driver gives.
func TestDriverExitCode(t *testing.T) {
	t.Chdir(t.TempDir())
	script := `import sys

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE lines (line STRING) WITH ('connector' = 'filesystem', 'path' = 'lines.csv', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE nowhere (line STRING) WITH ('connector' = 'blackhole')")
t_env.execute_sql("INSERT INTO nowhere SELECT line FROM lines").wait()
print("done")
sys.exit(3)
`
	for name, text := range map[string]string{"job.py": script, "lines.csv": "one\ntwo\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if code := cli.Main([]string{"build", "job.py"}, os.Stdout, os.Stderr); code != 0 {
		t.Fatalf("build: exit code %d", code)
	}
	got := run(t, ".", nil, "./job", "-D", "parallelism.default=1")
	if got.code != 3 || got.stdout != "done\n" {
		t.Errorf("exit code %d, %q\n%s", got.code, got.stdout, got.stderr)
	}
}
