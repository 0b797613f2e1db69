package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pyfc/compiler"
	"pyfc/compiler/sqlclient"
	"pyfc/ir/diag"
	"pyfc/rt/cachedir"
)

func (a *app) sql() *cobra.Command {
	var flags jobFlags
	var file string
	var statements []string
	c := &cobra.Command{
		Use:   "sql",
		Short: "Execute SQL statements, typed or from a script",
		Args:  cobra.NoArgs,
		Example: `  pyfc sql                     # type statements; HELP; says more
  pyfc sql -f queries.sql
  pyfc sql -e "SELECT 1 + 1;" -D execution.runtime-mode=BATCH`,
		RunE: func(*cobra.Command, []string) error {
			req := compiler.Request{Script: "."}
			if err := flags.fill(&req); err != nil {
				return err
			}
			client, err := sqlclient.New(sqlclient.Options{Options: req, Out: a.out, Err: a.err,
				Terminal: isTerminal(a.out) && isTerminal(os.Stdin), Palette: a.palette()})
			if err != nil {
				return err
			}
			return statusOf(a.runSQL(client, file, statements))
		},
	}
	c.Flags().StringVarP(&file, "file", "f", "", "execute the statements of `FILE`")
	c.Flags().StringArrayVarP(&statements, "execute", "e", nil, "execute these `STATEMENTS`; several are executed in order")
	flags.registerWorker(c)
	return c
}

// runSQL executes what the options say, else what is typed, else what standard
// input has.
func (a *app) runSQL(client *sqlclient.Client, file string, statements []string) error {
	for i, text := range statements {
		if err := client.Run(fmt.Sprintf("statement %d", i+1), text); err != nil {
			return err
		}
	}
	switch {
	case file != "":
		return client.RunFile(file)
	case len(statements) > 0:
		return nil
	case !isTerminal(os.Stdin):
		text, err := io.ReadAll(os.Stdin)
		if err != nil {
			return err
		}
		return client.Run("standard input", string(text))
	}
	dir, err := cachedir.Make("sql")
	if err != nil {
		return err
	}
	return client.Interact(filepath.Join(dir, "history"))
}

// statusOf makes a process status of a failed statement.
func statusOf(err error) error {
	if failed := (*sqlclient.Failed)(nil); errors.As(err, &failed) {
		return exit(failed.Code)
	}
	return err
}

// palette has colours where somebody looks at faults who wants them.
func (a *app) palette() diag.Palette {
	if isTerminal(a.err) && os.Getenv("NO_COLOR") == "" {
		return diag.Colour
	}
	return diag.Plain
}
