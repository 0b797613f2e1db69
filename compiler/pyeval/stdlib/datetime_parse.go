package stdlib

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"pyfc/compiler/pyeval"
)

// parsed are the fields that strptime found; a zone of nil is none.
type parsed struct {
	clock time.Time
	zone  pyeval.Value
}

// moment makes the datetime.
func (p parsed) moment(c *pyeval.Call) (pyeval.Value, error) {
	at, err := inZone(c.Thread, moment{clock: p.clock}, p.zone)
	if err != nil {
		return nil, err
	}
	return newMoment(c.Arg("cls"), at)
}

var (
	monthNames = namesOf(12, func(i int) string { return time.Month(i + 1).String() })
	dayNames   = namesOf(7, func(i int) string { return time.Weekday((i + 1) % 7).String() })
)

// namesOf are n names, longest matches first by their order in a pattern.
func namesOf(n int, name func(i int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = name(i)
	}
	return out
}

// short are the first three letters of names.
func short(names []string) []string {
	return namesOf(len(names), func(i int) string { return names[i][:3] })
}

// readable are the directives of strptime as patterns.
var readable = map[byte]string{
	'd': `3[01]|[12]\d|0[1-9]|[1-9]| [1-9]`, 'f': `\d{1,6}`, 'H': `2[0-3]|[01]\d|\d`, 'I': `1[0-2]|0[1-9]|[1-9]`, 'G': `\d{4}`,
	'j': `36[0-6]|3[0-5]\d|[12]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]`, 'm': `1[0-2]|0[1-9]|[1-9]`, 'M': `[0-5]\d|\d`,
	'S': `6[01]|[0-5]\d|\d`, 'U': `5[0-3]|[0-4]\d|\d`, 'W': `5[0-3]|[0-4]\d|\d`, 'V': `5[0-3]|0[1-9]|[1-4]\d|\d`, 'w': `[0-6]`, 'u': `[1-7]`,
	'y': `\d\d`, 'Y': `\d{4}`, 'z': `[+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|Z`, 'Z': `utc|gmt`, 'p': `am|pm`,
	'a': strings.Join(short(dayNames), "|"), 'A': strings.Join(dayNames, "|"), 'b': strings.Join(short(monthNames), "|"), 'B': strings.Join(monthNames, "|"),
}

// combined are the directives that stand for others.
var combined = strings.NewReplacer("%%", "%%", "%c", "%a %b %d %H:%M:%S %Y", "%x", "%m/%d/%y", "%X", "%H:%M:%S")

// readingPattern is the pattern of a format and the directive of each group.
func readingPattern(format string) (*regexp.Regexp, []byte, error) {
	var pattern strings.Builder
	var groups []byte
	pattern.WriteString("^(?i:")
	expanded := combined.Replace(format)
	for i := 0; i < len(expanded); i++ {
		c := expanded[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t':
			if !strings.HasSuffix(pattern.String(), `\s+`) {
				pattern.WriteString(`\s+`)
			}
		case c != '%':
			pattern.WriteString(regexp.QuoteMeta(expanded[i : i+1]))
		case i+1 == len(expanded):
			return nil, nil, pyeval.Errorf(pyeval.ValueError, "stray %% in format '%s'", format)
		default:
			i++
			p, ok := readable[expanded[i]]
			switch {
			case expanded[i] == '%':
				pattern.WriteByte('%')
			case !ok:
				return nil, nil, pyeval.Errorf(pyeval.ValueError, "'%c' is a bad directive in format '%s'", expanded[i], format)
			default:
				pattern.WriteString("(" + p + ")")
				groups = append(groups, expanded[i])
			}
		}
	}
	pattern.WriteString(")")
	re, err := regexp.Compile(pattern.String())
	if err != nil {
		return nil, nil, pyeval.Errorf(pyeval.ValueError, "bad format %s", pyeval.Quote(format))
	}
	return re, groups, nil
}

