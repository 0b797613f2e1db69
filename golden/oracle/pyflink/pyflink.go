// Package pyflink installs the real PyFlink, which goldens are recorded from
// and benchmarks are measured against.
package pyflink

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pyfc/golden/oracle/venv"
	"pyfc/golden/services"
)

// Version is the release that pyfc follows.
const Version = "1.20.1"

// Python makes a virtual environment with PyFlink once, in pyfc's cache, and
// returns its interpreter. PYFC_ORACLE_PYTHON names one that is there already.
func Python() (string, error) {
	if python := os.Getenv("PYFC_ORACLE_PYTHON"); python != "" {
		return python, nil
	}
	return venv.Python("oracle", "apache-flink", Version)
}

// Connectors are artifacts of Maven: the releases for Flink 1.20, or the newest
// that run on it.
var Connectors = []string{
	"org.apache.flink:flink-connector-kafka:3.3.0-1.20",
	"org.apache.flink:flink-connector-base:" + Version,
	"org.apache.kafka:kafka-clients:3.4.0",
	"org.apache.flink:flink-connector-jdbc:3.2.0-1.19",
	"com.mysql:mysql-connector-j:8.4.0",
	"org.postgresql:postgresql:42.7.4",
}

// Formats are those of files that PyFlink comes without.
var Formats = []string{
	"org.apache.flink:flink-parquet:" + Version,
	"org.apache.flink:flink-avro:" + Version,
	"org.apache.parquet:parquet-hadoop-bundle:1.13.1",
	"org.apache.hadoop:hadoop-client-api:3.3.6",
	"org.apache.hadoop:hadoop-client-runtime:3.3.6",
}

// Flink is an installed PyFlink with more jars in its lib folder.
type Flink struct {
	python, home, lib, logs string
}

// Install makes one of PyFlink and of what Maven's artifacts ("group:name:version")
// need, which are fetched once, into the folder of pyfc's cache that is named. It
// lasts as long as the test. What can't be had is services.Missing.
func Install(t testing.TB, folder string, artifacts ...string) *Flink {
	t.Helper()
	services.Need(t, "PyFlink", "java")
	python, err := Python()
	if err != nil {
		services.Missing(t, "PyFlink %s: %v", Version, err)
	}
	home, err := exec.Command(python, "-c", "import pyflink, os; print(os.path.dirname(pyflink.__file__))").Output()
	if err != nil {
		t.Fatalf("%s: %v", python, err)
	}
	dir := t.TempDir()
	f := &Flink{
		python: python, home: strings.TrimSpace(string(home)),
		lib: filepath.Join(dir, "lib"), logs: filepath.Join(dir, "log"),
	}
	for _, d := range []string{f.lib, f.logs} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, from := range []string{filepath.Join(f.home, "lib"), services.MavenJars(t, folder, artifacts...)} {
		jars, err := filepath.Glob(filepath.Join(from, "*.jar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, jar := range jars {
			if strings.HasPrefix(filepath.Base(jar), "slf4j-api") {
				continue // Flink has its own
			}
			if err := os.Symlink(jar, filepath.Join(f.lib, filepath.Base(jar))); err != nil {
				t.Fatal(err)
			}
		}
	}
	return f
}

// Command runs Python there, in this process's environment.
func (f *Flink) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, f.python, args...)
	// As in an activated environment: Flink starts its workers by "python".
	path := "PATH=" + filepath.Dir(f.python) + string(os.PathListSeparator) + os.Getenv("PATH")
	cmd.Env = append(os.Environ(), path, "FLINK_HOME="+f.home, "FLINK_LIB_DIR="+f.lib, "FLINK_LOG_DIR="+f.logs)
	return cmd
}
