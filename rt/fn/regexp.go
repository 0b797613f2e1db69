package fn

import (
	"slices"

	"pyfc/ir/types"
	"pyfc/rt/jregex"
	"pyfc/rt/val"
)

// Regexp reports whether a regular expression matches somewhere in a text. An
// empty one, and one that isn't valid, never does.
func Regexp(s, pattern string) (bool, error) {
	p, err := jregex.Cached(pattern)
	if err != nil || pattern == "" {
		return false, nil
	}
	return p.Find(s)
}

// RegexpExtract is what a regular expression first matches; NULL without.
func RegexpExtract(s, pattern string) (string, bool, error) { return RegexpExtractGroup(s, pattern, 0) }

// RegexpExtractGroup is what a group of it matches, 0 for all; NULL where there
// is no such group, or the expression isn't valid.
func RegexpExtractGroup(s, pattern string, group int64) (string, bool, error) {
	p, err := jregex.Cached(pattern)
	if err != nil || group != int64(int32(group)) {
		return "", false, nil
	}
	return p.Group(s, int(group))
}

// RegexpReplace puts a text, as it is, in the place of all matches; NULL where
// the expression isn't valid, or an error where the result can't be NULL.
func RegexpReplace(a *val.Arena, s, pattern, with string, t *types.Type) (string, bool, error) {
	if pattern == "" {
		return interleave(a, s, with), true, nil
	}
	p, err := jregex.Cached(pattern)
	switch {
	case err != nil && !t.Nullable:
		return "", false, errNotNull
	case err != nil:
		return "", false, nil
	}
	matches, err := p.All(s)
	if err != nil || len(matches) == 0 {
		return s, true, err
	}
	dst, last := a.Alloc(len(s) + len(matches)*len(with))[:0], 0
	for _, m := range matches {
		dst = append(append(dst, s[last:m[0]]...), with...)
		last = m[1]
	}
	return val.View(append(dst, s[last:]...)), true, nil
}

// StrToMap is StrToMapBy with a comma between entries and an equals sign behind
// keys.
func StrToMap(a *val.Arena, s string) (val.Map, error) { return StrToMapBy(a, s, ",", "=") }

// StrToMapBy reads a map from a text. The delimiters of entries, and of key and
// value, are regular expressions. An entry without the second has NULL as its
// value; the last of equal keys counts.
func StrToMapBy(a *val.Arena, s, entries, pair string) (val.Map, error) {
	var keys, values []val.Datum
	buckets := 1
	if s != "" {
		parts, err := javaSplit(s, entries, -1)
		if err != nil {
			return "", err
		}
		for buckets < len(parts) {
			buckets *= 2
		}
		for _, part := range parts {
			kv, err := javaSplit(part, pair, 2)
			if err != nil {
				return "", err
			}
			if len(kv) == 0 { // nothing but delimiters
				continue
			}
			value := val.NullDatum()
			if len(kv) > 1 {
				value = val.TextDatum(kv[1])
			}
			at := slices.IndexFunc(keys, func(k val.Datum) bool { return k.Text() == kv[0] })
			if at < 0 {
				at, keys, values = len(keys), append(keys, val.TextDatum(kv[0])), append(values, value)
			}
			values[at] = value
		}
	}
	order := hashOrder(keys, buckets)
	text := types.String()
	pick := func(from []val.Datum) val.Array {
		return val.MakeArray(a, &text, len(from), func(i int) val.Datum { return from[order[i]] })
	}
	return val.MakeMap(a, pick(keys), pick(values)), nil
}

// hashOrder is the order in which Java's HashMap, made with so many buckets,
// lists the keys: it doubles them when they are three quarters full.
func hashOrder(keys []val.Datum, buckets int) []int {
	for len(keys) > buckets*3/4 {
		buckets *= 2
	}
	bucket := func(i int) int {
		h := uint32(hashText(keys[i].Text()))
		return int(h^h>>16) & (buckets - 1)
	}
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return bucket(i) - bucket(j) })
	return order
}

// javaSplit splits as Java's String does: without a limit it drops empty parts
// at the end, and an empty match at the start splits nothing.
func javaSplit(s, pattern string, limit int) ([]string, error) {
	p, err := jregex.Cached(pattern)
	if err != nil {
		return nil, err
	}
	matches, err := p.All(s)
	if err != nil {
		return nil, err
	}
	var out []string
	last := 0
	for _, m := range matches {
		if len(out) == limit-1 {
			break
		}
		if m[1] == 0 || m[0] == len(s) && m[0] == m[1] && limit < 0 {
			continue
		}
		out = append(out, s[last:m[0]])
		last = m[1]
	}
	if out = append(out, s[last:]); limit < 0 && len(out) > 1 {
		for len(out) > 0 && out[len(out)-1] == "" {
			out = out[:len(out)-1]
		}
	}
	return out, nil
}

func textMap([]Arg) types.Type {
	return types.Type{Kind: types.Map, Nullable: true, Elems: []types.Type{types.String(), types.String()}}
}

