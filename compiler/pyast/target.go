package pyast

// The parser is given what is assigned to or deleted as plain expressions, so
// that they can be refused where they stand; which they are is added here.

// setContext marks what a target binds, changes or deletes; it may be nil.
func setContext(target Expr, c Context) {
	switch e := target.(type) {
	case *Name:
		e.Ctx = c
	case *Attribute:
		e.Ctx = c
	case *Subscript:
		e.Ctx = c
	case *Starred:
		setContext(e.Value, c)
	case *Tuple:
		for _, elt := range e.Elts {
			setContext(elt, c)
		}
	case *List:
		for _, elt := range e.Elts {
			setContext(elt, c)
		}
	}
}

// checkTarget refuses an expression that cannot be a target; action is
// "assign to" or "delete". The hint is for a target that may have been meant
// as a comparison.
func checkTarget(e Expr, action, hint string) {
	switch e := e.(type) {
	case *Name, *Attribute, *Subscript:
	case *Starred:
		checkTarget(e.Value, action, "")
	case *Tuple:
		for _, elt := range e.Elts {
			checkTarget(elt, action, "")
		}
	case *List:
		for _, elt := range e.Elts {
			checkTarget(elt, action, "")
		}
	default:
		if !comparable(e) {
			hint = ""
		}
		fail(e.Where(), "cannot %s %s%s", action, describe(e), hint)
	}
}

const meantEqual = " here. Maybe you meant '==' instead of '='?"

// comparable reports whether "e == x" would be what "e = x" was meant as.
func comparable(e Expr) bool {
	switch e := e.(type) {
	case *Constant:
		return e.Kind >= ConstEllipsis
	case *Call, *BinOp, *Dict, *Set, *JoinedStr, *Yield:
		return true
	case *UnaryOp:
		return e.Op != "not"
	}
	return false
}

// checkAugmented refuses the targets that "+=" and the like don't take.
func checkAugmented(e Expr) {
	switch e.(type) {
	case *Name, *Attribute, *Subscript:
	default:
		fail(e.Where(), "'%s' is an illegal expression for augmented assignment", describe(e))
	}
}

// checkAnnotated refuses the targets that cannot be annotated.
func checkAnnotated(e Expr) {
	switch e.(type) {
	case *Name, *Attribute, *Subscript:
	case *Tuple, *List:
		fail(e.Where(), "only single target (not %s) can be annotated", describe(e))
	default:
		fail(e.Where(), "illegal target for annotation")
	}
}

// describe names a kind of expression as CPython's messages do.
func describe(e Expr) string {
	switch e := e.(type) {
	case *Constant:
		switch {
		case e.Kind == ConstEllipsis:
			return "ellipsis"
		case e.Kind < ConstEllipsis:
			return constKinds[e.Kind]
		}
		return "literal"
	case *Call:
		return "function call"
	case *Tuple:
		return "tuple"
	case *List:
		return "list"
	case *Dict:
		return "dict literal"
	case *Set:
		return "set display"
	case *BinOp, *UnaryOp, *BoolOp:
		return "expression"
	case *Compare:
		return "comparison"
	case *IfExp:
		return "conditional expression"
	case *Lambda:
		return "lambda"
	case *NamedExpr:
		return "named expression"
	case *Starred:
		return "starred"
	case *JoinedStr:
		return "f-string expression"
	case *Yield, *YieldFrom:
		return "yield expression"
	case *GeneratorExp:
		return "generator expression"
	case *ListComp:
		return "list comprehension"
	case *SetComp:
		return "set comprehension"
	case *DictComp:
		return "dict comprehension"
	}
	return "expression"
}
