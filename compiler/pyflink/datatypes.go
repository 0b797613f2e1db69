package pyflink

import (
	"fmt"
	"hash/fnv"
	"slices"
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
	rowTypeClass   = pyeval.NewClass("pyflink.table.types", "RowType", dataTypeClass)
)

// newDataType is a type as the script has it.
func newDataType(t types.Type) *pyeval.Instance {
	if t.Kind == types.Row {
		return rowTypeClass.Make(t)
	}
	return dataTypeClass.Make(t)
}

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
			return pyeval.NewStr(typeWord(t)), nil
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
			return newDataType(types.Of(types.Null)), nil
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
			return newDataType(p.typ.WithNull(c.Bool("nullable"))), nil
		}))
	}
	for _, s := range sizedDataTypes {
		members = append(members, onClass(s.name+"("+s.param+", nullable: bool = True)", "The type "+s.name+" of a size.", func(c *pyeval.Call) (pyeval.Value, error) {
			name := "length"
			if s.low == 0 {
				name = "precision"
			}
			n, err := size(c, name, s.low, s.high)
			return newDataType(types.Type{Kind: s.kind, Precision: n, Nullable: c.Bool("nullable")}), err
		}))
	}
	members = append(members, intervalMembers()...)
	declare(dataTypesClass, "The SQL data types.", append(members, viewMembers()...)...)
	declareRowType()
	column := func(c *pyeval.Call) types.Column {
		col, _ := pyeval.Data[types.Column](c.Self())
		return col
	}
	declare(fieldClass, "A field of a ROW type.",
		onClass("__new__(cls, "+fieldParameters+")", "Makes a field.", newField),
		get("name", "The field's name.", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewStr(column(c).Name), nil }),
		get("data_type", "Its type.", func(c *pyeval.Call) (pyeval.Value, error) { return newDataType(column(c).Type), nil }),
		def("__str__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr("RowField(" + column(c).Name + ", " + typeWord(column(c).Type) + ")"), nil
		}),
		def("__repr__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			return pyeval.NewStr("RowField(" + column(c).Name + ", " + typeText(column(c).Type) + ", ...)"), nil
		}),
	)
}

const fieldParameters = "name: str, data_type: DataType, description: str|None = None"

func newField(c *pyeval.Call) (pyeval.Value, error) {
	t, _ := pyeval.Data[types.Type](c.Arg("data_type"))
	return fieldClass.Make(types.Column{Name: c.Str("name"), Type: t}), nil
}

func nullability(nullable bool) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		t, _ := pyeval.Data[types.Type](c.Self())
		return newDataType(t.WithNull(nullable)), nil
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
	return newDataType(types.NewDecimal(precision, scale).WithNull(c.Bool("nullable"))), err
}

func nestedType(kind types.Kind, params ...string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		t := types.Type{Kind: kind, Nullable: c.Bool("nullable")}
		for _, p := range params {
			e, _ := pyeval.Data[types.Type](c.Arg(p))
			t.Elems = append(t.Elems, e)
		}
		return newDataType(t), nil
	}
}

