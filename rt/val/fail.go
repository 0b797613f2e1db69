package val

import "fmt"

// DataError is a row that an expression cannot be computed for: division by
// zero, a text that is no number.
type DataError struct {
	Expr  string // the expression as the plan prints it
	Where string // its place in the script: "job.py:12:5"
	Err   error
}

// Error implements error.
func (e *DataError) Error() string { return fmt.Sprintf("%s: %s: %v", e.Where, e.Expr, e.Err) }

// Unwrap returns the cause.
func (e *DataError) Unwrap() error { return e.Err }

// Fail wraps the error of a function that generated code called.
func Fail(err error, expr, where string) error {
	return &DataError{Expr: expr, Where: where, Err: err}
}
