package jdbc

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// postgresDialect is PostgreSQL.
type postgresDialect struct{}

// PostgresDriver speaks PostgreSQL's protocol.
type PostgresDriver interface {
	// Connect opens a session. The settings are a connection string as libpq takes
	// it, in which the credentials aren't: so they are in none of its errors. Timeout
	// is how long a statement may take, 0 for any time.
	Connect(ctx context.Context, settings, user, password string, timeout time.Duration) (Session, error)
	// Fault returns the SQLSTATE of an error, empty for one that isn't the server's,
	// and the column that it is about, if the server says that.
	Fault(err error) (state, column string)
	// Unsent reports whether the server can't have got what failed.
	Unsent(err error) bool
}

// postgresDriver is the driver, where it is linked.
var postgresDriver PostgresDriver

// RegisterPostgres is called where the driver is linked.
func RegisterPostgres(d PostgresDriver) { postgresDriver = d }

// mayBePostgres reports whether a table's URL may be one of PostgreSQL: unless it is
// another database's for sure.
func mayBePostgres(options map[string]string) bool {
	s, _, err := schemeOf(options["url"] + options["connector.url"])
	return err != nil || s.dialect == postgresDialect{}
}

// postgresParams are the parameters of pgJDBC.
var postgresParams = append([]param{
	{"user", setUser},
	{"password", setPassword},
	{"connectTimeout", duration(connectTimeout, time.Second)},
	{"loginTimeout", duration(connectTimeout, time.Second)},
	{"socketTimeout", duration(socketTimeout, time.Second)},
	{"ssl", tlsFlag("verify-full", "")},
	{"sslmode", tlsMode(map[string]string{
		"disable": "disable", "allow": "prefer", "prefer": "prefer", "require": "require", "verify-ca": "verify-ca", "verify-full": "verify-full",
	})},
	{"sslrootcert", startup("sslrootcert")},
	{"sslcert", startup("sslcert")},
	{"sslkey", startup("sslkey")},
	{"currentSchema", startup("search_path")},
	{"ApplicationName", startup("application_name")},
	{"options", startup("options")},
	{"targetServerType", func(t *Target, v string) error {
		word, ok := map[string]string{"any": "any", "primary": "primary", "master": "primary", "secondary": "standby",
			"preferSecondary": "prefer-standby", "preferPrimary": "any"}[v]
		if !ok {
			return errors.New("no such type")
		}
		t.startup["target_session_attrs"] = word
		return nil
	}},
}, harmless(
	"reWriteBatchedInserts", "prepareThreshold", "preparedStatementCacheQueries", "preparedStatementCacheSizeMiB", "preferQueryMode",
	"binaryTransfer", "binaryTransferEnable", "binaryTransferDisable", "stringtype", "defaultRowFetchSize", "adaptiveFetch", "autosave",
	"cleanupSavepoints", "tcpKeepAlive", "tcpNoDelay", "cancelSignalTimeout", "loadBalanceHosts", "hostRecheckSeconds", "assumeMinServerVersion",
	"charSet", "allowEncodingChanges", "logUnclosedConnections", "loggerLevel", "loggerFile", "logServerErrorDetail", "readOnly",
	"readOnlyMode", "unknownLength", "disableColumnSanitiser", "databaseMetadataCacheFields", "databaseMetadataCacheFieldsMiB",
	"receiveBufferSize", "sendBufferSize", "gssEncMode", "escapeSyntaxCallMode", "quoteReturningIdentifiers", "maxResultBuffer",
)...)

// startup returns a setter for a parameter of the driver or the server.
func startup(name string) func(*Target, string) error {
	return func(t *Target, v string) error {
		t.startup[name] = v
		return nil
	}
}

// Name implements Dialect.
func (postgresDialect) Name() string { return "PostgreSQL" }

// Linked implements Dialect.
func (postgresDialect) Linked() bool { return postgresDriver != nil }

