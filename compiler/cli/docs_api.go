package cli

import (
	"fmt"
	"io"
	"strings"

	"pyfc/compiler/pyflink"
)

// writeAPI writes what the package pyflink has, by module and class, each
// member with its state.
func writeAPI(w io.Writer) {
	members := pyflink.Members()
	count := map[pyflink.State]int{}
	for _, m := range members {
		count[m.State]++
	}
	fmt.Fprintf(w, "# The Python API\n\n%d classes and members: %d run, %d are planned, %d are refused.\n", len(members), count[pyflink.Runs], count[pyflink.Planned], count[pyflink.Refused])
	section := ""
	for _, m := range members {
		if at := strings.TrimSuffix(m.Module+"."+m.Class, "."); at != section {
			section = at
			fmt.Fprintf(w, "\n## %s\n\n| member | state | meaning |\n|---|---|---|\n", at)
		}
		text := m.Signature
		switch {
		case m.Name == "":
			text = "class " + m.Class
		case text == "":
			text = m.Name
		}
		meaning := m.Doc
		if m.Reason != "" {
			meaning = strings.TrimSpace(meaning + " Refused: " + m.Reason + ".")
		}
		fmt.Fprintf(w, "| %s | %s | %s |\n", cell(text), m.State, strings.ReplaceAll(meaning, "|", "\\|"))
	}
}
