package fn

import "pyfc/ir/types"

// Parameter classes and result types that several files share.
var (
	// int32Param takes an integer that fits INT. Flink 1.20.1 fails with an
	// error of its own generated code for a BIGINT there.
	int32Param = NewParam("an INT", func(t types.Type) bool { return t.Integer() && t.Kind != types.BigInt }).AsKind(types.Int)
	longParam  = Integer.AsKind(types.BigInt)
	bytesParam = NewParam("a string or binary string", func(t types.Type) bool { return t.Text() || t.Binary() })
)

// textOfFirst is VARCHAR of the first argument's length.
func textOfFirst(args []Arg) types.Type { return varChar(args[0].Precision) }

// nullableText is textOfFirst for a function that can give NULL.
func nullableText(args []Arg) types.Type { return textOfFirst(args).WithNull(true) }

func alwaysDouble([]Arg) types.Type { return types.Of(types.Double).NotNull() }

// varChar is VARCHAR(n) NOT NULL; STRING where n is out of range.
func varChar(n int) types.Type {
	t := types.String().NotNull()
	if n >= 0 && n < types.MaxLength {
		t.Precision = n
	}
	return t
}
