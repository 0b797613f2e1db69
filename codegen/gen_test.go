package codegen

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"pyfc/codegen/gobuild"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
	"pyfc/ir/types"
)

var (
	bigint     = types.Of(types.BigInt)
	double     = types.Of(types.Double)
	stringType = types.String()
	boolean    = types.Of(types.Boolean)
)

func call(fn string, overload int, t types.Type, args ...ir.Expr) ir.Expr {
	return ir.NewCall(fn, overload, args, t, diag.Pos{File: "job.py", Line: 3, Column: 1})
}

// testJob is a plan with every operator and every kind of expression code.
func testJob() *ir.Job {
	none := diag.Pos{File: "job.py", Line: 2, Column: 1}
	values := &ir.Values{Rows: [][]*ir.Const{
		{ir.NewConst(stringType, "a", none), ir.NewConst(bigint, int64(7), none), ir.NewConst(double, 1.5, none)},
		{ir.NewConst(stringType, nil, none), ir.NewConst(bigint, nil, none), ir.NewConst(double, 0.0, none)},
	}}
	values.Schema = types.Schema{{Name: "select", Type: stringType}, {Name: "a b", Type: bigint}, {Name: "A-B", Type: double.NotNull()}}
	values.Rows[0][2] = ir.NewConst(double.NotNull(), 1.5, none)
	values.Rows[1][2] = ir.NewConst(double.NotNull(), 0.0, none)
	values.Mode = ir.Append
	col := func(i int) ir.Expr { return ir.NewColumnRef(values.Schema, i, none) }
	udf := &ir.UDF{Name: "f", Args: []types.Type{stringType}, Result: stringType, Deterministic: true, Ref: ir.PyRef{Source: "def f(x): return x", File: "job.py", Name: "f"}}
	half := call("/", 1, bigint, col(1), ir.NewConst(bigint.NotNull(), int64(2), none))
	function := func(name string, args ...types.Type) *ir.UDF {
		return &ir.UDF{Name: name, Args: args, Result: bigint, Deterministic: true, Ref: ir.PyRef{Source: "def " + name + "(*x): return x", File: "job.py", Name: name}}
	}
	g, z := function("g", bigint, bigint), function("z")
	filter := ir.NewFilter(values, call("OR", 0, boolean,
		call("IS NOT NULL", 0, boolean.NotNull(), col(0)),
		call("AND", 0, boolean, call(">", 1, boolean, col(1), ir.NewConst(bigint.NotNull(), int64(1), none)), call("NOT", 0, boolean, call("IS NULL", 0, boolean.NotNull(), col(1))))), none)
	project := ir.NewProject(filter, []ir.Expr{
		ir.NewUDFCall(udf, []ir.Expr{call("||", 0, stringType, col(0), ir.NewConst(stringType.NotNull(), "x", none))}, none),
		call("/", 1, bigint, col(1), ir.NewConst(bigint.NotNull(), int64(2), none)),
		call("*", 1, double.NotNull(), ir.NewCast(ir.NewConst(types.Of(types.Int).NotNull(), int64(3), none), double.NotNull(), true, false, none), col(2)),
		ir.NewCase([]ir.Expr{call("IS NULL", 0, boolean.NotNull(), col(1))}, []ir.Expr{ir.NewConst(stringType, nil, none)}, ir.NewCast(col(1), stringType, false, false, none), stringType, none),
		ir.NewCast(col(0), bigint, false, true, none),
		// arguments that can fail, that repeat, that read no row, and none
		ir.NewUDFCall(g, []ir.Expr{half, ir.NewCast(col(0), bigint, false, false, none)}, none),
		ir.NewUDFCall(g, []ir.Expr{ir.NewUDFCall(g, []ir.Expr{ir.NewConst(bigint, nil, none), ir.NewConst(bigint.NotNull(), int64(1), none)}, none), half}, none),
		ir.NewUDFCall(z, nil, none),
		// of these only a part is read, or can be NULL
		call("IS NULL", 0, boolean.NotNull(), ir.NewCase([]ir.Expr{call("IS NULL", 0, boolean.NotNull(), col(0))}, []ir.Expr{col(1)}, ir.NewConst(bigint, nil, none), bigint, none)),
		ir.NewCase([]ir.Expr{call("IS NOT NULL", 0, boolean.NotNull(), col(1))}, []ir.Expr{col(1)}, ir.NewConst(bigint.NotNull(), int64(0), none), bigint.NotNull(), none),
		call("IS NULL", 0, boolean.NotNull(), call("/", 1, bigint, col(1), ir.NewConst(bigint.NotNull(), int64(2), none))),
		call("IS NULL", 0, boolean.NotNull(), ir.NewCast(col(0), bigint, false, true, none)),
	}, []string{"p", "q", "r", "s", "t", "f1", "f2", "f3", "u", "v", "w", "x"}, none)
	agg := ir.NewAggregate(project, []int{0}, []ir.AggCall{
		{Fn: "COUNT", Filter: -1, Type: bigint.NotNull()},
		{Fn: "COUNT", Args: []int{3}, Filter: -1, Type: bigint.NotNull()},
		{Fn: "SUM", Args: []int{1}, Filter: -1, Type: bigint},
		{Fn: "AVG", Args: []int{2}, Filter: -1, Type: double},
		{Fn: "MAX", Args: []int{3}, Filter: -1, Type: stringType},
		{Fn: "COUNT", Args: []int{8}, Filter: 10, Type: bigint.NotNull()},
		{Fn: "SUM", Args: []int{9}, Filter: 11, Type: bigint},
		{Fn: "SUM", Args: []int{5}, Filter: -1, Type: bigint},
		{Fn: "SUM", Args: []int{6}, Filter: -1, Type: bigint},
		{Fn: "SUM", Args: []int{7}, Filter: -1, Type: bigint},
	}, []string{"n", "m", "s", "a", "x", "c", "d", "f1", "f2", "f3"}, none)
	// reads all of them, or they would be pruned
	var all []ir.AggCall
	for i, c := range agg.Schema[3:] {
		all = append(all, ir.AggCall{Fn: "MAX", Args: []int{3 + i}, Filter: -1, Type: c.Type.WithNull(true)})
	}
	again := ir.NewAggregate(agg, []int{1}, all, agg.Schema.Names()[3:], none)
	t := &ir.Table{Name: "out", Connector: "print", Options: []ir.Option{{Key: "connector", Value: ir.Literal("print")}}}
	for i, c := range again.Schema {
		t.Columns = append(t.Columns, ir.TableColumn{Column: c})
		if i == 1 { // which the sink must not get as NULL
			t.Columns[i].Type = c.Type.NotNull()
		}
	}
	return &ir.Job{Name: "test", Script: "job.py",
		Config:  []ir.Setting{{Key: "k", Value: ir.Text{{Input: &ir.Input{Kind: "env", Name: "K"}, Apply: []ir.TextOp{{Name: "lower"}}}}}},
		Actions: []ir.Action{{Print: ir.Literal("before\n")}, {Run: &ir.Submission{Name: "test", Sinks: []*ir.Sink{ir.NewSink(again, t, none)}}}}}
}

