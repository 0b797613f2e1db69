package pyflink

import (
	"hash/fnv"
	"slices"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir/diag"
	"pyfc/ir/types"
)

// dataTypeClass is the type of DataTypes.INT(): its instances carry a
// types.Type. dataTypesClass is the factory, fieldClass a field of a ROW and
// carries a types.Column.
var (
	dataTypeClass  = pyeval.NewClass("pyflink.table.types", "DataType")
	dataTypesClass = pyeval.NewClass("pyflink.table.types", "DataTypes")
	fieldClass     = pyeval.NewClass("pyflink.table.types", "RowField")
	// resolutionClass is a unit of intervals, which carries its name.
	resolutionClass = pyeval.NewClass("pyflink.table.types", "Resolution")
)

// newDataType is a type as the script has it.
func newDataType(t types.Type) *pyeval.Instance { return typeClasses[t.Kind].Make(t) }

// typeMaker makes a type of the arguments of a call.
type typeMaker func(*pyeval.Call) (types.Type, error)

// dataTypes are the members of DataTypes that make a type; each takes nullable
// behind the parameters given here.
var dataTypes = []struct {
	name   string
	params string
	typ    typeMaker
}{
	{"STRING", "", plain(types.String())},
	{"BOOLEAN", "", plain(types.Of(types.Boolean))},
	{"BYTES", "", plain(types.Of(types.VarBinary))},
	{"TINYINT", "", plain(types.Of(types.TinyInt))},
	{"SMALLINT", "", plain(types.Of(types.SmallInt))},
	{"INT", "", plain(types.Of(types.Int))},
	{"BIGINT", "", plain(types.Of(types.BigInt))},
	{"FLOAT", "", plain(types.Of(types.Float))},
	{"DOUBLE", "", plain(types.Of(types.Double))},
	{"DATE", "", plain(types.Of(types.Date))},
	{"CHAR", "length: int", sized(types.Char)},
	{"VARCHAR", "length: int", sized(types.VarChar)},
	{"BINARY", "length: int", sized(types.Binary)},
	{"VARBINARY", "length: int", sized(types.VarBinary)},
	{"TIME", "precision: int = 0", sized(types.Time)},
	{"TIMESTAMP", "precision: int = 6", sized(types.Timestamp)},
	{"TIMESTAMP_LTZ", "precision: int = 6", sized(types.TimestampLTZ)},
	{"TIMESTAMP_WITH_LOCAL_TIME_ZONE", "precision: int = 6", sized(types.TimestampLTZ)},
	{"DECIMAL", "precision: int, scale: int", decimalType},
	{"ARRAY", "element_type: DataType", nested(types.Array, "element_type")},
	{"MULTISET", "element_type: DataType", nested(types.Multiset, "element_type")},
	{"MAP", "key_type: DataType, value_type: DataType", nested(types.Map, "key_type", "value_type")},
	{"ROW", "row_fields: seq = ()", func(c *pyeval.Call) (types.Type, error) { return rowOfFields(c, "row_fields") }},
}

func init() {
	declare(dataTypeClass, "A SQL data type.",
		def("not_null(self)", "The same type without NULL.", nullability(false)),
		def("nullable(self)", "The same type with NULL.", nullability(true)),
		def("__repr__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(typeText(typeIn(c))), nil
		}),
		def("__str__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr(typeWord(c.Self().Class())), nil
		}),
		def("__hash__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			h := fnv.New32a()
			h.Write([]byte(typeIn(c).String()))
			return pyeval.NewInt(int64(h.Sum32())), nil
		}),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			b, ok := pyeval.Data[types.Type](c.Arg("other"))
			return pyeval.Bool(ok && c.Arg("other").Class() == c.Self().Class() && typeIn(c).Equal(b)), nil
		}),
		get("_nullable", "Whether NULL is among the values.", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.Bool(typeIn(c).Nullable), nil
		}),
		typeName(dataTypeClass),
	)
	members := []member{
		onClass("NULL()", "The type of NULL.", func(*pyeval.Call) (pyeval.Value, error) {
			return newDataType(types.Of(types.Null)), nil
		}),
		onClass("FIELD("+fieldParameters+")", "A field of a ROW.", newField),
	}
	for _, d := range dataTypes {
		members = append(members, onClass(d.name+"("+withNullable(d.params)+")", "The type "+d.name+".", func(c *pyeval.Call) (pyeval.Value, error) {
			t, err := d.typ(c)
			if err != nil {
				return nil, err
			}
			return newDataType(t), nil
		}))
	}
	members = append(members, intervalMembers()...)
	declare(dataTypesClass, "The SQL data types.", append(members, viewMembers()...)...)
	column := func(c *pyeval.Call) types.Column {
		col, _ := pyeval.Data[types.Column](c.Self())
		return col
	}
	declare(fieldClass, "A field of a ROW type.",
		def("__init__(self, "+fieldParameters+")", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = fieldGiven(c)
			return pyeval.None, nil
		}),
		get("name", "The field's name.", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewStr(column(c).Name), nil }),
		get("data_type", "Its type.", func(c *pyeval.Call) (pyeval.Value, error) { return newDataType(column(c).Type), nil }),
		def("__str__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr("RowField(" + column(c).Name + ", " + typeWord(typeClasses[column(c).Type.Kind]) + ")"), nil
		}),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			other, ok := pyeval.Data[types.Column](c.Arg("other"))
			return pyeval.Bool(ok && other.Name == column(c).Name && other.Type.Equal(column(c).Type)), nil
		}),
		def("__repr__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr("RowField(" + column(c).Name + ", " + typeText(column(c).Type) + ", ...)"), nil
		}),
	)
}

