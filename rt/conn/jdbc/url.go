package jdbc

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pyfc/ir/diag"
)

// Target is where a JDBC URL points to. It prints without credentials.
type Target struct {
	dialect        Dialect
	hosts          []string // host:port, tried in order
	database       string
	user, password string
	// tls is PostgreSQL's word: disable, prefer, require, verify-ca or
	// verify-full; empty for the dialect's default.
	tls            string
	connectTimeout time.Duration // 0 for the default
	socketTimeout  time.Duration // 0 for none
	session        []string      // statements that set the session up
	startup        map[string]string
}

// String names the database: "MySQL at localhost:3306/flink".
func (t *Target) String() string {
	return fmt.Sprintf("%s at %s/%s", t.dialect.Name(), strings.Join(t.hosts, ","), t.database)
}

// note is a warning about a URL.
type note struct{ text, hint string }

// param says what a URL parameter does here.
type param struct {
	name string
	// set takes the value over; nil for a parameter that changes nothing here.
	set func(t *Target, value string) error
}

// scheme is what follows "jdbc:", with the dialect and the driver's parameters.
type scheme struct {
	prefix  string
	dialect Dialect
	port    string
	params  []param
}

var schemes = []scheme{
	{"mysql:", mysqlDialect{"MySQL"}, "3306", mysqlParams},
	{"mariadb:", mysqlDialect{"MariaDB"}, "3306", mysqlParams},
	{"postgresql:", postgresDialect{}, "5432", postgresParams},
}

// notBuilt are the databases of Flink's connector that have no dialect here.
var notBuilt = []string{"oracle", "sqlserver", "derby", "db2", "crate", "trino", "oceanbase"}

var errNotBuilt = errors.New("this database isn't supported yet; jdbc:mysql:, jdbc:mariadb: and jdbc:postgresql: are")

// modes are the words that a driver takes between scheme and hosts; all mean
// several hosts, which are tried in order.
var modes = []string{"loadbalance:", "replication:", "failover:", "sequential:", "aurora:"}

// schemeOf finds the scheme of a JDBC URL, and what follows it.
func schemeOf(text string) (*scheme, string, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "jdbc:")
	if !ok {
		return nil, "", errors.New("no JDBC URL: that begins with jdbc: and the name of a database")
	}
	for i := range schemes {
		if rest, ok := strings.CutPrefix(rest, schemes[i].prefix); ok {
			return &schemes[i], rest, nil
		}
	}
	if name, _, _ := strings.Cut(rest, ":"); slices.Contains(notBuilt, name) {
		return nil, "", fmt.Errorf("jdbc:%s: %w", name, errNotBuilt)
	}
	return nil, "", errors.New("the URL is of no database that Flink knows; pyfc writes to those of jdbc:mysql:, jdbc:mariadb: and jdbc:postgresql: URLs")
}

// parseURL parses a JDBC URL. No error of it repeats the text, which may hold a
// password.
func parseURL(text string) (*Target, []note, error) {
	s, rest, err := schemeOf(text)
	if err != nil {
		return nil, nil, err
	}
	t := &Target{dialect: s.dialect, startup: map[string]string{}}
	notes, err := t.parse(rest, s.port, s.params)
	if err != nil {
		return nil, nil, err
	}
	return t, notes, nil
}

// parse reads //user:password@host:port,host:port/database?name=value&…
func (t *Target) parse(rest, port string, params []param) ([]note, error) {
	for _, m := range modes {
		rest = strings.TrimPrefix(rest, m)
	}
	rest, query, _ := strings.Cut(rest, "?")
	authority := ""
	if r, ok := strings.CutPrefix(rest, "//"); ok {
		authority, rest, _ = strings.Cut(r, "/")
	} else {
		rest = strings.TrimPrefix(rest, "/") // jdbc:postgresql:database
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, password, _ := strings.Cut(authority[:i], ":")
		t.user, t.password = unescape(user), unescape(password)
		authority = authority[i+1:]
	}
	for host := range strings.SplitSeq(authority, ",") {
		h, err := hostPort(host, port)
		if err != nil {
			return nil, err
		}
		t.hosts = append(t.hosts, h)
	}
	t.database = unescape(rest)
	notes, err := t.parameters(query, params)
	if err != nil {
		return nil, err
	}
	if t.database == "" {
		return nil, errors.New("the JDBC URL names no database")
	}
	return notes, nil
}

