// Package pyflink is the pyflink package as a driver script sees it at compile
// time. Its modules are written in Go for the evaluator of package pyeval;
// calling them records what the script says and builds, by way of package
// bind, the job.
//
// Everything that the package offers is declared as data: declare(class,
// members…) lists each member once with its signature, a sentence and its
// implementation. What PyFlink has besides is known by name from known.txt:
// such a member exists, and using it is refused as planned. So a misspelt name
// gets a suggestion from the whole of PyFlink's vocabulary.
//
// A refusal doesn't end the script. It is reported where it belongs, and the
// call yields a poisoned value that silences what follows from it, so that all
// faults of a script are shown at once.
package pyflink
