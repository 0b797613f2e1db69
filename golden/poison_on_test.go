//go:build pyfcpoison

package golden

// buildTags are the Go build tags of the jobs that tests build: those of the
// tests themselves.
var buildTags = []string{"pyfcpoison"}
