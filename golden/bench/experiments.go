package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// side is one way of running a job.
type side struct {
	name   string
	rounds int
	run    func(in *input) (usage, error)

	rows         int // by which the large input exceeds the small one
	small, large []usage
}

// takeTurns runs the sides in turns, each on both inputs.
func (b *bench) takeTurns(job string, sides []*side) error {
	return b.takeTurnsOn(job, sides, b.input(b.small), b.input(b.large))
}

func (b *bench) takeTurnsOn(job string, sides []*side, small, large *input) error {
	for _, s := range sides {
		s.rows = large.lines - small.lines
	}
	for round := range b.rounds {
		for _, s := range sides {
			if round >= s.rounds {
				continue
			}
			for _, in := range []*input{small, large} {
				u, err := s.run(in)
				if err != nil {
					return fmt.Errorf("%s: %w", s.name, err)
				}
				b.progress("%s, round %d: %s, %d lines: %.2f s, %.2f s of CPU, %d MB", job, round+1, s.name, in.lines, u.wall.Seconds(), u.cpu.Seconds(), u.rss>>20)
				if in == small {
					s.small = append(s.small, u)
				} else {
					s.large = append(s.large, u)
				}
			}
		}
	}
	return nil
}

// figure makes a series of one figure of all rounds.
func (s *side) figure(what, unit string, f func(small, large usage) float64) series {
	out := series{Name: s.name + ": " + what, Unit: unit}
	for i := range s.large {
		out.Values = append(out.Values, f(s.small[i], s.large[i]))
	}
	return out
}

// rate is the slope between the two inputs: start-up is out.
func (b *bench) rate(s *side) series {
	return s.figure("throughput", "rows/s", func(small, large usage) float64 {
		return float64(s.rows) / (large.wall - small.wall).Seconds()
	})
}

func (s *side) memory() series {
	return s.figure("peak memory", "MB", func(_, large usage) float64 { return float64(large.rss) / (1 << 20) })
}

// cost is the CPU time per row, without start-up: others who use the machine
// change it less than the throughput.
func (b *bench) cost(s *side) series {
	return s.figure("CPU per million rows", "s", func(small, large usage) float64 {
		return (large.cpu - small.cpu).Seconds() / float64(s.rows) * 1e6
	})
}

func (s *side) total() series {
	return s.figure("start to end, large", "s", func(_, large usage) float64 { return large.wall.Seconds() })
}

// pyfcSide and pyflinkSide run a job by either, with more environment
// variables.
func (b *bench) pyfcSide(job string) *side {
	return &side{name: "pyfc", rounds: b.rounds, run: func(in *input) (usage, error) {
		cmd, err := b.pyfc(job, b.onServers(in)...)
		if err != nil {
			return usage{}, err
		}
		return b.runJob(job, in, cmd)
	}}
}

func (b *bench) pyflinkSide(job, name string, more ...string) *side {
	return &side{name: name, rounds: b.pyflinkRounds, run: func(in *input) (usage, error) {
		cmd, err := b.pyflink(job, b.onServers(in, more...)...)
		if err != nil {
			return usage{}, err
		}
		return b.runJob(job, in, cmd)
	}}
}

// pyflinkSides are PyFlink's defaults and a sink that seldom flushes; none if
// PyFlink takes no part.
func (b *bench) pyflinkSides(job string) []*side {
	if b.pyflinkRounds == 0 {
		return nil
	}
	return []*side{
		b.pyflinkSide(job, "PyFlink, defaults"),
		b.pyflinkSide(job, "PyFlink, flush of 50000", "BENCH_FLUSH_ROWS=50000"),
	}
}

// figures are what is reported of each side.
func (b *bench) figures(sides []*side) (out []series) {
	for _, s := range sides {
		out = append(out, b.rate(s), b.cost(s), s.total(), s.memory())
	}
	return out
}

