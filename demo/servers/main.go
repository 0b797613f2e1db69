// Command servers is what the demo puts in the place of Kafka and MySQL: a
// broker and a database that speak their protocols, in memory. It is a module
// of its own, so that neither pyfc nor the jobs it makes depend on them.
//
// It prints one line of JSON with the addresses, and serves until its standard
// input ends.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/sirupsen/logrus"
	"github.com/twmb/franz-go/pkg/kfake"
)

// database is the only one that the MySQL server has.
const database = "demo"

// addresses are where the servers are; empty for one that wasn't asked for.
type addresses struct {
	Kafka string `json:"kafka,omitempty"` // HOST:PORT
	MySQL string `json:"mysql,omitempty"` // USER:PASSWORD@HOST:PORT/DATABASE
}

func main() {
	kafka := flag.Bool("kafka", false, "serve Kafka's protocol")
	mysql := flag.Bool("mysql", false, "serve MySQL's protocol")
	flag.Parse()
	if err := serve(*kafka, *mysql); err != nil {
		fmt.Fprintln(os.Stderr, "servers:", err)
		os.Exit(1)
	}
}

func serve(kafka, mysql bool) error {
	var at addresses
	if kafka {
		broker, err := kfake.NewCluster(kfake.NumBrokers(1))
		if err != nil {
			return fmt.Errorf("kafka: %w", err)
		}
		defer broker.Close()
		at.Kafka = broker.ListenAddrs()[0]
	}
	if mysql {
		db, addr, err := startMySQL()
		if err != nil {
			return fmt.Errorf("mysql: %w", err)
		}
		defer db.Close()
		at.MySQL = "root:root@" + addr + "/" + database
	}
	if err := json.NewEncoder(os.Stdout).Encode(at); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

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
	s, err := server.NewServer(config, sqle.NewDefault(provider), sql.NewContext, memory.NewSessionBuilder(provider), nil)
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
