// Package golden holds the tests of the whole: jobs with results recorded from
// the real PyFlink, refusals, faults, and what the documentation promises.
package golden
