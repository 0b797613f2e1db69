package bind

import (
	"strings"

	"pyfc/ir"
	"pyfc/ir/diag"
)

// replacement is one WITH option that the command line gives in place of the
// script's.
type replacement struct {
	table  string
	option ir.Option
	used   bool
}

// Replace gives an option of a table that the script is yet to declare:
// TABLE.OPTION=VALUE, as in --set.
func (s *Session) Replace(assignment string) {
	name, value, _ := strings.Cut(assignment, "=")
	table, key, _ := strings.Cut(name, ".")
	s.replaced = append(s.replaced, &replacement{table: table, option: ir.Option{Key: key, Value: ir.Literal(value)}})
}

// replaceOptions puts the replacements for a table into its options. The place
// of an option that the script has stays the script's.
func (s *Session) replaceOptions(t *ir.Table) {
	for _, r := range s.replaced {
		if r.table != t.Name {
			continue
		}
		r.used = true
		o := r.option
		o.Pos = t.Pos
		if old, ok := t.Option(o.Key); ok {
			o.Pos = old.Pos
		}
		setOption(t, o)
	}
}

// CheckReplaced reports replacements for tables that the script never declared.
func (s *Session) CheckReplaced() {
	for _, r := range s.replaced {
		if r.used {
			continue
		}
		d := s.Diags.Errorf(diag.UnknownTable, diag.Pos{}, "--set %s.%s: the script declares no table %q", r.table, r.option.Key, r.table)
		d.DidYouMean(r.table, s.Tables())
	}
}
