package golden

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"golang.org/x/sys/unix"

	"pyfc/codegen/image"
	"pyfc/compiler/cli"
	"pyfc/golden/services"
)

// pureLimit is the size in bytes that the image of a job without Python
// functions may have.
const pureLimit = 25e6

// buildImage runs pyfc build --image and returns the archive's file.
func buildImage(t *testing.T, script string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "image.tar")
	var errs bytes.Buffer
	if code := cli.Main(append([]string{"build", script, "--image", file}, args...), io.Discard, &errs); code != 0 {
		t.Fatalf("exit code %d\n%s", code, errs.String())
	}
	return file
}

// openImage reads an OCI archive as a container engine does, and as docker load
// without a store for such archives.
func openImage(t *testing.T, file string) (v1.Image, *v1.ConfigFile) {
	t.Helper()
	loaded, err := tarball.ImageFromPath(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	unpackTar(t, in, dir)
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 {
		t.Fatalf("the archive's index: %v, %v", manifest, err)
	}
	img, err := index.Image(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if list, err := loaded.Layers(); err != nil || len(list) != len(config.RootFS.DiffIDs) {
		t.Errorf("%d layers for docker load, %d in the configuration, %v", len(list), len(config.RootFS.DiffIDs), err)
	}
	layers, err := img.Layers()
	if err != nil || len(layers) != len(config.RootFS.DiffIDs) {
		t.Fatalf("%d layers, %d in the configuration, %v", len(layers), len(config.RootFS.DiffIDs), err)
	}
	for i, l := range layers {
		if id, err := l.DiffID(); err != nil || id != config.RootFS.DiffIDs[i] {
			t.Errorf("layer %d is %s, the configuration says %s (%v)", i, id, config.RootFS.DiffIDs[i], err)
		}
	}
	same, err := loaded.ConfigName()
	if own, ownErr := img.ConfigName(); err != nil || ownErr != nil || own != same {
		t.Errorf("image %s, for docker load %s (%v, %v)", own, same, err, ownErr)
	}
	return img, config
}

// unpackTar unpacks a tar stream into a folder, with modes and, where it can,
// owners.
func unpackTar(t *testing.T, in io.Reader, dir string) {
	t.Helper()
	for tr := tar.NewReader(in); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := unpackEntry(tr, h, filepath.Join(dir, h.Name)); err != nil {
			t.Fatal(err)
		}
	}
}

func unpackEntry(in io.Reader, h *tar.Header, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeDir:
		if err := os.MkdirAll(path, 0o755); err != nil {
			return err
		}
	case tar.TypeSymlink:
		return os.Symlink(h.Linkname, path)
	default:
		out, err := os.Create(path)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		if err := errors.Join(err, out.Close()); err != nil {
			return err
		}
	}
	if err := os.Lchown(path, h.Uid, h.Gid); err != nil && os.Getuid() == 0 {
		return err
	}
	return os.Chmod(path, h.FileInfo().Mode())
}

// container is an unpacked image, to be run as a container engine would.
type container struct {
	root   string
	config v1.Config
}

func unpackImage(t *testing.T, file string) *container {
	t.Helper()
	img, config := openImage(t, file)
	all := mutate.Extract(img)
	defer all.Close()
	root := t.TempDir()
	for dir := root; dir != filepath.Dir(os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil { // the image's user goes through it
			t.Fatal(err)
		}
	}
	unpackTar(t, all, root)
	return &container{root, config.Config}
}

// inContainer marks a process that is to become the program of a container; it
// names the folder with the container's file system.
const inContainer = "PYFC_CONTAINER"

// provided is what a container engine puts into every container.
var provided = []string{"/proc", "/dev/null", "/dev/urandom"}

// command is the container's program with nothing of this process's
// environment, as the image's user.
func (c *container) command(env []string, program []string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], program...)
	cmd.Env = slices.Concat(c.config.Env, env, []string{inContainer + "=" + c.root})
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: syscall.CLONE_NEWNS}
	return cmd
}

// enterContainer replaces this process, which has a mount namespace of its
// own, by the program of a container. It only returns if that fails.
func enterContainer(root string, program []string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	for _, path := range provided {
		if err := provide(root, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := errors.Join(unix.Chroot(root), unix.Chdir("/")); err != nil {
		return err
	}
	if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(image.User), syscall.Setuid(image.User)); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil { // another user's is forgotten
		return err
	}
	env := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, inContainer+"=") })
	return unix.Exec(program[0], program, env)
}

