package jdbc

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

// mysqlDialect is MySQL and MariaDB, whose protocol and SQL are the same here.
type mysqlDialect struct{ name string }

// mysqlParams are the parameters of Connector/J and of MariaDB's driver.
var mysqlParams = append([]param{
	{"user", setUser},
	{"password", setPassword},
	{"connectTimeout", duration(connectTimeout, time.Millisecond)},
	{"socketTimeout", duration(socketTimeout, time.Millisecond)},
	{"useSSL", tlsFlag("require", "disable")},
	{"requireSSL", tlsFlag("require", "")},
	{"verifyServerCertificate", tlsFlag("verify-ca", "")},
	{"trustServerCertificate", tlsFlag("require", "")},
	{"sslMode", tlsMode(map[string]string{
		"disabled": "disable", "disable": "disable", "preferred": "prefer", "required": "require", "trust": "require",
		"verify_ca": "verify-ca", "verify-ca": "verify-ca", "verify_identity": "verify-full", "verify-full": "verify-full",
	})},
	{"sessionVariables", func(t *Target, v string) error {
		t.session = append(t.session, "SET SESSION "+v)
		return nil
	}},
}, harmless(
	// Text: the connection is UTF-8 whatever the server's default.
	"useUnicode", "characterEncoding", "characterSetResults", "connectionCollation", "jdbcCompliantTruncation",
	// Batches and statements: rows go in statements of many anyway.
	"rewriteBatchedStatements", "useBatchMultiSend", "useBulkStmts", "useServerPrepStmts", "cachePrepStmts", "prepStmtCacheSize",
	"prepStmtCacheSqlLimit", "cacheCallableStmts", "callableStmtCacheSize", "useCompression", "allowMultiQueries", "continueBatchOnError",
	"useAffectedRows", "elideSetAutoCommits", "autocommit", "useLocalSessionState", "useLocalTransactionState",
	// Connections: a lost one is always replaced.
	"autoReconnect", "autoReconnectForPools", "maxReconnects", "initialTimeout", "failOverReadOnly", "secondsBeforeRetryMaster",
	"queriesBeforeRetryMaster", "retriesAllDown", "roundRobinLoadBalance", "tcpKeepAlive", "tcpNoDelay", "tcpRcvBuf", "tcpSndBuf",
	"useReadAheadInput", "allowPublicKeyRetrieval", "createDatabaseIfNotExist", "connectionAttributes", "readOnly", "netTimeoutForStreamingResults",
	// Dates: none are read, and literals carry their own text.
	"serverTimezone", "connectionTimeZone", "forceConnectionTimeZoneToSession", "useTimezone", "useLegacyDatetimeCode",
	"useJDBCCompliantTimezoneShift", "useSSPSCompatibleTimezoneShift", "useFastDateParsing", "noDatetimeStringSync", "zeroDateTimeBehavior",
	"sendFractionalSeconds", "tinyInt1isBit", "transformedBitIsBoolean", "yearIsDateType",
	// Metadata, results and diagnostics of the Java driver.
	"nullCatalogMeansCurrent", "nullNamePatternMatchesAll", "databaseTerm", "useInformationSchema", "useOldAliasMetadataBehavior",
	"useHostsInPrivileges", "noAccessToProcedureBodies", "cacheServerConfiguration", "cacheResultSetMetadata", "metadataCacheSize",
	"useCursorFetch", "defaultFetchSize", "useColumnNamesInFindColumn", "blobsAreStrings", "functionsNeverReturnBlobs",
	"generateSimpleParameterMetadata", "holdResultsOpenOverStatementClose", "dontTrackOpenResources", "populateInsertRowWithDefaultValues",
	"useUnbufferedInput", "useDynamicCharsetInfo", "maintainTimeStats", "logger", "profileSQL", "gatherPerfMetrics", "logSlowQueries",
	"slowQueryThresholdMillis", "dumpQueriesOnException", "autoGenerateTestcaseScript", "useUsageAdvisor", "paranoid", "permitMysqlScheme",
	"allowLoadLocalInfile", "allowUrlInLocalInfile", "pinGlobalTxToPhysicalConnection", "useNanosForElapsedTime",
)...)

// Name implements Dialect.
func (d mysqlDialect) Name() string { return d.name }

// Linked implements Dialect.
func (mysqlDialect) Linked() bool { return true }

