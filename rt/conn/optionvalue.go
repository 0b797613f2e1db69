package conn

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// MemorySize is a number of bytes, written as Flink does: "64mb", "1 g".
type MemorySize int64

var (
	durationType = reflect.TypeFor[time.Duration]()
	memoryType   = reflect.TypeFor[MemorySize]()
)

// typeName is the name of a field's type in Flink's documentation.
func typeName(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.Pointer:
		return typeName(t.Elem())
	case t == durationType:
		return "Duration"
	case t == memoryType:
		return "MemorySize"
	}
	switch t.Kind() {
	case reflect.String:
		return "String"
	case reflect.Int:
		return "Integer"
	case reflect.Int64:
		return "Long"
	case reflect.Bool:
		return "Boolean"
	case reflect.Slice:
		return "List<String>"
	case reflect.Map:
		return "Map<String, String>"
	}
	panic("conn: options cannot have the type " + t.String())
}

// assign parses text into the option's field. A pointer field tells an option
// that isn't given (nil) from its zero value.
func (o *Option) assign(text string) error {
	f := o.field
	if f.Kind() == reflect.Pointer {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	switch f.Type() {
	case durationType:
		d, err := ParseDuration(text)
		f.SetInt(int64(d))
		return err
	case memoryType:
		m, err := ParseMemorySize(text)
		f.SetInt(int64(m))
		return err
	}
	switch f.Kind() {
	case reflect.String:
		return o.assignString(f, text)
	case reflect.Int, reflect.Int64:
		bits := 64
		if f.Kind() == reflect.Int {
			bits = 32 // Flink's Integer
		}
		n, err := strconv.ParseInt(text, 10, bits)
		if err != nil {
			return fmt.Errorf("%q is not a whole number of %d bits", text, bits)
		}
		f.SetInt(n)
	case reflect.Bool:
		switch strings.ToLower(text) {
		case "true":
			f.SetBool(true)
		case "false":
			f.SetBool(false)
		default:
			return fmt.Errorf("%q is neither true nor false", text)
		}
	case reflect.Slice:
		f.Set(reflect.ValueOf(splitList(text, o.sep)))
	}
	return nil
}

// assignString stores a text, or an enum value in its declared spelling.
func (o *Option) assignString(f reflect.Value, text string) error {
	if o.Enum == nil {
		f.SetString(text)
		return nil
	}
	for _, e := range o.Enum {
		if strings.EqualFold(e, text) {
			f.SetString(e)
			return nil
		}
	}
	return fmt.Errorf("%q is not an allowed value", text)
}

// expect is the hint that goes with a bad value.
func (o *Option) expect() string {
	switch {
	case o.Enum != nil:
		return "one of " + strings.Join(o.Enum, ", ")
	case o.Type == "Duration":
		return "a duration such as 500 ms, 1s, 5 min"
	case o.Type == "MemorySize":
		return "a size such as 64kb, 128mb"
	}
	return ""
}

func splitList(text, sep string) []string {
	var out []string
	for part := range strings.SplitSeq(text, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

var durationUnits = map[string]time.Duration{
	"":  time.Millisecond,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
	"h": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"s": time.Second, "sec": time.Second, "secs": time.Second, "second": time.Second, "seconds": time.Second,
	"ms": time.Millisecond, "milli": time.Millisecond, "millis": time.Millisecond,
	"millisecond": time.Millisecond, "milliseconds": time.Millisecond,
	"µs": time.Microsecond, "micro": time.Microsecond, "micros": time.Microsecond,
	"microsecond": time.Microsecond, "microseconds": time.Microsecond,
	"ns": time.Nanosecond, "nano": time.Nanosecond, "nanos": time.Nanosecond,
	"nanosecond": time.Nanosecond, "nanoseconds": time.Nanosecond,
}

// ParseDuration reads a duration as Flink writes it: a whole number and a unit
// ("1s", "5 min", "100 ms"), milliseconds without one.
func ParseDuration(text string) (time.Duration, error) {
	n, unit, err := numberAndUnit(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration: %w", text, err)
	}
	u, ok := durationUnits[unit]
	if !ok {
		return 0, fmt.Errorf("%q is not a duration: unknown unit %q", text, unit)
	}
	if n > int64(1<<63-1)/int64(u) {
		return 0, fmt.Errorf("%q is not a duration: too long", text)
	}
	return time.Duration(n) * u, nil
}

var memoryUnits = map[string]MemorySize{
	"": 1, "b": 1, "bytes": 1,
	"k": 1 << 10, "kb": 1 << 10, "kibibytes": 1 << 10,
	"m": 1 << 20, "mb": 1 << 20, "mebibytes": 1 << 20,
	"g": 1 << 30, "gb": 1 << 30, "gibibytes": 1 << 30,
	"t": 1 << 40, "tb": 1 << 40, "tebibytes": 1 << 40,
}

// ParseMemorySize reads a size as Flink writes it: a whole number and a unit
// ("64mb", "1 g"), bytes without one.
func ParseMemorySize(text string) (MemorySize, error) {
	n, unit, err := numberAndUnit(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a size: %w", text, err)
	}
	u, ok := memoryUnits[unit]
	if !ok {
		return 0, fmt.Errorf("%q is not a size: unknown unit %q", text, unit)
	}
	if n > int64(1<<63-1)/int64(u) {
		return 0, fmt.Errorf("%q is not a size: too large", text)
	}
	return MemorySize(n) * u, nil
}

// numberAndUnit splits "5 Min" into 5 and "min".
func numberAndUnit(text string) (int64, string, error) {
	t := strings.TrimSpace(text)
	digits := 0
	for digits < len(t) && t[digits] >= '0' && t[digits] <= '9' {
		digits++
	}
	if digits == 0 {
		return 0, "", fmt.Errorf("it must begin with a number")
	}
	n, err := strconv.ParseInt(t[:digits], 10, 64)
	if err != nil {
		return 0, "", fmt.Errorf("the number is too large")
	}
	return n, strings.ToLower(strings.TrimSpace(t[digits:])), nil
}
