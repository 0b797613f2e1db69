package cli

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"pyfc/codegen/image"
	"pyfc/compiler"
	"pyfc/compiler/pyeval"
	"pyfc/rt/job"
)

//go:embed manifest.yaml
var manifestText string

// manifestTemplate is the manifest of a job; quote writes a text so that YAML
// takes it for one.
var manifestTemplate = template.Must(template.New("manifest").Funcs(template.FuncMap{
	"quote": func(s string) (string, error) {
		data, err := json.Marshal(s)
		return string(data), err
	},
}).Parse(manifestText))

// manifested is what the template is given.
type manifested struct {
	Name, Image, Checkpoints string
	Port, User               int
	Bounded                  bool // it ends by itself and keeps no checkpoints
	Storage                  string
	Args                     []string
	Env, Secrets             []manifestInput
}

// manifestInput is an environment variable that the job reads.
type manifestInput struct{ Name, Value string }

func (a *app) manifest() *cobra.Command {
	var flags jobFlags
	m := manifested{Port: image.Port, User: image.User, Checkpoints: image.Checkpoints}
	c := &cobra.Command{
		Use:   "manifest job.py --image REF [-- script arguments]",
		Short: "Print a Kubernetes manifest for a job's image",
		Long: `Print a Kubernetes manifest for a job's image: a Deployment with probes, a volume
for checkpoints and a Secret for what the job reads from its environment; a Job
for a script that only runs in batch mode.`,
		Example: "  pyfc manifest job.py --image registry.example/job:1 > job.yaml",
		RunE: func(c *cobra.Command, args []string) error {
			req, err := flags.request(c, args)
			if err != nil {
				return err
			}
			if m.Image == "" {
				return fmt.Errorf("the image's name, as the cluster pulls it, is missing: pyfc manifest %s --image REF", req.Script)
			}
			res := compiler.Check(req)
			if err := a.report(res); err != nil {
				return err
			}
			m.Name, m.Args = imageName(res), req.Args
			m.inputs(res)
			return manifestTemplate.Execute(a.out, m)
		},
	}
	flags.register(c)
	c.Flags().StringVar(&m.Image, "image", "", "the image, as the cluster pulls it: `REF`")
	c.Flags().StringVar(&m.Storage, "storage", "1Gi", "size of the checkpoint volume: `QUANTITY`")
	return c
}

// inputs sorts what the job reads from its environment into what may be seen
// and what may not.
func (m *manifested) inputs(res *compiler.Result) {
	for _, in := range res.Script.Inputs {
		value := manifestInput{in.Name, in.Default}
		switch {
		case in.Kind != pyeval.EnvInput || in.Baked:
		case job.IsSecret(in.Name):
			m.Secrets = append(m.Secrets, value)
		default:
			m.Env = append(m.Env, value)
		}
	}
	m.Bounded = true
	for _, action := range res.Job.Actions {
		if action.Run != nil && !action.Run.Batch {
			m.Bounded = false
		}
	}
}

// Arguments are the script's, as a list of YAML has them.
func (m manifested) Arguments() string {
	words := make([]string, len(m.Args))
	for i, w := range m.Args {
		data, err := json.Marshal(w)
		if err != nil {
			panic(err) // a text can be written
		}
		words[i] = string(data)
	}
	return strings.Join(words, ", ")
}
