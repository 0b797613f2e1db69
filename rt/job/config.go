package job

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"pyfc/ir/diag"
	"pyfc/rt/conf"
	"pyfc/rt/conn"
	"pyfc/rt/state"
)

// defaultInterval lies between two checkpoints where nothing else is said.
const defaultInterval = 10 * time.Second

// startKeys and startPrefixes are keys that may be given to the binary, and the
// beginnings of others, for Python workers and for file systems.
var (
	startKeys     = []string{conf.Parallelism, conf.Interval, conf.BatchSize, conf.Memory}
	startPrefixes = []string{"python.", "s3.", "fs.s3a."}
)

// boundAtStart reports whether a key may be given to the binary.
func boundAtStart(key string) bool {
	return slices.Contains(startKeys, key) || slices.ContainsFunc(startPrefixes, func(p string) bool { return strings.HasPrefix(key, p) })
}

// shapesPlan reports whether a key may change what the job computes, which the
// build has settled.
func shapesPlan(key string) bool {
	for _, prefix := range []string{"table.", "execution.", "pipeline.", "state."} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// overrides are the settings of the command line.
func (p *process) overrides() (map[string]string, error) {
	config := map[string]string{}
	var faults faults
	for _, word := range p.own.config {
		key, value, ok := strings.Cut(word, "=")
		switch {
		case !ok:
			faults.add("-D %s: KEY=VALUE is expected", word)
		case boundAtStart(key):
			config[key] = value
		case shapesPlan(key):
			faults.add("%s is settled when the job is built: pyfc build -D %s=VALUE", key, key)
		default:
			p.log.Warn("configuration key has no effect", "key", key)
		}
	}
	return config, faults.err("configuration")
}

// effectiveConfig are settings of the script with those of the command line over
// them.
func (p *process) effectiveConfig(script []Setting, overrides map[string]string) (map[string]string, error) {
	config := map[string]string{}
	var faults faults
	for _, s := range script {
		v, err := s.Value.resolve(p.values)
		if err != nil {
			faults.add("%s: %v", s.Key, err)
		}
		config[s.Key] = v
	}
	maps.Copy(config, overrides)
	return config, faults.err("configuration")
}

// readSettings parses what the runtime itself reads; options of the command line
// win.
func (p *process) readSettings(config map[string]string) (conf.Settings, error) {
	s := conf.Settings{
		Parallelism: min(runtime.GOMAXPROCS(0), state.KeyGroups), Interval: defaultInterval, Zone: time.Local, Memory: machineMemory() / 4,
	}
	var faults faults
	for _, err := range s.Read(config) {
		faults.add("%v", err)
	}
	s.Parallelism, s.Memory = cmp.Or(p.own.parallelism, s.Parallelism), cmp.Or(p.own.memory, s.Memory)
	return s, faults.err("configuration")
}

// tables resolves the tables' options and puts those of --set and PYFC_SET,
// one a line, over them.
func (p *process) tables(values map[string]string) ([]conn.Table, error) {
	tables := make([]conn.Table, len(p.spec.Tables))
	var faults faults
	for i, t := range p.spec.Tables {
		tables[i] = t.Table
		tables[i].Options = map[string]string{}
		for _, o := range t.Bound {
			v, err := o.Value.resolve(values)
			if err != nil {
				faults.add("table %s (%s), option %s: %v", t.Name, t.Where, o.Key, err)
			}
			tables[i].Options[o.Key] = v
		}
	}
	for line := range strings.Lines(p.env["PYFC_SET"]) {
		if line = strings.TrimSpace(line); line != "" {
			p.setOption(tables, "PYFC_SET", line, &faults)
		}
	}
	for _, word := range p.own.set {
		p.setOption(tables, "--set", word, &faults)
	}
	return tables, faults.err("tables")
}

// compiledIn are options that generated code was made for.
var compiledIn = []string{"connector", "connector.type", "format", "format.type", "key.format", "value.format"}

// setOption replaces one option. Whether its table's connector knows it, the
// connector says. The value is never shown: it may be a secret.
func (p *process) setOption(tables []conn.Table, from, word string, faults *faults) {
	target, value, ok := strings.Cut(word, "=")
	if !ok {
		faults.add("%s %s: TABLE.OPTION=VALUE is expected", from, word)
		return
	}
	name := ""
	for _, n := range p.spec.tableNames() { // a name may contain dots
		if strings.HasPrefix(target, n+".") && len(n) > len(name) {
			name = n
		}
	}
	if name == "" {
		unknown, _, _ := strings.Cut(target, ".")
		faults.add("%s %s: the job has no table %s%s", from, target, unknown, diag.DidYouMean(unknown, p.spec.tableNames()))
		return
	}
	key := target[len(name)+1:]
	if slices.Contains(compiledIn, key) {
		faults.add("%s %s: %s is settled when the job is built", from, target, key)
		return
	}
	for i := range tables {
		if tables[i].Name == name {
			tables[i].Options[key] = value
		}
	}
}

// tableNames are the names of the tables, each once, sorted.
func (s *Spec) tableNames() []string {
	names := map[string]bool{}
	for _, t := range s.Tables {
		names[t.Name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// prepared is what runs have of the start of the process.
type prepared struct {
	conf.Settings
	env *Env
}

// prepareRuns gives each run what the settings that hold for it say, most often
// those of the job.
func (p *process) prepareRuns(overrides map[string]string) error {
	job, err := p.prepare(p.jobEnv.Config)
	if err != nil {
		return err
	}
	p.runs = map[*Run]*prepared{}
	for _, step := range p.spec.Steps {
		run := step.Run
		if run == nil {
			continue
		}
		p.runs[run] = job
		if run.Config != nil {
			config, err := p.effectiveConfig(run.Config, overrides)
			if err != nil {
				return err
			}
			if p.runs[run], err = p.prepare(config); err != nil {
				return err
			}
		}
		run.Session.Zone, run.Session.Batch = p.runs[run].Zone, run.Batch
	}
	return nil
}

// prepare makes what runs have under a configuration; everything else is the
// job's.
func (p *process) prepare(config map[string]string) (*prepared, error) {
	own := *p.jobEnv
	own.Config, own.Tables = config, slices.Clone(own.Tables)
	for i := range own.Tables {
		own.Tables[i].Settings = config
	}
	settings, err := p.readSettings(config)
	if err != nil {
		return nil, err
	}
	return &prepared{settings, &own}, nil
}
