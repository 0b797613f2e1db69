package job

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pyfc/rt/conf"
	"pyfc/rt/conn"
	"pyfc/rt/state"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

func lit(s string) Text { return Text{{Literal: s}} }

func TestText(t *testing.T) {
	values := map[string]string{"env TOPIC": " Clicks ", "env N": "+0_07", "env DIR": "data", "env ABS": "/srv", "env UMLAUT": "Ärger"}
	in := func(name string, ops ...Op) Text {
		return Text{{Literal: "<"}, {Input: name, Apply: ops}, {Literal: ">"}}
	}
	cases := []struct {
		text Text
		want string // or the error
	}{
		{lit("plain"), "plain"},
		{in("env TOPIC"), "< Clicks >"},
		{in("env TOPIC", Op{Name: "strip"}, Op{Name: "lower"}), "<clicks>"},
		{in("env TOPIC", Op{Name: "strip"}, Op{Name: "upper"}), "<CLICKS>"},
		{in("env TOPIC", Op{Name: "replace", Args: []string{" ", "_"}}), "<_Clicks_>"},
		{in("env N", Op{Name: "int"}), "<7>"},
		{in("env DIR", Op{Name: "or", Args: []string{"none"}}), "<data>"},
		{in("env MISSING", Op{Name: "or", Args: []string{"none"}}, Op{Name: "upper"}), "<NONE>"},
		{in("env TOPIC", Op{Name: "int"}), `env TOPIC: invalid literal for int() with base 10: " Clicks "`},
		{in("env DIR", Op{Name: "join_path", Args: []string{"/home", "me/"}}), "</home/me/data>"},
		{in("env DIR", Op{Name: "append_path", Args: []string{"out", "totals"}}), "<data/out/totals>"},
		{in("env ABS", Op{Name: "append_path", Args: []string{"x"}}), "</srv/x>"},
		{in("env ABS", Op{Name: "join_path", Args: []string{"/home"}}), "</srv>"},
		{in("env UMLAUT", Op{Name: "lower"}), `env UMLAUT: lower() of the letter 'Ä' is not supported at start`},
		{in("env DIR", Op{Name: "rot13"}), "operation rot13 on env DIR is unknown"},
	}
	for _, c := range cases {
		got, err := c.text.resolve(values)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v gives %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPythonInt(t *testing.T) {
	for in, want := range map[string]string{"0": "0", "-0": "0", " -12\t": "-12", "00": "0", "1_000": "1000", "99999999999999999999": "99999999999999999999"} {
		if got, err := pythonInt(in); got != want || err != nil {
			t.Errorf("int(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "-", "+-1", "1_", "_1", "1__0", "1.0", "0x1", "1 2"} {
		if got, err := pythonInt(in); err == nil {
			t.Errorf("int(%q) = %q", in, got)
		}
	}
}

var script = &Spec{
	Name: "clicks", Script: "job.py",
	Arguments: []string{"--topic", "-t", "--verbose", "--mode"},
	Inputs: []Input{
		{Kind: "env", Name: "BROKERS", Where: "job.py:3:1"},
		{Kind: "env", Name: "USER_NAME", Default: "nobody", HasDefault: true, Where: "job.py:4:1"},
		{Kind: "argument", Name: "--topic", Aliases: []string{"-t"}, Where: "job.py:5:1"},
		{Kind: "argument", Name: "--verbose", Constant: "True", Default: "False", HasDefault: true, Where: "job.py:6:1"},
		{Kind: "argument", Name: "--mode", Baked: true, Value: "daily", Where: "job.py:7:1"},
		{Kind: "env", Name: "LOCAL", Baked: true, Absent: true, Where: "job.py:9:1"},
		{Kind: "argument", Name: "1", Default: "out", HasDefault: true, Where: "job.py:8:1"},
	},
}

func TestInputs(t *testing.T) {
	env := map[string]string{"BROKERS": "b:9092"}
	cases := []struct {
		env  map[string]string
		args string
		want string // "topic verbose mode position user", or a part of the error
	}{
		{env, "--topic a", "a False daily out nobody"},
		{env, "--topic=a file", "a False daily file nobody"},
		{env, "-t a --verbose file", "a True daily file nobody"},
		{env, "-ta -- --odd", "a False daily --odd nobody"},
		{env, "--top a --mode daily", "a False daily out nobody"},
		{env, "--topic -5", "-5 False daily out nobody"},
		{map[string]string{"BROKERS": "", "USER_NAME": "me"}, "--topic a", "a False daily out me"},
		{nil, "", "the job can't start:\n  environment variable BROKERS is not set (job.py:3:1)\n  argument --topic is not set (job.py:5:1)"},
		{env, "--topic a --mode hourly", `argument --mode is "hourly" here, but the build was given "daily" and its plan depends on it (job.py:7:1); to build for this value: pyfc build job.py -- --mode hourly`},
		{map[string]string{"BROKERS": "b", "LOCAL": ""}, "--topic a", `environment variable LOCAL is "" here, but the build took it as missing and its plan depends on it (job.py:9:1); to build for this value: pyfc build job.py --env LOCAL=`},
		{env, "--topik a", "unrecognized argument --topik; did you mean --topic?"},
		{env, "--topic", "argument --topic: expected one argument"},
		{env, "--topic a --verbose=1", "argument --verbose takes no value"},
		{env, "--topic a -x", "unrecognized argument -x"},
	}
	for _, c := range cases {
		v, err := script.bindInputs(c.env, strings.Fields(c.args))
		got := fmt.Sprintf("%s %s %s %s %s", v["argument --topic"], v["argument --verbose"], v["argument --mode"], v["argument 1"], v["env USER_NAME"])
		if err != nil {
			if got = err.Error(); exitCode(err) != ExitMistake {
				t.Errorf("%q: exit code %d", c.args, exitCode(err))
			}
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%q gives %q, want %q", c.args, got, c.want)
		}
	}
}

func TestSecretIsNotShown(t *testing.T) {
	s := &Spec{Inputs: []Input{{Kind: "env", Name: "DB_PASSWORD", Baked: true, Value: "built"}}}
	_, err := s.bindInputs(map[string]string{"DB_PASSWORD": "given"}, nil)
	if err == nil || strings.Contains(err.Error(), "built\"") || strings.Contains(err.Error(), "given\"") {
		t.Errorf("err = %v", err)
	}
}

func TestOptionalInputs(t *testing.T) {
	s := &Spec{Inputs: []Input{
		{Kind: "env", Name: "USED", Optional: true, Where: "job.py:1:1"},
		{Kind: "env", Name: "UNUSED", Optional: true, Where: "job.py:2:1"},
	}}
	s.Tables = []Table{{Bound: []Setting{{"topic", Text{{Literal: "t-"}, {Input: "env USED"}}}}}}
	_, err := s.bindInputs(nil, nil)
	if err == nil || !strings.Contains(err.Error(), "USED is not set (job.py:1:1)") || strings.Contains(err.Error(), "UNUSED") {
		t.Errorf("err = %v", err)
	}
	if _, err := s.bindInputs(map[string]string{"USED": "x"}, nil); err != nil {
		t.Error(err)
	}
	s.Tables = []Table{{Bound: []Setting{{"topic", Text{{Input: "env USED", Apply: []Op{{Name: "or", Args: []string{"t"}}}}}}}}}
	if _, err := s.bindInputs(nil, nil); err != nil {
		t.Error(err)
	}
}

func TestScriptWithoutDeclaredOptions(t *testing.T) {
	s := &Spec{Inputs: []Input{{Kind: "argument", Name: "2"}}}
	v, err := s.bindInputs(nil, []string{"--anything", "--goes", "--"})
	if err != nil || v["argument 2"] != "--goes" {
		t.Errorf("values %v, %v", v, err)
	}
}

// The build has looked at the words themselves, as argparse does where it is
// given them.
func TestWordsThatShapedTheBuild(t *testing.T) {
	s := &Spec{Script: "job.py", Arguments: []string{"--min"}, Inputs: []Input{
		{Kind: "argument", Name: "1", Baked: true, Value: "--min"}, {Kind: "arg", Name: "2", Baked: true, Value: "15"},
		{Kind: "argument", Name: "3", Baked: true, Value: "name"}, {Kind: "arg", Name: "--min", Baked: true, Value: "15"},
	}}
	if _, err := s.bindInputs(nil, []string{"--min", "15", "name"}); err != nil {
		t.Error(err)
	}
	if _, err := s.bindInputs(nil, []string{"--min", "15", "id"}); err == nil || !strings.Contains(err.Error(), `argument 3 is "id" here`) {
		t.Errorf("err = %v", err)
	}
}

func TestExtraArguments(t *testing.T) {
	s := &Spec{ExtraArguments: true, Arguments: []string{"--in"}, Inputs: []Input{{Kind: "argument", Name: "--in"}}}
	v, err := s.bindInputs(nil, []string{"--other", "--in", "x"})
	if err != nil || v["argument --in"] != "x" {
		t.Errorf("values %v, %v", v, err)
	}
}

func TestOwnOptions(t *testing.T) {
	plain := &Spec{Arguments: []string{"--topic"}}
	clash := &Spec{Arguments: []string{"--parallelism", "--set"}}
	bare := &Spec{}
	cases := []struct {
		spec *Spec
		args string
		want string // "parallelism set config | script", or a part of the error
	}{
		{plain, "--parallelism 3 --set a.b=c --set=d.e=f -D x=1 -Dy=2 --topic t --parallelism 9", "3 [a.b=c d.e=f] [x=1 y=2] | --topic t --parallelism 9"},
		{plain, "--pyfc-parallelism=2 -- --set q", "2 [] [] | --set q"},
		{clash, "--parallelism 3", "0 [] [] | --parallelism 3"},
		{clash, "--pyfc-parallelism 3 --pyfc-set a.b=c --set x", "3 [a.b=c] [] | --set x"},
		{bare, "--paralelism 3", "unknown option --paralelism; did you mean --parallelism?"},
		{plain, "--parallelism 0", `--parallelism: "0" is not a positive number`},
		{plain, "--parallelism 500", "--parallelism: 500 is more than the 128 key groups"},
		{plain, "--set", "--set needs a value: TABLE.OPTION=VALUE"},
		{plain, "--print-plan=yes", "--print-plan=yes takes no value"},
		{plain, "--memory 0", "--memory: 0 is no memory at all"},
		{plain, "--memory much", "--memory: "},
		{plain, "--stop-timeout 0", "--stop-timeout: 0 is not positive"},
	}
	for _, c := range cases {
		o, rest, err := c.spec.parseOptions(strings.Fields(c.args))
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = fmt.Sprintf("%d %v %v | %s", o.parallelism, o.set, o.config, strings.Join(rest, " "))
		}
		if got != c.want && !(err != nil && strings.HasSuffix(c.want, ": ") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%q gives %q, want %q", c.args, got, c.want)
		}
	}
}

func TestMemory(t *testing.T) {
	if n, ok := memTotal("MemFree: 3 kB\nMemTotal:       24 kB\n"); !ok || n != 24<<10 {
		t.Errorf("%d, %t", n, ok)
	}
	if _, ok := memTotal("MemTotal: much\n"); ok {
		t.Error("a number that is none")
	}
	for _, c := range []struct {
		args string
		want int64
	}{{"", machineMemory() / 4}, {"-D pyfc.memory=64mb", 64 << 20}, {"--memory 1kb -D pyfc.memory=64mb", 1 << 10}} {
		p := with(t, &Spec{}, nil, strings.Fields(c.args)...)
		config, err := p.overrides()
		if err != nil {
			t.Fatal(err)
		}
		if s, err := p.readSettings(config); err != nil || s.Memory != c.want {
			t.Errorf("%q: %d, %v, want %d", c.args, s.Memory, err, c.want)
		}
	}
}

// with makes a process that has its options and inputs.
func with(t *testing.T, spec *Spec, env map[string]string, args ...string) *process {
	t.Helper()
	own, rest, err := spec.parseOptions(args)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{spec: spec, env: env, own: own, log: slog.New(slog.DiscardHandler)}
	if p.values, err = spec.bindInputs(env, rest); err != nil {
		t.Fatal(err)
	}
	return p
}

// configured makes a process that is about to run its steps.
func configured(t *testing.T, spec *Spec, args ...string) *process {
	t.Helper()
	p := with(t, spec, nil, args...)
	if err := p.configure(nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTables(t *testing.T) {
	spec := &Spec{
		Inputs: []Input{{Kind: "env", Name: "TOPIC", Default: "clicks", HasDefault: true}},
		Tables: []Table{
			{conn.Table{Name: "src"}, []Setting{{"connector", lit("kafka")}, {"topic", Text{{Input: "env TOPIC"}}}}},
			{conn.Table{Name: "src.v2"}, []Setting{{"topic", lit("x")}}},
			{conn.Table{Name: "src"}, []Setting{{"topic", lit("y")}}},
		},
	}
	env := map[string]string{"TOPIC": "t1", "PYFC_SET": "src.v2.topic=a=b\n\n src.properties.bootstrap.servers=h:1\n"}
	p := with(t, spec, env, "--set", "src.v2.topic=c")
	tables, err := p.tables(p.values)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(tables[0].Options, tables[1].Options, tables[2].Options)
	want := "map[connector:kafka properties.bootstrap.servers:h:1 topic:t1] map[topic:c] map[properties.bootstrap.servers:h:1 topic:y]"
	if got != want {
		t.Errorf("options are %s, want %s", got, want)
	}
	for word, want := range map[string]string{
		"srk.topic=secret":   "--set srk.topic: the job has no table srk; did you mean src?",
		"src.connector=jdbc": "--set src.connector: connector is settled when the job is built",
		"src.topic":          "--set src.topic: TABLE.OPTION=VALUE is expected",
	} {
		p := with(t, spec, nil, "--set", word)
		if _, err := p.tables(p.values); err == nil || err.Error() != want || exitCode(err) != ExitMistake {
			t.Errorf("--set %s: %v, want %s", word, err, want)
		}
	}
}

func TestConfig(t *testing.T) {
	if s, err := with(t, &Spec{}, nil).readSettings(nil); err != nil || s.Interval != 10*time.Second {
		t.Errorf("%+v, %v, want a checkpoint every 10 s", s, err)
	}
	spec := &Spec{Config: []Setting{{conf.Parallelism, lit("3")}, {conf.Interval, lit("500 ms")}, {"table.exec.state.ttl", lit("1 h")}}}
	cases := []struct{ args, want string }{
		{"", "3 500ms 0"},
		{"-D parallelism.default=2 -D pyfc.batch-size=7", "2 500ms 7"},
		{"-D parallelism.default=2 --parallelism 5", "5 500ms 0"},
		{"-D taskmanager.numberOfTaskSlots=2", "3 500ms 0"},
		{"-D table.exec.state.ttl=0", "table.exec.state.ttl is settled when the job is built: pyfc build -D table.exec.state.ttl=VALUE"},
		{"-D execution.checkpointing.interval=soon", `execution.checkpointing.interval: "soon" is not a duration: it must begin with a number`},
		{"-D x", "-D x: KEY=VALUE is expected"},
	}
	for _, c := range cases {
		p := with(t, spec, nil, strings.Fields(c.args)...)
		var s conf.Settings
		config, err := p.overrides()
		if err == nil {
			config, err = p.effectiveConfig(spec.Config, config)
		}
		if err == nil {
			s, err = p.readSettings(config)
		}
		got := fmt.Sprint(s.Parallelism, s.Interval, s.BatchSize)
		if err != nil {
			got = err.Error()
		}
		if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(c.want, " ", "") {
			t.Errorf("%q gives %q, want %q", c.args, got, c.want)
		}
	}
}

type coded struct{ error }

func (coded) ExitCode() int { return 12 }

func TestExitCodes(t *testing.T) {
	at := func(err error) error { return &stream.OperatorError{UID: "sink", Err: fmt.Errorf("open: %w", err)} }
	cause := errors.New("cause")
	cases := []struct {
		err  error
		want int
	}{
		{nil, ExitDone},
		{mistake("no"), ExitMistake},
		{at(&conn.Misconfigured{Table: "t", Err: cause}), ExitMistake},
		{&state.FingerprintError{}, ExitMistake},
		{at(&conn.Unreachable{Table: "t", Err: cause}), ExitUnreachable},
		{&state.LockedError{}, ExitUnreachable},
		{fmt.Errorf("save: %w", &fs.PathError{Err: cause}), ExitUnreachable},
		{at(&conn.BadData{Table: "t", Err: cause}), ExitData},
		{&state.DamagedError{Err: cause}, ExitData},
		{&state.DamagedError{Err: &fs.PathError{Err: cause}}, ExitData},
		{&state.MissingError{}, ExitMistake},
		{at(cause), ExitData},
		{at(coded{cause}), 12},
		{errIncomplete, ExitIncomplete},
		{at(&stream.PanicError{Value: 1}), ExitInternal},
		{cause, ExitInternal},
	}
	for _, c := range cases {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v exits %d, want %d", c.err, got, c.want)
		}
	}
}

func TestUsageShowsHowThingsAreSpelled(t *testing.T) {
	var out bytes.Buffer
	spec := *script
	spec.Arguments = append([]string{"--set"}, spec.Arguments...)
	spec.Tables = []Table{{Table: conn.Table{Name: "src"}}}
	p := &process{spec: &spec, program: "clicks", args: []string{"--help"}, stdout: &out}
	if code := p.main(); code != ExitDone {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{"--pyfc-set TABLE.OPTION=VALUE", "--checkpoint-dir DIR", "environment variable BROKERS (required, job.py:3:1)",
		"argument --mode (fixed by the build", `default: "nobody"`, "Tables: src"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the usage lacks %q:\n%s", want, out.String())
		}
	}
}

// A batch query sees one time for all rows, that of its start; the next query
// of the same job another one.
func TestSessionKnowsTheQuery(t *testing.T) {
	seen := errors.New("seen")
	build := func(*stream.Graph, *Env) error { return seen }
	sessions := []*val.Session{{}, {}}
	spec := &Spec{Steps: []Step{{Run: &Run{Batch: true, Session: sessions[0], Build: build}}, {Run: &Run{Session: sessions[1], Build: build}}}}
	p := configured(t, spec)
	for _, step := range spec.Steps {
		if _, err := p.runGraph(t.Context(), step.Run, nil, nil); err != seen {
			t.Fatal(err)
		}
	}
	if !sessions[0].Batch || sessions[1].Batch || !sessions[1].Start.After(sessions[0].Start) {
		t.Errorf("sessions %v, %v", sessions[0], sessions[1])
	}
}

// What a script changes between what it submits holds for what comes behind; the
// command line's settings hold for all.
func TestRunsHaveTheirSettings(t *testing.T) {
	set := func(pairs ...string) []Setting {
		var list []Setting
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, Setting{Key: pairs[i], Value: Text{{Literal: pairs[i+1]}}})
		}
		return list
	}
	last := set("table.local-time-zone", "Asia/Tokyo", conf.Parallelism, "3", "s3.region", "here")
	spec := &Spec{
		Config: last,
		Tables: []Table{{}},
		Steps: []Step{
			{Run: &Run{Session: &val.Session{}, Config: set("table.local-time-zone", "UTC", conf.Parallelism, "1", "s3.region", "there")}},
			{Print: Text{{Literal: "x"}}},
			{Run: &Run{Session: &val.Session{}}},
		},
	}
	for args, want := range map[string][2]string{
		"":                         {"UTC 1 there", "Asia/Tokyo 3 here"},
		"-D parallelism.default=2": {"UTC 2 there", "Asia/Tokyo 2 here"},
		"--parallelism 4":          {"UTC 4 there", "Asia/Tokyo 4 here"},
		"-D s3.region=elsewhere":   {"UTC 1 elsewhere", "Asia/Tokyo 3 elsewhere"},
	} {
		p := configured(t, spec, strings.Fields(args)...)
		for i, step := range []int{0, 2} {
			run := spec.Steps[step].Run
			own := p.runs[run]
			if got := fmt.Sprintf("%s %d %s", run.Session.Zone, own.Parallelism, own.env.Tables[0].Settings["s3.region"]); got != want[i] {
				t.Errorf("%q, step %d: %s, want %s", args, step, got, want[i])
			}
		}
	}
}