// mysqlSetUp makes the connection UTF-8, what doesn't fit an error, and a
// backslash an ordinary character of a string, whatever the server's settings
// are.
var mysqlSetUp = []string{
	"SET NAMES utf8mb4",
	"SET SESSION sql_mode = CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'STRICT_ALL_TABLES', 'NO_BACKSLASH_ESCAPES'), SESSION autocommit = 1",
}

// Connect implements Dialect.
func (d mysqlDialect) Connect(ctx context.Context, t *Target) (Session, error) {
	var failed error
	for _, host := range t.hosts {
		s, err := d.connect(ctx, t, host)
		if err == nil {
			return s, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

func (d mysqlDialect) connect(ctx context.Context, t *Target, host string) (*mysqlSession, error) {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.DBName = t.user, t.password, "tcp", host, t.database
	cfg.Timeout = cmp.Or(t.connectTimeout, 10*time.Second)
	cfg.ReadTimeout, cfg.WriteTimeout = t.socketTimeout, t.socketTimeout
	cfg.MaxAllowedPacket = 0 // the server's
	cfg.TLSConfig = map[string]string{
		"": "preferred", "disable": "false", "prefer": "preferred", "require": "skip-verify", "verify-ca": "true", "verify-full": "true",
	}[t.tls]
	cfg.Logger = &mysql.NopLogger{} // what it would log is in the errors
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	s := &mysqlSession{db: sql.OpenDB(connector)}
	if err := s.setUp(ctx, t.session); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// mysqlSession is one connection out of a pool that never has another.
type mysqlSession struct {
	db   *sql.DB
	conn *sql.Conn
	max  int
}

func (s *mysqlSession) setUp(ctx context.Context, stmts []string) (err error) {
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	for _, stmt := range slices.Concat(stmts, mysqlSetUp) {
		if err := s.Exec(ctx, stmt); err != nil {
			return err
		}
	}
	if err := s.conn.QueryRowContext(ctx, "SELECT @@max_allowed_packet").Scan(&s.max); err != nil {
		return err
	}
	s.max -= 16 // the packet's own header, with room to spare
	return nil
}

// Exec implements Session.
func (s *mysqlSession) Exec(ctx context.Context, stmt string) error {
	_, err := s.conn.ExecContext(ctx, stmt)
	return err
}

// Query implements Session.
func (s *mysqlSession) Query(ctx context.Context, query string) ([][]string, error) {
	rows, err := s.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for rows.Next() {
		cells, into := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = c.String
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// Stream implements Session.
func (s *mysqlSession) Stream(ctx context.Context, query string) (Rows, error) {
	rows, err := s.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	r := &mysqlRows{rows: rows, cells: make([]sql.RawBytes, len(names)), into: make([]any, len(names)), out: make([][]byte, len(names))}
	for i := range r.cells {
		r.into[i] = &r.cells[i]
	}
	return r, nil
}

// mysqlRows are the rows of a query, of which one is in memory at a time.
type mysqlRows struct {
	rows  *sql.Rows
	cells []sql.RawBytes
	into  []any
	out   [][]byte
}

// Next implements Rows.
func (r *mysqlRows) Next() ([][]byte, error) {
	if !r.rows.Next() {
		return nil, r.rows.Err()
	}
	if err := r.rows.Scan(r.into...); err != nil {
		return nil, err
	}
	for i, c := range r.cells {
		r.out[i] = c
	}
	return r.out, nil
}

// Close implements Rows.
func (r *mysqlRows) Close() error { return r.rows.Close() }

// MaxStatement implements Session.
func (s *mysqlSession) MaxStatement() int { return s.max }

// Close implements Session.
func (s *mysqlSession) Close() error {
	var err error
	if s.conn != nil {
		err = s.conn.Close()
	}
	return errors.Join(err, s.db.Close())
}

// Classify implements Dialect.
func (mysqlDialect) Classify(err error) Class {
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		var n net.Error
		switch {
		case errors.Is(err, mysql.ErrPktTooLarge):
			return Refused
		case errors.As(err, &n), errors.Is(err, driver.ErrBadConn), errors.Is(err, mysql.ErrInvalidConn), errors.Is(err, sql.ErrConnDone),
			errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, mysql.ErrMalformPkt), errors.Is(err, mysql.ErrPktSync):
			return Lost
		}
		return Denied // TLS, authentication plugins, bad settings
	}
	switch e.Number {
	case 1205, 1213, 1020: // lock wait timeout, deadlock, record changed
		return Transient
	case 1040, 1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1226, // too many connections, shutdown, network
		1290, 1792, 1836, // read only: a failover under way
		1317, 1927, 2006, 2013, 3169: // killed
		return Lost
	case 1044, 1045, 1046, 1049, 1129, 1130, 1142, 1143, 1146, 1227, 1251, 1524, 1698, 1820: // access, unknown database or table
		return Denied
	}
	return Refused
}

// column matches the column that the server's messages name: for column
// `db`.`table`.`c`, Column 'c' cannot be null, for column 'c' at row 1.
var mysqlColumn = regexp.MustCompile("[Cc]olumn (?:(?:`[^`]*`\\.)*`([^`]+)`|'([^']+)')")

// Column implements Dialect.
func (mysqlDialect) Column(err error) string {
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		return ""
	}
	// A value, too, is quoted in a message, but before the column.
	all := mysqlColumn.FindAllStringSubmatch(e.Message, -1)
	if all == nil {
		return ""
	}
	last := all[len(all)-1]
	return last[1] + last[2]
}

// Describe implements Dialect. The table may be written database.table.
func (d mysqlDialect) Describe(ctx context.Context, s Session, table string) (*Relation, error) {
	schema, name, dotted := strings.Cut(table, ".")
	if !dotted {
		schema, name = "", table
	}
	where := " WHERE TABLE_SCHEMA = DATABASE()"
	rel := &Relation{SQL: d.Quote(name)}
	if dotted {
		where = " WHERE TABLE_SCHEMA = " + literal(schema)
		rel.SQL = d.Quote(schema) + "." + rel.SQL
	}
	where += " AND TABLE_NAME = " + literal(name)
	columns, err := s.Query(ctx, "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE = 'NO' AND COLUMN_DEFAULT IS NULL AND EXTRA NOT LIKE '%auto_increment%',"+
		" EXTRA LIKE '%GENERATED%' AND EXTRA NOT LIKE '%DEFAULT_GENERATED%' FROM information_schema.COLUMNS"+where+" ORDER BY ORDINAL_POSITION")
	if err != nil || len(columns) == 0 {
		return nil, err
	}
	for _, c := range columns {
		rel.Columns = append(rel.Columns, RelationColumn{
			Name: c[0], Type: c[2], Takes: mysqlTakes(strings.ToLower(c[1])), Needed: c[3] == "1", Generated: c[4] == "1",
		})
	}
	keys, err := s.Query(ctx, "SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS"+where+" AND NON_UNIQUE = 0 ORDER BY INDEX_NAME, SEQ_IN_INDEX")
	rel.Unique = group(keys)
	return rel, err
}

func mysqlTakes(dataType string) []family {
	switch dataType {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year", "bit":
		return []family{boolFamily, numberFamily}
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext":
		return []family{boolFamily, numberFamily, textFamily, bytesFamily, timeFamily}
	case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob":
		return []family{textFamily, bytesFamily}
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "vector":
		return nil
	case "date", "time", "datetime", "timestamp":
		return []family{textFamily, timeFamily}
	}
	return []family{textFamily} // enumerations, JSON, UUID
}

// Quote implements Dialect.
func (mysqlDialect) Quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// AppendString implements Dialect.
func (mysqlDialect) AppendString(dst []byte, s string) ([]byte, error) {
	return appendQuoted(dst, s), nil
}

// AppendBytes implements Dialect.
func (mysqlDialect) AppendBytes(dst, b []byte) ([]byte, error) {
	dst = append(dst, "x'"...)
	return append(hex.AppendEncode(dst, b), '\''), nil
}

// AppendFloat implements Dialect. A literal with an exponent is a DOUBLE.
func (d mysqlDialect) AppendFloat(dst []byte, f float64, bits int) ([]byte, error) {
	switch {
	case math.IsNaN(f):
		return dst, fmt.Errorf("%s cannot store NaN", d.name)
	case math.IsInf(f, 1):
		return dst, fmt.Errorf("%s cannot store Infinity", d.name)
	case math.IsInf(f, -1):
		return dst, fmt.Errorf("%s cannot store -Infinity", d.name)
	}
	return strconv.AppendFloat(dst, f, 'e', -1, bits), nil
}

// Overwrite implements Dialect. VALUES(column) is understood by MariaDB and by
// all versions of MySQL.
func (mysqlDialect) Overwrite(columns, _ []string) string {
	sets := make([]string, len(columns))
	for i, c := range columns {
		sets[i] = c + "=VALUES(" + c + ")"
	}
	return " ON DUPLICATE KEY UPDATE " + strings.Join(sets, ", ")
}

// KeyMustBeUnique implements Dialect.
func (mysqlDialect) KeyMustBeUnique() bool { return false }
