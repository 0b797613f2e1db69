// Package pyeval evaluates a driver script at compile time.
//
// A PyFlink driver is a Python program whose only purpose is to describe a
// job. pyeval runs it, statement by statement, over values of its own, and the
// pyflink model (package pyflink) records what the script says to it. What is
// left when the script ends is the job; no Python is needed to run it.
//
// # The algorithm
//
// pyast gives a tree; Thread walks it. Before a function's first call its body
// is scanned once for the names that it binds (scope.go), so that a name is
// local, enclosing or global by CPython's rules. Frames hold cells by name.
// Each expression yields a Value or a Go error, and the error is one of
//
//   - *Raised: a Python exception; try statements see it;
//   - *diag.Diagnostic: a refusal; it ends the run, no except clause sees it;
//   - an internal signal (break, continue, return are handled as such).
//
// Behaviour is Python's protocol everywhere: native classes written in Go have
// methods and dunder methods just like classes of the script, so that an
// operator, a decorator, a call or an iteration has one way to find its
// implementation: the class's method resolution order.
//
// # Stages
//
// A value is known now, known at start, or never known:
//
//   - ordinary values are known now;
//   - *Sym is a value that is only known when the job starts: an environment
//     variable, an argument, and what is made from them. A closed table
//     (symops.go) says for each operation whether it keeps the value symbolic,
//     is applied at start, or needs the input at build;
//   - *Opaque comes from a module that pyfc doesn't model. It can be called and
//     taken apart, the results are opaque too, and it may sit in a user-defined
//     function; a branch or a loop on it leaves the script to CPython, beside the
//     job.
//
// # Effects
//
// The builder's environment is never read and nothing outside is changed. Files
// that the script reads are recorded with their hashes (files.go says which, and
// when that is told); what it prints is handed to Host in order. Of a change outside – a file
// written or deleted, a process, a connection – the Host is told; where it
// answers that CPython runs the script beside the job, a second evaluation
// (Options.Beside) takes what the change gives, and what then is at a changed
// path, for late values.
package pyeval
