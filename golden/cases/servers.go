package cases

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/segmentio/kafka-go"

	"pyfc/golden/services"
)

// The servers that there are.
const (
	kafkaServer    = "kafka"
	mariaServer    = "mariadb"
	postgresServer = "postgres"
)

const (
	partitions = 4    // of a topic that a case writes
	nothing    = `\N` // no key or value
	setTime    = 2024 // a message's time before this year was set by the case
)

// Servers are the real ones of some cases.
type Servers struct {
	kafka  *services.Kafka
	tables map[string]database
	env    map[string]string // what scripts find the servers by
	topics []string          // that there are
}

// database is services.MariaDB or services.Postgres.
type database interface {
	Exec(t testing.TB, stmts ...string)
	Query(t testing.TB, query string) [][]string
}

// StartServers starts what the cases name in case.json; it all ends with the test.
// The script finds each server by environment variables, and what is there before
// and after has sections:
//
//	kafka     $KAFKA, its address; kafka/TOPIC and want/kafka/TOPIC
//	mariadb   $MARIADB, a JDBC URL, $MARIADB_PASSWORD of root; mariadb.sql and want/mariadb/TABLE
//	postgres  $POSTGRES, $POSTGRES_PASSWORD of postgres; likewise
func StartServers(t testing.TB, list ...*Case) *Servers {
	t.Helper()
	s := &Servers{tables: map[string]database{}, env: map[string]string{}}
	for _, c := range list {
		for _, name := range c.Spec.Servers {
			s.start(t, c, name)
		}
	}
	return s
}

func (s *Servers) start(t testing.TB, c *Case, name string) {
	t.Helper()
	if s.env[strings.ToUpper(name)] != "" {
		return
	}
	var addr string
	switch name {
	case kafkaServer:
		s.kafka = services.StartKafka(t, services.KafkaOptions{})
		addr = s.kafka.Addr()
	case mariaServer:
		m := services.StartMariaDB(t, services.MariaDBOptions{})
		s.tables[name], addr = m, m.Addr()
	case postgresServer:
		p := services.StartPostgres(t, services.PostgresOptions{})
		s.tables[name], addr = p, p.Addr()
	default:
		t.Fatalf("%s: there is no server %s", c.Name, name)
	}
	maps.Copy(s.env, environment(name, addr))
}

// environment is how a script finds a server.
func environment(name, addr string) map[string]string {
	variable := strings.ToUpper(name)
	switch name {
	case mariaServer:
		return map[string]string{variable: "jdbc:mysql://" + addr + "/flink", variable + "_PASSWORD": "root"}
	case postgresServer:
		return map[string]string{variable: "jdbc:postgresql://" + addr + "/flink", variable + "_PASSWORD": "postgres"}
	}
	return map[string]string{variable: addr}
}

// Nowhere is the case's environment with servers at an address where there are
// none: for who looks at what its script does and doesn't run it.
func (c *Case) Nowhere() map[string]string {
	env := maps.Clone(c.Spec.Env)
	for _, name := range c.Spec.Servers {
		if env == nil {
			env = map[string]string{}
		}
		maps.Copy(env, environment(name, "localhost:9"))
	}
	return env
}

// Prepare leaves in the servers what the case's sections say and nothing else, and
// returns the environment in which its script finds them.
func (s *Servers) Prepare(t testing.TB, c *Case) map[string]string {
	t.Helper()
	if s.kafka != nil {
		s.kafka.DeleteTopics(t, s.topics...)
		s.topics = nil
	}
	for _, f := range c.archive.Files {
		if topic, ok := strings.CutPrefix(f.Name, kafkaServer+"/"); ok {
			s.fill(t, topic, string(f.Data))
		}
		server, ok := strings.CutSuffix(f.Name, ".sql")
		if db := s.tables[server]; ok && db != nil {
			for stmt := range strings.SplitSeq(strings.TrimSpace(string(f.Data)), ";\n") {
				db.Exec(t, stmt)
			}
		}
	}
	for _, sink := range c.Spec.Sinks {
		if topic, ok := strings.CutPrefix(sink, kafkaServer+"/"); ok && s.kafka != nil {
			s.createTopic(t, topic, partitions)
		}
	}
	return maps.Clone(s.env)
}

// Text shows what is at a sink: messages of a topic, rows of a table, else the
// lines of files below dir.
func (s *Servers) Text(t testing.TB, dir, sink string) string {
	t.Helper()
	server, name, _ := strings.Cut(sink, "/")
	switch {
	case server == kafkaServer && s.kafka != nil:
		return s.messages(t, name)
	case s.tables[server] != nil:
		var lines []string
		for _, row := range s.tables[server].Query(t, "SELECT * FROM "+name) {
			for i, cell := range row {
				row[i] = printable(cell)
			}
			lines = append(lines, strings.Join(row, "\t"))
		}
		slices.Sort(lines)
		return strings.Join(lines, "\n") + "\n"
	}
	text, err := SinkText(filepath.Join(dir, sink))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (s *Servers) createTopic(t testing.TB, topic string, partitions int) {
	t.Helper()
	s.kafka.CreateTopic(t, topic, partitions, "retention.ms", "-1") // some messages are old
	s.topics = append(s.topics, topic)
}

// fill makes a topic of one partition with messages: key, value, and if they are
// given time and headers, with tabs between them.
func (s *Servers) fill(t testing.TB, topic, text string) {
	t.Helper()
	s.createTopic(t, topic, 1)
	var records []kafka.Record
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		record := kafka.Record{Key: bytesOf(f[0]), Value: bytesOf(f[1]), Time: time.Now()}
		if len(f) > 2 {
			ms, err := strconv.ParseInt(f[2], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			record.Time = time.UnixMilli(ms)
			for i := 3; i+1 < len(f); i += 2 {
				header := kafka.Header{Key: f[i], Value: []byte(f[i+1])}
				if f[i+1] == nothing {
					header.Value = nil
				}
				record.Headers = append(record.Headers, header)
			}
		}
		records = append(records, record)
	}
	s.kafka.Produce(t, topic, 0, records...)
}

func bytesOf(field string) kafka.Bytes {
	if field == nothing {
		return nil
	}
	return kafka.NewBytes([]byte(field))
}

// messages shows those in a topic. Those with keys have their partition, and an
// order among those of equal keys; a time is shown that the job has set.
func (s *Servers) messages(t testing.TB, topic string) string {
	t.Helper()
	var lines []string
	for p := range partitions {
		for _, m := range s.kafka.Messages(t, topic, p) {
			var b bytes.Buffer
			if m.Key != nil {
				fmt.Fprintf(&b, "%d %s=", p, printable(string(m.Key)))
			}
			if m.Value == nil {
				b.WriteString(nothing)
			}
			b.Write(m.Value)
			for _, h := range m.Headers {
				fmt.Fprintf(&b, " %s:%s", h.Key, h.Value)
			}
			if m.Time.Year() < setTime {
				fmt.Fprintf(&b, " at %d", m.Time.UnixMilli())
			}
			lines = append(lines, b.String())
		}
	}
	key := func(line string) string { // with its partition
		if line[0] < '0' || line[0] > '9' {
			return line
		}
		key, _, _ := strings.Cut(line, "=")
		return key
	}
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(key(a), key(b)) })
	return strings.Join(lines, "\n") + "\n"
}

// printable is a key or a cell as text.
func printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	return strconv.Quote(text)
}
