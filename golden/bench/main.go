// Command bench measures pyfc beside PyFlink and hand-written Go, in one run on
// one machine, taking turns. It reports and asserts nothing, but stops where a
// result is wrong: what doesn't compute the right table isn't measured.
//
//	go run ./golden/bench              all experiments, at full size
//	go run ./golden/bench -quick       small inputs, one round
//	go run ./golden/bench -only build  experiments by name: cdn, aggregate, files, scalar, groups, join, start, frontend, build, exprs
//
// README.md says how each side is run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"pyfc/golden/services"
)

// settings are the command line.
type settings struct {
	small, large  int // lines of the two inputs
	rounds        int
	pyflinkRounds int
	only          *regexp.Regexp
	json, svg     string
	page, from    string
	cold          bool
}

func main() {
	s, err := parse()
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		err = services.Guard(func(h *services.Host) error { return s.perform(ctx, h) })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse() (settings, error) {
	var s settings
	quick := flag.Bool("quick", false, "small inputs and one round: to try the benchmark out")
	only := flag.String("only", "", "regular expression that the names of experiments must match")
	flag.StringVar(&s.json, "json", "", "also write the report into this file, as JSON")
	flag.StringVar(&s.svg, "svg", "", "also draw throughputs into this file")
	flag.StringVar(&s.page, "page", "", "also write the ratios into this page, between its marks")
	flag.StringVar(&s.from, "from", "", "measure nothing: take the report that -json wrote into this file")
	flag.BoolVar(&s.cold, "cold", false, "also measure a build with an empty Go build cache (minutes)")
	flag.IntVar(&s.small, "small", 500_000, "lines of the small input")
	flag.IntVar(&s.large, "large", 5_000_000, "lines of the large input")
	flag.IntVar(&s.rounds, "rounds", 3, "rounds of pyfc and of the hand-written program")
	flag.IntVar(&s.pyflinkRounds, "pyflink-rounds", 2, "rounds in which PyFlink takes part; 0 leaves it out")
	flag.Parse()
	if *quick {
		s.small, s.large, s.rounds, s.pyflinkRounds = 50_000, 500_000, 1, min(s.pyflinkRounds, 1)
	}
	var err error
	s.only, err = regexp.Compile(*only)
	if err == nil && (s.small < 1 || s.large <= s.small || s.rounds < 1 || s.pyflinkRounds < 0) {
		err = fmt.Errorf("-large must exceed -small, and there is at least one round")
	}
	return s, err
}

// experiments in the order in which they are run; some need servers.
var experiments = []struct {
	name    string
	run     func(*bench) (section, error)
	servers bool
}{
	{"cdn", cdn, true},
	{"aggregate", aggregate, true},
	{"files", fromFiles, false},
	{"scalar", fromScalar, false},
	{"groups", fromGroups, false},
	{"join", fromJoin, false},
	{"start", start, true},
	{"frontend", frontEnd, false},
	{"build", build, false},
	{"exprs", expressions, false},
}

// perform makes or loads the report and writes it where it is wanted.
func (s settings) perform(ctx context.Context, h *services.Host) (err error) {
	var r *report
	if s.from != "" {
		r, err = load(s.from)
	} else {
		r, err = runAll(ctx, h, s)
	}
	if err == nil && s.svg != "" {
		err = os.WriteFile(s.svg, []byte(r.plot()), 0o644)
	}
	if err == nil && s.json != "" {
		err = r.save(s.json)
	}
	if err == nil && s.page != "" {
		err = r.writeInto(s.page, s.svg)
	}
	return err
}

// runAll runs the experiments and prints each one's table behind it.
func runAll(ctx context.Context, h *services.Host, s settings) (*report, error) {
	r, err := newReport()
	if err != nil {
		return nil, err
	}
	b, err := prepare(ctx, h, s)
	if err != nil {
		return nil, err
	}
	fmt.Println(r.machine())
	for _, e := range experiments {
		if !s.only.MatchString(e.name) {
			continue
		}
		if e.servers {
			if err := b.startServers(); err != nil {
				return nil, err
			}
		}
		sec, err := e.run(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		sec.print(os.Stdout)
		r.Sections = append(r.Sections, sec)
	}
	return r, nil
}
