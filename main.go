// Command pyfc compiles PyFlink Table API scripts into specialised Go binaries.
package main

import (
	"os"

	"pyfc/compiler/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }
