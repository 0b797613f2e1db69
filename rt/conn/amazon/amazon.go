// Package amazon declares what the connectors of Amazon's services have in common:
// the options that say where a service is, who asks it, and how records are sent
// many at a time. What follows from them is in package amazonio.
package amazon

import (
	"fmt"
	"net/url"
	"strings"

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

// Signing is the region that requests are signed for: the one that is given, or
// that of the endpoint's name.
func (o *Options) Signing() string {
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
	return o.Signing()
}

// BaseEndpoint is the URL that a client's options take; nil for the region's own.
func (o *Options) BaseEndpoint() *string {
	if o.Endpoint == "" {
		return nil
	}
	return &o.Endpoint
}
