// Package pyast turns Python source text into a syntax tree with exact
// positions. It lowers modern syntax token by token to what gpython's parser
// takes, parses with gpython, and raises the result to the tree of this file,
// which has the shape of CPython 3.11's ast module.
package pyast

import (
	"strings"

	"pyfc/ir/diag"
)

// Span is a range of a source file: from Line:Col (inclusive) to EndLine:EndCol
// (exclusive). Lines count from 1; columns from 1, in code points.
type Span struct {
	File    *File
	Line    int
	Col     int
	EndLine int
	EndCol  int
}

// File is a source file: the name that diagnostics print and its text.
type File struct {
	Name string // as given by the user, relative where the user's was
	Path string // absolute path
	Src  string
}

// Pos is the start of the span, for a diagnostic; the caret underlines the
// span's part on its first line.
func (s Span) Pos() diag.Pos {
	p := diag.Pos{Line: s.Line, Column: s.Col}
	if s.File != nil {
		p.File = s.File.Name
	}
	if s.EndLine == s.Line {
		p.EndColumn = s.EndCol
	}
	return p
}

// Text is the source text of the span.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	var out []string
	n := 0
	for line := range strings.Lines(s.File.Src) {
		if n++; n < s.Line || n > s.EndLine {
			continue
		}
		runes := []rune(line)
		from, to := 0, len(runes)
		if n == s.Line {
			from = min(s.Col-1, to)
		}
		if n == s.EndLine {
			to = min(s.EndCol-1, to)
		}
		out = append(out, string(runes[from:max(from, to)]))
	}
	return strings.Join(out, "")
}

// Module is a parsed file.
type Module struct {
	File *File
	Body []Stmt
}

// Node is any node with a place.
type Node interface{ Where() Span }

