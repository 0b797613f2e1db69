package pyflink

import (
	"fmt"
	"slices"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/ir/types"
)

// The classes that PyFlink's types are of: those that only have others derive
// from them, that of rows, and the views that accumulators of aggregate functions
// hold, which only DataTypes makes.
var (
	atomicTypeClass     = newTypeClass("AtomicType", dataTypeClass)
	numericTypeClass    = newTypeClass("NumericType", atomicTypeClass)
	integralTypeClass   = newTypeClass("IntegralType", numericTypeClass)
	fractionalTypeClass = newTypeClass("FractionalType", numericTypeClass)
	rowTypeClass        = newTypeClass("RowType", dataTypeClass)
	listViewClass       = newTypeClass("ListViewType", dataTypeClass)
	mapViewClass        = newTypeClass("MapViewType", dataTypeClass)
)

func newTypeClass(name string, base *pyeval.Class) *pyeval.Class {
	return pyeval.NewClass("pyflink.table.types", name, base)
}

// kindClass is the class of the types of one kind.
type kindClass struct {
	kind   types.Kind
	class  *pyeval.Class
	params string // of its constructor, before nullable
	typ    typeMaker
	fields []member
}

var kindClasses = []kindClass{
	{types.Char, newTypeClass("CharType", atomicTypeClass), "length: int = 1", sized(types.Char), lengthField},
	{types.VarChar, newTypeClass("VarCharType", atomicTypeClass), "length: int = 1", sized(types.VarChar), lengthField},
	{types.Binary, newTypeClass("BinaryType", atomicTypeClass), "length: int = 1", sized(types.Binary), lengthField},
	{types.VarBinary, newTypeClass("VarBinaryType", atomicTypeClass), "length: int = 1", sized(types.VarBinary), lengthField},
	{types.Boolean, newTypeClass("BooleanType", atomicTypeClass), "", plain(types.Of(types.Boolean)), nil},
	{types.TinyInt, newTypeClass("TinyIntType", integralTypeClass), "", plain(types.Of(types.TinyInt)), nil},
	{types.SmallInt, newTypeClass("SmallIntType", integralTypeClass), "", plain(types.Of(types.SmallInt)), nil},
	{types.Int, newTypeClass("IntType", integralTypeClass), "", plain(types.Of(types.Int)), nil},
	{types.BigInt, newTypeClass("BigIntType", integralTypeClass), "", plain(types.Of(types.BigInt)), nil},
	{types.Float, newTypeClass("FloatType", fractionalTypeClass), "", plain(types.Of(types.Float)), nil},
	{types.Double, newTypeClass("DoubleType", fractionalTypeClass), "", plain(types.Of(types.Double)), nil},
	{types.Decimal, newTypeClass("DecimalType", fractionalTypeClass), "precision: int = 10, scale: int = 0", decimalType, decimalFields},
	{types.Date, newTypeClass("DateType", atomicTypeClass), "", plain(types.Of(types.Date)), nil},
	{types.Time, newTypeClass("TimeType", atomicTypeClass), "precision: int = 0", sized(types.Time), precisionField},
	{types.Timestamp, newTypeClass("TimestampType", atomicTypeClass), "precision: int = 6", sized(types.Timestamp), precisionField},
	{types.TimestampLTZ, newTypeClass("LocalZonedTimestampType", atomicTypeClass), "precision: int = 6", sized(types.TimestampLTZ), precisionField},
	{types.Array, newTypeClass("ArrayType", dataTypeClass), "element_type: DataType", nested(types.Array, "element_type"), elementField},
	{types.Multiset, newTypeClass("MultisetType", dataTypeClass), "element_type: DataType", nested(types.Multiset, "element_type"), elementField},
	{types.Map, newTypeClass("MapType", dataTypeClass), "key_type: DataType, value_type: DataType", nested(types.Map, "key_type", "value_type"), mapFields},
	{types.IntervalYearMonth, newTypeClass("YearMonthIntervalType", atomicTypeClass), "*args", intervalType, nil},
	{types.IntervalDayTime, newTypeClass("DayTimeIntervalType", atomicTypeClass), "*args", intervalType, nil},
	{types.Null, newTypeClass("NullType", atomicTypeClass), "", func(*pyeval.Call) (types.Type, error) { return types.Of(types.Null), nil }, nil},
	{types.Row, rowTypeClass, "fields: seq = ()", func(c *pyeval.Call) (types.Type, error) { return rowOfFields(c, "fields") }, rowMembers},
}

