package pyast

import (
	"bufio"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// Dump writes a module's tree as text: one node a line, indented below the
// field it is in, with the range of its source as "line:col-line:col".
func Dump(w io.Writer, m *Module) error {
	d := dumper{w: bufio.NewWriter(w)}
	d.list("Body", reflect.ValueOf(m.Body), 0)
	return d.w.Flush()
}

type dumper struct{ w *bufio.Writer }

// line writes an indented line; errors stay in the writer until Flush.
func (d *dumper) line(depth int, format string, args ...any) {
	d.w.WriteString(strings.Repeat(" ", depth))
	fmt.Fprintf(d.w, format, args...)
	d.w.WriteByte('\n')
}

// list writes the elements of a slice below its name.
func (d *dumper) list(name string, v reflect.Value, depth int) {
	if v.Len() == 0 {
		return
	}
	d.line(depth, "%s:", name)
	for i := range v.Len() {
		d.value("-", v.Index(i), depth+1)
	}
}

// value writes a field or element. Empty ones are left out, except elements.
func (d *dumper) value(name string, v reflect.Value, depth int) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			if name == "-" {
				d.line(depth, "- nil")
			}
			return
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		d.node(name, v, depth)
	case reflect.Slice:
		d.list(name, v, depth)
	case reflect.String:
		if v.Len() > 0 || name == "-" {
			d.line(depth, "%s %s", name, quote(v.String()))
		}
	case reflect.Uint8:
		if v.Uint() != 0 {
			d.line(depth, "%s %c", name, rune(v.Uint()))
		}
	case reflect.Int:
		if v.Int() != 0 {
			d.line(depth, "%s %d", name, v.Int())
		}
	}
}

// quote writes all but printable ASCII as bytes in hexadecimal.
func quote(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '\\' {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return strconv.Itoa(len(s)) + " " + b.String()
}

var spanType = reflect.TypeFor[Span]()

func (d *dumper) node(name string, v reflect.Value, depth int) {
	if c, ok := v.Interface().(Constant); ok {
		d.line(depth, "%s Constant %s%s", name, rangeOf(c.Span), constantText(&c))
		return
	}
	place := ""
	for _, f := range []string{"At", "Span"} {
		if at := v.FieldByName(f); at.IsValid() {
			if f == "At" {
				at = at.FieldByName("Span")
			}
			place = " " + rangeOf(at.Interface().(Span))
			break
		}
	}
	d.line(depth, "%s %s%s", name, v.Type().Name(), place)
	for i := range v.NumField() {
		if f := v.Type().Field(i); !f.Anonymous && f.Type != spanType {
			d.value(f.Name, v.Field(i), depth+1)
		}
	}
}

func rangeOf(s Span) string {
	return fmt.Sprintf("%d:%d-%d:%d", s.Line, s.Col, s.EndLine, s.EndCol)
}

var constKinds = [...]string{"None", "True", "False", "...", "int", "float", "complex", "str", "bytes"}

func constantText(c *Constant) string {
	if c.Kind < ConstInt {
		return " " + constKinds[c.Kind]
	}
	return " " + constKinds[c.Kind] + " " + quote(c.Text)
}
