package pyflink

import (
	"fmt"
	"hash/fnv"
	"strings"

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
)

// plainDataTypes take nothing but nullable.
var plainDataTypes = []struct {
	name string
	typ  types.Type
}{
	{"STRING", types.String()}, {"BOOLEAN", types.Of(types.Boolean)}, {"BYTES", types.Of(types.VarBinary)},
	{"TINYINT", types.Of(types.TinyInt)}, {"SMALLINT", types.Of(types.SmallInt)}, {"INT", types.Of(types.Int)},
	{"BIGINT", types.Of(types.BigInt)}, {"FLOAT", types.Of(types.Float)}, {"DOUBLE", types.Of(types.Double)},
	{"DATE", types.Of(types.Date)},
}

// sizedDataTypes take a length or a precision, with its bounds.
var sizedDataTypes = []struct {
	name      string
	kind      types.Kind
	param     string // with its default, if any
	low, high int64
}{
	{"CHAR", types.Char, "length: int", 1, types.MaxLength},
	{"VARCHAR", types.VarChar, "length: int", 1, types.MaxLength},
	{"BINARY", types.Binary, "length: int", 1, types.MaxLength},
	{"VARBINARY", types.VarBinary, "length: int", 1, types.MaxLength},
	{"TIME", types.Time, "precision: int = 0", 0, 9},
	{"TIMESTAMP", types.Timestamp, "precision: int = 6", 0, 9},
	{"TIMESTAMP_LTZ", types.TimestampLTZ, "precision: int = 6", 0, 9},
	{"TIMESTAMP_WITH_LOCAL_TIME_ZONE", types.TimestampLTZ, "precision: int = 6", 0, 9},
}

func init() {
	declare(dataTypeClass, "A SQL data type.",
		def("not_null(self)", "The same type without NULL.", nullability(false)),
		def("nullable(self)", "The same type with NULL.", nullability(true)),
		def("__repr__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[types.Type](c.Self())
			return pyeval.NewStr(typeText(t)), nil
		}),
		def("__str__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[types.Type](c.Self())
			name, _, _ := strings.Cut(typeText(t), "Type(")
			return pyeval.NewStr(strings.ToUpper(name)), nil
		}),
		def("__hash__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			t, _ := pyeval.Data[types.Type](c.Self())
			h := fnv.New32a()
			h.Write([]byte(t.String()))
			return pyeval.NewInt(int64(h.Sum32())), nil
		}),
		def("__eq__(self, other)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			a, _ := pyeval.Data[types.Type](c.Self())
			b, ok := pyeval.Data[types.Type](c.Arg("other"))
			return pyeval.Bool(ok && a.Equal(b)), nil
		}),
	)
	members := []member{
		onClass("NULL()", "The type of NULL.", func(*pyeval.Call) (pyeval.Value, error) {
			return dataTypeClass.Make(types.Of(types.Null)), nil
		}),
		onClass("DECIMAL(precision: int, scale: int, nullable: bool = True)", "An exact number.", decimalType),
		onClass("ARRAY(element_type: DataType, nullable: bool = True)", "A list of values.", nestedType(types.Array, "element_type")),
		onClass("MULTISET(element_type: DataType, nullable: bool = True)", "A bag of values.", nestedType(types.Multiset, "element_type")),
		onClass("MAP(key_type: DataType, value_type: DataType, nullable: bool = True)", "Values by keys.", nestedType(types.Map, "key_type", "value_type")),
		onClass("ROW(row_fields: seq = (), nullable: bool = True)", "A composite value.", rowType),
		onClass("FIELD("+fieldParameters+")", "A field of a ROW.", newField),
	}
	for _, p := range plainDataTypes {
		members = append(members, onClass(p.name+"(nullable: bool = True)", "The type "+p.name+".", func(c *pyeval.Call) (pyeval.Value, error) {
			return dataTypeClass.Make(p.typ.WithNull(c.Bool("nullable"))), nil
		}))
	}
	for _, s := range sizedDataTypes {
		members = append(members, onClass(s.name+"("+s.param+", nullable: bool = True)", "The type "+s.name+" of a size.", func(c *pyeval.Call) (pyeval.Value, error) {
			name := "length"
			if s.low == 0 {
				name = "precision"
			}
			n, err := size(c, name, s.low, s.high)
			return dataTypeClass.Make(types.Type{Kind: s.kind, Precision: n, Nullable: c.Bool("nullable")}), err
		}))
	}
	declare(dataTypesClass, "The SQL data types.", members...)
	declare(fieldClass, "A field of a ROW type.", onClass("__new__(cls, "+fieldParameters+")", "Makes a field.", newField))
}

