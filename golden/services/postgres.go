package services

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Postgres is a PostgreSQL server of its own. It has the user postgres with
// the password postgres and a database flink.
type Postgres struct {
	dir  string
	bin  string
	port int
	proc *Process
}

// PostgresOptions changes how a server is started. The zero value is ready for
// use.
type PostgresOptions struct {
	Port int // 0 takes a free one
}

// StartPostgres starts a server and returns when it answers. It ends with the
// test.
func StartPostgres(t testing.TB, opts PostgresOptions) *Postgres {
	t.Helper()
	if os.Geteuid() == 0 && serviceUser(t, "postgres") == nil {
		Missing(t, "PostgreSQL cannot run as root, and another user isn't mapped here")
	}
	p := &Postgres{bin: postgresBin(t), port: opts.Port}
	if p.port == 0 {
		p.port = FreePort(t)
	}
	p.dir = ServiceDir(t, "postgres")
	password := p.path("password")
	if err := os.WriteFile(password, []byte("postgres\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	initdb := exec.Command(filepath.Join(p.bin, "initdb"), "--pgdata="+p.path("data"), "--username=postgres",
		"--pwfile="+password, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
	asServiceUser(t, initdb, "postgres")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.start(t)
	t.Cleanup(p.Stop)
	p.run(t, "postgres", "CREATE DATABASE flink")
	return p
}

// postgresBin finds the folder of PostgreSQL's server programs: Debian keeps
// each version's apart, off the path.
func postgresBin(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path)
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		Missing(t, "PostgreSQL needs the program initdb, which isn't installed")
	}
	return filepath.Dir(slices.Max(found))
}

// Port is the port on the loopback interface.
func (p *Postgres) Port() int { return p.port }

// Addr is the server's address: "127.0.0.1:40123".
func (p *Postgres) Addr() string { return fmt.Sprintf("127.0.0.1:%d", p.port) }

// Stop ends the server, its clients' sessions at once.
func (p *Postgres) Stop() {
	p.proc.signal(syscall.SIGINT) // at SIGTERM it would wait for its clients
	p.proc.Stop()
}

// Kill ends the server as a crash would: without a checkpoint, so that the
// next start recovers.
func (p *Postgres) Kill() {
	p.proc.signal(syscall.SIGQUIT) // SIGKILL would leave processes that bar the next start for a while
	p.proc.Stop()
}

// Restart starts a stopped server again, on the same port and data, and
// returns when it answers.
func (p *Postgres) Restart(t testing.TB) {
	t.Helper()
	p.Stop()
	p.start(t)
}

// Exec runs statements in the database flink.
func (p *Postgres) Exec(t testing.TB, stmts ...string) {
	t.Helper()
	for _, stmt := range stmts {
		p.run(t, "flink", stmt)
	}
}

// Query returns a query's rows as text, NULL as "NULL".
func (p *Postgres) Query(t testing.TB, query string) [][]string {
	t.Helper()
	return p.run(t, "flink", query)
}

func (p *Postgres) run(t testing.TB, database, stmt string) [][]string {
	t.Helper()
	ctx := context.Background()
	conn, err := p.connect(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	results, err := conn.Exec(ctx, stmt).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", stmt, err)
	}
	var out [][]string
	for _, cells := range results[len(results)-1].Rows {
		row := make([]string, len(cells))
		for i, c := range cells {
			if row[i] = string(c); c == nil {
				row[i] = "NULL"
			}
		}
		out = append(out, row)
	}
	return out
}

func (p *Postgres) connect(ctx context.Context, database string) (*pgconn.PgConn, error) {
	return pgconn.Connect(ctx, fmt.Sprintf("postgres://postgres:postgres@%s/%s?sslmode=disable", p.Addr(), database))
}

func (p *Postgres) path(name string) string { return filepath.Join(p.dir, name) }

func (p *Postgres) start(t testing.TB) {
	t.Helper()
	cmd := exec.Command(filepath.Join(p.bin, "postgres"), "-D", p.path("data"), "-p", fmt.Sprint(p.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+p.dir, "-c", "fsync=off")
	asServiceUser(t, cmd, "postgres")
	p.proc = StartProcess(t, cmd, p.path("postgres.log"))
	p.proc.Wait(t, func(ctx context.Context) error {
		conn, err := p.connect(ctx, "postgres")
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	})
}
