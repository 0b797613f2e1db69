package pyflink

import (
	"os"
	"path/filepath"
	"testing"
)

// TestHomes asks where PyFlink 1.20.1 has names that other versions have
// elsewhere.
func TestHomes(t *testing.T) {
	for name, want := range map[string]string{
		"FlinkKafkaConsumer":         "pyflink.datastream.connectors.kafka",
		"JsonRowSerializationSchema": "pyflink.datastream.formats.json",
		"TableEnvironment":           "pyflink.table",
		"NoSuchName":                 "",
	} {
		if got := homeOf(name); got != want {
			t.Errorf("%s is in %q, want %q", name, got, want)
		}
	}
}

// TestInstallationIsKnown: scripts print where pyflink is installed.
func TestInstallationIsKnown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "job.py")
	if err := os.WriteFile(path, []byte("import os, pyflink\nprint(os.path.dirname(os.path.abspath(pyflink.__file__)))\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	res, err := Run(Options{Script: path})
	if err != nil || res.Stopped != "" || len(res.Job.Actions) != 1 {
		t.Errorf("%v, stopped by %q, %d actions", err, res.Stopped, len(res.Job.Actions))
	}
}
