package pyflink

import (
	"strings"

	"pyfc/compiler/bind"
	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir/types"
)

// What descriptors tell about themselves.

var (
	schemaTextMembers = []member{
		def("__str__(self)", "The columns as Flink writes them.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(declarationText(schemaOf(c))), nil
		}),
	}
	descriptorTextMembers = []member{
		def("get_schema(self)", "The columns; None where none are set.", func(c *pyeval.Call) (pyeval.Value, error) {
			d := descriptorOf(c.Self())
			if len(d.Columns) == 0 {
				return pyeval.None, nil
			}
			return schemaClass.Make(&d.Schema), nil
		}),
		def("get_options(self)", "The options.", func(c *pyeval.Call) (pyeval.Value, error) {
			return optionsDict(bind.HashOrder(descriptorOf(c.Self()).Options)), nil
		}),
		def("get_partition_keys(self)", "The columns that rows are partitioned by.", func(c *pyeval.Call) (pyeval.Value, error) {
			return texts(plainNames(descriptorOf(c.Self()).PartitionBy)), nil
		}),
		def("get_comment(self)", "The comment; None without.", func(c *pyeval.Call) (pyeval.Value, error) {
			if descriptorOf(c.Self()).Comment == nil {
				return pyeval.None, nil
			}
			return commentText(descriptorOf(c.Self()).Comment), nil
		}),
		def("__str__(self)", "The declaration as Flink writes it.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(descriptorText(descriptorOf(c.Self()))), nil
		}),
	}
	formatTextMembers = []member{
		def("get_format(self)", "The format's name.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*formatDescriptor](c.Self())
			return pyeval.NewStr(f.name.Value.Display()), nil
		}),
		def("get_options(self)", "The options.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*formatDescriptor](c.Self())
			return optionsDict(bind.HashOrder(f.options)), nil
		}),
		def("__str__(self)", "Name and options.", func(c *pyeval.Call) (pyeval.Value, error) {
			f, _ := pyeval.Data[*formatDescriptor](c.Self())
			return pyeval.NewStr(f.name.Value.Display() + "[{" + strings.Join(pairs(f.options, "", "="), ", ") + "}]"), nil
		}),
	}
)

func plainNames(names []sql.Name) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n.Text
	}
	return out
}

// pairs are options in Flink's order, key and value in quotes if there are any.
func pairs(options []sql.Option, quote, between string) []string {
	var out []string
	for _, o := range bind.HashOrder(options) {
		out = append(out, quote+o.Key.Value.Display()+quote+between+quote+o.Value.Value.Display()+quote)
	}
	return out
}

// declarationText are columns, watermark and key as Flink writes a schema that
// isn't resolved.
func declarationText(s *sql.Schema) string {
	var lines []string
	for _, c := range s.Columns {
		line := "  " + types.Quote(c.Name.Text, '`') + " "
		switch c.Kind {
		case sql.Computed:
			line += "AS [" + sql.PrintExpr(c.Expr) + "]"
		case sql.Metadata:
			line += "METADATA"
			if c.Key != nil {
				line += " FROM '" + c.Key.Value.Display() + "'"
			}
			if c.Virtual {
				line += " VIRTUAL"
			}
		default:
			line += c.Type.String()
		}
		lines = append(lines, line)
	}
	if w := s.Watermark; w != nil {
		lines = append(lines, "  WATERMARK FOR "+sql.QuotedNames(w.Column)+" AS ["+sql.PrintExpr(w.Expr)+"]")
	}
	if k := s.PrimaryKey; k != nil {
		name := k.Name.Text
		if name == "" {
			name = "PK_" + strings.Join(plainNames(k.Columns), "_")
		}
		lines = append(lines, "  CONSTRAINT "+types.Quote(name, '`')+" PRIMARY KEY ("+sql.QuotedNames(k.Columns)+") NOT ENFORCED")
	}
	return "(\n" + strings.Join(lines, ",\n") + "\n)"
}

// descriptorText is a table's declaration as Flink writes a descriptor.
func descriptorText(d *sql.CreateTable) string {
	var b strings.Builder
	if len(d.Columns) > 0 {
		b.WriteString(declarationText(&d.Schema))
	}
	comment := ""
	if d.Comment != nil {
		comment = d.Comment.Value.Display()
	}
	b.WriteString("\nCOMMENT '" + comment + "'\n")
	if len(d.PartitionBy) > 0 {
		b.WriteString("PARTITIONED BY (" + sql.QuotedNames(d.PartitionBy) + ")")
	}
	b.WriteString("\nWITH (\n  " + strings.Join(pairs(d.Options, "'", " = "), ",\n  ") + "\n)")
	return b.String()
}

// changelogModeClass is ChangelogMode, whose kinds only streams take.
var changelogModeClass = pyeval.NewClass("pyflink.table.changelog_mode", "ChangelogMode")

func init() {
	mode := func(name, doc string) member {
		return onClass(name+"()", doc, func(*pyeval.Call) (pyeval.Value, error) { return changelogModeClass.Make(name), nil })
	}
	declare(changelogModeClass, "Which kinds of changes a stream has.",
		mode("insert_only", "Insertions."), mode("upsert", "Insertions, updates and deletions by key."), mode("all", "All kinds."))
}