// cdn measures the job with a Python function over the bridge.
func cdn(b *bench) (section, error) {
	pyfc, flinks := b.pyfcSide("cdn"), b.pyflinkSides("cdn")
	all := append([]*side{pyfc}, flinks...)
	sec := section{Title: fmt.Sprintf("cdn: Kafka csv → Python function → group by → MariaDB; %d and %d lines, parallelism %s", b.small, b.large, parallelism)}
	if err := b.takeTurns("cdn", all); err != nil {
		return sec, err
	}
	sec.Series = b.figures(all)
	if len(flinks) > 0 {
		best, lean := b.faster(flinks), leaner(flinks)
		sec.Goals = []goal{
			ratio("throughput, pyfc / "+best.name, b.rate(pyfc), b.rate(best)).atLeast(5),
			ratio("peak memory, pyfc / "+lean.name, pyfc.memory(), lean.memory()).atMost(1.0 / 8),
			ratio("CPU per row, "+best.name+" / pyfc", b.cost(best), b.cost(pyfc)),
			ratio("start to end, "+best.name+" / pyfc", best.total(), pyfc.total()),
		}
	}
	return sec, nil
}

// faster is the side with the higher throughput.
func (b *bench) faster(sides []*side) *side {
	best := sides[0]
	for _, s := range sides[1:] {
		if x, y := b.rate(s), b.rate(best); x.median() > y.median() {
			best = s
		}
	}
	return best
}

// leaner is the side that needs less memory.
func leaner(sides []*side) *side {
	best := sides[0]
	for _, s := range sides[1:] {
		if x, y := s.memory(), best.memory(); x.median() < y.median() {
			best = s
		}
	}
	return best
}

// aggregate measures the job without a Python function.
func aggregate(b *bench) (section, error) {
	pyfc, flinks := b.pyfcSide("aggregate"), b.pyflinkSides("aggregate")
	if len(flinks) > 0 {
		flinks = flinks[len(flinks)-1:] // for information: one will do
	}
	hand := &side{name: "hand-written Go, no sink", rounds: b.rounds, run: b.runHandwritten}
	all := append([]*side{pyfc, hand}, flinks...)
	sec := section{Title: fmt.Sprintf("aggregate: Kafka csv → group by → MariaDB; %d and %d lines, parallelism %s", b.small, b.large, parallelism)}
	if err := b.takeTurns("aggregate", all); err != nil {
		return sec, err
	}
	sec.Series = b.figures(all)
	sec.Goals = []goal{
		ratio("throughput, pyfc / hand-written", b.rate(pyfc), b.rate(hand)).atLeast(0.5),
		ratio("CPU per row, pyfc / hand-written", b.cost(pyfc), b.cost(hand)),
	}
	if len(flinks) > 0 {
		best, lean := b.faster(flinks), leaner(flinks)
		sec.Goals = append(sec.Goals,
			ratio("throughput, pyfc / "+best.name, b.rate(pyfc), b.rate(best)),
			ratio("peak memory, pyfc / "+lean.name, pyfc.memory(), lean.memory()))
	}
	return sec, nil
}

// startLines are few enough to take no time of their own.
const startLines = 1000

// start measures from process start to the first row in the database.
func start(b *bench) (section, error) {
	sec := section{Title: fmt.Sprintf("start: from process start to the first row in MariaDB, %d lines", startLines)}
	in := b.input(startLines)
	empty := series{Name: "empty Go program: start to end", Unit: "ms"}
	kinds := []struct {
		name string
		job  string
		cmd  func(job string, env ...string) (*exec.Cmd, error)
	}{
		{"pyfc, no Python function", "aggregate", b.pyfc},
		{"pyfc, Python function", "cdn", b.pyfc},
		{"PyFlink, no Python function", "aggregate", b.pyflink},
		{"PyFlink, Python function", "cdn", b.pyflink},
	}
	first := make([]series, len(kinds))
	for round := range b.rounds {
		u, _, err := measure(b.ctx, exec.Command(b.programs.empty), b.dir)
		if err != nil {
			return sec, err
		}
		empty.Values = append(empty.Values, milliseconds(u.wall))
		for i, k := range kinds {
			if round >= b.pyflinkRounds && i >= 2 {
				continue
			}
			cmd, err := k.cmd(k.job, b.onServers(in)...)
			if err != nil {
				return sec, err
			}
			took, err := b.firstRow(k.job, in, cmd)
			if err != nil {
				return sec, fmt.Errorf("%s: %w", k.name, err)
			}
			first[i].Name, first[i].Unit = k.name+": first row", "ms"
			first[i].Values = append(first[i].Values, milliseconds(took))
			b.progress("start, round %d: %s: %.0f ms", round+1, k.name, milliseconds(took))
		}
	}
	sec.Series = append([]series{empty}, first[:2]...)
	sec.Goals = []goal{ratio("no Python function, pyfc / empty Go program", first[0], empty)}
	if b.pyflinkRounds > 0 {
		sec.Series = append(sec.Series, first[2:]...)
		sec.Goals = append(sec.Goals,
			ratio("no Python function, PyFlink / pyfc", first[2], first[0]),
			ratio("Python function, PyFlink / pyfc", first[3], first[1]))
	}
	return sec, nil
}

