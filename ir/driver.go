package ir

import "pyfc/ir/diag"

// Driver says that the script itself runs beside the job, in CPython, since it
// computes with what the job gives: driver mode. Its calls into the package do
// nothing but what was found at build; each is found again by its place.
type Driver struct {
	// Why says what in the script asks for it, at Pos.
	Why string
	Pos diag.Pos
	// Root is the script's folder at build.
	Root string
	// Files are the script and its modules, and what it read at build, by their
	// paths from the script's folder.
	Files []File
	// Calls are those of the script into the package, in order.
	Calls []DriverCall
	// Names are what the script's imports of * take, by module.
	Names map[string][]string
	// Modules are those that it imports beside the script's own and Python's.
	Modules []string
}

// DriverCall is a call of the script into the package.
type DriverCall struct {
	File          string // from the script's folder, with slashes
	Line, EndLine int
	Name          string // of the function or method
	// Args are the texts among the arguments, which are the same at every run;
	// Loose says that some are only known at start.
	Args   []string
	Loose  bool
	Answer DriverAnswer
}

// DriverFolder stands for the folder in which the driver leaves files for its
// job, at the beginning of a path.
const DriverFolder = "<driver>/"

// DriverAnswer is what a call gives the driver.
type DriverAnswer struct {
	Kind DriverKind
	// Run is the submission, by its position among the actions.
	Run int
	// Name is the class of DriverRaises.
	Name string
	Text Text
}

// Submits reports whether the answer is that of a submission.
func (a *DriverAnswer) Submits() bool {
	return a.Kind == DriverRun || a.Kind == DriverRows || a.Kind == DriverPandas
}

// DriverKind says what an answer is.
type DriverKind string

// The kinds of answers.
const (
	DriverObject  DriverKind = ""        // an object of the package
	DriverValue   DriverKind = "value"   // a Python literal, the text
	DriverString  DriverKind = "string"  // the text as str
	DriverRaises  DriverKind = "raises"  // an exception whose message is the text
	DriverPrint   DriverKind = "print"   // the text is printed
	DriverAnswers DriverKind = "answers" // rows: the text is a Python list of tuples
	DriverRun     DriverKind = "run"     // an object, when the submission has ended
	DriverRows    DriverKind = "rows"    // the rows of the submission, one by one
	// DriverFrame is an object, when the DataFrame that was passed has been
	// written to a file, as the text says.
	DriverFrame  DriverKind = "frame"
	DriverJob    DriverKind = "job"    // the id of the job that the text numbers
	DriverEnded  DriverKind = "ended"  // the status of a job that has ended
	DriverPandas DriverKind = "pandas" // the rows of the submission as a DataFrame
)
