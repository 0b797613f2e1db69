package services

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"
)

// MotoVersion is the release of moto, which stands in for Amazon's services, that
// tests run against, and MotoPackage what is to be installed of it.
const (
	MotoVersion = "5.2.5"
	MotoPackage = "moto[server]"
)

// Moto is a server of Amazon's services: of Kinesis, Firehose, S3 and others. It
// takes any credentials.
type Moto struct {
	port int
	proc *Process
}

// serveMoto runs the server with one thread: its Kinesis loses records that are
// written at the same time.
const serveMoto = `
import sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
`

// StartMoto starts a server by a Python interpreter that has moto, and returns
// when it answers. It ends with the test.
func StartMoto(t testing.TB, python string) *Moto {
	t.Helper()
	m := &Moto{port: FreePort(t)}
	m.proc = StartProcess(t, exec.Command(python, "-c", serveMoto, fmt.Sprint(m.port)), filepath.Join(t.TempDir(), "moto.log"))
	t.Cleanup(m.proc.Stop)
	m.proc.Wait(t, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URL()+"/moto-api/", nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		return res.Body.Close()
	})
	return m
}

// URL is the endpoint of all services: "http://127.0.0.1:40123".
func (m *Moto) URL() string { return fmt.Sprintf("http://127.0.0.1:%d", m.port) }
