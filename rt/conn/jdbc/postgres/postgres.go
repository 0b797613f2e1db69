// Package postgres speaks PostgreSQL's protocol for the connector jdbc, and is linked
// where a table's URL may be one of PostgreSQL. It uses the protocol layer of pgx
// only, with the simple query protocol.
package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"pyfc/rt/conn/jdbc"
)

func init() { jdbc.RegisterPostgres(driver{}) }

type driver struct{}

// Connect implements jdbc.PostgresDriver.
func (driver) Connect(ctx context.Context, settings, user, password string, timeout time.Duration) (jdbc.Session, error) {
	cfg, err := pgconn.ParseConfig(settings)
	if err != nil {
		return nil, err
	}
	cfg.User, cfg.Password = user, password
	conn, err := pgconn.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, timeout: timeout}, nil
}

// Fault implements jdbc.PostgresDriver.
func (driver) Fault(err error) (state, column string) {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code, e.ColumnName
	}
	return "", ""
}

// Unsent implements jdbc.PostgresDriver.
func (driver) Unsent(err error) bool { return pgconn.SafeToRetry(err) }

type session struct {
	conn    *pgconn.PgConn
	timeout time.Duration
}

// Exec implements jdbc.Session.
func (s *session) Exec(ctx context.Context, stmt string) error {
	_, err := s.run(ctx, stmt)
	return err
}

// Query implements jdbc.Session.
func (s *session) Query(ctx context.Context, query string) ([][]string, error) {
	results, err := s.run(ctx, query)
	if err != nil {
		return nil, err
	}
	var out [][]string
	for _, res := range results {
		for _, cells := range res.Rows {
			row := make([]string, len(cells))
			for i, c := range cells {
				row[i] = string(c)
			}
			out = append(out, row)
		}
	}
	return out, nil
}

func (s *session) run(ctx context.Context, stmt string) ([]*pgconn.Result, error) {
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.timeout)
		defer cancel()
	}
	return s.conn.Exec(ctx, stmt).ReadAll()
}

// Stream implements jdbc.Session.
func (s *session) Stream(ctx context.Context, query string) (jdbc.Rows, error) {
	results := s.conn.Exec(ctx, query)
	if !results.NextResult() {
		return nil, results.Close()
	}
	return &rows{results, results.ResultReader()}, nil
}

// rows are the rows of a query, of which one is in memory at a time.
type rows struct {
	results *pgconn.MultiResultReader
	rows    *pgconn.ResultReader
}

// Next implements jdbc.Rows.
func (r *rows) Next() ([][]byte, error) {
	if !r.rows.NextRow() {
		_, err := r.rows.Close()
		return nil, err
	}
	return r.rows.Values(), nil
}

// Close implements jdbc.Rows.
func (r *rows) Close() error { return r.results.Close() }

// MaxStatement implements jdbc.Session: the protocol's limit is 1 GiB.
func (s *session) MaxStatement() int { return 1<<30 - 1<<10 }

// Close implements jdbc.Session.
func (s *session) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return s.conn.Close(ctx)
}
