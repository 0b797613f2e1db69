package ir_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pyfc/codegen"
	"pyfc/ir"
	"pyfc/ir/diag"
	"pyfc/ir/opt"
)

// head declares what the plans below use; Python functions run over a bridge.
const head = `Table t connector=filesystem format=csv : (a STRING, n BIGINT, ok BOOLEAN)
Table out connector=print : (v BIGINT)
Function f(BIGINT) : BIGINT
Sink out connector=print [I]
`

const scan = "Scan t connector=filesystem [I] : (a STRING, n BIGINT, ok BOOLEAN)\n"

// plans has a plan for every operator that codegen must have code for.
var plans = map[string]string{
	"Scan":     "  Project (n#1) [I] : (v BIGINT)\n    " + scan,
	"Values":   "  Values (1), (NULL) [I] : (v BIGINT)\n",
	"Project":  "  Project ((n#1 + n#1)) [I] : (v BIGINT)\n    " + scan,
	"Filter":   "  Project (n#1) [I] : (v BIGINT)\n    Filter (ok#2) [I] : (a STRING, n BIGINT, ok BOOLEAN)\n      " + scan,
	"Bridge":   "  Project (f(n#1)) [I] : (v BIGINT)\n    " + scan,
	"Exchange": "  Aggregate group=() calls=(SUM(n)) [I] : (v BIGINT)\n    " + scan,
	"Window": "  Project (n#0) [I] : (v BIGINT)\n    Window HOP time=(ts) size=10 step=5 offset=1 [I] : (n BIGINT, ts TIMESTAMP(3), s TIMESTAMP(3) NOT NULL, e TIMESTAMP(3) NOT NULL, t TIMESTAMP(3) NOT NULL)\n" +
		"      Project (n#1, NULL:TIMESTAMP(3)) [I] : (n BIGINT, ts TIMESTAMP(3))\n        " + scan,
	"Watermark": "  Project (n#0) [I] : (v BIGINT)\n    Window TUMBLE time=(ts) size=10 step=0 offset=1 [I] : (n BIGINT, ts TIMESTAMP(3) *ROWTIME*, s TIMESTAMP(3) NOT NULL, e TIMESTAMP(3) NOT NULL, t TIMESTAMP(3) NOT NULL)\n" +
		"      Watermark time=(ts) (ts#1) [I] : (n BIGINT, ts TIMESTAMP(3) *ROWTIME*)\n        Project (n#1, NULL:TIMESTAMP(3)) [I] : (n BIGINT, ts TIMESTAMP(3))\n          " + scan,
	"Expand":      "  Project (v#0) [I] : (v BIGINT)\n    Expand (n#1), (NULL:BIGINT) [I] : (v BIGINT)\n      " + scan,
	"Aggregate":   "  Aggregate group=(n) calls=() [I] unique=(n) : (n BIGINT)\n    " + scan,
	"Correlate":   "  Project (v#1) [I] : (v BIGINT)\n    Correlate inner (x) [I] : (x ARRAY<BIGINT>, v BIGINT)\n      Project (CASE WHEN ok#2 THEN NULL:ARRAY<BIGINT> ELSE NULL:ARRAY<BIGINT> END) [I] : (x ARRAY<BIGINT>)\n        " + scan,
	"Union":       "  Union [I] : (v BIGINT)\n    Values (1) [I] : (v BIGINT NOT NULL)\n    Project (n#1) [I] : (v BIGINT)\n      " + scan,
	"Over":        "  Project (v#1) [I] : (v BIGINT)\n    Over order=(n) calls=(RANK(*)) [I] : (n BIGINT, v BIGINT)\n      Values (1), (NULL) [I] : (n BIGINT)\n",
	"Rank":        "  Rank append order=(v) from=1 to=2 [I,UB,UA,D] : (v BIGINT)\n    Values (1), (NULL) [I] : (v BIGINT)\n",
	"Normalize":   "  Normalize key=(v) [I,UB,UA,D] unique=(v) : (v BIGINT)\n    Values (1), (NULL) [I] : (v BIGINT)\n",
	"Materialize": "  Materialize key=(v) [I,UA,D] unique=(v) : (v BIGINT)\n    Values (1), (NULL) [I] : (v BIGINT)\n",
	"Sort":        "  Sort order=(v DESC) limit=3 [I] : (v BIGINT)\n    Values (1), (NULL) [I] : (v BIGINT)\n",
	"Join":        "  Project (n#1) [I] : (v BIGINT)\n    Join inner ((n#1 = v#3)) [I] : (a STRING, n BIGINT, ok BOOLEAN, v BIGINT)\n      " + scan + "      Values (1) [I] : (v BIGINT)\n",
	"Sink":        "  Values (1) [I] : (v BIGINT)\n",
}

