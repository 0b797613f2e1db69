package python

// SetupError says that no worker can run as configured: no Python, packages
// that cannot be installed, a function that cannot be loaded.
type SetupError struct{ Err error }

func (e *SetupError) Error() string { return "Python worker: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *SetupError) Unwrap() error { return e.Err }

// ExitCode implements the process's exit class.
func (e *SetupError) ExitCode() int { return 10 }
