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
	"os"

	"github.com/twmb/franz-go/pkg/kfake"
)

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
