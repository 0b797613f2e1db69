// Command empty does nothing: the floor of what starting a Go program takes.
package main

func main() {}
