// Package image puts a compiled job into an OCI image without a container
// engine: from scratch for a job without Python functions; with CPython, or on
// a base that has it, for one that calls them. The same inputs give the same
// image, byte for byte.
package image

import (
	"archive/tar"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// What a container holds, and where.
const (
	// User runs the job; it is nobody's on the host.
	User = 65532
	// Port serves health, readiness and metrics.
	Port = 8080
	// Checkpoints is the folder to mount a volume at.
	Checkpoints = "/checkpoints"

	binaryPath   = "/job"
	certificates = "/etc/ssl/certs/ca-certificates.crt"
)

// Spec says what goes into an image.
type Spec struct {
	Binary   string // file of the compiled job
	Name     string // the job's
	Platform Platform
	// Base is the file of an image archive, as `docker save` or `skopeo copy`
	// write it, to build on; empty for none.
	Base string
	// Labels are added to the image's own.
	Labels map[string]string
	// Python says that the job calls Python functions; Requirements are the
	// packages that they need.
	Python       bool
	Requirements []string
	// Progress is told of each long step.
	Progress func(step string)
}

// Platform is what an image runs on.
type Platform struct{ OS, Arch string }

// Platforms lists what can be built for.
var Platforms = []Platform{{"linux", "amd64"}, {"linux", "arm64"}}

// String is the platform as GOOS/GOARCH.
func (p Platform) String() string { return p.OS + "/" + p.Arch }

// ParsePlatform reads GOOS/GOARCH.
func ParsePlatform(s string) (Platform, error) {
	var names []string
	for _, p := range Platforms {
		if p.String() == s {
			return p, nil
		}
		names = append(names, p.String())
	}
	return Platform{}, fmt.Errorf("platform %q: want one of %s", s, strings.Join(names, ", "))
}

// Write makes the image and writes it as an OCI archive to the file out, which
// appears whole or not at all.
func Write(ctx context.Context, s Spec, out string) (err error) {
	work, err := os.MkdirTemp("", "pyfc-image-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	img, err := assemble(ctx, &s, work)
	if err != nil {
		return err
	}
	dir := filepath.Join(work, "layout")
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	if err := path.AppendImage(img, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": s.Name + ":latest"})); err != nil {
		return err
	}
	if err := forDocker(img, s.Name, dir); err != nil {
		return err
	}
	return archive(dir, out)
}

// forDocker adds to a layout the list that docker load wants of an archive where
// Docker keeps images in its own store, which knows no layouts.
func forDocker(img v1.Image, job, dir string) error {
	config, err := img.ConfigName()
	if err != nil {
		return err
	}
	layers, err := img.Layers()
	if err != nil {
		return err
	}
	blob := func(h v1.Hash) string { return "blobs/" + h.Algorithm + "/" + h.Hex }
	d := tarball.Descriptor{Config: blob(config)}
	if tag, err := name.NewTag(strings.ToLower(job) + ":latest"); err == nil { // an image may have no name
		d.RepoTags = []string{tag.String()}
	}
	for _, l := range layers {
		digest, err := l.Digest()
		if err != nil {
			return err
		}
		d.Layers = append(d.Layers, blob(digest))
	}
	text, err := json.Marshal(tarball.Manifest{d})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o644)
}

// assemble puts the layers on each other, what changes least first.
func assemble(ctx context.Context, s *Spec, work string) (v1.Image, error) {
	img, config, err := begin(s, work)
	if err != nil {
		return nil, err
	}
	layers := []*files{system(s)}
	if s.Python {
		more, err := pythonLayers(ctx, s, img, config, work)
		if err != nil {
			return nil, err
		}
		layers = append(layers, more...)
	}
	job := newFiles()
	job.file(binaryPath, 0o755, s.Binary)
	layers = append(layers, job)
	var made []mutate.Addendum
	for i, f := range layers {
		s.Progress(fmt.Sprintf("layer %d of %d: %d entries", i+1, len(layers), len(f.entries)))
		layer, err := f.layer(filepath.Join(work, fmt.Sprintf("layer%d.tar.gz", i)))
		if err != nil {
			return nil, err
		}
		made = append(made, mutate.Addendum{Layer: layer, History: v1.History{CreatedBy: "pyfc build --image"}})
	}
	if img, err = mutate.Append(img, made...); err != nil {
		return nil, err
	}
	return configure(img, config)
}

// configure gives an image its configuration, but for the list of its layers,
// which is its own.
func configure(img v1.Image, config *v1.ConfigFile) (v1.Image, error) {
	own, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	out := own.DeepCopy()
	out.OS, out.Architecture, out.Config = config.OS, config.Architecture, config.Config
	return mutate.ConfigFile(img, out)
}

// begin returns the image to build on, and what its configuration will be but
// for the layers.
func begin(s *Spec, work string) (v1.Image, *v1.ConfigFile, error) {
	img := v1.Image(empty.Image)
	if s.Base != "" {
		var err error
		if img, err = readBase(s.Base, work); err != nil {
			return nil, nil, err
		}
	}
	img = mutate.ConfigMediaType(mutate.MediaType(img, types.OCIManifestSchema1), types.OCIConfigJSON)
	config, err := img.ConfigFile()
	if err != nil {
		return nil, nil, err
	}
	config = config.DeepCopy()
	if s.Base != "" && (config.OS != s.Platform.OS || config.Architecture != s.Platform.Arch) {
		return nil, nil, fmt.Errorf("the base %s is for %s/%s, the image is to be for %s", s.Base, config.OS, config.Architecture, s.Platform)
	}
	config.OS, config.Architecture = s.Platform.OS, s.Platform.Arch
	own := []string{binaryPath, "--pyfc-ops-addr", fmt.Sprintf("0.0.0.0:%d", Port), "--pyfc-checkpoint-dir", Checkpoints}
	c := &config.Config
	c.Entrypoint, c.Cmd = own, nil
	c.User, c.WorkingDir = fmt.Sprintf("%d:%d", User, User), "/"
	c.StopSignal = "SIGTERM"
	c.Healthcheck = &v1.HealthConfig{Test: append(append([]string{"CMD"}, own[:3]...), "--pyfc-check-health")}
	c.ExposedPorts = map[string]struct{}{fmt.Sprintf("%d/tcp", Port): {}}
	c.Volumes = map[string]struct{}{Checkpoints: {}}
	c.Env = append(c.Env, "SSL_CERT_FILE="+certificates)
	if c.Labels == nil {
		c.Labels = map[string]string{}
	}
	c.Labels["org.opencontainers.image.title"] = s.Name
	maps.Copy(c.Labels, s.Labels)
	return img, config, nil
}

// system is what a program expects of a root file system: an account, the
// certificates of authorities, a temporary folder. Time zones are in the binary.
func system(s *Spec) *files {
	f := newFiles()
	if s.Base == "" {
		f.data("/etc/passwd", 0o644, fmt.Appendf(nil, "root:x:0:0:root:/:/sbin/nologin\njob:x:%d:%d:job:/tmp:/sbin/nologin\n", User, User))
		f.data("/etc/group", 0o644, fmt.Appendf(nil, "root:x:0:\njob:x:%d:\n", User))
		f.data("/etc/nsswitch.conf", 0o644, []byte("hosts: files dns\n"))
		f.folder("/tmp", fs.ModeSticky|0o777, 0)
	}
	f.data(certificates, 0o644, authorities())
	f.folder(Checkpoints, 0o750, User)
	return f
}

// authorities are the root certificates that browsers trust without
// reservation; a reservation can't be written into a file of this kind.
func authorities() []byte {
	var out []byte
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate})...)
		}
	}
	return out
}

