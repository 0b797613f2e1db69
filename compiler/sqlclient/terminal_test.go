package sqlclient

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"pyfc/compiler/pyflink"
	"pyfc/ir/diag"
)

// historyEnv makes the test binary a client at the terminal that it is given.
const historyEnv = "PYFC_TEST_SQL_HISTORY"

func TestMain(m *testing.M) {
	history := os.Getenv(historyEnv)
	if history == "" {
		os.Exit(m.Run())
	}
	c, err := New(Options{Options: pyflink.Options{Script: "."}, Out: os.Stdout, Err: os.Stderr, Terminal: true, Palette: diag.Plain})
	if err == nil {
		err = c.Interact(history)
	}
	if err != nil {
		panic(err)
	}
}

// session is a client at a terminal.
type session struct {
	t    *testing.T
	tty  *os.File
	cmd  *exec.Cmd
	lock sync.Mutex
	seen strings.Builder
	news chan struct{}
	from int // what was seen before has been waited for
}

func open(t *testing.T, history string) *session {
	t.Helper()
	s := &session{t: t, cmd: exec.Command(os.Args[0]), news: make(chan struct{}, 1)}
	s.cmd.Env = append(os.Environ(), historyEnv+"="+history, "TERM=xterm")
	tty, err := pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 20, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	s.tty = tty
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // it has ended, mostly
		tty.Close()
	})
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := tty.Read(buf)
			s.lock.Lock()
			s.seen.Write(buf[:n])
			s.lock.Unlock()
			select {
			case s.news <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	s.wait(prompt)
	return s
}

func (s *session) typed(keys string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// wait waits until the terminal shows a text behind what was waited for.
func (s *session) wait(text string) {
	s.t.Helper()
	limit := time.After(5 * time.Minute)
	for {
		s.lock.Lock()
		all := s.seen.String()
		s.lock.Unlock()
		if i := strings.Index(all[s.from:], text); i >= 0 {
			s.from += i + len(text)
			return
		}
		select {
		case <-s.news:
		case <-limit:
			s.t.Fatalf("never shows %q:\n%s", text, all[s.from:])
		}
	}
}

func TestTerminal(t *testing.T) {
	history := filepath.Join(t.TempDir(), "cache", "history")
	s := open(t, history)
	s.typed("CREATE TABLE clicks (visitor INT)\r")
	s.wait(nextPrompt)
	s.typed("WITH ('connector' = 'datagen', 'rows-per-second' = '5');\r")
	s.wait("OK")
	s.typed("DESCR\t cli\t;\r") // DESCRIBE, then the table: both are the only ones
	s.wait("visitor")
	s.wait("1 row in set")
	s.typed("SELECT visiter FROM clicks;\r")
	s.wait("^^^^^^^")
	s.wait("did you mean visitor?")
	s.typed("SELECT COUNT(*) AS n FROM clicks;\r")
	s.wait("| n |") // drawn while it runs
	s.wait("\x1b[J")
	s.typed("\x03")
	s.wait("Query terminated.")
	s.wait(prompt)
	s.typed("SELECT *\r")
	s.wait(nextPrompt)
	s.typed("x") // shown once keys are read: Ctrl-C is a key from then on
	s.wait("x")
	s.typed("\x03") // gives up what isn't complete
	s.wait(prompt)
	s.typed("QUIT;\r")
	if err := s.cmd.Wait(); err != nil {
		t.Error(err)
	}

	again := open(t, history)
	again.typed("\x1b[A\x1b[A\x1b[A\r") // the third line from the end
	again.wait("no table or view")
	again.typed("\x04")
	if err := again.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestCompletion(t *testing.T) {
	c, _, faults := client(t)
	if err := c.Run("script.sql", "CREATE TABLE orders (order_id INT, amount INT) WITH ('connector' = 'datagen');"); err != nil {
		t.Fatalf("%v\n%s", err, faults)
	}
	for _, tc := range []struct {
		line, word string
		want       bool
	}{
		{"SELECT * FROM ord", "orders", true},
		{"SELECT ORD", "order_id", true},
		{"selec", "SELECT", true},
		{"SELECT char_len", "CHAR_LENGTH", true},
		{"SELECT orders.am", "amount", true},
		{"SELECT orders.sel", "SELECT", false},
		{"SELECT 'é' || am", "amount", true},
		{"quit", "QUIT", true},
	} {
		head, words, tail := c.complete(tc.line+" FROM x", len([]rune(tc.line)))
		if slices.Contains(words, tc.word) != tc.want || tail != " FROM x" || !strings.HasPrefix(tc.line, head) {
			t.Errorf("%s: %q %q %q", tc.line, head, words, tail)
		}
	}
}

func TestPages(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history"))
	s.typed("SELECT x FROM (VALUES " + strings.Repeat("(1), ", 40) + "(2)) AS v(x);\r")
	s.wait("-- more")
	s.typed("\r")
	s.wait("-- more")
	s.typed("q\r")
	s.wait(prompt)
}