// Expr is an expression.
type Expr interface {
	Node
	expr()
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// At is embedded in every node and holds its place.
type At struct{ Span Span }

// Where returns the node's place.
func (a *At) Where() Span { return a.Span }

type exprNode struct{ At }

func (*exprNode) expr() {}

type stmtNode struct{ At }

func (*stmtNode) stmt() {}

// ConstKind is the kind of a Constant.
type ConstKind uint8

// The kinds of constants.
const (
	ConstNone ConstKind = iota
	ConstTrue
	ConstFalse
	ConstEllipsis
	ConstInt     // Text is decimal digits
	ConstFloat   // Text is as in the source, underscores removed
	ConstComplex // Text is as in the source, with its j
	ConstStr     // Text is the decoded string, adjacent literals joined
	ConstBytes   // Text holds the bytes
)

// Context says what happens to a name, an attribute or a subscript.
type Context string

// The contexts. Those that aren't Load are of targets.
const (
	Load  Context = ""
	Store Context = "Store"
	Del   Context = "Del"
)

// Expressions. Field names are those of CPython's ast.
type (
	// Constant is a literal. A string may be made of adjacent ones; PosAt maps
	// an offset into Text back to the source.
	Constant struct {
		exprNode
		Kind  ConstKind
		Text  string
		parts []strPart
	}
	// Name is an identifier.
	Name struct {
		exprNode
		ID  string
		Ctx Context
	}
	// Attribute is Value.Attr.
	Attribute struct {
		exprNode
		Value    Expr
		Attr     string
		AttrSpan Span
		Ctx      Context
	}
	// Subscript is Value[Index].
	Subscript struct {
		exprNode
		Value Expr
		Index Expr
		Ctx   Context
	}
	// Slice is Lower:Upper:Step inside a subscript; each may be nil.
	Slice struct {
		exprNode
		Lower, Upper, Step Expr
	}
	// Call is Func(Args, Keywords).
	Call struct {
		exprNode
		Func     Expr
		Args     []Expr
		Keywords []Keyword
	}
	// Starred is *Value.
	Starred struct {
		exprNode
		Value Expr
	}
	// Tuple is a tuple display.
	Tuple struct {
		exprNode
		Elts []Expr
	}
	// List is a list display.
	List struct {
		exprNode
		Elts []Expr
	}
	// Set is a set display.
	Set struct {
		exprNode
		Elts []Expr
	}
	// Dict is a dict display; a nil key means **value.
	Dict struct {
		exprNode
		Keys   []Expr
		Values []Expr
	}
	// BinOp is Left Op Right; Op is the operator's text ("+", "//", …).
	BinOp struct {
		exprNode
		Left  Expr
		Op    string
		Right Expr
	}
	// UnaryOp is Op Operand; Op is "-", "+", "~" or "not".
	UnaryOp struct {
		exprNode
		Op      string
		Operand Expr
	}
	// BoolOp joins Values by Op, "and" or "or".
	BoolOp struct {
		exprNode
		Op     string
		Values []Expr
	}
	// Compare is Left Ops[0] Comparators[0] Ops[1] …; operators by their text,
	// "not in" and "is not" with one blank.
	Compare struct {
		exprNode
		Left        Expr
		Ops         []string
		Comparators []Expr
	}
	// IfExp is Body if Test else OrElse.
	IfExp struct {
		exprNode
		Test, Body, OrElse Expr
	}
	// Lambda is an anonymous function.
	Lambda struct {
		exprNode
		Args *Arguments
		Body Expr
	}
	// NamedExpr is Target := Value.
	NamedExpr struct {
		exprNode
		Target *Name
		Value  Expr
	}
	// JoinedStr is an f-string: Constants and FormattedValues.
	JoinedStr struct {
		exprNode
		Values []Expr
	}
	// FormattedValue is one replacement field; Conversion is 0, 's', 'r' or
	// 'a'; FormatSpec may be nil.
	FormattedValue struct {
		exprNode
		Value      Expr
		Conversion byte
		FormatSpec *JoinedStr
	}
	// ListComp is a list comprehension.
	ListComp struct {
		exprNode
		Elt        Expr
		Generators []Comprehension
	}
	// SetComp is a set comprehension.
	SetComp struct {
		exprNode
		Elt        Expr
		Generators []Comprehension
	}
	// DictComp is a dict comprehension.
	DictComp struct {
		exprNode
		Key, Value Expr
		Generators []Comprehension
	}
	// GeneratorExp is a generator expression.
	GeneratorExp struct {
		exprNode
		Elt        Expr
		Generators []Comprehension
	}
	// Yield is yield Value; Value may be nil.
	Yield struct {
		exprNode
		Value Expr
	}
	// YieldFrom is yield from Value.
	YieldFrom struct {
		exprNode
		Value Expr
	}
)

// strPart is one literal of a string constant; its value begins at offset of the
// constant's Text, in bytes.
type strPart struct {
	offset int
	span   Span
	body   literal
}

// Keyword is Name=Value in a call, or **Value when Name is empty.
type Keyword struct {
	Name  string
	Value Expr
	Span  Span
}

// Comprehension is one for-clause.
type Comprehension struct {
	Target Expr
	Iter   Expr
	Ifs    []Expr
}

// Arguments are the parameters of a function. Defaults belong to the last of
// PosOnly+Args; KwDefaults match KwOnly by position, nil where there is none.
type Arguments struct {
	PosOnly    []*Arg
	Args       []*Arg
	VarArg     *Arg
	KwOnly     []*Arg
	KwArg      *Arg
	Defaults   []Expr
	KwDefaults []Expr
}

// Params lists all parameters in the order of their binding.
func (a *Arguments) Params() []*Arg {
	out := make([]*Arg, 0, len(a.PosOnly)+len(a.Args)+len(a.KwOnly)+2)
	out = append(append(out, a.PosOnly...), a.Args...)
	if a.VarArg != nil {
		out = append(out, a.VarArg)
	}
	out = append(out, a.KwOnly...)
	if a.KwArg != nil {
		out = append(out, a.KwArg)
	}
	return out
}

// Arg is one parameter; Annotation may be nil.
type Arg struct {
	At
	Name       string
	Annotation Expr
}

// Statements. Field names are those of CPython's ast.
type (
	// FunctionDef defines a function.
	FunctionDef struct {
		stmtNode
		Name       string
		NameSpan   Span
		Args       *Arguments
		Body       []Stmt
		Decorators []Expr
		Returns    Expr
		Async      bool
	}
	// ClassDef defines a class.
	ClassDef struct {
		stmtNode
		Name       string
		NameSpan   Span
		Bases      []Expr
		Keywords   []Keyword
		Body       []Stmt
		Decorators []Expr
	}
	// Return is return Value; Value may be nil.
	Return struct {
		stmtNode
		Value Expr
	}
	// Delete is del Targets.
	Delete struct {
		stmtNode
		Targets []Expr
	}
	// Assign is Targets[0] = Targets[1] = … = Value.
	Assign struct {
		stmtNode
		Targets []Expr
		Value   Expr
	}
	// AugAssign is Target Op= Value; Op without the equals sign.
	AugAssign struct {
		stmtNode
		Target Expr
		Op     string
		Value  Expr
	}
	// AnnAssign is Target: Annotation = Value; Value may be nil.
	AnnAssign struct {
		stmtNode
		Target     Expr
		Annotation Expr
		Value      Expr
	}
	// For is a for loop.
	For struct {
		stmtNode
		Target Expr
		Iter   Expr
		Body   []Stmt
		OrElse []Stmt
	}
	// While is a while loop.
	While struct {
		stmtNode
		Test   Expr
		Body   []Stmt
		OrElse []Stmt
	}
	// If is a conditional; elif is an If in OrElse.
	If struct {
		stmtNode
		Test   Expr
		Body   []Stmt
		OrElse []Stmt
	}
	// With is a with statement.
	With struct {
		stmtNode
		Items []WithItem
		Body  []Stmt
	}
	// Raise is raise Exc from Cause; both may be nil.
	Raise struct {
		stmtNode
		Exc, Cause Expr
	}
	// Try is a try statement.
	Try struct {
		stmtNode
		Body      []Stmt
		Handlers  []*ExceptHandler
		OrElse    []Stmt
		FinalBody []Stmt
	}
	// Assert is assert Test, Msg; Msg may be nil.
	Assert struct {
		stmtNode
		Test, Msg Expr
	}
	// Import is import Names.
	Import struct {
		stmtNode
		Names []Alias
	}
	// ImportFrom is from Module import Names; Level counts the leading dots.
	ImportFrom struct {
		stmtNode
		Module string
		Names  []Alias
		Level  int
	}
	// Global declares global names.
	Global struct {
		stmtNode
		Names []string
	}
	// Nonlocal declares names of an enclosing function.
	Nonlocal struct {
		stmtNode
		Names []string
	}
	// ExprStmt is an expression as a statement.
	ExprStmt struct {
		stmtNode
		Value Expr
	}
	// Pass does nothing.
	Pass struct{ stmtNode }
	// Break leaves a loop.
	Break struct{ stmtNode }
	// Continue goes on with a loop.
	Continue struct{ stmtNode }
)

// WithItem is Context as Vars; Vars may be nil.
type WithItem struct {
	Context Expr
	Vars    Expr
}

// ExceptHandler is except Type as Name; Type may be nil, Name empty.
type ExceptHandler struct {
	At
	Type Expr
	Name string
	Body []Stmt
}

// Alias is Name as AsName; AsName may be empty. "*" imports everything.
type Alias struct {
	Name   string
	AsName string
	Span   Span
}

// Bound is the name that the import binds: "import a.b" binds a.
func (a *Alias) Bound() string {
	if a.AsName != "" {
		return a.AsName
	}
	name, _, _ := strings.Cut(a.Name, ".")
	return name
}
