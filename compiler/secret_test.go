package compiler

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSecretsStayOutside: the builder's environment is never read, so that what
// is bound at start is in no generated file, no plan and no message.
func TestSecretsStayOutside(t *testing.T) {
	const secret = "s3cr3t-of-the-builder"
	t.Setenv("KAFKA_PASSWORD", secret)
	script := filepath.Join(t.TempDir(), "job.py")
	src := `import os
from pyflink.table import EnvironmentSettings, TableEnvironment
t = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
login = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="%s";' % os.environ['KAFKA_PASSWORD']
print('log in by', login)
t.execute_sql(f"""CREATE TABLE s (k STRING) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:1', 'format' = 'json',
    'scan.startup.mode' = 'earliest-offset', 'properties.security.protocol' = 'SASL_PLAINTEXT', 'properties.sasl.mechanism' = 'PLAIN',
    'properties.sasl.jaas.config' = '{login}')""")
t.execute_sql("CREATE TABLE o (k STRING) WITH ('connector' = 'print')")
t.execute_sql("INSERT INTO o SELECT k FROM s")
`
	if err := os.WriteFile(script, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	res := Explain(Request{Script: script})
	for _, d := range res.Diags.Sorted() {
		t.Errorf("%v", d)
	}
	if len(res.Files) == 0 {
		t.Fatal("no files")
	}
	texts := append(append([]string{}, res.Plans...), res.Bound...)
	for _, data := range res.Files {
		texts = append(texts, string(data))
	}
	named := false
	for _, text := range texts {
		named = named || strings.Contains(text, "KAFKA_PASSWORD")
		if strings.Contains(text, secret) {
			t.Errorf("the secret is in %q", text)
		}
	}
	if !named {
		t.Error("no file names the variable")
	}
}
