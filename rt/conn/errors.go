package conn

import (
	"errors"
	"strings"
)

// The errors by which a connector says whose fault a failure is. The process's
// exit code follows from them; each wraps its cause.

// Misconfigured says that the user must change something before the job can
// run: options, credentials, the target's schema. Exit code 10.
type Misconfigured struct {
	Table string // as in the script
	Err   error
}

func (e *Misconfigured) Error() string { return "table " + e.Table + ": " + e.Err.Error() }
func (e *Misconfigured) Unwrap() error { return e.Err }

// Unreachable says that an outside system didn't answer for as long as the
// connector is patient. Exit code 12.
type Unreachable struct {
	Table  string
	System string // what and where, without credentials: "MySQL at localhost:3306/flink"
	Err    error
}

func (e *Unreachable) Error() string {
	return "table " + e.Table + ": " + e.System + " is unreachable: " + e.Err.Error()
}
func (e *Unreachable) Unwrap() error { return e.Err }

// BadData says that an outside system can't take a row. Exit code 13.
type BadData struct {
	Table  string
	Column string // empty if the system doesn't say
	Expr   string // the expression that makes the column
	Row    string // its key, or all of it where there is none: "province = '北京'"
	Err    error
}

func (e *BadData) Error() string {
	var b strings.Builder
	b.WriteString("table " + e.Table)
	if e.Column != "" {
		b.WriteString(", column " + e.Column)
	}
	if e.Expr != "" {
		b.WriteString(" (" + e.Expr + ")")
	}
	if e.Row != "" {
		b.WriteString(", row with " + e.Row)
	}
	b.WriteString(": " + e.Err.Error())
	return b.String()
}
func (e *BadData) Unwrap() error { return e.Err }

// ErrNotNull is why a sink can't take a row with NULL in a NOT NULL column.
var ErrNotNull = errors.New("the column is NOT NULL, and the query gives NULL for it (table.exec.sink.not-null-enforcer = 'DROP' leaves such rows out)")
