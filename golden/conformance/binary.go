package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"pyfc/codegen/gobuild"
)

// program is a binary of several jobs: a Go build costs seconds, so cases share
// one. Each job keeps the very package that `pyfc build` emits; the first argument
// chooses the job, the second one its step.
type program struct {
	root     string // of the checkout
	dir      string
	packages map[string]gobuild.Files // by name
	broken   map[string]string        // what the Go compiler says of packages that it refuses
}

func newProgram(root, dir string) *program {
	return &program{root: root, dir: dir, packages: map[string]gobuild.Files{}, broken: map[string]string{}}
}

// add takes the generated files of one job and returns its name, which is that
// of their content, so that the Go build cache knows an unchanged package.
func (p *program) add(files gobuild.Files) string {
	h := sha256.New()
	pkg := gobuild.Files{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if rest, ok := strings.CutPrefix(name, "job/"); ok {
			pkg[rest] = files[name]
			fmt.Fprintf(h, "%s %d\n%s", rest, len(files[name]), files[name])
		}
	}
	name := "job" + hex.EncodeToString(h.Sum(nil)[:8])
	p.packages[name] = pkg
	return name
}

// failedPackage is the line in which go build names a package that it refuses.
var failedPackage = regexp.MustCompile(`(?m)^# pyfcjob/(job[0-9a-f]+)$`)

// build links the jobs. A package that doesn't compile is left out and kept in
// broken: it is that case's failure alone.
func (p *program) build() error {
	for {
		err := p.link()
		var refused *gobuild.CompileError
		if !errors.As(err, &refused) {
			return err
		}
		found := failedPackage.FindAllStringSubmatchIndex(refused.Output, -1)
		if len(found) == 0 {
			return err
		}
		for i, at := range found {
			end := len(refused.Output)
			if i+1 < len(found) {
				end = found[i+1][0]
			}
			name := refused.Output[at[2]:at[3]]
			p.broken[name] = strings.TrimSpace(refused.Output[at[1]:end])
			delete(p.packages, name)
			if err := os.RemoveAll(filepath.Join(p.dir, name)); err != nil {
				return err
			}
		}
	}
}

func (p *program) link() error {
	files := gobuild.Files{}
	names := slices.Sorted(maps.Keys(p.packages))
	for name, pkg := range p.packages {
		for file, data := range pkg {
			files[path.Join(name, file)] = data
		}
	}
	files["main.go"] = mainFile(names)
	files, err := gobuild.Module(files, p.root)
	if err != nil {
		return err
	}
	if err := gobuild.Write(files, p.dir); err != nil {
		return err
	}
	return gobuild.Compile(gobuild.Target{Plain: true}, p.dir, p.binary())
}

func (p *program) binary() string { return filepath.Join(p.dir, "jobs.bin") }

func mainFile(names []string) []byte {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"os\"\n\t\"strconv\"\n\n\t\"pyfc/rt/job\"\n")
	for _, n := range names {
		fmt.Fprintf(&b, "\t%s \"pyfcjob/%s\"\n", n, n)
	}
	b.WriteString(")\n\nvar jobs = map[string]func() *job.Spec{\n")
	for _, n := range names {
		fmt.Fprintf(&b, "\t%q: %s.New,\n", n, n)
	}
	b.WriteString("}\n\nfunc main() {\n\tspec := jobs[os.Args[1]]()\n\tstep, err := strconv.Atoi(os.Args[2])\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tspec.Steps = spec.Steps[step : step+1]\n\tos.Args = append(os.Args[:1], os.Args[3:]...)\n\tos.Exit(job.Main(spec))\n}\n")
	return b.Bytes()
}

// outcome is what one run of a binary left.
type outcome struct {
	code           int
	stdout, stderr string
	hung           bool
}

// run starts a job with arguments in a folder of its own and waits for its end,
// at most for limit.
func run(ctx context.Context, limit time.Duration, binary string, args ...string) (outcome, error) {
	dir, err := os.MkdirTemp("", "pyfc-case-")
	if err != nil {
		return outcome{}, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, append(args, "--parallelism", "1", "--checkpoint-dir", filepath.Join(dir, "checkpoints"))...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	out := outcome{stdout: stdout.String(), stderr: stderr.String(), hung: ctx.Err() != nil}
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) && !out.hung {
		return out, err
	}
	if cmd.ProcessState != nil {
		out.code = cmd.ProcessState.ExitCode()
	}
	reports, err := filepath.Glob(filepath.Join(dir, "pyfc-report-*"))
	for _, r := range reports { // of internal errors
		text, err := os.ReadFile(r)
		if err != nil {
			return out, err
		}
		out.stderr += string(text)
	}
	return out, err
}
