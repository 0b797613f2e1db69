package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"pyfc/compiler"
	"pyfc/demo"
	"pyfc/rt/job"
)

func (a *app) demo() *cobra.Command {
	o := demo.Options{Out: a.out, Live: isTerminal(a.out), Worker: makeWorkers}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Compile a job, run it among servers of its own and check its result",
		Long: `Compile the CDN job and run it: access log lines from Kafka, a Python function
that asks a look-up service, totals by province in MySQL. Kafka and MySQL are
small stand-ins in a process beside, unless real servers are named.`,
		Example: "  pyfc demo\n  pyfc demo --kafka localhost:9092 --mysql root:root@localhost:3306/test --keep out",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Lines < 1 {
				return fmt.Errorf("--lines=%d: at least 1 is needed", o.Lines)
			}
			o.Build = func(script, out string) error {
				_, err := a.compile(compiler.Request{Script: script}, out, "")
				return err
			}
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			err := demo.Run(ctx, o)
			switch {
			case ctx.Err() != nil:
				return exit(job.ExitInterrupted)
			case errors.Is(err, demo.ErrWrong):
				fmt.Fprintf(a.err, "pyfc: %v\n", err)
				return exit(job.ExitInternal)
			}
			return err
		},
	}
	c.Flags().StringVar(&o.Kafka, "kafka", "", "use the Kafka broker at `HOST:PORT`")
	c.Flags().StringVar(&o.MySQL, "mysql", "", "use the MySQL or MariaDB server `USER:PASSWORD@HOST:PORT/DATABASE`")
	c.Flags().StringVar(&o.Keep, "keep", "", "leave the binary, the input, the table and the log in `DIR`")
	c.Flags().IntVar(&o.Lines, "lines", 3000, "access log lines to feed")
	return c
}
