package ops

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// Unhealthy says that the endpoint of a job doesn't answer as it must.
type Unhealthy struct{ Reason string }

// Error implements error.
func (e *Unhealthy) Error() string { return "the job is not healthy: " + e.Reason }

// ExitCode implements the coded errors of rt/job: a health check fails with 1,
// as container engines have it.
func (*Unhealthy) ExitCode() int { return 1 }

// Check asks the job that listens at addr for its health; a listener on all
// addresses is asked on this machine. Its error is *Unhealthy.
func Check(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return &Unhealthy{err.Error()}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	client := http.Client{Timeout: 5 * time.Second}
	res, err := client.Get("http://" + net.JoinHostPort(host, port) + "/healthz")
	if err != nil {
		return &Unhealthy{err.Error()}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return &Unhealthy{fmt.Sprintf("%s answers %s", addr, res.Status)}
	}
	return nil
}
