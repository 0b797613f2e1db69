package udfbridge

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"pyfc/ir/types"
	"pyfc/udfbridge/udfpb"
)

// Code is the Python code of a job, as it travels to workers. Generated code
// holds one for all its calls.
type Code struct {
	// Files are unpacked below the worker's code folder: path with slashes →
	// content.
	Files map[string]string
	// Path are folders or archives among the files that go to the front of
	// sys.path, in order; "." is the code folder.
	Path []string
	// Sources are run in order before functions are looked up.
	Sources []Source
	// Argv is the script's sys.argv.
	Argv []string
}

// Source is a part of a Python file. Lines that are left out stay as blank
// lines, so that tracebacks show the file's own numbers.
type Source struct {
	Module string // "__main__" for the driver
	File   string // name in tracebacks
	Text   string
}

// Function is a Python function of the job.
type Function struct {
	Name   string // for messages
	Module string
	// Expression is evaluated in the module: a qualified name, or any Python
	// expression that makes a function, a ScalarFunction or TableFunction, or what
	// udf() and udtf() return.
	Expression    string
	Deterministic bool
	Kind          Kind
}

// Kind says how a function is called.
type Kind = udfpb.FunctionKind

// The kinds of functions. One Spec has functions of one kind.
const (
	Scalar = udfpb.FunctionKind_SCALAR // a value for each row
	Table  = udfpb.FunctionKind_TABLE  // an ARRAY of ROWs for each row
	Pandas = udfpb.FunctionKind_PANDAS // a Series for the Series of a batch
)

// Expr is one use of a function: a call whose arguments are columns of the
// request, constants or other calls.
type Expr struct {
	Function int // in Spec.Functions
	Args     []Arg
}

// Arg is an argument of an Expr, made by Column, Literal, Constant or Inner.
type Arg struct{ arg *udfpb.Argument }

// Column is the argument column i of the request.
func Column(i int) Arg {
	return Arg{&udfpb.Argument{Kind: &udfpb.Argument_Column{Column: uint32(i)}}}
}

// Literal is the argument column i of the request, whose values are all equal: a
// function of Series takes one of them in place of a Series.
func Literal(i int) Arg {
	return Arg{&udfpb.Argument{Kind: &udfpb.Argument_Literal{Literal: uint32(i)}}}
}

// Inner is the value of another call, which isn't converted in between.
func Inner(e Expr) Arg {
	return Arg{&udfpb.Argument{Kind: &udfpb.Argument_Call{Call: e.proto()}}}
}

// Constant is a literal: nil, bool, int64, float64, string or []byte.
func Constant(v any) Arg {
	c := &udfpb.Constant{}
	switch v := v.(type) {
	case nil:
	case bool:
		c.Kind = &udfpb.Constant_Bool{Bool: v}
	case int64:
		c.Kind = &udfpb.Constant_Int{Int: v}
	case float64:
		c.Kind = &udfpb.Constant_Float{Float: v}
	case string:
		c.Kind = &udfpb.Constant_Str{Str: v}
	case []byte:
		c.Kind = &udfpb.Constant_Bytes{Bytes: v}
	default:
		panic(fmt.Sprintf("udfbridge: constant of type %T", v))
	}
	return Arg{&udfpb.Argument{Kind: &udfpb.Argument_Constant{Constant: c}}}
}

// Result is one result column of a call.
type Result struct {
	Call Expr
	Type types.Type
	// Takes is, for an aggregate function, one more than the BOOLEAN column that
	// says which rows it takes; 0 is for all.
	Takes int
}

// Spec says what one Call operator calls.
type Spec struct {
	Code      *Code
	Functions []Function
	// Columns are the argument columns of a request, in the order in which
	// Codec.Args fills them.
	Columns []types.Type
	// Names are those that Series of the columns have; nil where there are none.
	Names []string
	// Results are what Codec.Result reads, by position.
	Results []Result
	// JobParameters are what FunctionContext.get_job_parameter finds
	// (pipeline.global-job-parameters).
	JobParameters map[string]string
	// Zone is table.local-time-zone; empty for the machine's.
	Zone string
	// Grouping says what the results are computed of.
	Grouping Grouping
}

// Grouping says what the results of a Spec are computed of.
type Grouping = udfpb.Grouping

// The groupings.
const (
	Rows           = udfpb.Grouping_ROWS            // each of a row
	Aggregates     = udfpb.Grouping_AGGREGATES      // each of a group
	TableAggregate = udfpb.Grouping_TABLE_AGGREGATE // columns of rows of a group
)

// resultTypes are the types of the result columns.
func (s *Spec) resultTypes() []types.Type {
	out := make([]types.Type, len(s.Results))
	for i, r := range s.Results {
		out[i] = r.Type
	}
	return out
}

// pandas reports whether the functions take and give Series.
func (s *Spec) pandas() bool { return s.Functions[0].Kind == Pandas }

// names lists the functions for messages.
func (s *Spec) names() string {
	names := make([]string, len(s.Functions))
	for i, f := range s.Functions {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// openRequest is all of OpenRequest that the spec and the columns of answers
// determine, and the schema of requests.
func (s *Spec) openRequest(answers []types.Type) (*udfpb.OpenRequest, *arrow.Schema, error) {
	schema, message, err := schemaOf(s.Columns, s.Names)
	if err != nil {
		return nil, nil, err
	}
	_, results, err := schemaOf(answers, nil)
	if err != nil {
		return nil, nil, err
	}
	req := &udfpb.OpenRequest{
		Path: s.Code.Path, Argv: s.Code.Argv, Schema: message, ResultSchema: results,
		JobParameters: s.JobParameters, TimeZone: s.Zone, Grouping: s.Grouping,
	}
	for _, path := range sortedKeys(s.Code.Files) {
		req.Files = append(req.Files, &udfpb.File{Path: path, Content: []byte(s.Code.Files[path])})
	}
	for _, src := range s.Code.Sources {
		req.Sources = append(req.Sources, &udfpb.Source{Module: src.Module, File: src.File, Text: src.Text})
	}
	for _, f := range s.Functions {
		req.Functions = append(req.Functions, &udfpb.Function{
			Name: f.Name, Module: f.Module, Expression: f.Expression, Deterministic: f.Deterministic, Kind: f.Kind,
		})
	}
	for _, r := range s.Results {
		req.Results = append(req.Results, &udfpb.Result{
			Call: r.Call.proto(), Type: r.Type.String(), NotNull: !r.Type.Nullable, Takes: uint32(r.Takes),
		})
	}
	return req, schema, nil
}

func (e Expr) proto() *udfpb.Call {
	c := &udfpb.Call{Function: uint32(e.Function)}
	for _, a := range e.Args {
		c.Arguments = append(c.Arguments, a.arg)
	}
	return c
}
