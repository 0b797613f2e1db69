package sqlclient

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"pyfc/compiler/pyflink"
	"pyfc/compiler/sql"
	"pyfc/ir/diag"
)

// Options are what the user starts a client with.
type Options struct {
	pyflink.Options
	Out, Err io.Writer
	// Terminal says that somebody looks at Out: tables are redrawn and paged.
	Terminal bool
	// Palette is that of the faults.
	Palette diag.Palette
}

// Client executes statements and shows what they give.
type Client struct {
	opts    Options
	front   *pyflink.Client
	sources map[string]string // the texts of the statements by file
	sourced []string          // the scripts that are being executed, outermost first
	more    func() bool       // asks whether the next page is wanted; nil shows all
}

// Failed is the error of a statement; its message has been shown.
type Failed struct {
	Code int // the exit code that it asks for
}

// Error implements error.
func (f *Failed) Error() string { return fmt.Sprintf("a statement failed with exit code %d", f.Code) }

// errQuit ends the client.
var errQuit = errors.New("the client was asked to end")

// New returns a client whose modules and files are those of the working folder.
func New(opts Options) (*Client, error) {
	front, err := pyflink.NewClient(".", opts.Options)
	if err != nil {
		return nil, err
	}
	return &Client{opts: opts, front: front, sources: map[string]string{}}, nil
}

// Run executes the statements of a text, of which name is the file. It stops at
// the first that fails. The last needs no semicolon.
func (c *Client) Run(name, text string) error {
	if err := c.run(name, text); !errors.Is(err, errQuit) {
		return err
	}
	return nil
}

func (c *Client) run(name, text string) error {
	c.sources[name] = text
	list, rest := sql.Split(text)
	offset := 0
	for _, st := range append(list, rest) {
		if err := c.statement(name, offset, st); err != nil {
			return err
		}
		offset += len(st)
	}
	return nil
}

// RunFile executes the statements of a file.
func (c *Client) RunFile(path string) error {
	if err := c.source(path, diag.Pos{}); !errors.Is(err, errQuit) {
		return err
	}
	return nil
}

// sourceCommand is SOURCE 'file', which is the client's own.
var sourceCommand = regexp.MustCompile(`(?is)^\s*SOURCE\s+(?:'([^']*)'|(\S+?))\s*;?\s*$`)

// statement executes the statement at an offset of the text of name.
func (c *Client) statement(name string, offset int, text string) error {
	if sql.Blank(text) {
		return nil
	}
	whole := sql.TextLocator(name, c.sources[name])
	at := func(i int) diag.Pos { return whole(offset + i) }
	if m := sourceCommand.FindStringSubmatch(text); m != nil {
		return c.source(m[1]+m[2], at(len(text)-len(strings.TrimLeft(text, " \t\r\n"))))
	}
	stmts, faults := sql.Parse(text, at)
	if err := c.report(faults); err != nil {
		return err
	}
	for _, st := range stmts {
		if err := c.execute(name, st); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) execute(name string, st sql.Stmt) error {
	if cmd, ok := st.(*sql.Command); ok {
		return c.command(cmd)
	}
	answer, found := c.front.Execute(name, st)
	if err := c.report(found.Sorted()); err != nil {
		return err
	}
	if answer.Job == nil {
		_, err := io.WriteString(c.opts.Out, answer.Text)
		return err
	}
	return c.runJob(answer, found)
}

const help = `Statements end with a semicolon and may take several lines.
SELECT, INSERT, CREATE, SHOW, DESCRIBE, EXPLAIN …  Flink SQL
SET 'key' = 'value';   sets an entry of the configuration; SET; shows all
RESET 'key';           forgets an entry; RESET; forgets all
SOURCE 'file.sql';     executes the statements of a file
CLEAR;                 clears the screen
QUIT;                  ends the client
'sql-client.execution.result-mode' is table, changelog or tableau.
Ctrl-C stops a query, Tab completes a word.
`

// command does what is the client's own.
func (c *Client) command(cmd *sql.Command) error {
	text := ""
	switch cmd.Words {
	case "QUIT":
		return errQuit
	case "HELP":
		text = help
	case "CLEAR":
		if c.opts.Terminal {
			text = clearScreen
		}
	default:
		return c.report([]*diag.Diagnostic{diag.New(diag.SQLSyntax, cmd.Pos, "%s stands alone", cmd.Words).
			WithHint("a statement set is one statement: EXECUTE STATEMENT SET BEGIN …; END;")})
	}
	_, err := io.WriteString(c.opts.Out, text)
	return err
}

// source executes the statements of a file, which the statement at pos names.
func (c *Client) source(path string, pos diag.Pos) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	for _, open := range c.sourced {
		if open == abs {
			return c.report([]*diag.Diagnostic{diag.New(diag.InputFile, pos, "%s is being executed already", path)})
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return c.report([]*diag.Diagnostic{diag.New(diag.InputFile, pos, "cannot read the statements: %v", err)})
	}
	c.sourced = append(c.sourced, abs)
	defer func() { c.sourced = c.sourced[:len(c.sourced)-1] }()
	return c.run(path, string(text))
}

// report shows diagnostics; the error is the worst of them.
func (c *Client) report(list []*diag.Diagnostic) error {
	worst := diag.Plan
	for _, d := range list {
		c.opts.Palette.Render(c.opts.Err, d, func(file string) (string, bool) {
			text, ok := c.sources[file]
			return text, ok
		})
		if d.Severity() == diag.Error {
			worst = max(worst, d.Code.Info().Verdict)
		}
	}
	if worst == diag.Plan {
		return nil
	}
	return &Failed{worst.ExitCode()}
}
