// Package amazonio makes the clients of Amazon's services, knows which of their
// failures pass, and gathers the records that a service takes many at a time.
package amazonio

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon"
)

// Config is what clients of services are made with. It has credentials: the error
// is a *conn.Misconfigured where there are none.
func Config(ctx context.Context, o *amazon.Options, table string) (aws.Config, error) {
	known := *o
	known.Region = o.Signing()
	cfg, err := Load(ctx, &known)
	if err != nil && ctx.Err() == nil {
		err = &conn.Misconfigured{Table: table, Err: err}
	}
	return cfg, err
}

// Load is Config without a region of its own: where none is given, that of the
// environment holds. The error is one of credentials.
func Load(ctx context.Context, o *amazon.Options) (aws.Config, error) {
	client := awshttp.NewBuildableClient()
	if o.TrustAll {
		client = client.WithTransportOptions(func(t *http.Transport) { t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} })
	}
	load := []func(*config.LoadOptions) error{config.WithHTTPClient(client)}
	if o.Region != "" {
		load = append(load, config.WithRegion(o.Region))
	}
	cfg, err := configure(ctx, &o.Credentials, load...)
	if err == nil {
		_, err = cfg.Credentials.Retrieve(ctx)
	}
	if err != nil {
		err = fmt.Errorf("no credentials for Amazon's services (the provider is %s): %w", o.From(), err)
	}
	return cfg, err
}

// transient recognises the failures that another attempt may cure, as Amazon's own
// clients do.
var transient = retry.IsErrorRetryables(retry.DefaultRetryables)

// Passing reports whether waiting and trying again may help.
func Passing(err error) bool {
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return false
	}
	return transient.IsErrorRetryable(err) == aws.TrueTernary || errors.Is(err, context.DeadlineExceeded)
}

// Blame says whose fault it is that a table can't be read or written; system is
// what and where: "Amazon Kinesis at us-east-1".
func Blame(table, system string, err error) error {
	var known *conn.Misconfigured
	switch {
	case errors.As(err, &known):
		return err
	case Passing(err):
		return &conn.Unreachable{Table: table, System: system, Err: err}
	}
	return &conn.Misconfigured{Table: table, Err: fmt.Errorf("%s: %w", system, err)}
}

// patience is how long a service may be out of reach when a job begins.
const patience = 60 * time.Second

// Find looks for what a sink writes to. Whoever may write needn't be allowed to look;
// then the first record tells.
func Find(ctx context.Context, service string, log *slog.Logger, look func() error) error {
	err := Within(ctx, service, log, look)
	var answer smithy.APIError
	if errors.As(err, &answer) && answer.ErrorCode() == "AccessDeniedException" {
		log.Debug("looking isn't allowed, writing may be", "service", service, "error", err)
		return nil
	}
	return err
}

// Within tries again after failures that may pass, as long as a service is waited
// for when a job begins.
func Within(ctx context.Context, service string, log *slog.Logger, f func() error) error {
	begun := time.Now()
	for wait := conn.MinBackoff; ; wait = min(2*wait, conn.MaxBackoff) {
		err := f()
		if err == nil || !Passing(err) || ctx.Err() != nil || time.Since(begun)+wait > patience {
			return err
		}
		if wait == conn.MinBackoff {
			log.Warn("Amazon doesn't answer as it should yet, trying again", "service", service, "error", err, "for", patience)
		}
		if err := conn.Pause(ctx, wait); err != nil {
			return err
		}
	}
}
