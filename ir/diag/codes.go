package diag

// Code identifies a kind of diagnostic for good: a code is never reused.
type Code string

// Info is what is declared about a code.
type Info struct {
	Severity Severity
	// Verdict is the exit class of an error: the user's mistake, something
	// planned, a missing input, or pyfc's own fault.
	Verdict Verdict
	// Doc says in a sentence what the diagnostic means.
	Doc string
}

// Verdict is what `pyfc check` answers, from best to worst.
type Verdict uint8

// The verdicts.
const (
	Plan       Verdict = iota // builds
	Planned                   // well-formed and typed, but needs a part that pyfc doesn't run yet
	NeedsInput                // needs an input that the build wasn't given
	Refused                   // the user's mistake, or something pyfc will not do
	Internal                  // pyfc's own fault
)

// String is the word in `check --format=json`.
func (v Verdict) String() string {
	return [...]string{"plan", "planned", "needs-input", "refused", "internal"}[v]
}

// ExitCode is the process status of a build that ends with this verdict.
func (v Verdict) ExitCode() int { return [...]int{0, 11, 10, 10, 70}[v] }

// Info returns the declaration of the code; an undeclared one is internal.
func (c Code) Info() Info {
	if i, ok := codes[c]; ok {
		return i
	}
	return Info{Severity: Error, Verdict: Internal, Doc: "undeclared code " + string(c)}
}

// The codes, by stage: PY front end, IN inputs, API pyflink model, SQL parser,
// BND binding, PLN planning, CON connectors, UDF functions, GEN back end.
const (
	PySyntax      Code = "PY001"
	PyUnsupported Code = "PY002"
	PyName        Code = "PY003"
	PyAttribute   Code = "PY004"
	PyRaised      Code = "PY005"
	PyImport      Code = "PY006"
	PyBudget      Code = "PY007"
	PyOpaque      Code = "PY008"
	PyEffect      Code = "PY009"
	PyType        Code = "PY010"
	PyLeftOut     Code = "PY011"
	PyCaught      Code = "PY012"

	InputMissing  Code = "IN001"
	InputSymbolic Code = "IN002"
	InputFile     Code = "IN003"
	InputAbsent   Code = "IN004"
	InputOutside  Code = "IN005"
	InputFixed    Code = "IN006"

	APIUnknown  Code = "API001"
	APIArgument Code = "API002"
	APIPlanned  Code = "API003"
	APIJava     Code = "API004"
	APIVersion  Code = "API005"
	APIStream   Code = "API006"
	APITruth    Code = "API007"

	SQLSyntax  Code = "SQL001"
	SQLPlanned Code = "SQL002"
	SQLIgnored Code = "SQL003"
	SQLVersion Code = "SQL004"

	UnknownTable     Code = "BND001"
	UnknownColumn    Code = "BND002"
	UnknownFunction  Code = "BND003"
	FunctionArgument Code = "BND004"
	TypeMismatch     Code = "BND005"
	DuplicateName    Code = "BND006"
	BadAggregate     Code = "BND007"
	AmbiguousColumn  Code = "BND008"
	UnknownType      Code = "BND009"
	LiteralRange     Code = "BND010"
	FunctionPlace    Code = "BND011"

	SinkSchema     Code = "PLN001"
	SinkNoKey      Code = "PLN002"
	SinkMode       Code = "PLN003"
	PlanPlanned    Code = "PLN004"
	NoPipeline     Code = "PLN005"
	RefusedByFlink Code = "PLN006"
	NothingKept    Code = "PLN007"

	ConnUnknown   Code = "CON001"
	ConnPlanned   Code = "CON002"
	OptionUnknown Code = "CON003"
	OptionMissing Code = "CON004"
	OptionValue   Code = "CON005"
	OptionWarn    Code = "CON006"
	SecretLiteral Code = "CON007"
	ConnRole      Code = "CON008"

	UDFShipping Code = "UDF001"
	UDFPlanned  Code = "UDF002"
	UDFType     Code = "UDF003"

	InternalError Code = "GEN001"
	BuildTool     Code = "GEN002"
)
