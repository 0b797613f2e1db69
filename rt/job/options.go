package job

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pyfc/ir/diag"
	"pyfc/rt/conf"
	"pyfc/rt/conn"
)

// options are the binary's own.
type options struct {
	set           []string // TABLE.OPTION=VALUE
	config        []string // KEY=VALUE
	parallelism   int      // 0: not given
	memory        int64    // of batch operators, in bytes; 0: not given
	stopTimeout   time.Duration
	checkpointDir string
	restore       string // "", "none" or a path
	waitReady     string
	opsAddr       string
	checkHealth   bool
	printPlan     bool
	help          bool
}

// option is the declaration of one own option.
type option struct {
	name  string // "--set"
	value string // what its value is called; empty for a switch
	doc   string
	set   func(o *options, value string) error
}

var ownOptions = []option{
	{"--set", "TABLE.OPTION=VALUE", "replace one WITH option of one table; also by PYFC_SET, one a line",
		func(o *options, v string) error { o.set = append(o.set, v); return nil }},
	{"-D", "KEY=VALUE", "set a configuration key",
		func(o *options, v string) error { o.config = append(o.config, v); return nil }},
	{"--parallelism", "N", "number of subtasks; default: the processor's cores", setParallelism},
	{"--memory", "SIZE", "what the operators of a batch job may keep in memory before they use files, for example 2gb; default: a quarter of the machine's",
		func(o *options, v string) (err error) { o.memory, err = conf.ParseMemory(v); return err }},
	{"--stop-timeout", "DURATION", "how long a stop may take until the final checkpoint is complete; default: 25 s", setStopTimeout},
	{"--checkpoint-dir", "DIR", "the checkpoint folder; default: ./<job>.pyfc",
		func(o *options, v string) error { o.checkpointDir = v; return nil }},
	{"--restore", "none|PATH", "start fresh, or from the checkpoint at PATH; default: the newest one in the checkpoint folder",
		func(o *options, v string) error { o.restore = v; return nil }},
	{"--wait-ready", "FILE", "write FILE, with the process id, when sources are positioned and sinks reached",
		func(o *options, v string) error { o.waitReady = v; return nil }},
	{"--ops-addr", "HOST:PORT", "serve /healthz, /ready and /metrics there",
		func(o *options, v string) error { o.opsAddr = v; return nil }},
	{"--check-health", "", "ask the job that serves --ops-addr whether it is alive, and end: for health checks where there is no other program",
		func(o *options, _ string) error { o.checkHealth = true; return nil }},
	{"--print-plan", "", "print the plan and end",
		func(o *options, _ string) error { o.printPlan = true; return nil }},
	{"--help", "", "print this and end",
		func(o *options, _ string) error { o.help = true; return nil }},
}

func setParallelism(o *options, v string) (err error) {
	o.parallelism, err = conf.ParseParallelism(v)
	return err
}

func setStopTimeout(o *options, v string) (err error) {
	if o.stopTimeout, err = conn.ParseDuration(v); err == nil && o.stopTimeout <= 0 {
		err = fmt.Errorf("%s is not positive", v)
	}
	return err
}

// pyfcPrefix begins the name of an own option whose short name is the
// script's.
const pyfcPrefix = "--pyfc-"

// spelling is how the option is written for this job.
func (o *option) spelling(script map[string]bool) string {
	if script[o.name] {
		return pyfcPrefix + strings.TrimLeft(o.name, "-")
	}
	return o.name
}

// Displaced lists the own options whose name a script with these options takes,
// with the names that they have instead.
func Displaced(script []string) map[string]string {
	declared := map[string]bool{}
	for _, name := range script {
		declared[name] = true
	}
	out := map[string]string{}
	for i := range ownOptions {
		o := &ownOptions[i]
		if now := o.spelling(declared); now != o.name {
			out[o.name] = now
		}
	}
	return out
}

// parseOptions reads the own options from the front of the command line and
// returns the script's arguments: they start with the first word that isn't an
// own option, or behind --.
func (s *Spec) parseOptions(args []string) (*options, []string, error) {
	script := s.declared()
	o := &options{stopTimeout: 25 * time.Second}
	for len(args) > 0 {
		if args[0] == "--" {
			return o, args[1:], nil
		}
		opt, value, attached := findOption(args[0], script)
		if opt == nil {
			break
		}
		spelled := args[0]
		args = args[1:]
		switch {
		case opt.value == "" && attached:
			return nil, nil, mistake("%s takes no value", spelled)
		case opt.value != "" && !attached:
			if len(args) == 0 {
				return nil, nil, mistake("%s needs a value: %s", spelled, opt.value)
			}
			value, args = args[0], args[1:]
		}
		if err := opt.set(o, value); err != nil {
			return nil, nil, mistake("%s: %v", opt.spelling(script), err)
		}
	}
	if len(args) > 0 && strings.HasPrefix(args[0], "-") && len(s.Arguments) == 0 && !s.takesPositions() {
		return nil, nil, mistake("unknown option %s%s", args[0], diag.DidYouMean(args[0], ownNames(script)))
	}
	return o, args, nil
}

// takesPositions reports whether the script reads its bare words.
func (s *Spec) takesPositions() bool {
	for i := range s.Inputs {
		if s.Inputs[i].position() > 0 {
			return true
		}
	}
	return false
}

func (s *Spec) declared() map[string]bool {
	script := map[string]bool{}
	for _, a := range s.Arguments {
		script[a] = true
	}
	return script
}

func ownNames(script map[string]bool) []string {
	var names []string
	for i := range ownOptions {
		names = append(names, ownOptions[i].spelling(script))
	}
	return names
}

// findOption returns the own option that a word is, and the value attached to
// it by = or, for -D, directly.
func findOption(word string, script map[string]bool) (opt *option, value string, attached bool) {
	for i := range ownOptions {
		opt := &ownOptions[i]
		for _, name := range []string{opt.spelling(script), pyfcPrefix + strings.TrimLeft(opt.name, "-")} {
			rest, ok := strings.CutPrefix(word, name)
			switch {
			case !ok:
			case rest == "":
				return opt, "", false
			case rest[0] == '=':
				return opt, rest[1:], true
			case name == "-D":
				return opt, rest, true
			}
		}
	}
	return nil, "", false
}

// usage is the text of --help.
func (s *Spec) usage(program string) string {
	script := s.declared()
	var b strings.Builder
	fmt.Fprintf(&b, "%s runs the job %s, compiled from %s.\n\nUsage: %s [options] [--] [script arguments]\n\nOptions:\n",
		program, s.Name, s.Script, program)
	for i := range ownOptions {
		o := &ownOptions[i]
		name := o.spelling(script)
		if o.value != "" {
			name += " " + o.value
		}
		fmt.Fprintf(&b, "  %s\n        %s\n", name, o.doc)
	}
	if len(s.Inputs) > 0 {
		b.WriteString("\nInputs of the script:\n")
	}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		note := "required"
		switch {
		case in.Baked:
			note = "fixed by the build"
		case in.HasDefault:
			note = "default: " + strconv.Quote(in.Default)
		case in.Optional && !s.needs(in):
			note = "optional"
		}
		fmt.Fprintf(&b, "  %s (%s, %s)\n", in.title(), note, in.Where)
	}
	if len(s.Tables) > 0 {
		b.WriteString("\nTables: " + strings.Join(s.tableNames(), ", ") + "\n")
	}
	return b.String()
}
