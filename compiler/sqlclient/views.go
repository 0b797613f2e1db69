package sqlclient

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pyfc/compiler/pyflink"
	"pyfc/ir/diag"
	"pyfc/rt/conn/tableau"
)

// view shows what a job writes to its standard output.
type view interface {
	// line takes the next line.
	line(text []byte) error
	// draw shows what isn't shown yet, where the view is one that changes.
	draw() error
	// end shows the rest when the job has ended.
	end() error
}

// modeKey is the configuration entry that chooses how rows are shown.
const modeKey = "sql-client.execution.result-mode"

// The values of modeKey.
const (
	tableMode     = "table"     // the rows that there are, drawn anew as they change
	changelogMode = "changelog" // the changes
	tableauMode   = "tableau"   // as TableResult.print shows them
)

// view chooses the view of an answer.
func (c *Client) view(a pyflink.Answer) (view, error) {
	if a.Columns == nil {
		return &output{c.opts.Out}, nil
	}
	mode := strings.ToLower(c.front.Setting(modeKey))
	if mode == "" {
		mode = tableauMode
		if c.opts.Terminal {
			mode = tableMode
		}
	}
	switch mode {
	case tableMode:
		return &table{c: c, names: a.Columns.Names(), maxWidth: a.MaxWidth}, nil
	case tableauMode:
		if a.Batch {
			return &table{c: c, names: a.Columns.Names(), maxWidth: a.MaxWidth, still: true}, nil
		}
		return &changes{out: c.opts.Out, layout: tableau.ByType(a.Columns, a.MaxWidth, true)}, nil
	case changelogMode:
		return &changes{out: c.opts.Out, layout: tableau.ByType(a.Columns, a.MaxWidth, true)}, nil
	}
	d := diag.New(diag.OptionValue, a.Job.Actions[0].Run.Pos, "%s: %q is no mode", modeKey, mode).
		WithHint("use %s, %s or %s", tableMode, changelogMode, tableauMode)
	return nil, c.report([]*diag.Diagnostic{d})
}

// output passes on what an insertion's sinks print.
type output struct{ out io.Writer }

func (o *output) line(text []byte) error {
	_, err := o.out.Write(text)
	return err
}

func (o *output) draw() error { return nil }

func (o *output) end() error {
	_, err := io.WriteString(o.out, "Complete execution of the SQL update statement.\n")
	return err
}

// changes shows each change as it comes.
type changes struct {
	out    io.Writer
	layout *tableau.Layout
	rows   int
	buf    []byte
}

func (v *changes) line(text []byte) error {
	r, err := parse(text)
	if err != nil {
		return err
	}
	v.head()
	v.rows++
	v.buf = v.layout.AppendRow(v.buf, append([]string{r.kind}, r.texts...))
	return v.draw()
}

// head shows the names of the columns once.
func (v *changes) head() {
	if v.rows == 0 {
		v.buf = v.layout.AppendHead(v.buf)
	}
}

func (v *changes) draw() error {
	_, err := v.out.Write(v.buf)
	v.buf = v.buf[:0]
	return err
}

func (v *changes) end() error {
	v.head()
	unit := "row"
	if v.rows > 0 {
		v.buf = v.layout.AppendLine(v.buf)
	}
	if v.rows > 1 {
		unit = "rows"
	}
	v.buf = fmt.Appendf(v.buf, "Received a total of %d %s\n", v.rows, unit)
	return v.draw()
}

// table holds the rows that there are, after all changes.
type table struct {
	c        *Client
	names    []string
	maxWidth int
	still    bool // shown at the end alone
	rows     [][]string
	// places are those of the rows by their texts, the last one last; gone rows
	// are nil.
	places  map[string][]int
	changed bool
	drawn   int // lines of the table on the screen
}

func (v *table) line(text []byte) error {
	r, err := parse(text)
	if err != nil {
		return err
	}
	if v.places == nil {
		v.places = map[string][]int{}
	}
	key := strings.Join(r.texts, "\x00")
	v.changed = true
	if strings.HasPrefix(r.kind, "+") {
		v.places[key] = append(v.places[key], len(v.rows))
		v.rows = append(v.rows, r.texts)
		return nil
	}
	at := v.places[key]
	if len(at) == 0 {
		return fmt.Errorf("%s[%s] takes back a row that isn't there", r.kind, strings.Join(r.texts, ", "))
	}
	v.rows[at[len(at)-1]] = nil
	if v.places[key] = at[:len(at)-1]; len(at) == 1 {
		delete(v.places, key)
	}
	return nil
}

// alive are the rows that there are, in the order in which they came.
func (v *table) alive() [][]string {
	return slices.DeleteFunc(slices.Clone(v.rows), func(r []string) bool { return r == nil })
}

// draw shows the last rows that have room on the screen, in place of those that
// it showed before.
func (v *table) draw() error {
	if v.still || !v.c.opts.Terminal || !v.changed {
		return nil
	}
	v.changed = false
	rows := v.alive()
	room := max(1, screenRows(v.c.opts.Out)-frameLines)
	text := v.text(rows[max(0, len(rows)-room):], len(rows))
	_, err := io.WriteString(v.c.opts.Out, v.wipe()+text)
	v.drawn = strings.Count(text, "\n")
	return err
}

// frameLines are the lines of a table besides its rows, and the prompt's.
const frameLines = 6

// wipe takes what was drawn off the screen.
func (v *table) wipe() string {
	if v.drawn == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dA\x1b[J", v.drawn)
}

func (v *table) text(shown [][]string, all int) string {
	l := tableau.ByContentUpTo(v.maxWidth, v.names, shown)
	var out []byte
	if all > 0 {
		out = l.AppendHead(out)
	}
	for _, r := range shown {
		out = l.AppendRow(out, r)
	}
	return string(l.AppendFoot(out, int64(all)))
}

// end shows all rows, page by page where somebody looks.
func (v *table) end() error {
	rows := v.alive()
	text := v.text(rows, len(rows))
	if _, err := io.WriteString(v.c.opts.Out, v.wipe()); err != nil {
		return err
	}
	return v.c.page(text)
}
