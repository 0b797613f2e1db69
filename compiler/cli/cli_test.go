package cli

import (
	"strings"
	"testing"
)

func TestMisspelledCommandLines(t *testing.T) {
	for line, want := range map[string]string{
		"build job.py --emit gen":      "unknown flag: --emit; did you mean --emit-go?",
		"check --fromat=json job.py":   "unknown flag: --fromat; did you mean --format?",
		"check --frobnicate job.py":    "pyfc: unknown flag: --frobnicate\n",
		"bild job.py":                  "Did you mean this?\n\tbuild",
		"explain --stage=optim job.py": "--stage=optim: want one of ",
	} {
		code, _, errOut := pyfc(t, strings.Fields(line)...)
		if code != 10 || !strings.Contains(errOut, want) {
			t.Errorf("%s: exit code %d, %q doesn't contain %q", line, code, errOut, want)
		}
	}
}
