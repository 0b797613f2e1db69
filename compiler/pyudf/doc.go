// Package pyudf decides how a Python function of a script reaches the worker
// that runs it, and says why it isn't translated to Go.
//
// Shipping imitates cloudpickle. A function of an imported module travels as
// its module's file and is imported there under its name. A function of the
// driver travels as a slice of the driver's file: the statements that bind or
// may mutate a name that the function needs, transitively and in their order,
// every line where it was, so that tracebacks point into the user's script. The
// worker never runs the rest of the driver.
package pyudf
