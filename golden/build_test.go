package golden

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pyfc/codegen/gobuild"
	"pyfc/compiler"
	"pyfc/compiler/cli"
	"pyfc/golden/cases"
	"pyfc/golden/services"
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
	heavy := []string{"google.golang.org/grpc", "github.com/apache/arrow-go/v18/arrow", "github.com/segmentio/kafka-go", "github.com/go-sql-driver/mysql", "github.com/aws/aws-sdk-go-v2/aws"}
	bridged, plain := dependencies(t, generated(t, "cdn/table-api")), dependencies(t, generated(t, "cdn/no-udf"))
	for i, pkg := range heavy {
		if plain[pkg] {
			t.Errorf("a job without Python functions links %s", pkg)
		}
		if want := i < 2; bridged[pkg] != want {
			t.Errorf("a bridged job links %s: %v", pkg, bridged[pkg])
		}
	}
}

// TestOnlyJobsOfMSKLinkItsAuthentication compares what jobs of Kafka link.
func TestOnlyJobsOfMSKLinkItsAuthentication(t *testing.T) {
	for mechanism, want := range map[string]bool{"AWS_MSK_IAM": true, "PLAIN": false} {
		res := compileText(t, fmt.Sprintf(`
from pyflink.table import EnvironmentSettings, TableEnvironment
t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""CREATE TABLE lines (v STRING) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9098',
    'scan.startup.mode' = 'latest-offset', 'format' = 'raw', 'properties.security.protocol' = 'SASL_SSL', 'properties.sasl.mechanism' = '%s',
    'properties.sasl.jaas.config' = 'software.amazon.msk.auth.iam.IAMLoginModule required username="u" password="p";',
    'properties.sasl.client.callback.handler.class' = 'software.amazon.msk.auth.iam.IAMClientCallbackHandler')""")
t_env.execute_sql("CREATE TABLE shown (v STRING) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO shown SELECT v FROM lines")
`, mechanism))
		if v := res.Verdict(); v.ExitCode() != 0 {
			t.Fatalf("%s: the job is %s: %v", mechanism, v, res.Diags.Sorted())
		}
		if got := dependencies(t, res.Files)["github.com/aws/aws-sdk-go-v2/aws"]; got != want {
			t.Errorf("%s: links Amazon's SDK: %v", mechanism, got)
		}
	}
}

func dependencies(t *testing.T, files gobuild.Files) map[string]bool {
	t.Helper()
	module, err := gobuild.Module(files, root(t))
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

// TestCheckpointDuringSlowLookups takes checkpoints of a job and stops it by
// SIGTERM, neither of which waits for the look-ups, and goes on from the final
// checkpoint at another parallelism.
func TestCheckpointDuringSlowLookups(t *testing.T) {
	t.Parallel()
	const limit = 20 // seconds for a checkpoint; the look-ups take 50
	const rows = 2000
	s := stage(t)
	addr := fmt.Sprintf("127.0.0.1:%d", services.FreePort(t))
	for _, parallelism := range []string{"2", "1"} {
		s.lookup.Delay(0)
		p := s.start(t, "--parallelism", parallelism, "--ops-addr", addr)
		p.waitReady(t)
		s.converge(t, p, converges)
		s.lookup.Delay(slow)
		produce(t, s.log, s.kafka, s.topic, rows, partitions)
		waitAsked(t, s.lookup, 10)
		for begun := metric(t, addr, "pyfc_checkpoints_completed_total"); ; {
			if took := metric(t, addr, "pyfc_checkpoint_last_duration_seconds"); took > limit {
				t.Errorf("parallelism %s: a checkpoint took %v s", parallelism, took)
			}
			if metric(t, addr, "pyfc_checkpoints_completed_total") >= begun+3 {
				break
			}
			waitAsked(t, s.lookup, 1)
		}
		workers := p.workers(t)
		s.stop(t, p, syscall.SIGTERM, rows)
		noneLeft(t, workers)
	}
	s.lookup.Delay(0)
	for _, parallelism := range []string{"1", "3"} {
		p := s.start(t, "--parallelism", parallelism)
		p.waitReady(t)
		produce(t, s.log, s.kafka, s.topic, 500, partitions)
		s.converge(t, p, converges)
		if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
			t.Errorf("exit code %d", code)
		}
	}
}

// metric reads one value from an operations endpoint.
func metric(t *testing.T, addr, name string) float64 {
	t.Helper()
	_, text := get(t, "http://"+addr+"/metrics")
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, name+"{") {
			fields := strings.Fields(line)
			v, err := strconv.ParseFloat(fields[len(fields)-1], 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no metric %s in:\n%s", name, text)
	return 0
}