// Declarations.
var (
	RegexpDecl = Decl{Name: "REGEXP", Doc: "Whether a regular expression of Java matches in a text.",
		Overloads: []Overload{{Params: []Param{Text, Text}, Result: alwaysBoolean, Impls: []any{Regexp}}},
		Examples: []Example{{"REGEXP('abc', 'c$')", "TRUE"}, {"REGEXP('abc', '(')", "FALSE"}, {"REGEXP('', '')", "FALSE"}, {"REGEXP('abc', '')", "FALSE"}, {"REGEXP('ABC', '(?i)b')", "TRUE"},
			{"REGEXP('a', '\\p{Lower}')", "TRUE"}, {"REGEXP('foo bar', '\\bbar\\b')", "TRUE"}, {"REGEXP('aa', '(a)\\1')", "TRUE"}, {"REGEXP('ab', 'a(?!b)')", "FALSE"}, {"REGEXP('é', '\\w')", "FALSE"},
			{"REGEXP('٣', '\\d')", "FALSE"}, {"REGEXP('a', '*')", "FALSE"}, {"REGEXP('a', 'a++')", "TRUE"}, {"REGEXP('x{', 'x{')", "FALSE"}, {"REGEXP('a]', ']')", "TRUE"}, {"REGEXP('}', '}')", "TRUE"},
			{"REGEXP('abc', '[a-c&&[^b]]+c')", "FALSE"}, {"REGEXP('a', '\\Qa\\E')", "TRUE"}, {"REGEXP('😀', '^.$')", "TRUE"}, {"REGEXP('ab', '(?<n>a)b')", "TRUE"}, {"REGEXP('a', '\\u0061')", "TRUE"},
			{"REGEXP('ab', '(?<=a)b')", "TRUE"}, {"REGEXP('é', '\\p{L}')", "TRUE"}, {"REGEXP('中', '\\p{IsHan}')", "TRUE"}, {"REGEXP('a', '[a')", "FALSE"}, {"REGEXP('ab', 'a|b|')", "TRUE"},
			{"REGEXP('a', '[[:alpha:]]')", "TRUE"}, {"REGEXP('a-', '[a\\-]')", "TRUE"}}}
	RegexpExtractDecl = Decl{Name: "REGEXP_EXTRACT", Doc: "What a regular expression of Java, or a group of it, matches.",
		Overloads: []Overload{
			{Params: []Param{Text, Text}, Result: nullableString, Impls: []any{RegexpExtract}},
			{Params: []Param{Text, Text, longParam}, Result: nullableString, Impls: []any{RegexpExtractGroup}}},
		Examples: []Example{{"REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)", "bar"}, {"REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)')", "foothebar"}, {"REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 3)", "NULL"},
			{"REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', -1)", "NULL"}, {"REGEXP_EXTRACT('abc', '(x)?b', 1)", "NULL"}, {"REGEXP_EXTRACT('abc', '(')", "NULL"}, {"REGEXP_EXTRACT('abc', '', 0)", ""},
			{"REGEXP_EXTRACT('aab', '(a)*b', 1)", "a"}, {"REGEXP_EXTRACT('aab', '(a|(b))*', 2)", "b"}, {"REGEXP_EXTRACT('ab', '(a*)*b', 1)", ""}, {"REGEXP_EXTRACT('ab', '(a|ab)(c|bcd)?', 1)", "a"}}}
	RegexpReplaceDecl = Decl{Name: "REGEXP_REPLACE", Doc: "The text with all that a regular expression of Java matches replaced.",
		Overloads: []Overload{{Params: []Param{Text, Text, Text}, Result: alwaysString, Impls: []any{RegexpReplace}}},
		Examples: []Example{{"REGEXP_REPLACE('foobar', 'oo|ar', 'X')", "fXbX"}, {"REGEXP_REPLACE('foobar', '(o)(o)', '$2-$1')", "f$2-$1bar"}, {"REGEXP_REPLACE('abc', 'b', '\\')", "a\\c"}, {"REGEXP_REPLACE('abc', '', '-')", "-a-b-c-"},
			{"REGEXP_REPLACE('abc', 'b*', '-')", "-a--c-"}, {"REGEXP_REPLACE('abc', '(', 'x')", "error"}, {"REGEXP_REPLACE('aaa', '^a', 'b')", "baa"}, {"REGEXP_REPLACE('abc', '(b)?', '[$1]')", "[$1]a[$1][$1]c[$1]"},
			{"REGEXP_REPLACE('😀a', '', '-')", "-?-?-a-"}, {"REGEXP_REPLACE('aXbX', '(?i)x', 'y')", "ayby"}, {"REGEXP_REPLACE('a.b', '.', 'x')", "xxx"}}}
	StrToMapDecl = Decl{Name: "STR_TO_MAP", Doc: "The map that a text lists; the delimiters are regular expressions of Java.",
		Overloads: []Overload{
			{Params: []Param{Text}, Result: textMap, Impls: []any{StrToMap}},
			{Params: []Param{Text, Text, Text}, Result: textMap, Impls: []any{StrToMapBy}}},
		Examples: []Example{{"CAST(STR_TO_MAP('k1=v1,k2=v2') AS STRING)", "{k1=v1, k2=v2}"}, {"CAST(STR_TO_MAP('') AS STRING)", "{}"}, {"CAST(STR_TO_MAP('a') AS STRING)", "{a=NULL}"},
			{"CAST(STR_TO_MAP('a=1=2') AS STRING)", "{a=1=2}"}, {"CAST(STR_TO_MAP('a=1,a=2') AS STRING)", "{a=2}"}, {"CAST(STR_TO_MAP('a=1,,b=2') AS STRING)", "{=NULL, a=1, b=2}"},
			{"CAST(STR_TO_MAP('a|b', '|', '=') AS STRING)", "{|=NULL, a=NULL, b=NULL}"}, {"CAST(STR_TO_MAP('a=1.b=2', '.', '=') AS STRING)", "{}"}, {"CAST(STR_TO_MAP('a=1,b=', '=', ',') AS STRING)", "{a=NULL, 1=b}"},
			{"CAST(STR_TO_MAP('zeta=1,alpha=2,mid=3,beta=4,x=5,yy=6,abc=7') AS STRING)", "{zeta=1, yy=6, abc=7, alpha=2, x=5, mid=3, beta=4}"}}}
)