// typeClasses are the classes by kind; a type that has been refused is of none.
var typeClasses = map[types.Kind]*pyeval.Class{types.Invalid: dataTypeClass}

func init() {
	for _, class := range []*pyeval.Class{atomicTypeClass, numericTypeClass, integralTypeClass, fractionalTypeClass} {
		declare(class, "What some types have in common.", typeName(class))
	}
	for _, k := range kindClasses {
		typeClasses[k.kind] = k.class
		members := append([]member{typeName(k.class), constructor(k)}, k.fields...)
		declare(k.class, "The type "+typeWord(k.class)+".", members...)
	}
	declareView(listViewClass, "The type of a list in an accumulator.", "element_type")
	declareView(mapViewClass, "The type of a map in an accumulator.", "key_type", "value_type")
}

// constructor makes a type of its own kind.
func constructor(k kindClass) member {
	params := ""
	if k.kind != types.Null {
		params = ", " + withNullable(k.params)
	}
	return def("__init__(self"+params+")", "", func(c *pyeval.Call) (pyeval.Value, error) {
		t, err := k.typ(c)
		c.Self().(*pyeval.Instance).Data = t
		return pyeval.None, err
	})
}

// intervalType refuses the constructors of intervals, whose resolutions are
// classes of their own.
func intervalType(c *pyeval.Call) (types.Type, error) {
	return types.Type{}, planned(c.At.Pos(), c.Self().Class().Name()).WithHint("DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND()) makes an interval")
}

// typeName is the method that names a class without its ending.
func typeName(class *pyeval.Class) member {
	return onClass("type_name()", "The type's name.", func(*pyeval.Call) (pyeval.Value, error) {
		return pyeval.NewStr(typeWord(class)), nil
	})
}

func typeWord(class *pyeval.Class) string {
	return strings.ToUpper(strings.TrimSuffix(class.Name(), "Type"))
}

// Attributes of types.
var (
	lengthField    = []member{numberField("length", func(t types.Type) int { return t.Precision })}
	precisionField = []member{numberField("precision", func(t types.Type) int { return t.Precision })}
	decimalFields  = append(slices.Clone(precisionField), numberField("scale", func(t types.Type) int { return t.Scale }))
	elementField   = []member{insideField("element_type", 0)}
	mapFields      = []member{insideField("key_type", 0), insideField("value_type", 1)}
)

func numberField(name string, of func(types.Type) int) member {
	return get(name, "The "+name+".", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(of(typeIn(c)))), nil })
}

// insideField is the type of what is inside.
func insideField(name string, i int) member {
	return get(name, "The type of what is inside.", func(c *pyeval.Call) (pyeval.Value, error) {
		return newDataType(typeIn(c).Elems[i]), nil
	})
}

// typeIn is the type that a call is on.
func typeIn(c *pyeval.Call) types.Type {
	t, _ := pyeval.Data[types.Type](c.Self())
	return t
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
	return typeClasses[t.Kind].Name() + "(" + strings.Join(append(parts, fmt.Sprint(t.Nullable)), ", ") + ")"
}

func fieldAt(t types.Type, i int) pyeval.Value {
	return fieldClass.Make(types.Column{Name: t.Names[i], Type: t.Elems[i]})
}

