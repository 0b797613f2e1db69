package services

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/go-sql-driver/mysql"
)

// MariaDB is a database server of its own. It has the user root with the
// password root and a database flink.
type MariaDB struct {
	dir  string
	opts MariaDBOptions
	proc *Process
}

// MariaDBOptions changes how a server is started. The zero value is ready for
// use.
type MariaDBOptions struct {
	Port int // 0 takes a free one
	// Charset is the server's default character set, utf8mb4 if empty.
	Charset string
	// Args are more arguments for mariadbd.
	Args []string
}

// StartMariaDB starts a server and returns when it answers. It ends with the
// test.
func StartMariaDB(t testing.TB, opts MariaDBOptions) *MariaDB {
	t.Helper()
	Need(t, "MariaDB", "mariadbd", "mariadb-install-db")
	if opts.Port == 0 {
		opts.Port = FreePort(t)
	}
	if opts.Charset == "" {
		opts.Charset = "utf8mb4"
	}
	m := &MariaDB{dir: ServiceDir(t, "mysql"), opts: opts}
	install := exec.Command("mariadb-install-db", "--no-defaults", "--datadir="+m.path("data"), "--auth-root-authentication-method=normal", "--skip-test-db")
	install.Args = append(install.Args, m.userArgs(t)...)
	asServiceUser(t, install, "mysql")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("mariadb-install-db: %v\n%s", err, out)
	}
	m.start(t, "")
	t.Cleanup(m.Stop)
	m.exec(t, m.config("root", "", ""), []string{
		"CREATE DATABASE flink",
		"ALTER USER root@localhost IDENTIFIED BY 'root'",
	})
	return m
}

// Port is the port on the loopback interface.
func (m *MariaDB) Port() int { return m.opts.Port }

// Addr is the server's address: "127.0.0.1:40123".
func (m *MariaDB) Addr() string { return fmt.Sprintf("127.0.0.1:%d", m.opts.Port) }

// Stop ends the server.
func (m *MariaDB) Stop() { m.proc.Stop() }

// Kill ends the server as a crash would.
func (m *MariaDB) Kill() { m.proc.Kill() }

// Restart starts a stopped server again, on the same port and data, and
// returns when it answers.
func (m *MariaDB) Restart(t testing.TB) {
	t.Helper()
	m.proc.Stop()
	m.start(t, "root")
}

// Exec runs statements in the database flink.
func (m *MariaDB) Exec(t testing.TB, stmts ...string) {
	t.Helper()
	m.exec(t, m.config("root", "root", "flink"), stmts)
}

// Query returns a query's rows as text, NULL as "NULL".
func (m *MariaDB) Query(t testing.TB, query string) [][]string {
	t.Helper()
	db := m.open(t, m.config("root", "root", "flink"))
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		cells, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			if row[i] = c.String; !c.Valid {
				row[i] = "NULL"
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func (m *MariaDB) exec(t testing.TB, cfg *mysql.Config, stmts []string) {
	t.Helper()
	db := m.open(t, cfg)
	defer db.Close()
	for _, stmt := range stmts {
		if _, err := db.Exec(stmt); err != nil {
			t.Fatalf("%s: %v", stmt, err)
		}
	}
}

func (m *MariaDB) open(t testing.TB, cfg *mysql.Config) *sql.DB {
	t.Helper()
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return sql.OpenDB(connector)
}

func (m *MariaDB) config(user, password, database string) *mysql.Config {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.DBName = user, password, "tcp", m.Addr(), database
	cfg.Logger = &mysql.NopLogger{} // a server that is starting resets connections
	return cfg
}

// userArgs permits the server to run as root where it has to.
func (m *MariaDB) userArgs(t testing.TB) []string {
	if os.Geteuid() == 0 && serviceUser(t, "mysql") == nil {
		return []string{"--user=root"}
	}
	return nil
}

func (m *MariaDB) path(name string) string { return filepath.Join(m.dir, name) }

func (m *MariaDB) start(t testing.TB, rootPassword string) {
	t.Helper()
	args := []string{
		"--no-defaults", "--datadir=" + m.path("data"), "--socket=" + m.path("sock"), "--pid-file=" + m.path("pid"),
		"--bind-address=127.0.0.1", fmt.Sprintf("--port=%d", m.opts.Port), "--character-set-server=" + m.opts.Charset,
		"--innodb-buffer-pool-size=64M",
	}
	args = append(args, m.userArgs(t)...)
	cmd := exec.Command("mariadbd", append(args, m.opts.Args...)...)
	asServiceUser(t, cmd, "mysql")
	m.proc = StartProcess(t, cmd, m.path("mariadb.log"))
	m.proc.Wait(t, func(ctx context.Context) error {
		db := m.open(t, m.config("root", rootPassword, ""))
		defer db.Close()
		return db.PingContext(ctx)
	})
}