const fieldParameters = "name: str, data_type: DataType, description: str|None = None"

func newField(c *pyeval.Call) (pyeval.Value, error) { return fieldClass.Make(fieldGiven(c)), nil }

func fieldGiven(c *pyeval.Call) types.Column {
	t, _ := pyeval.Data[types.Type](c.Arg("data_type"))
	return types.Column{Name: c.Str("name"), Type: t}
}

func nullability(nullable bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		return newDataType(typeIn(c).WithNull(nullable)), nil
	}
}

// withNullable adds what all but NULL take to the parameters of a type.
func withNullable(params string) string {
	const nullable = "nullable: bool = True"
	if params == "" {
		return nullable
	}
	return params + ", " + nullable
}

func plain(t types.Type) typeMaker {
	return func(c *pyeval.Call) (types.Type, error) { return t.WithNull(c.Bool("nullable")), nil }
}

// sized takes a length, or the digits of a fraction of a second.
func sized(kind types.Kind) typeMaker {
	name, low, high := "length", int64(1), int64(types.MaxLength)
	if kind == types.Time || kind == types.Timestamp || kind == types.TimestampLTZ {
		name, low, high = "precision", 0, 9
	}
	return func(c *pyeval.Call) (types.Type, error) {
		n, err := size(c, name, low, high)
		return types.Type{Kind: kind, Precision: n, Nullable: c.Bool("nullable")}, err
	}
}

// size returns an argument that must be in [low, high].
func size(c *pyeval.Call, name string, low, high int64) (int, error) {
	n := c.Int(name)
	if n < low || n > high {
		return 0, argument(c.Where(name).Pos(), "%s of %s must be from %d to %d, not %d", name, c.Name, low, high, n)
	}
	return int(n), nil
}

func decimalType(c *pyeval.Call) (types.Type, error) {
	precision, err := size(c, "precision", 1, 38)
	if err != nil {
		return types.Type{}, err
	}
	scale, err := size(c, "scale", 0, int64(precision))
	return types.NewDecimal(precision, scale).WithNull(c.Bool("nullable")), err
}

// nested takes the types of what is inside.
func nested(kind types.Kind, params ...string) typeMaker {
	return func(c *pyeval.Call) (types.Type, error) {
		t := types.Type{Kind: kind, Nullable: c.Bool("nullable")}
		for _, p := range params {
			e, _ := pyeval.Data[types.Type](c.Arg(p))
			t.Elems = append(t.Elems, e)
		}
		return t, nil
	}
}

// rowOfFields reads the fields of a ROW.
func rowOfFields(c *pyeval.Call, param string) (types.Type, error) {
	t := types.Type{Kind: types.Row, Nullable: c.Bool("nullable")}
	for _, f := range c.Elems(param) {
		col, ok := pyeval.Data[types.Column](f)
		if !ok {
			return t, argument(c.Where(param).Pos(), "%s takes a list of DataTypes.FIELD(name, type), not of %s", c.Name, f.Class().Name())
		}
		t.Names, t.Elems = append(t.Names, col.Name), append(t.Elems, col.Type)
	}
	return t, nil
}

// typeOf reads a value that stands for a type: a DataType, or the text of an
// SQL type.
func typeOf(c *pyeval.Call, v pyeval.Value, where diag.Pos) (types.Type, error) {
	if t, ok := pyeval.Data[types.Type](v); ok {
		return t, nil
	}
	text, ok := v.(*pyeval.Str)
	if !ok {
		return types.Type{}, diag.New(diag.UDFType, where, "a data type must be given as DataTypes.… or as SQL text, not as %s", v.Class().Name())
	}
	t, ds := sql.ParseType(text.String(), locator(text, where))
	return t, orNil(ds)
}

// locator maps offsets of a text to the script: into the string constants that
// it was made of, else to where it was given.
func locator(text *pyeval.Str, where diag.Pos) sql.Locator {
	return func(offset int) diag.Pos {
		if span, ok := text.Locate(offset); ok {
			return span.Pos()
		}
		return where
	}
}

// intervalUnits are the units of intervals; those of months come first.
var intervalUnits = []string{"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"}

func intervalMembers() []member {
	var out []member
	for _, u := range intervalUnits {
		param := map[string]string{"YEAR": "precision: int = 2", "DAY": "precision: int = 2", "SECOND": "precision: int = 6"}[u]
		out = append(out, onClass(u+"("+param+")", "The unit of an interval.", func(*pyeval.Call) (pyeval.Value, error) {
			return resolutionClass.Make(u), nil
		}))
	}
	return append(out, onClass("INTERVAL(upper_resolution, lower_resolution = None)", "A length of time.", func(c *pyeval.Call) (pyeval.Value, error) {
		upper, ok := pyeval.Data[string](c.Arg("upper_resolution"))
		if !ok {
			return nil, argument(c.Where("upper_resolution").Pos(), "INTERVAL takes units such as DataTypes.DAY()")
		}
		lower := upper
		if v := c.Arg("lower_resolution"); v != pyeval.None {
			lower, _ = pyeval.Data[string](v)
		}
		from, to := slices.Index(intervalUnits, upper), slices.Index(intervalUnits, lower)
		const months = 2
		if from > to || (from < months) != (to < months) {
			return nil, argument(c.Span.Pos(), "an INTERVAL from %s to %s isn't possible", upper, lower)
		}
		if from < months {
			return newDataType(types.Of(types.IntervalYearMonth)), nil
		}
		return newDataType(types.Of(types.IntervalDayTime)), nil
	}))
}
