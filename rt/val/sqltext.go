package val

import (
	"encoding/hex"
	"strconv"
	"time"

	"pyfc/ir/types"
)

// AppendSQL appends a value as PyFlink's TableResult.print() shows it: as CAST(…
// AS STRING) writes it, but for binary strings, which appear as x'0aff'. NULL
// within an array, map or row is NULL. TIMESTAMP_LTZ is the zone's wall clock.
func AppendSQL(dst []byte, d Datum, t *types.Type, zone *time.Location) []byte {
	if d.Null {
		return append(dst, "NULL"...)
	}
	switch t.Kind {
	case types.Boolean:
		return AppendTruth(dst, d.Bool())
	case types.Float:
		return AppendFloat(dst, float32(d.Float()))
	case types.Double:
		return AppendDouble(dst, d.Float())
	case types.Decimal:
		return AppendPlainDecimal(dst, d.Decimal(), t.Scale)
	case types.Char, types.VarChar:
		return append(dst, d.Text()...)
	case types.Binary, types.VarBinary:
		return append(hex.AppendEncode(append(dst, "x'"...), []byte(d.Text())), '\'')
	case types.Date:
		return AppendDate(dst, Date(d.Int()))
	case types.Time:
		return AppendTime(dst, Time(d.Int()), t.Precision)
	case types.Timestamp:
		return AppendTimestamp(dst, d.Timestamp(), t.Precision)
	case types.TimestampLTZ:
		return AppendTimestampLTZ(dst, d.Timestamp(), t.Precision, zone)
	case types.IntervalYearMonth:
		return AppendMonths(dst, Months(d.Int()))
	case types.IntervalDayTime:
		return AppendMillis(dst, Millis(d.Int()))
	case types.Array, types.Map, types.Multiset, types.Row:
		return appendSQLNested(dst, d, t, zone)
	}
	return strconv.AppendInt(dst, d.Int(), 10)
}

func appendSQLNested(dst []byte, d Datum, t *types.Type, zone *time.Location) []byte {
	switch t.Kind {
	case types.Array:
		a, elem := d.Array(), &t.Elems[0]
		return appendList(dst, '[', ']', a.Len(), func(dst []byte, i int) []byte { return AppendSQL(dst, a.At(i, elem), elem, zone) })
	case types.Row:
		r := d.Row()
		return appendList(dst, '(', ')', len(t.Elems), func(dst []byte, i int) []byte {
			return AppendSQL(dst, r.Field(i, t), &t.Elems[i], zone)
		})
	}
	m := d.Map()
	return appendList(dst, '{', '}', m.Len(), func(dst []byte, i int) []byte {
		key, value := m.At(i, t)
		dst = append(AppendSQL(dst, key, &t.Elems[0], zone), '=')
		return AppendSQL(dst, value, MapValue(t), zone)
	})
}

// AppendTruth appends a BOOLEAN as SQL writes it: TRUE or FALSE.
func AppendTruth(dst []byte, v bool) []byte {
	if v {
		return append(dst, "TRUE"...)
	}
	return append(dst, "FALSE"...)
}