// firstRow runs a job and returns when its first row was there.
func (b *bench) firstRow(job string, in *input, cmd *exec.Cmd) (time.Duration, error) {
	if err := b.clear(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	type outcome struct {
		at  time.Time
		err error
	}
	seen := make(chan outcome, 1)
	begin := time.Now()
	go func() {
		at, err := b.awaitRow(ctx)
		seen <- outcome{at, err}
	}()
	if _, err := b.execute(job, in, cmd); err != nil {
		return 0, err
	}
	o := <-seen
	return o.at.Sub(begin), o.err
}

// awaitRow asks until the table has a row.
func (b *bench) awaitRow(ctx context.Context) (time.Time, error) {
	conn, err := b.db.Conn(ctx)
	if err != nil {
		return time.Time{}, err
	}
	defer conn.Close()
	for {
		var n int
		if err := conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM traffic").Scan(&n); err != nil {
			return time.Time{}, err
		}
		if n > 0 {
			return time.Now(), nil
		}
		select {
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// build measures pyfc build.
func build(b *bench) (section, error) {
	sec := section{Title: "build: pyfc build of jobs/cdn.py"}
	source, err := os.ReadFile(b.script("cdn"))
	if err != nil {
		return sec, err
	}
	script, out := filepath.Join(b.dir, "cdn_build.py"), filepath.Join(b.dir, "cdn_build")
	changed, unchanged := series{Name: "changed script", Unit: "s"}, series{Name: "unchanged script", Unit: "s"}
	cpu := series{Name: "changed script, CPU", Unit: "s"}
	timed := func(v *series) (time.Duration, error) {
		begin := time.Now()
		cpu, err := b.compile(script, out)
		v.Values = append(v.Values, time.Since(begin).Seconds())
		return cpu, err
	}
	for round := range b.rounds + 1 {
		// Another name of a column changes the generated code.
		text := bytes.ReplaceAll(source, []byte(`"sent"`), fmt.Appendf(nil, `"sent_%d_%d"`, os.Getpid(), round))
		text = bytes.ReplaceAll(text, []byte("sent BIGINT"), fmt.Appendf(nil, "sent_%d_%d BIGINT", os.Getpid(), round))
		if err := os.WriteFile(script, text, 0o644); err != nil {
			return sec, err
		}
		took, err := timed(&changed)
		if err != nil {
			return sec, err
		}
		cpu.Values = append(cpu.Values, took.Seconds())
		if _, err := timed(&unchanged); err != nil {
			return sec, err
		}
		if round == 0 { // it has warmed the caches
			changed.Values, cpu.Values, unchanged.Values = nil, nil, nil
		}
	}
	sec.Series = []series{changed, cpu, unchanged}
	sec.Goals = []goal{of("changed script", changed).atMost(4), of("unchanged script", unchanged).atMost(0.3)}
	if !b.cold {
		return sec, nil
	}
	cold, err := b.coldBuild(script, out)
	sec.Series = append(sec.Series, cold)
	return sec, err
}

// coldBuild builds once with empty caches of Go and pyfc.
func (b *bench) coldBuild(script, out string) (series, error) {
	cold := series{Name: "changed script, empty caches", Unit: "s"}
	cmd := exec.CommandContext(b.ctx, b.programs.pyfc, "build", script, "-o", out)
	cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(b.dir, "gocache"), "PYFC_CACHE="+filepath.Join(b.dir, "pyfccache"))
	begin := time.Now()
	output, err := cmd.CombinedOutput()
	if err != nil {
		return cold, fmt.Errorf("pyfc build: %w\n%s", err, output)
	}
	cold.Values = []float64{time.Since(begin).Seconds()}
	return cold, nil
}
