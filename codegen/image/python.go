package image

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"pyfc/udfbridge/python"
)

// The CPython that images without a base get: a module of the Go proxy, whose
// files need no Go code. The sum is that of go.sum.
const (
	cpythonModule = "github.com/kluctl/go-embed-python@v0.0.0-3.11.11-20241219-1"
	cpythonSum    = "h1:yVXFTxa6cvhLC6TwkDEHmNaiWlDyaFEGiXd1DQdoeOU="
	cpythonMinor  = 11
	cpythonHome   = "/opt/python"

	// packagesHome is the folder of the packages of worker and job.
	packagesHome = "/opt/pyfc/packages"
)

// pythonLayers returns the layers of a Python that can run the worker, and tells the
// configuration where it is.
func pythonLayers(ctx context.Context, s *Spec, base v1.Image, config *v1.ConfigFile, work string) ([]*files, error) {
	var layers []*files
	interpreter, minor := cpythonHome+fmt.Sprintf("/bin/python3.%d", cpythonMinor), cpythonMinor
	if s.Base == "" {
		s.Progress("CPython from " + cpythonModule)
		cpython, err := cpythonFiles(ctx, s.Platform, work)
		if err != nil {
			return nil, err
		}
		layers = append(layers, cpython)
	} else {
		var err error
		if interpreter, minor, err = findPython(base); err != nil {
			return nil, fmt.Errorf("the base %s: %w", s.Base, err)
		}
	}
	s.Progress("the packages of the Python worker and the job")
	packages, err := packageFiles(ctx, s, minor, filepath.Join(work, "packages"))
	if err != nil {
		return nil, err
	}
	layers = append(layers, packages)
	if s.Base == "" {
		libraries, err := libraryFiles(s.Platform, layers)
		if err != nil {
			return nil, err
		}
		layers = append([]*files{libraries}, layers...)
		config.Config.Env = append(config.Config.Env, "LANG=C.UTF-8")
	}
	config.Config.Env = append(config.Config.Env, "PYFC_PYTHON="+interpreter, "PYTHONPATH="+packagesHome, "PYTHONDONTWRITEBYTECODE=1")
	return layers, nil
}

// cpythonFiles are the files of CPython for a platform.
func cpythonFiles(ctx context.Context, p Platform, work string) (*files, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", cpythonModule)
	cmd.Dir = work // outside of any module
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	output, err := cmd.Output()
	var got struct{ Dir, Sum, Error string }
	if jsonErr := json.Unmarshal(output, &got); jsonErr != nil || err != nil || got.Error != "" {
		return nil, fmt.Errorf("downloading %s: %w %s (without a network, give a base that has Python: --base FILE)", cpythonModule, errors.Join(err, jsonErr), got.Error)
	}
	if got.Sum != cpythonSum {
		return nil, fmt.Errorf("%s has the sum %s, want %s", cpythonModule, got.Sum, cpythonSum)
	}
	dir := filepath.Join(got.Dir, "python", "internal", "data", p.OS+"-"+p.Arch)
	list, err := os.ReadFile(filepath.Join(dir, "files.json"))
	if err != nil {
		return nil, err
	}
	var index struct {
		Files []struct {
			Name       string
			Perm       fs.FileMode
			Symlink    string
			Compressed bool
		}
	}
	if err := json.Unmarshal(list, &index); err != nil {
		return nil, err
	}
	out := newFiles()
	for _, f := range index.Files {
		to, from := path.Join(cpythonHome, f.Name), filepath.Join(dir, filepath.FromSlash(f.Name))
		switch {
		case f.Perm.IsDir() || unwanted(f.Name):
		case f.Symlink != "":
			out.link(to, f.Symlink)
		case f.Compressed:
			data, err := gunzip(from + ".gz")
			if err != nil {
				return nil, err
			}
			out.data(to, f.Perm.Perm(), data)
		default:
			out.file(to, f.Perm.Perm(), from)
		}
	}
	return out, nil
}

// unwanted are the parts of Python installations that no worker loads.
func unwanted(name string) bool {
	for _, part := range []string{
		"/__pycache__/", fmt.Sprintf("lib/python3.%d/test/", cpythonMinor), "/idlelib/", "/tkinter/", "/ensurepip/", "/lib2to3/", "/site-packages/", fmt.Sprintf("/config-3.%d", cpythonMinor),
		"pyarrow/tests/", "pyarrow/include/", "pyarrow/src/", "bin/2to3", "bin/idle", "bin/pip", "bin/pydoc",
	} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

func gunzip(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// wheelPlatforms are the platforms of wheels that run, the most demanding
// first.
var wheelPlatforms = map[string][]string{
	"amd64": {"manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"},
	"arm64": {"manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"},
}

// packageFiles installs the packages of worker and job into dir.
func packageFiles(ctx context.Context, s *Spec, minor int, dir string) (*files, error) {
	pip, err := python.Find(ctx, "", "", slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	args := []string{"-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "--no-compile",
		"--only-binary=:all:", "--implementation=cp", "--python-version=3." + strconv.Itoa(minor), "--target=" + dir}
	for _, p := range wheelPlatforms[s.Platform.Arch] {
		args = append(args, "--platform="+p)
	}
	args = append(args, python.AllPackages([2]int{3, minor}, s.Requirements)...)
	if output, err := exec.CommandContext(ctx, pip.Path, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("installing packages for Python 3.%d on %s: %w\n%s(a base that has them already: --base FILE)", minor, s.Platform, err, output)
	}
	out := newFiles()
	return out, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil || unwanted("/"+filepath.ToSlash(rel)) || strings.HasPrefix(rel, "bin"+string(filepath.Separator)) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		out.file(path.Join(packagesHome, filepath.ToSlash(rel)), info.Mode().Perm()|0o444, name)
		return nil
	})
}

var pythonPath = regexp.MustCompile(`^/?(usr/(?:local/)?bin/python3\.(\d+))$`)

// findPython looks for the newest Python in an image.
func findPython(img v1.Image) (interpreter string, minor int, err error) {
	all := mutate.Extract(img)
	defer all.Close()
	for tr := tar.NewReader(all); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", 0, err
		}
		m := pythonPath.FindStringSubmatch(path.Clean(h.Name))
		if m == nil {
			continue
		}
		if n, err := strconv.Atoi(m[2]); err == nil && n > minor {
			interpreter, minor = "/"+m[1], n
		}
	}
	if interpreter == "" {
		return "", 0, errors.New("there is no /usr/bin/python3.N or /usr/local/bin/python3.N in it, which the job's Python functions need")
	}
	return interpreter, minor, nil
}

// hostIs reports whether this machine has a platform's libraries.
func hostIs(p Platform) bool { return runtime.GOOS == p.OS && runtime.GOARCH == p.Arch }
