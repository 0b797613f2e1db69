// Package multicall links many generated jobs into one binary: a Go build costs
// seconds, so cases share it. Each job keeps the very package that `pyfc build`
// emits.
package multicall

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/format"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pyfc/codegen/gobuild"
)

// Binary is that of several jobs. Its first argument chooses the job, or a
// step of it; what follows are the arguments of that job's own binary.
type Binary struct {
	Target gobuild.Target
	// Broken is what the Go compiler says of jobs that it refuses. They aren't
	// in the binary.
	Broken map[string]string
	jobs   map[string]gobuild.Files // the package of each
}

// Add takes the generated files of a job and returns the argument that chooses
// it. It names their content, so that Go's build cache knows an unchanged one.
func (b *Binary) Add(files gobuild.Files) string {
	h := sha256.New()
	pkg := gobuild.Files{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if rest, ok := strings.CutPrefix(name, "job/"); ok {
			pkg[rest] = files[name]
			fmt.Fprintf(h, "%s %d\n%s", rest, len(files[name]), files[name])
		}
	}
	if b.jobs == nil {
		b.jobs, b.Broken = map[string]gobuild.Files{}, map[string]string{}
	}
	name := "job" + hex.EncodeToString(h.Sum(nil)[:8])
	b.jobs[name] = pkg
	return name
}

// Step is the argument that chooses one step of a job, counted from 0.
func Step(job string, step int) string { return job + ":" + strconv.Itoa(step) }

// Build links the jobs into the executable out. A job that the Go compiler
// refuses becomes one of Broken instead of an error.
func (b *Binary) Build(out string) error {
	for {
		files, err := b.files()
		if err != nil {
			return err
		}
		_, err = gobuild.BuildFor(b.Target, files, out)
		var refused *gobuild.CompileError
		if !errors.As(err, &refused) || !b.leaveOut(refused) {
			return err
		}
	}
}

// failedPackage is the line in which go build names a package that it refuses.
var failedPackage = regexp.MustCompile(`(?m)^# pyfcjob/(job[0-9a-f]+)$`)

// leaveOut moves the jobs that an error names to Broken, and reports whether
// there are any.
func (b *Binary) leaveOut(refused *gobuild.CompileError) bool {
	found := failedPackage.FindAllStringSubmatchIndex(refused.Output, -1)
	for i, at := range found {
		end := len(refused.Output)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		name := refused.Output[at[2]:at[3]]
		b.Broken[name] = strings.TrimSpace(refused.Output[at[1]:end])
		delete(b.jobs, name)
	}
	return len(found) > 0
}

// files are those of the module.
func (b *Binary) files() (gobuild.Files, error) {
	files := gobuild.Files{}
	var imports, entries bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(b.jobs)) {
		for file, data := range b.jobs[name] {
			files[path.Join(name, file)] = data
		}
		fmt.Fprintf(&imports, "%s \"pyfcjob/%s\"\n", name, name)
		fmt.Fprintf(&entries, "%q: %s.New,\n", name, name)
	}
	main, err := format.Source(fmt.Appendf(nil, mainText, imports.Bytes(), entries.Bytes()))
	files["main.go"] = main
	return files, err
}

const mainText = `package main

import (
	"os"
	"strconv"
	"strings"

	"pyfc/rt/job"
%s)

var jobs = map[string]func() *job.Spec{
%s}

func main() {
	name, step, one := strings.Cut(os.Args[1], ":")
	spec := jobs[name]()
	if one {
		n, err := strconv.Atoi(step)
		if err != nil {
			panic(err)
		}
		spec.Steps = spec.Steps[n : n+1]
	}
	os.Args = append(os.Args[:1], os.Args[2:]...)
	os.Exit(job.Main(spec))
}
`
