// Package golden holds the tests of the whole: jobs with results recorded from
// the real PyFlink, refusals, faults, and what the documentation promises.
//
// Tests that take minutes and need no current folder of their own are parallel:
// they run two at a time behind the others, so that one compiles while another
// waits for a server.
package golden
