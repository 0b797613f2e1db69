// Package firehose declares the connector of Amazon Data Firehose; package
// firehoseio writes to its delivery streams.
package firehose

import (
	"slices"

	"pyfc/rt/conn"
	"pyfc/rt/conn/amazon"
)

// Options are the options of a table of connector firehose.
type Options struct {
	Connector string `opt:"connector" required:"true" doc:"firehose"`
	Stream    string `opt:"delivery-stream" required:"true" doc:"The name of the delivery stream."`
	Format    string `opt:"format" required:"true" doc:"The format of the records."`
	amazon.Options
	amazon.Gathering
}

// Connector declares the connector.
var Connector = conn.Connector{
	Name:     "firehose",
	Doc:      "Writes rows as records to delivery streams of Amazon Data Firehose.",
	Package:  "pyfc/rt/conn/firehose/firehoseio",
	Sink:     true,
	AllTypes: true,
	Bytes:    true,
	Options:  func() any { return &Options{} },
	Check:    func(options any, _ *conn.Table) []conn.OptionError { return options.(*Options).check() },
}

// check looks at what the single options can't tell.
func (o *Options) check() (errs []conn.OptionError) {
	if o.Region == "" {
		errs = append(errs, conn.OptionError{Key: "aws.region", Kind: conn.MissingOption, Message: "the option aws.region is required: the region of the delivery stream"})
	}
	return slices.Concat(errs, o.Options.Check(), o.Gathering.Check())
}

// Parse reads the options of a table and checks them as the compiler did.
func Parse(t *conn.Table) (*Options, error) {
	own, _ := conn.SplitFormat(t.Options, conn.Modern)
	o := &Options{}
	errs := conn.Parse(own, o, conn.Modern)
	return o, conn.Fatal(t.Name, append(errs, o.check()...))
}
