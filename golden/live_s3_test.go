package golden

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"pyfc/golden/oracle/venv"
	"pyfc/golden/services"
)

// s3Request sends a request about something of moto's S3 and returns the status.
func s3Request(t *testing.T, m *services.Moto, method, path, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, m.URL()+"/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	// moto wants to know who asks, and takes anybody's word.
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=b")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// TestS3 runs a job that reads and writes files of S3: several blocks of text,
// partitions that are overwritten, and a table that isn't there.
func TestS3(t *testing.T) {
	t.Parallel()
	python, err := venv.Python("moto", services.MotoPackage, services.MotoVersion)
	if err != nil {
		services.Missing(t, "moto can't be installed: %v", err)
	}
	m := services.StartMoto(t, python)
	if code := s3Request(t, m, http.MethodPut, "files", ""); code != http.StatusOK {
		t.Fatal(code)
	}
	for f := range 2 {
		var lines strings.Builder
		for i := range 20_000 {
			fmt.Fprintf(&lines, "%d,word %d of some length,%c\n", f*20_000+i, i%7, "abc"[i%3])
		}
		s3Request(t, m, http.MethodPut, fmt.Sprintf("files/in/%d.csv", f), lines.String())
	}
	s3Request(t, m, http.MethodPut, "files/in/_hidden", "x,y\n")
	w := &live{choose: map[string]string{}}
	w.build(t, "live/s3/*.py")
	ask := func(args ...string) outcome {
		return run(t, t.TempDir(), map[string]string{"AWS_EC2_METADATA_DISABLED": "true"}, w.binary,
			append([]string{w.choose["files"], "-D", "s3.endpoint=" + m.URL(), "-D", "s3.access-key=a", "-D", "s3.secret-key=b"}, args...)...)
	}
	got := ask()
	const expected = "live/s3/files.out"
	if *update {
		if err := os.WriteFile(expected, []byte(got.stdout), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(expected)
	if err != nil || got.code != 0 || got.stdout != string(want) {
		t.Errorf("%v; exit code %d; got\n%s\nwant\n%s\n%s", err, got.code, got.stdout, want, got.stderr)
	}
	for _, day := range "abc" {
		if code := s3Request(t, m, http.MethodHead, fmt.Sprintf("files/out/table/part=%c/_SUCCESS", day), ""); code != http.StatusOK {
			t.Errorf("day %c: its _SUCCESS is %d", day, code)
		}
	}
	for _, place := range []string{"src.path=s3://files/none", "parts.path=s3://nobucket/x"} {
		_, path, _ := strings.Cut(place, "=")
		if got := ask("--set", place); got.code != 10 || !strings.Contains(got.stderr, strings.TrimSuffix(path, "/x")) {
			t.Errorf("%s: exit code %d\n%s", place, got.code, got.stderr)
		}
	}
}