// TestGeneratedCodeIsVetClean compiles and vets what is generated for a plan
// that has one of everything.
func TestGeneratedCodeIsVetClean(t *testing.T) {
	job := testJob()
	var diags diag.List
	c := &opt.Context{Diags: &diags}
	if err := opt.Run(job.Sinks(), c, nil); err != nil {
		t.Fatal(err)
	}
	files, err := Generate(job, &diags)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags.Sorted() {
		t.Fatal(d)
	}
	root, err := gobuild.Root()
	if err != nil {
		t.Fatal(err)
	}
	module, err := gobuild.Module(files, root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if keep := os.Getenv("PYFC_KEEP"); keep != "" {
		dir = keep
	}
	if err := gobuild.Write(module, dir); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"vet", "-mod=mod", "./job"}, {"build", "-mod=mod", "./job"}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go %v: %v\n%s", args, err, out)
		}
	}
	out, err := exec.Command("gofmt", "-l", dir).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("not formatted: %s (%v)", out, err)
	}
}

// TestRepeatedExpressionsAreComputedOnce counts the calls in the code of a
// stage whose filter, columns and CASE repeat an expression.
func TestRepeatedExpressionsAreComputedOnce(t *testing.T) {
	none := diag.Pos{File: "job.py", Line: 2, Column: 1}
	array := func(elem types.Type) types.Type {
		return types.Type{Kind: types.Array, Nullable: true, Elems: []types.Type{elem}}
	}
	texts, numbers := array(stringType), array(bigint)
	schema := types.Schema{{Name: "s", Type: stringType}, {Name: "n", Type: bigint}, {Name: "l", Type: texts}}
	values := &ir.Values{}
	values.Schema = schema
	s, n, list := ir.NewColumnRef(schema, 0, none), ir.NewColumnRef(schema, 1, none), ir.NewColumnRef(schema, 2, none)
	upper := func() ir.Expr { return call("UPPER", 0, stringType, s) }
	quotient := func() ir.Expr { return call("/", 1, bigint, n, n) }
	isNull := func(e ir.Expr) ir.Expr { return call("IS NULL", 0, boolean.NotNull(), e) }
	filter := ir.NewFilter(values, call("=", 1, boolean, upper(), s), none)
	project := ir.NewProject(filter, []ir.Expr{
		upper(),
		call("||", 0, stringType, upper(), s),
		// in branches: not computed before them, and once in each
		ir.NewCase([]ir.Expr{isNull(s), isNull(quotient())}, []ir.Expr{quotient(), n}, quotient(), bigint, none),
		// another number each time
		call("+", 1, double, call("RAND", 0, double.NotNull()), ir.NewConst(double.NotNull(), 1.0, none)),
		call("+", 1, double, call("RAND", 0, double.NotNull()), ir.NewConst(double.NotNull(), 1.0, none)),
		// which can fail on what is inside
		call("AND", 0, boolean, call(">", 1, boolean, n, n), isNull(ir.NewCast(list, numbers, false, false, none))),
	}, []string{"a", "b", "c", "d", "e", "f"}, none)
	project.UID, filter.UID, values.UID = "project2", "filter1", "values0"
	g := &generator{job: &ir.Job{}, typeVars: map[string]string{}}
	g.rows, g.stages = g.file(), g.file()
	row := newRowType("values0Row", schema)
	g.stage(chain{values, []ir.Rel{filter, project}}, row)
	text := fmt.Sprintf("%#v", g.stages)
	if got := strings.Count(text, "fn.Upper("); got != 1 {
		t.Errorf("UPPER is called in %d places:\n%s", got, text)
	}
	if got := strings.Count(text, "fn.Rand("); got != 2 {
		t.Errorf("RAND is called in %d places, not in two:\n%s", got, text)
	}
	if !regexp.MustCompile(`if n\d+ \|\| v\d+ \{\s+var v\d+ val\.Array[^}]*fn\.CastArray\(`).MatchString(text) {
		t.Errorf("the array is converted where the left side decides:\n%s", text)
	}
	if got := strings.Count(text, "fn.DivInt("); got != 2 {
		t.Errorf("the quotient is computed in %d places, not in two branches:\n%s", got, text)
	}
}
