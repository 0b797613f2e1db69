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

// files is a folder with the input of a job, and how many rows its sink must
// take.
type files struct {
	dir   string
	taken int64
}

// accessLog is an access log in files.
type accessLog struct {
	dir   string
	large int64 // answers that jobs/files.py lets through
}

// accessLog returns a log of so many lines, of the same kind as go to Kafka but
// well-formed, in a file for each partition. It is written when it is first
// needed.
func (b *bench) accessLog(lines int) (*accessLog, error) {
	if l := b.logs[lines]; l != nil {
		return l, nil
	}
	l := &accessLog{dir: filepath.Join(b.dir, fmt.Sprintf("files-%d", lines))}
	b.logs[lines] = l
	return l, b.writeParts(l.dir, lines, func(r *rand.Rand, _ int) string {
		millis, size := int64(1+r.Intn(5000)), int64(1000+r.Intn(1e6))
		if largeAnswer(millis, size) {
			l.large++
		}
		return fmt.Sprintf("%016x%016x,%d.%d.%d.%d,%d,%d,/v/%d.ts", r.Uint64(), r.Uint64(),
			networks[r.Intn(len(networks))].first, r.Intn(256), r.Intn(256), r.Intn(256), millis, size, r.Intn(uris))
	})
}

// writeParts writes a file of lines for each partition.
func (b *bench) writeParts(dir string, lines int, line func(r *rand.Rand, i int) string) error {
	b.progress("writing %d lines to files", lines)
	for i := range partitions {
		n := lines / partitions
		if i < lines%partitions {
			n++
		}
		r := rand.New(rand.NewSource(int64(i)))
		if err := writeLines(filepath.Join(dir, fmt.Sprintf("part-%d.csv", i)), n, func(i int) string { return line(r, i) }); err != nil {
			return err
		}
	}
	return nil
}

// writeLines writes a file, and the folder that it is in.
func writeLines(path string, n int, line func(i int) string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := bufio.NewWriterSize(out, 1<<20)
	for i := range n {
		if _, err := w.WriteString(line(i) + "\n"); err != nil {
			return err
		}
	}
	return w.Flush()
}

// fileJob is an experiment over files.
type fileJob struct {
	name string // of the script
	what string
	more int // times as many lines as go to Kafka
	// write makes the input of so many lines.
	write func(lines int) (*files, error)
	goal  float64 // how many times PyFlink's throughput; 0 for none
}

// fromFiles measures csv files → projection and filter → blackhole.
func fromFiles(b *bench) (section, error) {
	write := func(lines int) (*files, error) {
		l, err := b.accessLog(lines)
		return &files{l.dir, l.large}, err
	}
	return b.overFiles(fileJob{"files", "csv files → projection, filter → blackhole", moreInFiles, write, 0})
}

// fromScalar measures ten expressions over each row.
func fromScalar(b *bench) (section, error) {
	write := func(lines int) (*files, error) {
		l, err := b.accessLog(lines)
		return &files{l.dir, int64(lines)}, err
	}
	return b.overFiles(fileJob{"scalar", "csv files → 10 expressions → blackhole", moreInFiles, write, 6})
}

// groups are the keys of the experiment of that name.
const groups = 100_000

// fromGroups measures an aggregation of many groups, in batch.
func fromGroups(b *bench) (section, error) {
	write := func(lines int) (*files, error) {
		f := &files{dir: filepath.Join(b.dir, fmt.Sprintf("groups-%d", lines))}
		var seen [groups]bool
		return f, b.writeParts(f.dir, lines, func(r *rand.Rand, i int) string {
			user := r.Intn(groups)
			if !seen[user] {
				seen[user] = true
				f.taken++
			}
			return fmt.Sprintf("%d,user %d,%d", i, user, r.Intn(1000))
		})
	}
	return b.overFiles(fileJob{"groups", fmt.Sprintf("csv files → group by, %d groups → blackhole", groups), moreInFiles, write, 6})
}

// overFiles measures a job over files.
func (b *bench) overFiles(j fileJob) (section, error) {
	small, large := b.small*j.more, b.large*j.more
	sec := section{Title: fmt.Sprintf("%s: %s; %d and %d lines, parallelism %s", j.name, j.what, small, large, parallelism)}
	inputs := map[int]*files{}
	for _, lines := range []int{small, large} {
		f, err := j.write(lines)
		if err != nil {
			return sec, err
		}
		inputs[lines] = f
	}
	run := func(command func(job string, env ...string) (*exec.Cmd, error), check bool) func(*input) (usage, error) {
		return func(in *input) (usage, error) {
			f := inputs[in.lines]
			cmd, err := command(j.name, "BENCH_FILES="+f.dir)
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
	if err := b.takeTurnsOn(j.name, all, &input{lines: small}, &input{lines: large}); err != nil {
		return sec, err
	}
	sec.Series = b.figures(all)
	if len(all) > 1 {
		flink := all[1]
		sec.Goals = []goal{
			ratio("throughput, pyfc / "+flink.name, b.rate(pyfc), b.rate(flink)).atLeast(j.goal),
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
		err = checkWritten(filepath.Join(dir, "stderr"), f.taken)
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