// fieldsOf are the fields of the ROW that a call is on.
func fieldsOf(c *pyeval.Call) *pyeval.List {
	out, t := pyeval.NewList(), typeIn(c)
	for i := range t.Elems {
		out.Append(fieldAt(t, i))
	}
	return out
}

// rowMembers are those of RowType.
var rowMembers = []member{
	get("fields", "The fields.", func(c *pyeval.Call) (pyeval.Value, error) { return fieldsOf(c), nil }),
	def("add(self, field, data_type = None)", "Adds a field.", func(c *pyeval.Call) (pyeval.Value, error) {
		col, ok := pyeval.Data[types.Column](c.Arg("field"))
		if !ok {
			t, err := typeOf(c, c.Arg("data_type"), c.Where("data_type").Pos())
			if err != nil {
				return nil, err
			}
			col = types.Column{Name: textValue(c.Arg("field")), Type: t}
		}
		t := typeIn(c)
		t.Names, t.Elems = append(slices.Clone(t.Names), col.Name), append(slices.Clone(t.Elems), col.Type)
		c.Self().(*pyeval.Instance).Data = t
		return c.Self(), nil
	}),
	get("names", "The names of the fields.", func(c *pyeval.Call) (pyeval.Value, error) { return texts(typeIn(c).Names), nil }),
	def("field_names(self)", "The names of the fields.", func(c *pyeval.Call) (pyeval.Value, error) { return texts(typeIn(c).Names), nil }),
	def("field_types(self)", "The types of the fields.", func(c *pyeval.Call) (pyeval.Value, error) {
		out := pyeval.NewList()
		for _, t := range typeIn(c).Elems {
			out.Append(newDataType(t))
		}
		return out, nil
	}),
	def("__len__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) { return pyeval.NewInt(int64(len(typeIn(c).Elems))), nil }),
	def("__iter__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
		next, err := c.Thread.Iter(fieldsOf(c))
		return pyeval.NewIterator(next), err
	}),
	def("__getitem__(self, key: str|int)", "", func(c *pyeval.Call) (pyeval.Value, error) {
		t := typeIn(c)
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
}

// declareView declares a view that holds what is of the given types.
func declareView(class *pyeval.Class, doc string, params ...string) {
	declare(class, doc, typeName(class),
		get("_nullable", "A view is never NULL.", func(*pyeval.Call) (pyeval.Value, error) { return pyeval.False, nil }),
		def("__init__(self, "+strings.Join(params, ": DataType, ")+": DataType)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			c.Self().(*pyeval.Instance).Data = viewOf(c, params)
			return pyeval.None, nil
		}),
		def("__repr__(self)", "", func(c *pyeval.Call) (pyeval.Value, error) {
			var parts []string
			for _, e := range typeIn(c).Elems {
				parts = append(parts, typeText(e))
			}
			return pyeval.NewStr(class.Name() + "(" + strings.Join(parts, ", ") + ")"), nil
		}))
}

func viewOf(c *pyeval.Call, params []string) types.Type {
	t := types.Type{Kind: types.Array, Nullable: true}
	if len(params) == 2 {
		t.Kind = types.Map
	}
	for _, p := range params {
		e, _ := pyeval.Data[types.Type](c.Arg(p))
		t.Elems = append(t.Elems, e)
	}
	return t
}

// viewMembers are the members of DataTypes that make views.
func viewMembers() []member {
	view := func(class *pyeval.Class, params ...string) pyeval.NativeFunc {
		return func(c *pyeval.Call) (pyeval.Value, error) { return class.Make(viewOf(c, params)), nil }
	}
	return []member{
		onClass("LIST_VIEW(element_type: DataType)", "A list in an accumulator.", view(listViewClass, "element_type")),
		onClass("MAP_VIEW(key_type: DataType, value_type: DataType)", "A map in an accumulator.", view(mapViewClass, "key_type", "value_type")),
	}
}
