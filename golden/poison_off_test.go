//go:build !pyfcpoison

package golden

// buildTags are the Go build tags of the jobs that tests build.
var buildTags []string
