package jdbc

import (
	"context"
	"strings"
)

// Dialect is what differs between databases. Rows are sent as literals inside
// statements: that needs no preparation, has no limit on the number of values,
// and costs no allocation per value.
type Dialect interface {
	// Name is the database's name in messages.
	Name() string
	// Linked reports whether the binary has what speaks to the database.
	Linked() bool
	// Connect opens a session in which string literals escape nothing but a
	// doubled quote, all text is UTF-8, each statement is a transaction of its
	// own, and what doesn't fit is an error rather than cut.
	Connect(ctx context.Context, t *Target) (Session, error)
	// Classify says what an error of a session means.
	Classify(err error) Class
	// Column returns the name of the column that an error is about, or "".
	Column(err error) string
	// Describe reads a table's description; nil if there is no such table.
	Describe(ctx context.Context, s Session, table string) (*Relation, error)
	// Quote returns a name as an identifier.
	Quote(name string) string
	// AppendString, AppendBytes and AppendFloat append a value's literal. They
	// fail on what the database can't store in any column.
	AppendString(dst []byte, s string) ([]byte, error)
	AppendBytes(dst []byte, b []byte) ([]byte, error)
	AppendFloat(dst []byte, f float64, bits int) ([]byte, error)
	// Overwrite returns what follows the values of an INSERT that overwrites
	// rows with the same key. The names are quoted.
	Overwrite(columns, key []string) string
	// KeyMustBeUnique says that Overwrite needs a unique index over the key.
	KeyMustBeUnique() bool
}

// Session is one connection to a database.
type Session interface {
	// Exec runs a statement, which it doesn't keep.
	Exec(ctx context.Context, stmt string) error
	// Query returns a query's rows as text, NULL as "".
	Query(ctx context.Context, query string) ([][]string, error)
	// Stream runs a query whose rows are taken as they come. Nothing else is done
	// on the session until they are closed.
	Stream(ctx context.Context, query string) (Rows, error)
	// MaxStatement is the longest statement in bytes that the server takes.
	MaxStatement() int
	Close() error
}

// Rows are the rows of a query.
type Rows interface {
	// Next returns the values of the next row as texts, nil for NULL; it returns
	// nil behind the last one. They are valid until the next call.
	Next() ([][]byte, error)
	Close() error
}

// Class says what a database's error means for the sink.
type Class uint8

// The classes.
const (
	Refused   Class = iota // the row or statement is wrong, and will be again
	Transient              // the statement was rolled back in favour of another; the session is good
	Lost                   // the session, or the server, is gone
	Denied                 // the job isn't allowed in, or what it names doesn't exist
)

// Relation describes a table of the database.
type Relation struct {
	SQL     string // its name as SQL text
	Columns []RelationColumn
	// Unique are the column sets of its primary key and unique indexes.
	Unique [][]string
}

// RelationColumn describes a column of the database's table.
type RelationColumn struct {
	Name  string
	Type  string // as the database prints it
	Takes []family
	// Needed says that an insertion must give a value: NOT NULL without a
	// default.
	Needed bool
	// Generated says that an insertion can't give a value.
	Generated bool
}

// appendQuoted appends a string literal, in which only quotes are doubled.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '\'')
	for {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			break
		}
		dst = append(dst, s[:i+1]...)
		dst = append(dst, '\'')
		s = s[i+1:]
	}
	dst = append(dst, s...)
	return append(dst, '\'')
}

// literal returns a name out of the job's options as a string literal.
func literal(name string) string {
	return string(appendQuoted(nil, strings.ReplaceAll(name, "\x00", "")))
}

// group collects the second column of rows that agree in the first and follow
// each other.
func group(rows [][]string) [][]string {
	var out [][]string
	for i, r := range rows {
		if i == 0 || rows[i-1][0] != r[0] {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], r[1])
	}
	return out
}