// archive packs a folder into a tar file, in the order of names.
func archive(dir, out string) error {
	tmp, err := os.CreateTemp(filepath.Dir(out), ".pyfc-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	f := newFiles()
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		f.file("/"+filepath.ToSlash(rel), 0o644, path)
		return err
	})
	if err == nil {
		err = f.write(tmp)
	}
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), out)
}

// files are what a layer holds, by their paths in the image.
type files struct{ entries map[string]entry }

// entry is a file, whose content lies on disk or in memory, a folder, or a
// link.
type entry struct {
	mode   fs.FileMode
	owner  int
	source string // file with the content
	data   []byte // or the content
	link   string // target of a symbolic link
}

func newFiles() *files { return &files{map[string]entry{}} }

func (f *files) file(path string, mode fs.FileMode, source string) {
	f.entries[path] = entry{mode: mode, source: source}
}

func (f *files) data(path string, mode fs.FileMode, data []byte) {
	f.entries[path] = entry{mode: mode, data: data}
}

func (f *files) folder(path string, mode fs.FileMode, owner int) {
	f.entries[path] = entry{mode: mode | fs.ModeDir, owner: owner}
}

func (f *files) link(path, target string) {
	f.entries[path] = entry{mode: fs.ModeSymlink | 0o777, link: target}
}

// write writes a tar stream in the order of paths, with the folders that the
// paths go through.
func (f *files) write(w io.Writer) error {
	for path := range maps.Clone(f.entries) {
		for dir := parent(path); dir != "/"; dir = parent(dir) {
			if _, ok := f.entries[dir]; !ok {
				f.folder(dir, 0o755, 0)
			}
		}
	}
	tw := tar.NewWriter(w)
	for _, path := range slices.Sorted(maps.Keys(f.entries)) {
		if err := f.entries[path].write(tw, strings.TrimPrefix(path, "/")); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return tw.Close()
}

func parent(path string) string { return filepath.ToSlash(filepath.Dir(path)) }

func (e entry) write(tw *tar.Writer, name string) error {
	h := &tar.Header{Name: name, Mode: int64(e.mode.Perm()), Uid: e.owner, Gid: e.owner, Typeflag: tar.TypeReg, Size: int64(len(e.data)), Format: tar.FormatPAX}
	if e.mode&fs.ModeSticky != 0 {
		h.Mode |= 0o1000
	}
	switch {
	case e.mode.IsDir():
		h.Typeflag, h.Name = tar.TypeDir, name+"/"
	case e.link != "":
		h.Typeflag, h.Linkname = tar.TypeSymlink, e.link
	case e.source != "":
		in, err := os.Open(e.source)
		if err != nil {
			return err
		}
		defer in.Close()
		info, err := in.Stat()
		if err != nil {
			return err
		}
		h.Size = info.Size()
		if err := tw.WriteHeader(h); err != nil {
			return err
		}
		_, err = io.Copy(tw, in)
		return err
	}
	if err := tw.WriteHeader(h); err != nil {
		return err
	}
	_, err := tw.Write(e.data)
	return err
}