// provide makes a path of this machine be there in the container, too.
func provide(root, path string) error {
	to := filepath.Join(root, path)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = os.MkdirAll(to, 0o755)
	} else if err = os.MkdirAll(filepath.Dir(to), 0o755); err == nil {
		err = os.WriteFile(to, nil, 0o644)
	}
	if err != nil {
		return err
	}
	return unix.Mount(path, to, "", unix.MS_BIND|unix.MS_REC, "")
}

// needRoot skips a test that becomes another user below another root.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		services.Missing(t, "running an image needs root")
	}
}

// TestImageOfPureJob runs the image of a job without Python functions, and
// looks at what an engine and an operator rely on.
func TestImageOfPureJob(t *testing.T) {
	needRoot(t)
	script := filepath.Join(root(t), "golden", "examples", "popularity", "job.py")
	file := buildImage(t, script, "--platform", "linux/"+runtime.GOARCH)
	again := buildImage(t, script, "--platform", "linux/"+runtime.GOARCH)
	a, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(again); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the same job gives another image (%v)", err)
	}
	if len(a) > pureLimit {
		t.Errorf("the image has %d bytes", len(a))
	}
	c := unpackImage(t, file)
	if c.config.User != "65532:65532" || c.config.StopSignal != "SIGTERM" || c.config.Labels["org.opencontainers.image.title"] != "job" {
		t.Errorf("configuration: %+v", c.config)
	}
	if pem, err := os.ReadFile(filepath.Join(c.root, "etc/ssl/certs/ca-certificates.crt")); err != nil || bytes.Count(pem, []byte("BEGIN CERTIFICATE")) < 50 {
		t.Errorf("certificates: %d bytes, %v", len(pem), err)
	}
	cmd := c.command(nil, append(c.config.Entrypoint, "--print-plan"))
	if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), "Sink popularity") {
		t.Errorf("--print-plan in the container: %v\n%s", err, out)
	}
}

// emulators run the programs of another processor, by its GOARCH.
var emulators = map[string]string{"amd64": "qemu-x86_64", "arm64": "qemu-aarch64"}

