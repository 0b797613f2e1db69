package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pyfc/compiler"
)

// flinkLong maps the spellings of `flink run` and `go test` that have one dash
// and several letters to long options.
var flinkLong = map[string]string{
	"-py": "--python", "-pyfs": "--pyFiles", "-pyreq": "--pyRequirements",
	"-pyarch": "--pyArchives", "-pyexec": "--pyExecutable",
	"-update": "--update", // as in go test
}

// flinkSpellings rewrites the options of `flink run` before "--".
func flinkSpellings(args []string) []string {
	out := make([]string, 0, len(args))
	for i, a := range args {
		if a == "--" {
			return append(out, args[i:]...)
		}
		name, value, hasValue := strings.Cut(a, "=")
		if long, ok := flinkLong[name]; ok {
			a = long
			if hasValue {
				a += "=" + value
			}
		}
		out = append(out, a)
	}
	return out
}

// jobFlags are the options of every command that compiles a script.
type jobFlags struct {
	script               string
	env, files, set      []string
	config               []string
	pyFiles, pyReq, arch []string
	pyExec               string
}

func (f *jobFlags) register(c *cobra.Command) {
	fs := c.Flags()
	fs.StringArrayVar(&f.env, "env", nil, "make an environment variable a constant of the build: `K=V`, or K to take it from the shell")
	fs.StringArrayVar(&f.files, "file", nil, "let the driver read a file: `[PATH=]F`, PATH as the driver opens it")
	fs.StringArrayVar(&f.set, "set", nil, "replace one WITH option of one table: `TABLE.OPTION=VALUE`")
	fs.StringVar(&f.script, "python", "", "the script: `FILE`, as in flink run -py")
	f.registerWorker(c)
}

// registerWorker adds the options that a command without a script has, too: the
// configuration and what the Python worker needs.
func (f *jobFlags) registerWorker(c *cobra.Command) {
	fs := c.Flags()
	fs.StringArrayVarP(&f.config, "define", "D", nil, "set configuration: `KEY=VALUE`")
	fs.StringSliceVar(&f.pyFiles, "pyFiles", nil, "files for the Python worker: `FILES`, as in flink run -pyfs")
	fs.StringSliceVar(&f.pyReq, "pyRequirements", nil, "requirements file for the Python worker: `FILE`, as in flink run -pyreq")
	fs.StringSliceVar(&f.arch, "pyArchives", nil, "archives for the Python worker: `FILES`, as in flink run -pyarch")
	fs.StringVar(&f.pyExec, "pyExecutable", "", "Python interpreter of the worker: `FILE`, as in flink run -pyexec")
}

// request reads the script's name and arguments and the options.
func (f *jobFlags) request(c *cobra.Command, args []string) (compiler.Request, error) {
	var req compiler.Request
	own, script := args, []string(nil)
	if dash := c.ArgsLenAtDash(); dash >= 0 {
		own, script = args[:dash], args[dash:]
	}
	if f.script != "" {
		own = append([]string{f.script}, own...)
	}
	switch {
	case len(own) == 0:
		return req, fmt.Errorf("which script? (pyfc %s job.py)", c.Name())
	case len(own) > 1:
		return req, fmt.Errorf("%q: arguments of the script go behind -- (pyfc %s %s -- %s)", own[1], c.Name(), own[0], strings.Join(own[1:], " "))
	}
	req.Script, req.Args = own[0], script
	if _, err := os.Stat(req.Script); err != nil {
		return req, fmt.Errorf("cannot read the script: %w", err)
	}
	return req, f.fill(&req)
}

func (f *jobFlags) fill(req *compiler.Request) error {
	req.Env, req.Files, req.Config = map[string]string{}, map[string]string{}, map[string]string{}
	var err error
	if req.Start, err = os.Getwd(); err != nil {
		return err
	}
	for _, e := range f.env {
		name, value, given := strings.Cut(e, "=")
		if !given {
			if value, given = os.LookupEnv(name); !given {
				return fmt.Errorf("--env %s: the shell has no such variable (give the value: --env %s=VALUE)", name, name)
			}
		}
		req.Env[name] = value
	}
	for _, e := range f.files {
		path, file, given := strings.Cut(e, "=")
		if !given {
			file = path
		}
		req.Files[path] = file
	}
	for _, e := range f.config {
		key, value, given := strings.Cut(e, "=")
		if !given {
			return fmt.Errorf("-D %s: want KEY=VALUE", e)
		}
		req.Config[key] = value
	}
	for _, e := range f.set {
		if key, _, given := strings.Cut(e, "="); !given || !strings.Contains(key, ".") {
			return fmt.Errorf("--set %s: want TABLE.OPTION=VALUE", e)
		}
	}
	req.Set = f.set
	req.PyFiles, req.Requirements, req.Archives, req.Executable = f.pyFiles, f.pyReq, f.arch, f.pyExec
	return nil
}