// strptime reads a text by a format.
func strptime(text, format string) (parsed, error) {
	re, groups, err := readingPattern(format)
	if err != nil {
		return parsed{}, err
	}
	found := re.FindStringSubmatch(text)
	if found == nil {
		return parsed{}, pyeval.Errorf(pyeval.ValueError, "time data %s does not match format %s", pyeval.Quote(text), pyeval.Quote(format))
	}
	if rest := text[len(found[0]):]; rest != "" {
		return parsed{}, pyeval.Errorf(pyeval.ValueError, "unconverted data remains: %s", rest)
	}
	values := map[byte]string{}
	for i, g := range groups {
		if _, twice := values[g]; twice {
			return parsed{}, pyeval.Errorf(pyeval.ValueError, "redefinition of group name '%c'", g)
		}
		values[g] = strings.TrimSpace(found[i+1])
	}
	return assemble(values)
}

// assemble makes a moment of the fields that a text had.
func assemble(values map[byte]string) (parsed, error) {
	get := func(directive byte, otherwise int) int {
		if n, err := strconv.Atoi(values[directive]); err == nil {
			return n
		}
		return otherwise
	}
	has := func(directive byte) bool { return values[directive] != "" }
	year := get('Y', 1900)
	if has('y') {
		if year = get('y', 0) + 1900; year < 1969 {
			year += 100
		}
	}
	hours := get('H', 0)
	if has('I') {
		hours = get('I', 0) % 12
		if strings.EqualFold(values['p'], "pm") {
			hours += 12
		}
	}
	micros := 0
	if has('f') {
		micros, _ = strconv.Atoi((values['f'] + "00000")[:6]) // digits by the pattern
	}
	on, err := dayBy(values, year, get, has)
	if err != nil {
		return parsed{}, err
	}
	seconds := get('S', 0)
	if err := checkClock(int64(hours), int64(get('M', 0)), int64(min(seconds, 59)), int64(micros)); err != nil {
		return parsed{}, err
	}
	p := parsed{clock: time.Date(on.Year(), on.Month(), on.Day(), hours, get('M', 0), seconds, micros*1000, time.UTC)}
	if z := values['z']; z != "" {
		p.zone = utc
		if !strings.EqualFold(z, "z") {
			parts := &isoParts{rest: z[1:]}
			offset := parts.duration().value
			if z[0] == '-' {
				offset = -offset
			}
			p.zone = newZone(offset)
		}
	}
	return p, nil
}

// dayBy is the day by month and day, day of the year, or week and weekday.
func dayBy(values map[byte]string, year int, get func(byte, int) int, has func(byte) bool) (time.Time, error) {
	month := get('m', 1)
	for i, name := range monthNames {
		if strings.EqualFold(values['B'], name) || strings.EqualFold(values['b'], name[:3]) {
			month = i + 1
		}
	}
	week, weekDay := 0, -1
	for i, name := range dayNames {
		if strings.EqualFold(values['A'], name) || strings.EqualFold(values['a'], name[:3]) {
			weekDay = i
		}
	}
	if has('w') {
		weekDay = (get('w', 0) + 6) % 7
	}
	if has('u') {
		weekDay = get('u', 1) - 1
	}
	switch {
	case has('G') != (has('V') && !has('Y')) || has('G') && weekDay < 0:
		return time.Time{}, pyeval.Errorf(pyeval.ValueError, "ISO year directive '%%G' must be used with the ISO week directive '%%V' and a weekday directive ('%%A', '%%a', '%%w', or '%%u').")
	case has('G'):
		return isoDay(int64(get('G', 1900)), int64(get('V', 1)), int64(weekDay+1))
	case has('j'):
		return dateOf(year, 1, get('j', 1)), nil
	case (has('U') || has('W')) && weekDay >= 0 && (has('Y') || has('y')):
		first := weekday(dateOf(year, 1, 1))
		from := weekDay
		week = get('W', 0)
		if has('U') {
			first, from, week = (first+1)%7, (weekDay+1)%7, get('U', 0)
		}
		return dateOf(year, 1, 1+week*7-first+from+map[bool]int{true: -7, false: 0}[first == 0]), nil
	}
	on := get('d', 1)
	if err := checkDate(int64(year), int64(month), int64(on)); err != nil {
		return time.Time{}, err
	}
	return dateOf(year, time.Month(month), on), nil
}