func hostPort(text, port string) (string, error) {
	host := text
	if h, p, err := net.SplitHostPort(text); err == nil {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return "", errors.New("the JDBC URL has a port that is no number from 1 to 65535")
		}
		host, port = h, p
	} else if strings.Contains(text, ":") && !strings.HasPrefix(text, "[") {
		return "", errors.New("the JDBC URL has a host with more than one port; an IPv6 address stands in brackets")
	}
	if strings.ContainsAny(host, "()=") {
		return "", errors.New("the JDBC URL has a host in the form (key=value), which pyfc doesn't read; write host:port")
	}
	if host = strings.Trim(host, "[]"); host == "" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port), nil
}

// parameters applies a URL's query. Names are compared as the drivers do, by
// exact case first.
func (t *Target) parameters(query string, params []param) ([]note, error) {
	var notes []note
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescape(name), unescape(value)
		if name == "" {
			continue
		}
		p := slices.IndexFunc(params, func(p param) bool { return strings.EqualFold(p.name, name) })
		switch {
		case p < 0:
			n := note{text: fmt.Sprintf("the URL parameter %s is unknown and has no effect", name)}
			if near := diag.Nearest(name, paramNames(params)); near != "" {
				n.hint = fmt.Sprintf("did you mean %s?", near)
			}
			notes = append(notes, n)
		case params[p].set != nil:
			if err := params[p].set(t, value); err != nil {
				return nil, fmt.Errorf("the URL parameter %s: %w", params[p].name, err)
			}
		}
	}
	return notes, nil
}

func paramNames(params []param) []string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.name
	}
	return names
}

func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s // a driver takes a bare % as it is
}

// harmless lists parameters that change nothing here: they tune the driver, or
// what they ask for holds anyway.
func harmless(names ...string) []param {
	params := make([]param, len(names))
	for i, n := range names {
		params[i] = param{name: n}
	}
	return params
}

func setUser(t *Target, v string) error     { t.user = v; return nil }
func setPassword(t *Target, v string) error { t.password = v; return nil }

// duration returns a setter for a number of units.
func duration(field func(*Target) *time.Duration, unit time.Duration) func(*Target, string) error {
	return func(t *Target, v string) error {
		n, err := strconv.ParseUint(v, 10, 31)
		if err != nil {
			return errors.New("must be a whole number")
		}
		*field(t) = time.Duration(n) * unit
		return nil
	}
}

func connectTimeout(t *Target) *time.Duration { return &t.connectTimeout }
func socketTimeout(t *Target) *time.Duration  { return &t.socketTimeout }

// tlsRank orders the words of Target.tls, so that of several parameters the
// strictest holds.
var tlsRank = []string{"", "disable", "prefer", "require", "verify-ca", "verify-full"}

func (t *Target) raiseTLS(word string) {
	if slices.Index(tlsRank, word) > slices.Index(tlsRank, t.tls) {
		t.tls = word
	}
}

// tlsFlag returns a setter for a boolean parameter that asks for TLS.
func tlsFlag(whenTrue, whenFalse string) func(*Target, string) error {
	return func(t *Target, v string) error {
		switch strings.ToLower(v) {
		case "true", "yes", "1", "":
			t.raiseTLS(whenTrue)
		case "false", "no", "0":
			t.raiseTLS(whenFalse)
		default:
			return errors.New("must be true or false")
		}
		return nil
	}
}

// tlsMode returns a setter for a parameter that names a mode.
func tlsMode(words map[string]string) func(*Target, string) error {
	return func(t *Target, v string) error {
		word, ok := words[strings.ToLower(v)]
		if !ok {
			return errors.New("no such mode")
		}
		t.raiseTLS(word)
		return nil
	}
}
