package golden

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers says which of our packages a package may import. A line is
//
//	package: what it may import
//
// where "x/..." stands for x and everything below it, and the first line that
// matches a package counts. Tests may import more. What has a "!" are packages of
// anybody that it may not even depend on: the compiler links declarations of
// connectors and formats, and compiles nothing that only jobs need.
const layers = `
ir/types:            -
ir/diag:             -
rt/val:              ir/types
rt/state:            -
rt/spill:            -
rt/stream:           rt/val rt/state rt/spill
rt/ops:              rt/val rt/state rt/stream
rt/javatime:         rt/val
rt/json:             rt/val
rt/jmath:            -
rt/jregex:           rt/val
rt/jcharset:         -
rt/fn:               ir/types rt/val rt/javatime rt/jcharset rt/jmath rt/json rt/jregex
rt/fn/list:          ir/types rt/fn rt/val
rt/agg:              ir/types rt/val rt/fn rt/json
rt/agg/list:         ir/types rt/agg rt/fn rt/val
rt/window:           -
rt/op:               rt/val rt/state rt/spill rt/stream
rt/conn:             ir/types ir/diag rt/val rt/state rt/stream
rt/pytext:           -
rt/conn/amazon:      rt/conn
rt/conn/amazon/amazonio: rt/val rt/stream rt/conn rt/conn/amazon
rt/conn/kinesis/kinesisio: rt/val rt/state rt/stream rt/conn rt/conn/amazon/amazonio rt/conn/kinesis
rt/conn/firehose/firehoseio: rt/val rt/stream rt/conn rt/conn/amazon/amazonio rt/conn/firehose
rt/conn/kafka/mskiam: rt/conn/amazon rt/conn/amazon/amazonio rt/conn/kafka
rt/conn/filesystem/s3: rt/conn/filesystem
rt/conn/jdbc/postgres: rt/conn/jdbc
rt/conn/list:        rt/conn/... rt/format/...
rt/format/parquet/parquetio: ir/types rt/val rt/conn rt/format/parquet
rt/format/...:       ir/types ir/diag rt/val rt/conn rt/jcharset rt/jregex rt/json rt/format/charset rt/format/temporal
rt/conn/...:         ir/types ir/diag rt/val rt/javatime rt/jregex rt/pytext rt/state rt/stream rt/conn rt/conn/amazon rt/format/...
rt/cachedir:         -
rt/conf:             rt/val rt/state rt/conn
rt/job:              ir/diag rt/val rt/state rt/spill rt/stream rt/conn rt/conf rt/ops
udfbridge/python:    ir/types rt/cachedir rt/conn
udfbridge/driver:    rt/job udfbridge udfbridge/python
udfbridge/...:       rt/cachedir ir/types rt/val rt/state rt/stream rt/op rt/conn udfbridge/...
ir:                  ir/types ir/diag rt/val rt/fn rt/fn/list rt/window
ir/opt:              ir ir/types ir/diag rt/fn rt/fn/list rt/agg rt/agg/list rt/val rt/conn rt/conn/list rt/conf
codegen:             ir ir/types ir/diag rt/fn rt/fn/list rt/agg rt/agg/list rt/val rt/conn rt/conn/list udfbridge/python codegen/gobuild
codegen/gobuild:     rt/cachedir rt/conn/list
codegen/image:       udfbridge/python
compiler/tree:       -
compiler/words:      -
compiler/pyast:      ir/diag compiler/tree compiler/words
compiler/pyeval:     ir/diag rt/pytext rt/jmath compiler/pyast
compiler/pyeval/regex: -
compiler/pyeval/...: ir/diag rt/jmath compiler/pyast compiler/pyeval compiler/pyeval/regex
compiler/sql:        ir ir/types ir/diag compiler/tree compiler/words
internal/dist:       codegen/gobuild
internal/...:        -
compiler/bind:       ir ir/types ir/diag ir/opt rt/fn rt/fn/list rt/agg rt/agg/list rt/val rt/conn rt/conn/list rt/conn/tableau rt/conn/rowloop rt/format/... compiler/sql compiler/words rt/window
compiler/pyudf:      ir ir/types ir/diag compiler/pyast compiler/pyeval/...
compiler/pyflink/...: ir ir/types ir/diag compiler/pyast compiler/pyeval/... compiler/sql compiler/bind compiler/pyudf rt/val rt/conn/tableau rt/conn/rowloop
compiler:            ir/... codegen/... compiler/... rt/conn rt/conn/list
compiler/jobtest:    ir/... codegen/gobuild compiler rt/conn/replay rt/conn/values
compiler/sqlclient:  ir/... codegen/gobuild compiler compiler/pyflink compiler/sql rt/conn/tableau rt/fn/list rt/agg/list rt/job
compiler/cli:        rt/cachedir rt/conf ir/... codegen/... compiler/... rt/job rt/conn rt/conn/list rt/fn rt/fn/list rt/agg/list udfbridge/python demo
.:                   compiler/cli !github.com/aws/... !github.com/parquet-go/... !github.com/andybalholm/brotli/... !github.com/twpayne/... !github.com/jackc/... !github.com/apache/... !github.com/goccy/... !google.golang.org/...
demo/world:          -
demo:                demo/world codegen/gobuild
golden/services:     rt/cachedir
golden/...:          ...
`

type layer struct {
	pattern         string
	allowed, barred []string
}

func parseLayers(t *testing.T) []layer {
	t.Helper()
	var out []layer
	for _, line := range strings.Split(strings.TrimSpace(layers), "\n") {
		pattern, allowed, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("malformed line %q", line)
		}
		l := layer{pattern: pattern}
		for _, word := range strings.Fields(allowed) {
			if barred, ok := strings.CutPrefix(word, "!"); ok {
				l.barred = append(l.barred, barred)
			} else {
				l.allowed = append(l.allowed, word)
			}
		}
		out = append(out, l)
	}
	return out
}

func matches(pattern, pkg string) bool {
	if pattern == "..." {
		return true
	}
	base, below := strings.CutSuffix(pattern, "/...")
	return pkg == base || below && strings.HasPrefix(pkg, base+"/")
}

// TestLayers keeps the tree a pipeline: nobody imports what comes later.
func TestLayers(t *testing.T) {
	rules := parseLayers(t)
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != ".." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		seen++
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if imported, ours := strings.CutPrefix(name, "pyfc/"); ours && !allowed(rules, filepath.ToSlash(rel), imported) {
				t.Errorf("%s: %s may not import %s", path, rel, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no Go files found")
	}
	for _, r := range rules {
		if r.barred == nil {
			continue
		}
		pkg := path.Join("pyfc", r.pattern)
		deps, err := exec.Command("go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", pkg, err)
		}
		for dep := range strings.FieldsSeq(string(deps)) {
			if slices.ContainsFunc(r.barred, func(pattern string) bool { return matches(pattern, dep) }) {
				t.Errorf("%s may not depend on %s", pkg, dep)
			}
		}
	}
}

func allowed(rules []layer, pkg, imported string) bool {
	for _, r := range rules {
		if !matches(r.pattern, pkg) {
			continue
		}
		for _, a := range r.allowed {
			if matches(a, imported) {
				return true
			}
		}
		return false
	}
	return false
}
