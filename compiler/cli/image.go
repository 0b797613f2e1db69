package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pyfc/codegen/gobuild"
	"pyfc/codegen/image"
	"pyfc/compiler"
	"pyfc/ir"
	"pyfc/udfbridge/python"
)

// imageFlags are the options of build that make an image.
type imageFlags struct {
	file, base, platform string
}

func (f *imageFlags) register(c *cobra.Command) {
	fs := c.Flags()
	fs.StringVar(&f.file, "image", "", "write an OCI image archive to `FILE.tar`; no container engine is needed")
	fs.StringVar(&f.base, "base", "", "build the image on the one in the archive `FILE.tar` instead of from scratch")
	fs.StringVar(&f.platform, "platform", "", "build for `OS/ARCH`: linux/amd64 or linux/arm64 (default: this machine, for images linux/amd64)")
}

// target is what the binary is built for.
func (f *imageFlags) target() (gobuild.Target, error) {
	switch {
	case f.base != "" && f.file == "":
		return gobuild.Target{}, fmt.Errorf("--base is for images: --image FILE.tar is missing")
	case f.platform == "" && f.file == "":
		return gobuild.Target{}, nil
	case f.platform == "":
		f.platform = image.Platforms[0].String()
	}
	p, err := image.ParsePlatform(f.platform)
	return gobuild.Target{OS: p.OS, Arch: p.Arch}, err
}

// image puts the binary into an image.
func (a *app) image(ctx context.Context, f imageFlags, res *compiler.Result, binary string) error {
	platform, err := image.ParsePlatform(f.platform)
	if err != nil {
		return err
	}
	err = image.Write(ctx, image.Spec{
		Binary: binary, Name: imageName(res), Platform: platform, Base: f.base,
		Labels:       map[string]string{"pyfc.version": Version, "pyfc.script": res.Job.Script},
		Python:       len(res.Job.UDFs()) > 0 || res.Job.Driver != nil,
		Requirements: append(slices.Clone(res.Job.Requirements), driverPackages(res.Job.Driver)...),
		Progress:     func(step string) { fmt.Fprintf(a.err, "image: %s\n", step) },
	}, f.file)
	if err != nil {
		return fmt.Errorf("--image: %w", err)
	}
	info, err := os.Stat(f.file)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.err, "image: %s, %s, %.1f MB; load it with: docker load -i %s, or skopeo copy oci-archive:%s …\n",
		f.file, platform, float64(info.Size())/1e6, f.file, f.file)
	return nil
}

// driverPackages are the packages that a driver counts on, which fit the
// worker's.
func driverPackages(d *ir.Driver) []string {
	if d == nil {
		return nil
	}
	return python.DriverPackages(d.Modules)
}

// imageName is the script's name as images and Kubernetes take it: small
// letters, digits and hyphens.
func imageName(res *compiler.Result) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, scriptName(res.Request.Script))
	if name = strings.Trim(name, "-"); name == "" {
		return "job"
	}
	return name
}
