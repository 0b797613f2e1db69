package python

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
)

// driverModules are the modules that PyFlink brings with it and that a driver
// therefore may count on, by package.
var driverModules = map[string]string{
	"pandas": "pandas", "numpy": "numpy", "pyarrow": "pyarrow", "pytz": "pytz", "python-dateutil": "dateutil", "requests": "requests",
	"cloudpickle": "cloudpickle", "protobuf": "google.protobuf", "httplib2": "httplib2", "fastavro": "fastavro", "avro": "avro",
	"ruamel.yaml": "ruamel.yaml",
}

// DriverPackages are those of PyFlink's dependencies that have the modules,
// sorted.
func DriverPackages(modules []string) []string {
	var out []string
	for p, top := range driverModules {
		if slices.ContainsFunc(modules, func(m string) bool { return m == top || strings.HasPrefix(m, top+".") }) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// driverPins are the versions for each minor version of Python 3 of the packages
// whose values a driver shows: those that PyFlink 1.20.1 takes, as far as they
// are made for that Python. A newer one takes the last line.
var driverPins = []struct {
	minor int
	pins  map[string]string
}{
	{8, map[string]string{"pandas": "2.0.3", "numpy": "1.24.4", "pyarrow": "11.0.0"}},
	{9, map[string]string{"pandas": "2.3.3", "numpy": "1.24.4", "pyarrow": "11.0.0"}},
	{12, map[string]string{"pandas": "2.3.3", "numpy": "1.26.4", "pyarrow": "17.0.0"}},
	{13, map[string]string{"pandas": "2.3.3", "numpy": "2.2.6", "pyarrow": "21.0.0"}},
}

// FindForDriver returns an interpreter for a driver: that which the
// configuration or PYFC_PYTHON names, or the first on PATH, with all that is
// installed there. Where that lacks packages of the list, or there are
// requirements (the text of a requirements file), it is that of an environment
// in the user's cache that has both.
func FindForDriver(ctx context.Context, executable string, packages []string, requirements string, log *slog.Logger) (Interpreter, error) {
	packages, requirements = withBrought(packages, requirements)
	modules := map[string]string{}
	for _, p := range packages {
		modules[p] = driverModules[p]
	}
	if executable == "" {
		executable = os.Getenv("PYFC_PYTHON")
	}
	var p probed
	var err error
	given := executable != ""
	if given {
		if p, err = probe(ctx, executable, modules); err != nil {
			err = fmt.Errorf("python.executable %s: %w", executable, err)
		}
	} else {
		p, err = systemPython(ctx, modules)
		executable = p.Executable
	}
	if err != nil {
		return Interpreter{}, &SetupError{err}
	}
	if len(p.Missing) == 0 && (given || requirements == "") {
		return Interpreter{executable, p.Version}, nil
	}
	py, err := environment(ctx, p, driverPackages(p.Version, packages)+requirements, log)
	if err != nil {
		return py, &SetupError{err}
	}
	return py, nil
}

// driverPinsOf are the pinned versions for a version of Python, by package.
func driverPinsOf(version [2]int) map[string]string {
	pins := driverPins[0].pins
	for _, p := range driverPins {
		if p.minor <= version[1] {
			pins = p.pins
		}
	}
	return pins
}

// withBrought moves the requirements without a version that come with PyFlink to the
// packages, which are pinned.
func withBrought(packages []string, requirements string) ([]string, string) {
	var rest []string
	for _, r := range strings.Split(requirements, "\n") {
		switch {
		case r != pandas && r != numpy:
			rest = append(rest, r)
		case !slices.Contains(packages, r):
			packages = append(slices.Clone(packages), r)
		}
	}
	return packages, strings.Join(rest, "\n")
}

// driverPackages are packages as a requirements file.
func driverPackages(version [2]int, packages []string) string {
	pins := driverPinsOf(version)
	var b strings.Builder
	for _, p := range packages {
		b.WriteString(p)
		if v := pins[p]; v != "" {
			b.WriteString("==" + v)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
