package ir

import (
	"strings"

	"pyfc/ir/diag"
)

// Text is a string whose parts may be known only when the binary starts: a
// value from the environment or the command line inside a WITH option.
type Text []TextPart

// TextPart is a literal, or the value of an input after the operations in
// Apply.
type TextPart struct {
	Literal string
	Input   *Input // nil for a literal
	// Apply are operations done at start, in order.
	Apply []TextOp
}

// TextOp is one operation on an input's value: "lower", "upper", "strip",
// "int", "or", "replace", "join_path", "append_path" with its constant arguments.
type TextOp struct {
	Name string
	Args []string
}

// Input is a value from outside the script that is bound at start.
type Input struct {
	Kind       string   // "env" or "argument"
	Name       string   // variable, or option such as "--topic", or position
	Aliases    []string // the option's other spellings, such as "-t"
	Constant   string   // what an option without a value sets
	Default    string
	HasDefault bool
	Optional   bool     // it may be missing where nothing needs it
	Supply     string   // the part of a build line that makes it a constant
	Pos        diag.Pos // where the script reads it
}

// String names the input for a message.
func (in *Input) String() string {
	if in.Kind == "env" {
		return "environment variable " + in.Name
	}
	return "argument " + in.Name
}

// Literal is a text known at build time.
func Literal(s string) Text { return Text{{Literal: s}} }

// Const returns the text if it is known at build time.
func (t Text) Const() (string, bool) {
	var b strings.Builder
	for _, p := range t {
		if p.Input != nil {
			return "", false
		}
		b.WriteString(p.Literal)
	}
	return b.String(), true
}

// Display is the text for messages: inputs as ${NAME}.
func (t Text) Display() string {
	var b strings.Builder
	for _, p := range t {
		if p.Input != nil {
			b.WriteString("${" + p.Input.Name + "}")
			continue
		}
		b.WriteString(p.Literal)
	}
	return b.String()
}
