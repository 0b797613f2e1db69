package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pyfc/rt/fn"
	"pyfc/rt/fn/list"
)

func (a *app) docs() *cobra.Command {
	docs := &cobra.Command{Use: "docs", Short: "Print reference pages, made from the declarations"}
	docs.AddCommand(&cobra.Command{
		Use:   "functions",
		Short: "Print the functions and operators with their signatures and examples, as Markdown",
		Args:  cobra.NoArgs,
		Run:   func(*cobra.Command, []string) { writeFunctions(a.out, list.All) },
	})
	docs.AddCommand(&cobra.Command{
		Use:   "connectors",
		Short: "Print the connectors and formats with their options, as Markdown",
		Args:  cobra.NoArgs,
		Run:   func(*cobra.Command, []string) { writeConnectors(a.out) },
	})
	docs.AddCommand(&cobra.Command{
		Use:   "settings",
		Short: "Print the configuration keys that are read at start, as Markdown",
		Args:  cobra.NoArgs,
		Run:   func(*cobra.Command, []string) { writeSettings(a.out) },
	})
	docs.AddCommand(&cobra.Command{
		Use:   "supported",
		Short: "Print what runs, as Markdown",
		Args:  cobra.NoArgs,
		Run:   func(*cobra.Command, []string) { writeSupported(a.out) },
	})
	docs.AddCommand(&cobra.Command{
		Use:   "api",
		Short: "Print the classes and members of pyflink, each with its state, as Markdown",
		Args:  cobra.NoArgs,
		Run:   func(*cobra.Command, []string) { writeAPI(a.out) },
	})
	return docs
}

// writeFunctions writes a section for each function, in the order of names.
func writeFunctions(w io.Writer, decls []fn.Decl) {
	sorted := slices.SortedFunc(slices.Values(decls), func(a, b fn.Decl) int { return strings.Compare(a.Name, b.Name) })
	fmt.Fprintf(w, "# Functions and operators\n\n%d, with examples whose results are those of PyFlink 1.20.1.\n", len(sorted))
	for _, d := range sorted {
		fmt.Fprintf(w, "\n## %s\n\n%s\n\n", d.Name, d.Doc)
		if len(d.Aliases) > 0 {
			fmt.Fprintf(w, "Also called %s.\n\n", strings.Join(d.Aliases, ", "))
		}
		for _, o := range d.Overloads {
			fmt.Fprintf(w, "- takes %s\n", o.Signature())
		}
		if len(d.Examples) == 0 {
			continue
		}
		fmt.Fprint(w, "\n```\n")
		for _, e := range d.Examples {
			fmt.Fprintf(w, "%s → %s\n", e.SQL, e.Want)
		}
		fmt.Fprint(w, "```\n")
	}
}
