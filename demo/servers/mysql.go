package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/vitess/go/mysql"
	"github.com/dolthub/vitess/go/sqltypes"
	"github.com/sirupsen/logrus"
)

// database is the only one that the MySQL server has.
const database = "demo"

// startMySQL serves an empty database on a free port, to everybody.
func startMySQL() (*server.Server, string, error) {
	logrus.SetOutput(io.Discard) // it tells of each connection
	db := memory.NewDatabase(database)
	db.BaseDatabase.EnablePrimaryKeyIndexes()
	provider := memory.NewDBProvider(db)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	config := server.Config{Protocol: "tcp", Address: listener.Addr().String(), Listener: listener}
	s, err := server.NewServerWithHandler(config, sqle.NewDefault(provider), sql.NewContext, memory.NewSessionBuilder(provider), nil, oneAtATime)
	if err != nil {
		return nil, "", err
	}
	go func() {
		if err := s.Start(); err != nil {
			fmt.Fprintln(os.Stderr, "servers: mysql:", err)
			os.Exit(1)
		}
	}()
	return s, config.Address, nil
}

// inTurn lets one statement begin when the one before has been committed: a
// statement in memory works on the table as it found it and puts its own copy
// in the table's place, so that of two at once the later one would take back
// what the other wrote.
type inTurn struct {
	mysql.Handler
	turn sync.Mutex
}

func oneAtATime(h mysql.Handler) (mysql.Handler, error) { return &inTurn{Handler: h}, nil }

func (h *inTurn) ComQuery(ctx context.Context, c *mysql.Conn, query string, callback mysql.ResultSpoolFn) error {
	h.turn.Lock()
	defer h.turn.Unlock()
	return h.Handler.ComQuery(ctx, c, query, callback)
}

func (h *inTurn) ComMultiQuery(ctx context.Context, c *mysql.Conn, query string, callback mysql.ResultSpoolFn) (string, error) {
	h.turn.Lock()
	defer h.turn.Unlock()
	return h.Handler.ComMultiQuery(ctx, c, query, callback)
}

func (h *inTurn) ComStmtExecute(ctx context.Context, c *mysql.Conn, prepare *mysql.PrepareData, callback func(*sqltypes.Result) error) error {
	h.turn.Lock()
	defer h.turn.Unlock()
	return h.Handler.ComStmtExecute(ctx, c, prepare, callback)
}
