package main

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// moreInFiles is how many times more lines there are in files than in Kafka:
// without a server in between a run would be over too soon to be measured.
const moreInFiles = 4

// largeAnswer is the condition of jobs/files.py.
func largeAnswer(millis, size int64) bool { return size > 200_000 && millis > 10 }

// files is a folder with an access log, a file for each partition, and how many
// rows of it jobs/files.py lets through.
type files struct {
	dir   string
	large int64
}

// writeFiles writes the same kind of lines as go to Kafka, but well-formed ones.
func (b *bench) writeFiles(lines int) (*files, error) {
	f := &files{dir: filepath.Join(b.dir, fmt.Sprintf("files-%d", lines))}
	if err := os.Mkdir(f.dir, 0o755); err != nil {
		return nil, err
	}
	b.progress("writing %d lines to files", lines)
	for i := range partitions {
		n := lines / partitions
		if i < lines%partitions {
			n++
		}
		large, err := writeFile(filepath.Join(f.dir, fmt.Sprintf("part-%d.csv", i)), int64(i), n)
		if err != nil {
			return nil, err
		}
		f.large += large
	}
	return f, nil
}

func writeFile(path string, seed int64, lines int) (large int64, err error) {
	out, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := bufio.NewWriterSize(out, 1<<20)
	r := rand.New(rand.NewSource(seed))
	for range lines {
		millis, size := int64(1+r.Intn(5000)), int64(1000+r.Intn(1e6))
		if largeAnswer(millis, size) {
			large++
		}
		fmt.Fprintf(w, "%016x%016x,%d.%d.%d.%d,%d,%d,/v/%d.ts\n", r.Uint64(), r.Uint64(),
			networks[r.Intn(len(networks))].first, r.Intn(256), r.Intn(256), r.Intn(256), millis, size, r.Intn(uris))
	}
	return large, w.Flush()
}

// fromFiles measures csv files → projection and filter → blackhole.
func fromFiles(b *bench) (section, error) {
	return b.overFiles("files", "csv files → projection, filter → blackhole", moreInFiles, b.writeFiles)
}

// overFiles measures a job over what write makes for each number of lines, the
// given times as many as go to Kafka.
func (b *bench) overFiles(job, what string, more int, write func(lines int) (*files, error)) (section, error) {
	small, large := b.small*more, b.large*more
	sec := section{Title: fmt.Sprintf("%s: %s; %d and %d lines, parallelism %s", job, what, small, large, parallelism)}
	inputs := map[int]*files{}
	for _, lines := range []int{small, large} {
		f, err := write(lines)
		if err != nil {
			return sec, err
		}
		inputs[lines] = f
	}
	run := func(command func(job string, in *input, more ...string) (*exec.Cmd, error), check bool) func(*input) (usage, error) {
		return func(in *input) (usage, error) {
			f := inputs[in.lines]
			cmd, err := command(job, in, "BENCH_FILES="+f.dir)
			if err != nil {
				return usage{}, err
			}
			return b.runFiles(cmd, f, check)
		}
	}
	pyfc := &side{name: "pyfc", rounds: b.rounds, run: run(b.pyfc, true)}
	all := []*side{pyfc}
	if b.pyflinkRounds > 0 {
		all = append(all, &side{name: "PyFlink", rounds: b.pyflinkRounds, run: run(b.pyflink, false)})
	}
	if err := b.takeTurnsOn(job, all, &input{lines: small}, &input{lines: large}); err != nil {
		return sec, err
	}
	sec.Series = b.figures(all)
	if len(all) > 1 {
		flink := all[1]
		sec.Goals = []goal{
			ratio("throughput, pyfc / "+flink.name, b.rate(pyfc), b.rate(flink)),
			ratio("peak memory, pyfc / "+flink.name, pyfc.memory(), flink.memory()),
			ratio("CPU per row, "+flink.name+" / pyfc", b.cost(flink), b.cost(pyfc)),
		}
	}
	return sec, nil
}

// written finds what the sink took in a binary's account of its operators.
var written = regexp.MustCompile(`msg=rows operator=sink\d+ .*written=(\d+)`)

// runFiles runs a side. A blackhole shows nothing; pyfc's own account of rows is
// compared with the generator's.
func (b *bench) runFiles(cmd *exec.Cmd, f *files, check bool) (usage, error) {
	dir, err := os.MkdirTemp(b.dir, "run")
	if err != nil {
		return usage{}, err
	}
	cmd.Dir = dir
	u, _, err := measure(b.ctx, cmd, dir)
	if err == nil && check {
		err = checkWritten(filepath.Join(dir, "stderr"), f.large)
	}
	return u, errors.Join(err, os.RemoveAll(dir))
}

func checkWritten(log string, want int64) error {
	text, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	m := written.FindSubmatch(text)
	if m == nil {
		return errors.New("the log has no account of the sink's rows")
	}
	if got, err := strconv.ParseInt(string(m[1]), 10, 64); err != nil || got != want {
		return fmt.Errorf("a wrong result: the sink took %s rows, want %d", m[1], want)
	}
	return nil
}
