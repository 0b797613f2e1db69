package bind

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf16"

	"pyfc/compiler/sql"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// showCreateTable writes a table's declaration as Flink does.
func (s *Session) showCreateTable(st *sql.Show) *Listing {
	o := s.lookup(st.Name)
	if o == nil || o.unknown() {
		return nil
	}
	if o.isView {
		s.Diags.Errorf(diag.UnknownTable, st.Name.Pos, "%q is a view, SHOW CREATE TABLE is for tables", o.id).WithHint("SHOW CREATE VIEW %s", o.id)
		return nil
	}
	return column("result", o.createText(s.temporary[o.id] == o))
}

// showCreateView writes a view's declaration as Flink does.
func (s *Session) showCreateView(st *sql.Show) *Listing {
	o := s.lookup(st.Name)
	switch {
	case o == nil || o.unknown():
		return nil
	case !o.isView:
		s.Diags.Errorf(diag.UnknownTable, st.Name.Pos, "%q is a table, SHOW CREATE VIEW is for views", o.id).WithHint("SHOW CREATE TABLE %s", o.id)
		return nil
	case o.query == "":
		(&binder{s: s}).planned(st.Name.Pos, "sql", "SHOW CREATE VIEW of a view that the Table API made")
		return nil
	}
	text := "CREATE "
	if s.temporary[o.id] == o {
		text += "TEMPORARY "
	}
	var columns []sql.Name
	for _, n := range o.view.P().Schema.Names() {
		columns = append(columns, sql.Name{Text: n})
	}
	text += "VIEW " + quotedPath(o.id) + "(" + sql.QuotedNames(columns) + ") as\n" + o.query
	if o.comment != nil {
		text += " COMMENT " + types.Quote(o.comment.Value.Display(), '\'') + "\n"
	}
	return column("result", text)
}

// createText is the CREATE TABLE that declares the object.
func (o *object) createText(temporary bool) string {
	d := o.declared
	var elements []string
	for i, c := range d.Columns {
		elements = append(elements, columnText(c, o.columns[i].Type))
	}
	if w := d.Watermark; w != nil {
		elements = append(elements, "WATERMARK FOR "+sql.QuotedNames(w.Column)+" AS "+sql.QuotedExpr(w.Expr))
	}
	if k := d.PrimaryKey; k != nil {
		name := k.Name.Text
		if name == "" {
			name = "PK"
			for _, n := range k.Columns {
				name += "_" + n.Text
			}
		}
		elements = append(elements, "CONSTRAINT "+types.Quote(name, '`')+" PRIMARY KEY ("+sql.QuotedNames(k.Columns)+") NOT ENFORCED")
	}
	var b strings.Builder
	b.WriteString("CREATE ")
	if temporary {
		b.WriteString("TEMPORARY ")
	}
	b.WriteString("TABLE " + quotedPath(o.id) + " (\n  " + strings.Join(elements, ",\n  ") + "\n)")
	if d.Comment != nil {
		b.WriteString(" COMMENT " + types.Quote(d.Comment.Value.Display(), '\'') + "\n")
	} else {
		b.WriteString(" ")
	}
	if d.DistributeBy != nil {
		b.WriteString(distributionText(d.DistributeBy))
	}
	if len(d.PartitionBy) > 0 {
		b.WriteString("PARTITIONED BY (" + sql.QuotedNames(d.PartitionBy) + ")\n")
	}
	b.WriteString(withText(o.declared.Options))
	return b.String()
}

func columnText(c *sql.Column, t types.Type) string {
	text := types.Quote(c.Name.Text, '`') + " "
	switch c.Kind {
	case sql.Computed:
		text += "AS " + sql.QuotedExpr(c.Expr)
	case sql.Metadata:
		text += serializable(t) + " " + metadataText(c)
	default:
		text += serializable(t)
	}
	if c.Comment != nil {
		text += " COMMENT " + types.Quote(c.Comment.Value.Display(), '\'')
	}
	return text
}

// serializable is the text of a type that SQL's parser takes for the very same
// type.
func serializable(t types.Type) string {
	text := t.WithNull(true).String()
	elems := make([]string, len(t.Elems))
	for i, e := range t.Elems {
		elems[i] = serializable(e)
	}
	switch t.Kind {
	case types.VarChar, types.VarBinary:
		text = fmt.Sprintf("%s(%d)", t.Kind, t.Precision)
	case types.TimestampLTZ:
		text = fmt.Sprintf("TIMESTAMP(%d) WITH LOCAL TIME ZONE", t.Precision)
	case types.Row:
		for i, n := range t.Names {
			elems[i] = types.Quote(n, '`') + " " + elems[i]
		}
		fallthrough
	case types.Array, types.Map, types.Multiset:
		text = t.Kind.String() + "<" + strings.Join(elems, ", ") + ">"
	}
	if !t.Nullable {
		text += " NOT NULL"
	}
	return text
}

func quotedPath(id ident) string {
	parts := id.path()
	for i, p := range parts {
		parts[i] = types.Quote(p, '`')
	}
	return strings.Join(parts, ".")
}

// withText is a WITH clause, a line an option.
func withText(options []sql.Option) string {
	var lines []string
	for _, o := range inHashOrder(options) {
		lines = append(lines, "  "+types.Quote(o.Key.Value.Display(), '\'')+" = "+types.Quote(o.Value.Value.Display(), '\''))
	}
	return "WITH (\n" + strings.Join(lines, ",\n") + "\n)\n"
}

func (s *Session) showCreateCatalog(st *sql.Show) *Listing {
	c := s.declaredCatalog(st.Name.Parts[0])
	if c == nil {
		return nil
	}
	text := "CREATE CATALOG " + types.Quote(c.name, '`')
	if c.comment != nil {
		text += " COMMENT " + types.Quote(c.comment.Value.Display(), '\'')
	}
	return column("result", text+" "+withText(c.options))
}

func metadataText(c *sql.Column) string {
	text := "METADATA"
	if c.Key != nil {
		text += " FROM " + types.Quote(c.Key.Value.Display(), '\'')
	}
	if c.Virtual {
		text += " VIRTUAL"
	}
	return text
}

// inHashOrder sorts options as a java.util.HashMap of them that was copied
// yields them: by the low bits of their keys' hashes, as many as the number of
// options asks for. Keys that agree in those keep the order of the map that was
// copied.
func inHashOrder(options []sql.Option) []sql.Option {
	out := HashOrder(options)
	slices.SortStableFunc(out, byHash(roomFor(len(options))))
	return out
}

// HashOrder sorts options as a java.util.HashMap of them yields them, which has
// room for 16 at first.
func HashOrder(options []sql.Option) []sql.Option {
	const room = 16
	out := slices.Clone(options)
	slices.SortStableFunc(out, byHash(max(room, roomFor(len(options)))))
	return out
}

func byHash(buckets uint32) func(a, b sql.Option) int {
	return func(a, b sql.Option) int {
		return cmp.Compare(javaHash(a.Key.Value.Display())%buckets, javaHash(b.Key.Value.Display())%buckets)
	}
}

// roomFor is the size of a map that is three quarters full.
func roomFor(entries int) uint32 { return nextPower(uint32(entries*4/3 + 1)) }

func nextPower(n uint32) uint32 { return 1 << bits.Len32(n-1) }

// javaHash is String.hashCode with its high half mixed into the low one.
func javaHash(s string) uint32 {
	var h uint32
	for _, unit := range utf16.Encode([]rune(s)) {
		h = h*31 + uint32(unit)
	}
	return h ^ h>>16
}