const fieldParameters = "name: str, data_type: DataType, description: str|None = None"

func newField(c *pyeval.Call) (pyeval.Value, error) {
	t, _ := pyeval.Data[types.Type](c.Arg("data_type"))
	return fieldClass.Make(types.Column{Name: c.Str("name"), Type: t}), nil
}

func nullability(nullable bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		t, _ := pyeval.Data[types.Type](c.Self())
		return dataTypeClass.Make(t.WithNull(nullable)), nil
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

func decimalType(c *pyeval.Call) (pyeval.Value, error) {
	precision, err := size(c, "precision", 1, 38)
	if err != nil {
		return nil, err
	}
	scale, err := size(c, "scale", 0, int64(precision))
	return dataTypeClass.Make(types.NewDecimal(precision, scale).WithNull(c.Bool("nullable"))), err
}

func nestedType(kind types.Kind, params ...string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		t := types.Type{Kind: kind, Nullable: c.Bool("nullable")}
		for _, p := range params {
			e, _ := pyeval.Data[types.Type](c.Arg(p))
			t.Elems = append(t.Elems, e)
		}
		return dataTypeClass.Make(t), nil
	}
}

func rowType(c *pyeval.Call) (pyeval.Value, error) {
	t := types.Type{Kind: types.Row, Nullable: c.Bool("nullable")}
	for _, f := range c.Elems("row_fields") {
		col, ok := pyeval.Data[types.Column](f)
		if !ok {
			return nil, argument(c.Where("row_fields").Pos(), "DataTypes.ROW takes a list of DataTypes.FIELD(name, type), not of %s", f.Class().Name())
		}
		t.Names, t.Elems = append(t.Names, col.Name), append(t.Elems, col.Type)
	}
	return dataTypeClass.Make(t), nil
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

// typeNames are the classes of PyFlink's types.
var typeNames = map[types.Kind]string{
	types.Null: "NullType", types.Char: "CharType", types.VarChar: "VarCharType", types.Boolean: "BooleanType",
	types.Binary: "BinaryType", types.VarBinary: "VarBinaryType", types.Decimal: "DecimalType", types.TinyInt: "TinyIntType",
	types.SmallInt: "SmallIntType", types.Int: "IntType", types.BigInt: "BigIntType", types.Float: "FloatType",
	types.Double: "DoubleType", types.Date: "DateType", types.Time: "TimeType", types.Timestamp: "TimestampType",
	types.TimestampLTZ: "LocalZonedTimestampType", types.Array: "ArrayType", types.Map: "MapType", types.Multiset: "MultisetType",
}

// typeText is the repr of a type.
func typeText(t types.Type) string {
	var parts []string
	switch t.Kind {
	case types.Row:
		for i, e := range t.Elems {
			parts = append(parts, fmt.Sprintf("RowField(%s, %s, ...)", t.Names[i], typeText(e)))
		}
		return "RowType(" + strings.Join(parts, ",") + ")"
	case types.Char, types.VarChar, types.Binary, types.VarBinary, types.Time, types.Timestamp, types.TimestampLTZ:
		parts = append(parts, fmt.Sprint(t.Precision))
	case types.Decimal:
		parts = append(parts, fmt.Sprint(t.Precision), fmt.Sprint(t.Scale))
	case types.Array, types.Map, types.Multiset:
		for _, e := range t.Elems {
			parts = append(parts, typeText(e))
		}
	}
	return typeNames[t.Kind] + "(" + strings.Join(append(parts, fmt.Sprint(t.Nullable)), ", ") + ")"
}