// TestImageOfForeignPlatform builds for the other platform and runs the job of
// the image in an emulator: its arithmetic is the other processor's, too, as
// far as an emulator tells.
func TestImageOfForeignPlatform(t *testing.T) {
	other := "arm64"
	if runtime.GOARCH == other {
		other = "amd64"
	}
	dir := t.TempDir()
	script := filepath.Join(dir, "job.py")
	err := os.WriteFile(script, []byte(`from pyflink.table import EnvironmentSettings, TableEnvironment
t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("""SELECT k, COUNT(*) AS n, SUM(x * 0.1e0 + 1e0) AS s, SIN(SUM(x)) AS r
    FROM (VALUES ('a', 1.5e0), ('b', 2e0), ('a', 3.25e0)) AS v(k, x) GROUP BY k ORDER BY k""").print()
`), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	file := buildImage(t, script, "--platform", "linux/"+other)
	_, config := openImage(t, file)
	if config.OS != "linux" || config.Architecture != other {
		t.Errorf("it is for %s/%s", config.OS, config.Architecture)
	}
	t.Run("emulated", func(t *testing.T) {
		needRoot(t)
		emulator, err := exec.LookPath(emulators[other])
		if err != nil {
			services.Missing(t, "running programs of linux/%s needs %s (Debian: qemu-user)", other, emulators[other])
		}
		native := filepath.Join(dir, "job")
		if code := cli.Main([]string{"build", script, "-o", native}, io.Discard, io.Discard); code != 0 {
			t.Fatalf("exit code %d", code)
		}
		here, err := exec.Command(native).Output()
		if err != nil || !bytes.Contains(here, []byte("2 rows in set")) {
			t.Fatalf("linux/%s: %v\n%s", runtime.GOARCH, err, here)
		}
		c := unpackImage(t, file)
		cmd := exec.Command(emulator, filepath.Join(c.root, c.config.Entrypoint[0]))
		cmd.Dir = dir
		if out, err := cmd.Output(); err != nil || !bytes.Equal(out, here) {
			t.Errorf("linux/%s: %v\n%s\nlinux/%s:\n%s", other, err, out, runtime.GOARCH, here)
		}
	})
	examples := filepath.Join(root(t), "golden", "examples")
	var errs bytes.Buffer
	args := []string{"build", filepath.Join(examples, "cdn", "cdn_job.py"), "--image", filepath.Join(t.TempDir(), "x.tar"), "--platform", "windows/amd64"}
	if code := cli.Main(args, io.Discard, &errs); code != 10 || !strings.Contains(errs.String(), "want one of linux/amd64, linux/arm64") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

// TestImageOnBase builds on other images: the OCI archive of a pure job, which
// does for another such job but has no Python, and an archive as docker save
// writes it, whose Python is found.
func TestImageOnBase(t *testing.T) {
	examples := filepath.Join(root(t), "golden", "examples")
	pure, cdn := filepath.Join(examples, "popularity", "job.py"), filepath.Join(examples, "cdn", "cdn_job.py")
	oci := buildImage(t, pure)
	img, config := openImage(t, buildImage(t, pure, "--base", oci))
	if layers, err := img.Layers(); err != nil || len(layers) != 4 || config.Config.User != "65532:65532" {
		t.Errorf("%d layers, %v, user %s", len(layers), err, config.Config.User)
	}
	refused := func(want string, args ...string) {
		t.Helper()
		var errs bytes.Buffer
		args = append([]string{"build", cdn, "--image", filepath.Join(t.TempDir(), "x.tar")}, args...)
		if code := cli.Main(args, io.Discard, &errs); code != 10 || !strings.Contains(errs.String(), want) {
			t.Errorf("exit code %d, want %q in: %s", code, want, errs.String())
		}
	}
	refused("there is no /usr/bin/python3.N", "--base", oci)
	refused("is no image archive", "--base", cdn)

	_, config = openImage(t, buildImage(t, cdn, "--base", withPython(t, oci)))
	if !slices.Contains(config.Config.Env, "PYFC_PYTHON=/usr/local/bin/python3.11") || !slices.Contains(config.Config.Env, "PYTHONPATH=/opt/pyfc/packages") {
		t.Errorf("environment %v", config.Config.Env)
	}
}

// withPython adds what looks like a Python to an image, and writes it as docker
// save does.
func withPython(t *testing.T, oci string) string {
	t.Helper()
	img, _ := openImage(t, oci)
	var layer bytes.Buffer
	tw := tar.NewWriter(&layer)
	if err := errors.Join(tw.WriteHeader(&tar.Header{Name: "usr/local/bin/python3.11", Mode: 0o755}), tw.Close()); err != nil {
		t.Fatal(err)
	}
	added, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(layer.Bytes())), nil })
	if err == nil {
		img, err = mutate.AppendLayers(img, added)
	}
	file := filepath.Join(t.TempDir(), "base.tar")
	if err == nil {
		err = tarball.WriteToFile(file, name.MustParseReference("base:latest"), img)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestImageOfFlagship runs the image of the CDN job among real servers, with
// nothing but environment variables and a volume for checkpoints; kill -9 in
// mid-run loses nothing.
func TestImageOfFlagship(t *testing.T) {
	needRoot(t)
	s := stage(t)
	c := unpackImage(t, buildImage(t, s.script, "--platform", "linux/"+runtime.GOARCH))
	port := services.FreePort(t)
	ops := fmt.Sprintf("127.0.0.1:%d", port)
	var set []string
	for i := 1; i < len(s.set); i += 2 { // --set OPTION
		set = append(set, s.set[i])
	}
	env := []string{"PYFC_SET=" + strings.Join(set, "\n"), "http_proxy=http://" + s.lookup.Addr, "no_proxy="}
	start := func() *process {
		args := slices.Clone(c.config.Entrypoint)
		args[slices.Index(args, "--pyfc-ops-addr")+1] = ops // the image's port may be taken here
		return followed(t, c.command(env, append(args, "-D", "execution.checkpointing.interval=500ms")))
	}
	p := start()
	p.waitReady(t)
	health := []string{c.config.Entrypoint[0], "--pyfc-ops-addr", ops, "--pyfc-check-health"}
	if out, err := c.command(nil, health).CombinedOutput(); err != nil {
		t.Errorf("health check: %v\n%s", err, out)
	}
	produce(t, s.log, s.kafka, s.topic, 1500, partitions)
	s.converge(t, p, converges)
	produce(t, s.log, s.kafka, s.topic, 500, partitions)
	workers := p.workers(t)
	p.kill()
	noneLeft(t, workers)
	if out, err := c.command(nil, health).CombinedOutput(); err == nil {
		t.Errorf("a dead job is healthy: %s", out)
	}
	p = start()
	p.waitReady(t)
	if !strings.Contains(p.log.text(), "restoring") {
		t.Error("it doesn't go on from the checkpoint")
	}
	produce(t, s.log, s.kafka, s.topic, 500, partitions)
	s.converge(t, p, converges)
	if code := p.end(t, syscall.SIGTERM, stopLimit); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
}