// exprs has an expression of type BIGINT for every kind.
var exprs = map[string]string{
	"ColumnRef": "n#1",
	"Const":     "7:BIGINT NULL",
	"Call":      "(n#1 + 1:BIGINT)",
	"Cast":      "CAST(a#0 AS BIGINT)",
	"Case":      "CASE WHEN ok#2 THEN n#1 ELSE 0:BIGINT END",
	"UDFCall":   "f(n#1)",
}

// generate optimises a plan and generates its code.
func generate(t *testing.T, plan string) (s *ir.Sink, code map[string][]byte) {
	t.Helper()
	rel, err := ir.Parse(head + plan)
	if err != nil {
		t.Fatal(err)
	}
	s = rel.(*ir.Sink)
	var diags diag.List
	if err := opt.Run([]*ir.Sink{s}, &opt.Context{Diags: &diags, Batch: true}, nil); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%v\n%s", p, ir.Print(s))
		}
	}()
	job := &ir.Job{Script: "job.py", Actions: []ir.Action{{Run: &ir.Submission{Batch: true, Sinks: []*ir.Sink{s}}}}}
	code, err = codegen.Generate(job, &diags)
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags.Sorted())
	}
	return s, code
}

func TestEveryOperatorHasCode(t *testing.T) {
	for _, op := range ir.Ops() {
		t.Run(op.String(), func(t *testing.T) {
			plan, ok := plans[op.String()]
			if !ok {
				t.Fatal("this test has no plan with it")
			}
			s, _ := generate(t, plan)
			found := false
			ir.Walk(s, func(r ir.Rel) { found = found || r.Op() == op })
			if !found {
				t.Errorf("the plan lost it:\n%s", ir.Print(s))
			}
			if info := op.Info(); info.Updates == "" || info.State == "" || info.Time == "" || info.Doc == "" {
				t.Errorf("the declaration is incomplete: %+v", info)
			}
		})
	}
}

func TestEveryExpressionHasCode(t *testing.T) {
	for _, kind := range ir.ExpressionKinds(t) {
		t.Run(kind, func(t *testing.T) {
			text, ok := exprs[kind]
			if !ok {
				t.Fatal("this test has no expression of the kind")
			}
			s, _ := generate(t, "  Project ((n#1 + "+text+")) [I] : (v BIGINT)\n    "+scan)
			found := false
			visit := func(e ir.Expr) { found = found || strings.HasSuffix(fmt.Sprintf("%T", e), "."+kind) }
			ir.Walk(s, func(r ir.Rel) {
				for _, e := range r.Exprs() {
					ir.WalkExpr(e, visit)
				}
				if b, ok := r.(*ir.Bridge); ok {
					for _, c := range b.Calls {
						visit(c)
					}
				}
			})
			if !found {
				t.Errorf("the plan lost it:\n%s", ir.Print(s))
			}
		})
	}
}

// Where a row goes and where the state of its key is must not depend on where
// in the row the key stands: a restored group would never meet its rows.
func TestExchangeAndStateAgreeOnHashes(t *testing.T) {
	_, code := generate(t, "  Project (x#2) [I] : (v BIGINT)\n"+
		"    Aggregate group=(ok, n) calls=(SUM(n)) [I] unique=(ok, n) : (ok BOOLEAN, n BIGINT, x BIGINT)\n      "+scan)
	funcs := regexp.MustCompile(`(?s)\nfunc hash(\w+)\(k \*\w+\) uint64 \{(.*?)\n\}`).FindAllSubmatch(code["job/operators.go"], -1)
	if len(funcs) != 2 {
		t.Fatalf("%d hash functions in\n%s", len(funcs), code["job/operators.go"])
	}
	bit := regexp.MustCompile(`k\.nulls\[\d+\]&\(1<<\d+\)`)
	x, y := bit.ReplaceAllString(string(funcs[0][2]), "null"), bit.ReplaceAllString(string(funcs[1][2]), "null")
	if x != y || !strings.Contains(x, "null") {
		t.Errorf("%s:%s\n%s:%s", funcs[0][1], x, funcs[1][1], y)
	}
}