// Connect implements Dialect.
func (postgresDialect) Connect(ctx context.Context, t *Target) (Session, error) {
	settings, err := t.libpq()
	if err != nil {
		return nil, err
	}
	s, err := postgresDriver.Connect(ctx, settings, t.user, t.password, t.socketTimeout)
	if err != nil {
		return nil, err
	}
	for _, stmt := range []string{"SET standard_conforming_strings = on", "SET client_encoding = 'UTF8'"} {
		if err := s.Exec(ctx, stmt); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// libpq is the target as a connection string, without the credentials.
func (t *Target) libpq() (string, error) {
	var hosts, ports []string
	for _, h := range t.hosts {
		host, port, err := net.SplitHostPort(h)
		if err != nil {
			return "", err
		}
		hosts, ports = append(hosts, host), append(ports, port)
	}
	var text strings.Builder
	set := func(name, value string) {
		fmt.Fprintf(&text, "%s='%s' ", name, strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value))
	}
	set("host", strings.Join(hosts, ","))
	set("port", strings.Join(ports, ","))
	set("dbname", t.database)
	set("sslmode", cmp.Or(t.tls, "prefer"))
	set("connect_timeout", strconv.Itoa(int(cmp.Or(t.connectTimeout, 10*time.Second)/time.Second)))
	for name, value := range t.startup {
		set(name, value)
	}
	// The job's options alone say who logs in, not the user's home.
	set("passfile", os.DevNull)
	return text.String(), nil
}

// Classify implements Dialect.
func (postgresDialect) Classify(err error) Class {
	state, _ := postgresDriver.Fault(err)
	if state == "" {
		var n net.Error
		if errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || postgresDriver.Unsent(err) {
			return Lost
		}
		return Denied // TLS, authentication methods, bad settings
	}
	switch {
	case slices.Contains([]string{"40001", "40P01", "55P03"}, state): // serialization, deadlock, lock
		return Transient
	case strings.HasPrefix(state, "08"), strings.HasPrefix(state, "53"), strings.HasPrefix(state, "57P"), state == "25006":
		return Lost // connection, resources, shutdown, read only
	case strings.HasPrefix(state, "28"), strings.HasPrefix(state, "3D"), strings.HasPrefix(state, "3F"), state == "42501", state == "42P01":
		return Denied // login, unknown database or schema, privilege, unknown table
	}
	return Refused
}

// Column implements Dialect.
func (postgresDialect) Column(err error) string {
	_, column := postgresDriver.Fault(err)
	return column
}

// Describe implements Dialect. The table is resolved as an identifier in SQL
// would be: folded to lower case unless quoted, by the search path; failing
// that, by its exact name.
func (d postgresDialect) Describe(ctx context.Context, s Session, table string) (*Relation, error) {
	schema, name, dotted := strings.Cut(table, ".")
	exact := d.Quote(table)
	if dotted {
		exact = d.Quote(schema) + "." + d.Quote(name)
	}
	var oid string
	for _, text := range []string{table, exact} {
		found, err := s.Query(ctx, "SELECT to_regclass("+literal(text)+")::oid, to_regclass("+literal(text)+")::text")
		if state, _ := postgresDriver.Fault(err); state == "42601" || state == "42602" { // not the text of an identifier
			continue
		}
		if err != nil {
			return nil, err
		}
		if found[0][0] != "" {
			oid, exact = found[0][0], found[0][1]
			break
		}
	}
	if oid == "" {
		return nil, nil
	}
	rel := &Relation{SQL: exact}
	columns, err := s.Query(ctx, `SELECT a.attname, format_type(a.atttypid, a.atttypmod), COALESCE(b.typname, t.typname),
		a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', a.attgenerated <> '' OR a.attidentity = 'a'
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype
		WHERE a.attrelid = `+oid+` AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`)
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		rel.Columns = append(rel.Columns, RelationColumn{
			Name: c[0], Type: c[1], Takes: postgresTakes(c[2]), Needed: c[3] == "t", Generated: c[4] == "t",
		})
	}
	keys, err := s.Query(ctx, `SELECT i.indexrelid, a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
		WHERE i.indrelid = `+oid+` AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = i.indnatts
		ORDER BY i.indexrelid`)
	rel.Unique = group(keys)
	return rel, err
}

func postgresTakes(typname string) []family {
	switch typname {
	case "int2", "int4", "int8", "numeric", "float4", "float8", "money":
		return []family{numberFamily}
	case "bool":
		return []family{boolFamily}
	case "text", "varchar", "bpchar", "citext", "name":
		return []family{boolFamily, numberFamily, textFamily, timeFamily}
	case "bytea":
		return []family{bytesFamily}
	case "date", "time", "timetz", "timestamp", "timestamptz":
		return []family{textFamily, timeFamily}
	}
	return []family{textFamily} // a quoted literal has the type of its column
}

// Quote implements Dialect.
func (postgresDialect) Quote(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// AppendString implements Dialect.
func (postgresDialect) AppendString(dst []byte, s string) ([]byte, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return dst, errors.New("PostgreSQL cannot store the character U+0000")
	}
	return appendQuoted(dst, s), nil
}

// AppendBytes implements Dialect.
func (postgresDialect) AppendBytes(dst, b []byte) ([]byte, error) {
	dst = append(dst, `'\x`...)
	return append(hex.AppendEncode(dst, b), '\''), nil
}

// AppendFloat implements Dialect.
func (postgresDialect) AppendFloat(dst []byte, f float64, bits int) ([]byte, error) {
	switch {
	case math.IsNaN(f):
		return append(dst, "'NaN'::float8"...), nil
	case math.IsInf(f, 1):
		return append(dst, "'Infinity'::float8"...), nil
	case math.IsInf(f, -1):
		return append(dst, "'-Infinity'::float8"...), nil
	case f == 0 && math.Signbit(f):
		return append(dst, "'-0'::float8"...), nil
	}
	return strconv.AppendFloat(dst, f, 'e', -1, bits), nil
}

// Overwrite implements Dialect.
func (postgresDialect) Overwrite(columns, key []string) string {
	var sets []string
	for _, c := range columns {
		if !slices.Contains(key, c) {
			sets = append(sets, c+"=EXCLUDED."+c)
		}
	}
	conflict := " ON CONFLICT (" + strings.Join(key, ", ") + ") DO "
	if sets == nil {
		return conflict + "NOTHING"
	}
	return conflict + "UPDATE SET " + strings.Join(sets, ", ")
}

// KeyMustBeUnique implements Dialect.
func (postgresDialect) KeyMustBeUnique() bool { return true }
