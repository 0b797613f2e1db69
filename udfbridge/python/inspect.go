package python

import (
	"context"
	"os"
	"path/filepath"
)

// Inspection says what this machine has for the workers of jobs without
// requirements of their own.
type Inspection struct {
	Interpreter
	Folder string // of their environment
	Ready  bool   // whether the environment is there
}

// Inspect looks for a Python and its environment, as Find does, but makes
// nothing. Its error is *SetupError where no Python is suitable.
func Inspect(ctx context.Context) (Inspection, error) {
	given := os.Getenv("PYFC_PYTHON")
	var base probed
	var err error
	if given != "" {
		base, err = probe(ctx, given, workerModules)
	} else {
		base, err = ownBase(ctx)
	}
	if err != nil {
		return Inspection{}, &SetupError{err}
	}
	if given != "" && len(base.Missing) == 0 {
		return Inspection{Interpreter{given, base.Version}, filepath.Dir(filepath.Dir(given)), true}, nil
	}
	if _, err := run(ctx, base.Executable, "-c", "import venv, ensurepip"); err != nil {
		return Inspection{}, &SetupError{noVenv(err)}
	}
	folder, err := environmentFolder(base, defaultPackages(base, ""))
	if err != nil {
		return Inspection{}, &SetupError{err}
	}
	return Inspection{Interpreter{base.Executable, base.Version}, folder, exists(filepath.Join(folder, complete))}, nil
}
