// Command dist makes the installable pyfc: a folder with bin/pyfc, and in
// lib/pyfc the runtime's sources and all modules that jobs link. It works
// wherever Go is, without the checkout and without a network.
package main

import (
	"context"
	"fmt"
	"os"

	"pyfc/codegen/gobuild"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: dist DIR")
		os.Exit(2)
	}
	if err := gobuild.Pack(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}
