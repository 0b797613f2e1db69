package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// manifestJob reads its topic and a password from its environment.
const manifestJob = `import os
from pyflink.table import EnvironmentSettings, TableEnvironment
t_env = TableEnvironment.create(EnvironmentSettings.in_MODE_mode())
t_env.execute_sql("CREATE TABLE s (a INT) WITH ('connector'='filesystem', 'path'='" + os.environ.get("INPUT_DIR", "/data") + "', 'format'='csv')")
t_env.execute_sql("CREATE TABLE k (a INT) WITH ('connector'='jdbc', 'url'='jdbc:mysql://db/x', 'table-name'='k', 'username'='u', 'password'='" + os.environ["DB_PASSWORD"] + "')")
t_env.execute_sql("INSERT INTO k SELECT a FROM s")
`

// kinds compiles the job in a mode and returns the manifest's documents by kind.
func kinds(t *testing.T, mode string) (map[string]map[string]any, string) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "My Job.py")
	if err := os.WriteFile(script, []byte(strings.Replace(manifestJob, "MODE", mode, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := Main([]string{"manifest", script, "--image", "registry.example/x:1"}, &out, &errs); code != 0 {
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	text := out.String()
	docs := map[string]map[string]any{}
	for d := yaml.NewDecoder(&out); ; {
		var doc map[string]any
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs, text
		}
		if err != nil {
			t.Fatalf("%v in:\n%s", err, text)
		}
		docs[doc["kind"].(string)] = doc
	}
}

func TestManifest(t *testing.T) {
	docs, text := kinds(t, "streaming")
	for _, kind := range []string{"Secret", "PersistentVolumeClaim", "Deployment"} {
		if docs[kind] == nil {
			t.Errorf("no %s in:\n%s", kind, text)
		}
	}
	secret, _ := docs["Secret"]["stringData"].(map[string]any)
	if _, ok := secret["DB_PASSWORD"]; !ok || len(secret) != 2 {
		t.Errorf("the secret holds %v", secret)
	}
	for _, want := range []string{"name: my-job", `image: "registry.example/x:1"`, "path: /ready", "path: /healthz", `value: "/data"`, "mountPath: /checkpoints"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in:\n%s", want, text)
		}
	}
}

// TestManifestOfBoundedJob has no checkpoints, and ends.
func TestManifestOfBoundedJob(t *testing.T) {
	docs, text := kinds(t, "batch")
	var got []string
	for kind := range docs {
		got = append(got, kind)
	}
	slices.Sort(got)
	if want := []string{"Job", "Secret"}; !slices.Equal(got, want) || strings.Contains(text, "checkpoints") {
		t.Errorf("kinds %v, want %v, in:\n%s", got, want, text)
	}
}
