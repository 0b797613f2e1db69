package parquetio

import (
	"fmt"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// physical are the types of values in files that columns are read from, but for
// DECIMAL and timestamps, which have several.
var physical = map[types.Kind]parquet.Kind{
	types.Boolean: parquet.Boolean, types.TinyInt: parquet.Int32, types.SmallInt: parquet.Int32, types.Int: parquet.Int32,
	types.BigInt: parquet.Int64, types.Float: parquet.Float, types.Double: parquet.Double,
	types.Date: parquet.Int32, types.Time: parquet.Int32,
	types.Char: parquet.ByteArray, types.VarChar: parquet.ByteArray, types.Binary: parquet.ByteArray, types.VarBinary: parquet.ByteArray,
}

// converterOf finds what makes values of type t of those in a file.
func converterOf(c *parquet.Column, t *types.Type, zone *time.Location) (convert, error) {
	kind := c.Type().Kind()
	unfit := fmt.Errorf("the file has %s there, which is no %s", describe(c), t)
	switch t.Kind {
	case types.Decimal:
		if l := c.Type().LogicalType(); l == nil || !isDecimal(l, t) {
			return nil, unfit
		}
		if f := decimals[kind]; f != nil {
			return f, nil
		}
		return nil, unfit
	case types.Timestamp, types.TimestampLTZ:
		return timestamps(c, t.Precision, zone, unfit)
	}
	if want, ok := physical[t.Kind]; !ok || kind != want {
		return nil, unfit
	}
	switch t.Kind {
	case types.Boolean:
		return booleans, nil
	case types.TinyInt:
		return ints[int8], nil
	case types.SmallInt:
		return ints[int16], nil
	case types.Int, types.Date, types.Time:
		return ints[int32], nil
	case types.BigInt:
		return longs, nil
	case types.Float:
		return floats, nil
	case types.Double:
		return doubles, nil
	}
	return texts, nil
}

// describe is a column's type for messages.
func describe(c *parquet.Column) string {
	if !c.Leaf() {
		return "a group"
	}
	return c.Type().String()
}

// isDecimal reports whether the values of a logical type are those of a DECIMAL:
// as many digits behind the point, and no more digits in all.
func isDecimal(l *format.LogicalType, t *types.Type) bool {
	d, ok := l.Value.(*format.DecimalType)
	return ok && int(d.Scale) == t.Scale && int(d.Precision) <= t.Precision
}

func booleans(dst []val.Datum, src *encoding.Values, from int) error {
	bits := src.Boolean()
	for i := range dst {
		at := from + i
		dst[i] = val.BoolDatum(bits[at/8]>>(at%8)&1 != 0)
	}
	return nil
}

func ints[T int8 | int16 | int32](dst []val.Datum, src *encoding.Values, from int) error {
	for i, v := range src.Int32()[from:][:len(dst)] {
		dst[i] = val.IntDatum(T(v))
	}
	return nil
}

func longs(dst []val.Datum, src *encoding.Values, from int) error {
	for i, v := range src.Int64()[from:][:len(dst)] {
		dst[i] = val.IntDatum(v)
	}
	return nil
}

func floats(dst []val.Datum, src *encoding.Values, from int) error {
	for i, v := range src.Float()[from:][:len(dst)] {
		dst[i] = val.FloatDatum(v)
	}
	return nil
}

func doubles(dst []val.Datum, src *encoding.Values, from int) error {
	for i, v := range src.Double()[from:][:len(dst)] {
		dst[i] = val.FloatDatum(v)
	}
	return nil
}

// texts are views of the page.
func texts(dst []val.Datum, src *encoding.Values, from int) error {
	data, offsets := src.ByteArray()
	offsets = offsets[from:][:len(dst)+1]
	for i := range dst {
		dst[i] = val.TextDatum(val.View(data[offsets[i]:offsets[i+1]]))
	}
	return nil
}

// decimals are by the type of the values that hold the digits.
var decimals = map[parquet.Kind]convert{
	parquet.Int32: func(dst []val.Datum, src *encoding.Values, from int) error {
		for i, v := range src.Int32()[from:][:len(dst)] {
			dst[i] = val.DecimalDatum(val.DecimalOf(int64(v)))
		}
		return nil
	},
	parquet.Int64: func(dst []val.Datum, src *encoding.Values, from int) error {
		for i, v := range src.Int64()[from:][:len(dst)] {
			dst[i] = val.DecimalDatum(val.DecimalOf(v))
		}
		return nil
	},
	parquet.FixedLenByteArray: func(dst []val.Datum, src *encoding.Values, from int) (err error) {
		data, size := src.FixedLenByteArray()
		data = data[from*size:][:len(dst)*size]
		for i := range dst {
			if dst[i], err = digits(data[i*size : (i+1)*size]); err != nil {
				return err
			}
		}
		return nil
	},
	parquet.ByteArray: func(dst []val.Datum, src *encoding.Values, from int) (err error) {
		data, offsets := src.ByteArray()
		offsets = offsets[from:][:len(dst)+1]
		for i := range dst {
			if dst[i], err = digits(data[offsets[i]:offsets[i+1]]); err != nil {
				return err
			}
		}
		return nil
	},
}

// digits reads an integer in two's complement, the highest byte first.
func digits(b []byte) (val.Datum, error) {
	if len(b) == 0 {
		return val.Datum{}, fmt.Errorf("a decimal of no bytes")
	}
	sign := int64(int8(b[0])) >> 7
	d := val.Decimal{Hi: sign, Lo: uint64(sign)}
	for ; len(b) > 16; b = b[1:] {
		if int64(int8(b[0])) != sign || int64(int8(b[1]))>>7 != sign {
			return val.Datum{}, fmt.Errorf("a decimal of more than 38 digits")
		}
	}
	for _, c := range b {
		d.Hi = d.Hi<<8 | int64(d.Lo>>56)
		d.Lo = d.Lo<<8 | uint64(c)
	}
	return val.DecimalDatum(d), nil
}

// The forms of timestamps: the day and the nanosecond of the day in 96 bits, or
// the number of a unit since the epoch in 64.
const (
	epochDay     = 2_440_588 // the Julian day of 1970-01-01
	nanosPerMill = 1_000_000
)

// timestamps finds the converter of timestamps. Files have instants; columns of
// either type have the wall clock of the zone then, as in Flink.
func timestamps(c *parquet.Column, precision int, zone *time.Location, unfit error) (convert, error) {
	switch kind := c.Type().Kind(); {
	case kind == parquet.Int96:
		return func(dst []val.Datum, src *encoding.Values, from int) error {
			for i, v := range src.Int96()[from:][:len(dst)] {
				dst[i] = wall(ofInt96(v), zone, precision)
			}
			return nil
		}, nil
	case kind == parquet.Int64:
		l := c.Type().LogicalType()
		if l == nil {
			return nil, unfit
		}
		t, ok := l.Value.(*format.TimestampType)
		if !ok || t.Unit.Value == nil {
			return nil, unfit
		}
		perSecond := int64(time.Second / t.Unit.Value.Duration())
		nanos := int64(t.Unit.Value.Duration())
		return func(dst []val.Datum, src *encoding.Values, from int) error {
			for i, v := range src.Int64()[from:][:len(dst)] {
				at := val.TimestampFromUnix(val.FloorDiv(v, perSecond), val.FloorMod(v, perSecond)*nanos)
				dst[i] = wall(at, zone, precision)
			}
			return nil
		}, nil
	}
	return nil, unfit
}

// wall is the wall clock at an instant, as java.sql.Timestamp has it.
func wall(at val.Timestamp, zone *time.Location, precision int) val.Datum {
	at.Milli += val.LegacyZoneOffset(zone, val.FloorDiv(at.Milli, 1000)) * 1000
	return val.TimestampDatum(at.Truncate(precision))
}

// ofInt96 reads a timestamp; nanoseconds below 0, which PyFlink 1.20.1 writes for
// years before 1970, count back from the day.
func ofInt96(v deprecated.Int96) val.Timestamp {
	nanos := int64(uint64(v[1])<<32 | uint64(v[0]))
	millis := val.FloorDiv(nanos, nanosPerMill)
	return val.Timestamp{Milli: (int64(int32(v[2]))-epochDay)*val.MillisPerDay + millis, Nano: int32(val.FloorMod(nanos, nanosPerMill))}
}
