package sqlclient

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/peterh/liner"
	"golang.org/x/sys/unix"

	"pyfc/compiler/sql"
)

const (
	prompt      = "pyfc SQL> "
	nextPrompt  = "        > "
	clearScreen = "\x1b[H\x1b[2J"
	// terminalName is the file of what is typed.
	terminalName = "input"
)

// Interact reads statements from the terminal until the user ends it. Faults
// don't end it. history is the file that keeps what was typed.
func (c *Client) Interact(history string) error {
	l := liner.NewLiner()
	defer l.Close()
	// liner takes Ctrl-C for a key only once it reads: between a prompt's text
	// and that, and between statements, it is a signal, which ends nothing.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	l.SetCtrlCAborts(true)
	l.SetTabCompletionStyle(liner.TabPrints)
	l.SetWordCompleter(c.complete)
	if err := readHistory(l, history); err != nil {
		fmt.Fprintf(c.opts.Err, "note: no history: %v\n", err)
	}
	c.more = func() bool {
		answer, err := l.Prompt("-- more (Enter; q ends) -- ")
		return err == nil && !strings.HasPrefix(answer, "q")
	}
	err := c.converse(l)
	if saveErr := writeHistory(l, history); err == nil {
		err = saveErr
	}
	return err
}

// converse reads lines and executes the statements that they complete.
func (c *Client) converse(l *liner.State) error {
	pending := ""
	for {
		ask := prompt
		if pending != "" {
			ask = nextPrompt
		}
		line, err := l.Prompt(ask)
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
			pending = ""
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if strings.TrimSpace(line) != "" {
			l.AppendHistory(line)
		}
		list, rest := sql.Split(pending + line + "\n")
		if pending = rest; sql.Blank(rest) {
			pending = ""
		}
		for _, st := range list {
			if err := c.typed(strings.TrimLeft(st, "\n")); errors.Is(err, errQuit) {
				return nil
			} else if failed := (*Failed)(nil); err != nil && !errors.As(err, &failed) {
				fmt.Fprintf(c.opts.Err, "%v\n", err)
			}
		}
	}
}

// typed executes a statement behind those typed before, so that faults can
// show the place of an earlier one.
func (c *Client) typed(text string) error {
	before := c.sources[terminalName]
	c.sources[terminalName] = before + text + "\n"
	return c.statement(terminalName, len(before), text)
}

func readHistory(l *liner.State, file string) error {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = l.ReadHistory(f)
	return err
}

func writeHistory(l *liner.State, file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // statements may hold passwords
	if err != nil {
		return err
	}
	if _, err := l.WriteHistory(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// screenRows is the height of the terminal, or that of the oldest ones.
func screenRows(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ); err == nil && size.Row > 0 {
			return int(size.Row)
		}
	}
	return 24
}

// page shows a text, and asks after each screen whether to go on.
func (c *Client) page(text string) error {
	lines := strings.SplitAfter(text, "\n")
	size := len(lines)
	if c.more != nil {
		size = screenRows(c.opts.Out) - 1
	}
	for len(lines) > 0 {
		n := min(size, len(lines))
		if _, err := io.WriteString(c.opts.Out, strings.Join(lines[:n], "")); err != nil {
			return err
		}
		lines = lines[n:]
		if strings.Join(lines, "") == "" || !c.more() {
			break
		}
	}
	return nil
}
