package fn

import (
	"strconv"
	"strings"
)

// parsedURL is a URL taken apart as java.net.URL does; of the parts that can be
// missing, has says whether they are there.
type parsedURL struct {
	protocol, authority, userInfo, host, path, query, ref string
	hasAuthority, hasUserInfo, hasQuery, hasRef           bool
}

// urlProtocols are those that Java has handlers for.
const urlProtocols = " http https ftp file jar mailto jmod jrt "

// parseURL takes a URL apart; ok is false for what Java refuses.
func parseURL(s string) (u parsedURL, ok bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	if len(s) >= 4 && strings.EqualFold(s[:4], "url:") {
		s = s[4:]
	}
	protocol, rest, found := strings.Cut(s, ":")
	u.protocol = strings.ToLower(protocol)
	if !found || u.protocol == "" || strings.Contains(protocol, "/") || !strings.Contains(urlProtocols, " "+u.protocol+" ") {
		return u, false
	}
	if u.protocol == "jar" {
		return u.jar(rest)
	}
	rest, u.ref, u.hasRef = strings.Cut(rest, "#")
	rest, u.query, u.hasQuery = strings.Cut(rest, "?")
	if after, slashes := strings.CutPrefix(rest, "//"); slashes && !strings.HasPrefix(after, "//") {
		end := strings.IndexByte(after, '/')
		if end < 0 {
			end = len(after)
		}
		u.authority, u.hasAuthority, rest = after[:end], true, after[end:]
		if !u.splitAuthority() {
			return u, false
		}
	}
	u.path = rest
	return u, true
}

// jar is jar:url!/entry, where the URL must be one.
func (u parsedURL) jar(rest string) (parsedURL, bool) {
	rest, u.ref, u.hasRef = strings.Cut(rest, "#")
	at := strings.LastIndex(rest, "!/")
	if at < 0 {
		return u, false
	}
	_, ok := parseURL(rest[:at])
	u.path = rest
	return u, ok
}

// splitAuthority takes user:password@host:port apart.
func (u *parsedURL) splitAuthority() bool {
	host := u.authority
	if at := strings.IndexByte(host, '@'); at >= 0 {
		if at != strings.LastIndexByte(host, '@') {
			host = ""
		} else {
			u.userInfo, u.hasUserInfo, host = host[:at], true, host[at+1:]
		}
	}
	port := ""
	if strings.HasPrefix(host, "[") {
		end := strings.IndexByte(host, ']')
		if end < 2 {
			return false
		}
		if port = host[end+1:]; port != "" && port[0] != ':' {
			return false
		}
		host = host[:end+1]
	} else if at := strings.IndexByte(host, ':'); at >= 0 {
		host, port = host[:at], host[at:]
	}
	u.host = host
	if len(port) <= 1 {
		return true
	}
	n, err := strconv.ParseInt(port[1:], 10, 32)
	return err == nil && n >= -1
}

// ParseURL is a part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE,
// AUTHORITY or USERINFO. NULL where the URL hasn't it, or isn't one.
func ParseURL(s, part string) (string, bool) {
	u, ok := parseURL(s)
	if !ok {
		return "", false
	}
	switch part {
	case "HOST":
		return u.host, true
	case "PATH":
		return u.path, true
	case "QUERY":
		return u.query, u.hasQuery
	case "REF":
		return u.ref, u.hasRef
	case "PROTOCOL":
		return u.protocol, true
	case "FILE":
		if !u.hasQuery {
			return u.path, true
		}
		i := strings.Index(s, u.path+"?"+u.query)
		return s[i : i+len(u.path)+1+len(u.query)], true
	case "AUTHORITY":
		return u.authority, u.hasAuthority
	case "USERINFO":
		return u.userInfo, u.hasUserInfo
	}
	return "", false
}

// ParseURLKey is the value of a key in the query, for the part QUERY; NULL for
// the others.
func ParseURLKey(s, part, key string) (string, bool) {
	query, ok := ParseURL(s, part)
	if !ok || part != "QUERY" {
		return "", false
	}
	for pair := range strings.SplitSeq(query, "&") {
		if value, found := strings.CutPrefix(pair, key+"="); found {
			return value, true
		}
	}
	return "", false
}

const sampleURL = "'http://user:pass@host:80/p/a?q=1&r=2&q=3#ref'"

// ParseURLDecl declares PARSE_URL.
var ParseURLDecl = Decl{Name: "PARSE_URL", Doc: "A part of a URL, or the value of a key in its query.",
	Overloads: []Overload{
		{Params: []Param{Text, Text}, Result: nullableString, Impls: []any{ParseURL}},
		{Params: []Param{Text, Text, Text}, Result: nullableString, Impls: []any{ParseURLKey}}},
	Examples: []Example{
		{"PARSE_URL(" + sampleURL + ", 'HOST')", "host"}, {"PARSE_URL(" + sampleURL + ", 'PATH')", "/p/a"}, {"PARSE_URL(" + sampleURL + ", 'QUERY')", "q=1&r=2&q=3"},
		{"PARSE_URL(" + sampleURL + ", 'REF')", "ref"}, {"PARSE_URL(" + sampleURL + ", 'PROTOCOL')", "http"}, {"PARSE_URL(" + sampleURL + ", 'FILE')", "/p/a?q=1&r=2&q=3"},
		{"PARSE_URL(" + sampleURL + ", 'AUTHORITY')", "user:pass@host:80"}, {"PARSE_URL(" + sampleURL + ", 'USERINFO')", "user:pass"}, {"PARSE_URL(" + sampleURL + ", 'host')", "NULL"},
		{"PARSE_URL(" + sampleURL + ", 'QUERY', 'q')", "1"}, {"PARSE_URL(" + sampleURL + ", 'QUERY', 'z')", "NULL"}, {"PARSE_URL(" + sampleURL + ", 'HOST', 'q')", "NULL"},
		{"PARSE_URL('notaurl', 'HOST')", "NULL"}, {"PARSE_URL('http://h', 'PATH')", ""}, {"PARSE_URL('http://h', 'QUERY')", "NULL"}, {"PARSE_URL('http://h?', 'QUERY')", ""},
		{"PARSE_URL('http://h/?a=&b', 'QUERY', 'a')", ""}, {"PARSE_URL('http://h/?a=&b', 'QUERY', 'b')", "NULL"}, {"PARSE_URL('HTTP://Host.COM/', 'HOST')", "Host.COM"},
		{"PARSE_URL('HTTP://Host.COM/', 'PROTOCOL')", "http"}, {"PARSE_URL('mailto:a@b', 'PATH')", "a@b"}, {"PARSE_URL('foo://h/x', 'HOST')", "NULL"},
		{"PARSE_URL('http://[::1]:80/x', 'HOST')", "[::1]"}, {"PARSE_URL('http://h:abc/', 'HOST')", "NULL"}, {"PARSE_URL('http:///x', 'HOST')", ""},
		{"PARSE_URL('http://h/a b?x=y z', 'QUERY')", "x=y z"}, {"PARSE_URL('http://h/?aXb=1', 'QUERY', 'a.b')", "NULL"}, {"PARSE_URL('jar:file:/a!/b', 'PROTOCOL')", "jar"},
		{"PARSE_URL('http://h#', 'REF')", ""}, {"PARSE_URL('http://h/p?a#b?c', 'FILE')", "/p?a"}, {"PARSE_URL(' http://h/ ', 'HOST')", "h"}, {"PARSE_URL('url:http://h/x', 'PROTOCOL')", "http"},
		{"PARSE_URL('http://h/../x', 'PATH')", "/../x"}}}
