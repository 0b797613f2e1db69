package services

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// MavenJars returns a cached folder with the jars of artifacts
// ("group:name:version") and of all that they need, fetched by Maven the first
// time. Another list of artifacts needs another folder.
func MavenJars(t testing.TB, folder string, artifacts ...string) string {
	t.Helper()
	dir := CacheDir(t, folder)
	unlock := lock(t, dir+".lock")
	defer unlock()
	done := filepath.Join(dir, "complete")
	if _, err := os.Stat(done); err == nil {
		return dir
	}
	Need(t, strings.Join(artifacts, ", "), "mvn")
	pom := filepath.Join(dir, "pom.xml")
	if err := os.WriteFile(pom, []byte(pomFor(artifacts)), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", "-DoutputDirectory="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		Missing(t, "Maven cannot fetch %s: %v\n%s", strings.Join(artifacts, ", "), err, out)
	}
	if err := os.WriteFile(done, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func pomFor(artifacts []string) string {
	var dependencies strings.Builder
	for _, a := range artifacts {
		p := strings.Split(a, ":")
		fmt.Fprintf(&dependencies, "    <dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n", p[0], p[1], p[2])
	}
	return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>pyfc</groupId><artifactId>services</artifactId><version>1</version>
  <dependencies>
` + dependencies.String() + `  </dependencies>
</project>
`
}