func rowType(c *pyeval.Call) (pyeval.Value, error) {
	t, err := rowOfFields(c, "row_fields")
	return newDataType(t), err
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

// typeNames are the classes of PyFlink's types.
var typeNames = map[types.Kind]string{
	types.Null: "NullType", types.Char: "CharType", types.VarChar: "VarCharType", types.Boolean: "BooleanType",
	types.Binary: "BinaryType", types.VarBinary: "VarBinaryType", types.Decimal: "DecimalType", types.TinyInt: "TinyIntType",
	types.SmallInt: "SmallIntType", types.Int: "IntType", types.BigInt: "BigIntType", types.Float: "FloatType",
	types.Double: "DoubleType", types.Date: "DateType", types.Time: "TimeType", types.Timestamp: "TimestampType",
	types.TimestampLTZ: "LocalZonedTimestampType", types.Array: "ArrayType", types.Map: "MapType", types.Multiset: "MultisetType",
	types.IntervalYearMonth: "YearMonthIntervalType", types.IntervalDayTime: "DayTimeIntervalType",
}

// typeWord is the str of a type.
func typeWord(t types.Type) string {
	name, _, _ := strings.Cut(typeText(t), "Type(")
	return strings.ToUpper(name)
}

// typeText is the repr of a type.
func typeText(t types.Type) string {
	var parts []string
	switch t.Kind {
	case types.Row: // without nullability
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

// fieldsIn is the type that a call is on.
func fieldsIn(c *pyeval.Call) types.Type {
	t, _ := pyeval.Data[types.Type](c.Self())
	return t
}

func fieldAt(t types.Type, i int) pyeval.Value {
	return fieldClass.Make(types.Column{Name: t.Names[i], Type: t.Elems[i]})
}

func declareRowType() {
	declare(rowTypeClass, "The type of rows.",
		def("__init__(self, fields: seq = (), nullable: bool = True)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			t, err := rowOfFields(c, "fields")
			c.Self().(*pyeval.Instance).Data = t
			return pyeval.None, err
		}),
		def("add(self, field, data_type = None)", "Adds a field.", func(c *pyeval.Call) (pyeval.Value, error) {
			col, ok := pyeval.Data[types.Column](c.Arg("field"))
			if !ok {
				t, err := typeOf(c, c.Arg("data_type"), c.Where("data_type").Pos())
				if err != nil {
					return nil, err
				}
				col = types.Column{Name: textValue(c.Arg("field")), Type: t}
			}
			t := fieldsIn(c)
			t.Names, t.Elems = append(slices.Clone(t.Names), col.Name), append(slices.Clone(t.Elems), col.Type)
			c.Self().(*pyeval.Instance).Data = t
			return c.Self(), nil
		}),
		get("names", "The names of the fields.", func(c *pyeval.Call) (pyeval.Value, error) { return texts(fieldsIn(c).Names), nil }),
		def("field_names(self)", "The names of the fields.", func(c *pyeval.Call) (pyeval.Value, error) { return texts(fieldsIn(c).Names), nil }),
		def("field_types(self)", "The types of the fields.", func(c *pyeval.Call) (pyeval.Value, error) {
			out := pyeval.NewList()
			for _, t := range fieldsIn(c).Elems {
				out.Append(newDataType(t))
			}
			return out, nil
		}),
		def("__len__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(len(fieldsIn(c).Elems))), nil }),
		def("__iter__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			out, t := pyeval.NewList(), fieldsIn(c)
			for i := range t.Elems {
				out.Append(fieldAt(t, i))
			}
			next, err := c.Thread.Iter(out)
			return pyeval.NewIterator(next), err
		}),
		def("__getitem__(self, key: str|int)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			t := fieldsIn(c)
			if _, byName := c.Arg("key").(*pyeval.Str); !byName {
				if i := c.Int("key"); i >= 0 && int(i) < len(t.Elems) {
					return fieldAt(t, int(i)), nil
				}
				return nil, pyeval.Errorf(pyeval.IndexError, "RowType index out of range")
			}
			if i := slices.Index(t.Names, c.Str("key")); i >= 0 {
				return fieldAt(t, i), nil
			}
			return nil, pyeval.Errorf(pyeval.KeyError, "'No RowField named %s'", c.Str("key"))
		}),
	)
}

// Types that only DataTypes makes: units of intervals, which carry their name,
// and the views that accumulators of aggregate functions hold.
var (
	resolutionClass = pyeval.NewClass("pyflink.table.types", "Resolution")
	listViewClass   = pyeval.NewClass("pyflink.table.types", "ListViewType", dataTypeClass)
	mapViewClass    = pyeval.NewClass("pyflink.table.types", "MapViewType", dataTypeClass)
)

func viewMembers() []member {
	view := func(class *pyeval.Class, kind types.Kind, params ...string) pyeval.NativeFunc {
		return func(c *pyeval.Call) (pyeval.Value, error) {
			t := types.Type{Kind: kind, Nullable: true}
			for _, p := range params {
				e, _ := pyeval.Data[types.Type](c.Arg(p))
				t.Elems = append(t.Elems, e)
			}
			return class.Make(t), nil
		}
	}
	for class, doc := range map[*pyeval.Class]string{listViewClass: "The type of a list in an accumulator.", mapViewClass: "The type of a map in an accumulator."} {
		declare(class, doc, def("__repr__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			var parts []string
			for _, e := range fieldsIn(c).Elems {
				parts = append(parts, typeText(e))
			}
			return pyeval.NewStr(class.Name() + "(" + strings.Join(parts, ", ") + ")"), nil
		}))
	}
	return []member{
		onClass("LIST_VIEW(element_type: DataType)", "A list in an accumulator.", view(listViewClass, types.Array, "element_type")),
		onClass("MAP_VIEW(key_type: DataType, value_type: DataType)", "A map in an accumulator.", view(mapViewClass, types.Map, "key_type", "value_type")),
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
