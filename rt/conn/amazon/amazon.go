// Package amazon holds what the connectors of Amazon's services have in common:
// the options that say where a service is and who asks it, the clients that follow
// from them, and the gathering of records that a service takes many at a time.
package amazon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"

	"pyfc/rt/conn"
)

// Options are those that every connector of Amazon's services has.
type Options struct {
	Region   string `opt:"aws.region" doc:"The region of the service: us-east-1."`
	Endpoint string `opt:"aws.endpoint" doc:"The URL of the service, where it isn't the region's own."`
	TrustAll bool   `opt:"aws.trust.all.certificates" default:"false" doc:"Whether any certificate of the service is accepted, for tests."`
	Credentials
	Others map[string]string `opt:"aws.*" ignored:"it isn't known" doc:"Further options of the connector in Java."`
}

// Check looks at what the single options can't tell: who asks, and the endpoint.
func (o *Options) Check() (errs []conn.OptionError) {
	if o.Endpoint != "" {
		if u, err := url.Parse(o.Endpoint); err != nil || u.Scheme == "" || u.Host == "" {
			errs = append(errs, conn.OptionError{Key: "aws.endpoint", Kind: conn.BadValue,
				Message: fmt.Sprintf("aws.endpoint: %q is not a URL", o.Endpoint), Hint: "such as https://kinesis.us-east-1.amazonaws.com"})
		}
	}
	return append(errs, o.Credentials.check("aws.credentials.")...)
}

// region is where requests are signed for: the one that is given, or that of the
// endpoint's name.
func (o *Options) region() string {
	if o.Region != "" {
		return o.Region
	}
	if u, err := url.Parse(o.Endpoint); err == nil {
		if parts := strings.Split(u.Hostname(), "."); len(parts) > 3 && parts[2] == "amazonaws" {
			return parts[1]
		}
	}
	return "us-east-1" // as in Amazon's SDK for Java
}

// Where names the place of a service for messages: "us-east-1" or its URL.
func (o *Options) Where() string {
	if o.Endpoint != "" {
		return o.Endpoint
	}
	return o.region()
}

// Config is what clients of services are made with. It has credentials: the error
// is a *conn.Misconfigured where there are none.
func (o *Options) Config(ctx context.Context, table string) (aws.Config, error) {
	known := *o
	known.Region = o.region()
	cfg, err := known.Load(ctx)
	if err != nil && ctx.Err() == nil {
		err = &conn.Misconfigured{Table: table, Err: err}
	}
	return cfg, err
}

// Load is Config without a region of its own: where none is given, that of the
// environment holds. The error is one of credentials.
func (o *Options) Load(ctx context.Context) (aws.Config, error) {
	client := awshttp.NewBuildableClient()
	if o.TrustAll {
		client = client.WithTransportOptions(func(t *http.Transport) { t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} })
	}
	load := []func(*config.LoadOptions) error{config.WithHTTPClient(client)}
	if o.Region != "" {
		load = append(load, config.WithRegion(o.Region))
	}
	cfg, err := o.Credentials.config(ctx, load...)
	if err == nil {
		_, err = cfg.Credentials.Retrieve(ctx)
	}
	if err != nil {
		err = fmt.Errorf("no credentials for Amazon's services (the provider is %s): %w", o.provider(), err)
	}
	return cfg, err
}

// BaseEndpoint is the URL that a client's options take; nil for the region's own.
func (o *Options) BaseEndpoint() *string {
	if o.Endpoint == "" {
		return nil
	}
	return &o.Endpoint
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
