package cli

import (
	"context"
	"fmt"
	goversion "go/version"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"pyfc/codegen/gobuild"
	"pyfc/rt/cachedir"
	"pyfc/rt/job"
	"pyfc/udfbridge/python"
)

// finding is what the doctor says of one thing.
type finding struct {
	what, state string
	level       level
	remedy      string                      // a command or a thing to do
	fix         func(context.Context) error // what --fix does; nil if only the user can
	fixing      string                      // how that is called
}

// level is how bad a finding is.
type level int

const (
	fine level = iota
	slow       // it works, but the first build or run takes longer
	bad        // pyfc doesn't work
)

func (l level) String() string { return [...]string{"ok", "slow", "missing"}[l] }

// leastDisk is what caches and a build need, in bytes.
const leastDisk = 2 << 30

func (a *app) doctor() *cobra.Command {
	var fix bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say whether this machine can build and run jobs, and what is missing",
		Long: `Say whether this machine can build and run jobs, and what is missing.

Exit status: 0 if pyfc works, 10 if something is missing. With --fix, what can be
made is made: modules are downloaded, the runtime is compiled, the Python
environment of the workers is set up.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			found := examine(c.Context())
			if fix {
				if err := a.treat(c.Context(), found); err != nil {
					return err
				}
				found = examine(c.Context())
			}
			worst := fine
			for _, f := range found {
				worst = max(worst, f.level)
				fmt.Fprintf(a.out, "%-8s %-12s %s\n", f.level, f.what, f.state)
				if f.level != fine && f.remedy != "" {
					fmt.Fprintf(a.out, "%-8s %-12s → %s\n", "", "", f.remedy)
				}
			}
			if worst == bad {
				return exit(job.ExitMistake)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&fix, "fix", false, "make what can be made")
	return c
}

// treat does what can be done about the findings.
func (a *app) treat(ctx context.Context, found []finding) error {
	for _, f := range found {
		if f.level == fine || f.fix == nil {
			continue
		}
		fmt.Fprintf(a.out, "%s …\n", f.fixing)
		start := time.Now()
		if err := f.fix(ctx); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "  %.1f s\n", time.Since(start).Seconds())
	}
	return nil
}

func examine(ctx context.Context) []finding {
	return append(append(examineGo(ctx), examinePython(ctx)), examineCache())
}

func examineGo(ctx context.Context) []finding {
	i, err := gobuild.Inspect(ctx)
	if err != nil {
		return []finding{{what: "Go", state: err.Error(), level: bad, remedy: "install Go from https://go.dev/dl and put it on PATH"}}
	}
	tool := finding{what: "Go", state: i.Version}
	if goversion.Compare(i.Version, i.Wanted) < 0 {
		tool.level, tool.remedy = bad, "install "+i.Wanted+" or later from https://go.dev/dl"
		return []finding{tool}
	}
	sources := finding{what: "pyfc", state: Version + ", with the runtime's sources in " + i.Root}
	built := finding{what: "runtime", state: "compiled", remedy: "pyfc doctor --fix", fix: gobuild.CompileEverything}
	switch {
	case !i.Modules:
		built.level, built.state, built.fixing = bad, "its modules aren't in Go's cache", "downloading and compiling the runtime's modules"
	case !i.Built:
		built.level, built.state, built.fixing = slow, "not compiled yet; the first build does it", "compiling the runtime"
	}
	return []finding{tool, sources, built}
}

func examinePython(ctx context.Context) finding {
	f := finding{what: "Python"}
	i, err := python.Inspect(ctx)
	switch {
	case err != nil: // jobs without Python functions run all the same
		f.level, f.state, f.remedy = slow, err.Error(), "jobs with Python functions need Python 3.8 or later with venv (Debian: apt-get install python3-venv)"
	case i.Ready:
		f.state = fmt.Sprintf("%d.%d, environment of the workers in %s", i.Version[0], i.Version[1], i.Folder)
	default:
		f.level = slow
		f.state = fmt.Sprintf("%d.%d; the environment of the workers isn't made yet, the first job with Python functions does it", i.Version[0], i.Version[1])
		f.remedy, f.fixing = "pyfc doctor --fix", "making the Python environment of the workers"
		f.fix = makeWorkers
	}
	return f
}

// makeWorkers makes the Python environment of the workers, if there is none.
func makeWorkers(ctx context.Context) error {
	_, err := python.Find(ctx, "", "", slog.New(slog.DiscardHandler))
	return err
}

func examineCache() finding {
	f := finding{what: "cache"}
	dir, err := cachedir.Make()
	if err == nil {
		err = unix.Access(dir, unix.W_OK)
	}
	var disk unix.Statfs_t
	if err == nil {
		err = unix.Statfs(dir, &disk)
	}
	if err != nil {
		f.level, f.state, f.remedy = bad, err.Error(), "set PYFC_CACHE to a folder that can be written"
		return f
	}
	free := disk.Bavail * uint64(disk.Bsize)
	f.state = fmt.Sprintf("%s, %.1f GB free", dir, float64(free)/1e9)
	if free < leastDisk {
		f.level, f.remedy = bad, "free some disk space, or set PYFC_CACHE to a folder elsewhere"
	}
	return f
}
