// Package planned knows the options of connectors and formats that pyfc doesn't
// run yet, so that a job that uses them is told which of its options are wrong.
// Only the compiler imports it.
package planned

import (
	_ "embed"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"pyfc/ir/types"
	"pyfc/rt/conn"
)

//go:embed options.txt
var text string

// Connectors and Formats are what options.txt declares.
var (
	Connectors []*conn.Connector
	Formats    []*conn.Format
)

func init() {
	for part := range strings.SplitSeq(text, "\n\n") {
		if err := declare(part); err != nil {
			panic("planned: " + err.Error())
		}
	}
}

// declare takes one connector or format.
func declare(part string) error {
	var head []string
	var doc string
	var fields []reflect.StructField
	for line := range strings.Lines(part) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		words, meaning, ok := strings.Cut(line, ": ")
		if !ok {
			return fmt.Errorf("%q has no meaning", line)
		}
		if line[0] != ' ' {
			head, doc = strings.Fields(words), meaning
			continue
		}
		f, err := option(strings.Fields(words), meaning)
		if err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		f.Name = "F" + strconv.Itoa(len(fields))
		fields = append(fields, f)
	}
	if head == nil {
		return nil
	}
	options := reflect.StructOf(fields)
	fresh := func() any { return reflect.New(options).Interface() }
	if head[0] == "format" {
		Formats = append(Formats, &conn.Format{Name: head[1], Doc: doc, Options: fresh, Supports: func(types.Type) bool { return true }})
		return nil
	}
	c := &conn.Connector{Name: head[1], Doc: doc, Options: fresh}
	for _, w := range head[2:] {
		switch w {
		case "source":
			c.Source = true
		case "sink":
			c.Sink, c.Updates, c.AllTypes = true, true, true
		case "bytes":
			c.Bytes = true
		}
	}
	Connectors = append(Connectors, c)
	return nil
}

var kinds = map[string]reflect.Type{
	"String": reflect.TypeFor[string](), "Integer": reflect.TypeFor[int](), "Long": reflect.TypeFor[int64](),
	"Boolean": reflect.TypeFor[bool](), "Duration": reflect.TypeFor[time.Duration](), "MemorySize": reflect.TypeFor[conn.MemorySize](),
	"List": reflect.TypeFor[[]string](), "Map": reflect.TypeFor[map[string]string](),
}

// option is the field of one option: KEY [required] TYPE [or(OLDER)] [=DEFAULT].
func option(words []string, doc string) (f reflect.StructField, err error) {
	tags := []string{"opt:" + strconv.Quote(words[0])}
	for _, w := range words[1:] {
		enum, isEnum := strings.CutPrefix(w, "Enum(")
		def, isDefault := strings.CutPrefix(w, "=")
		older, isFallback := strings.CutPrefix(w, "or(")
		switch {
		case w == "required":
			tags = append(tags, `required:"true"`)
		case isEnum:
			f.Type = kinds["String"]
			tags = append(tags, "enum:"+strconv.Quote(strings.TrimSuffix(enum, ")")))
		case isFallback:
			tags = append(tags, "fallback:"+strconv.Quote(strings.TrimSuffix(older, ")")))
		case isDefault:
			tags = append(tags, "default:"+strconv.Quote(def))
		case kinds[w] != nil:
			f.Type = kinds[w]
		default:
			return f, fmt.Errorf("%q is no type", w)
		}
	}
	if f.Type == nil {
		return f, fmt.Errorf("no type")
	}
	if last := words[0][strings.LastIndexByte(words[0], '.')+1:]; last == "password" || last == "token" || last == "user-info" {
		tags = append(tags, `secret:"true"`)
	}
	f.Tag = reflect.StructTag(strings.Join(append(tags, "doc:"+strconv.Quote(doc)), " "))
	return f, nil
}
