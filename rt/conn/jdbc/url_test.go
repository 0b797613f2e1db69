package jdbc

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

func TestParseURL(t *testing.T) {
	for _, c := range []struct {
		url  string
		want string // Target.String, user, password, what else is set
	}{
		{"jdbc:mysql://localhost:3306/flink", "MySQL at localhost:3306/flink"},
		{" jdbc:mysql://db/flink\n", "MySQL at db:3306/flink"},
		{"jdbc:mysql:///flink", "MySQL at localhost:3306/flink"},
		{"jdbc:mariadb://10.0.0.1:3307/a_b", "MariaDB at 10.0.0.1:3307/a_b"},
		{"jdbc:mysql:replication://a,b:3307/x", "MySQL at a:3306,b:3307/x"},
		{"jdbc:mysql://[::1]:3306/x", "MySQL at [::1]:3306/x"},
		{"jdbc:mysql://[::1]/x", "MySQL at [::1]:3306/x"},
		{"jdbc:mysql://u:p%40w@h/x", "MySQL at h:3306/x user=u password=p@w"},
		{"jdbc:mysql://h/x?user=u&password=a%26b", "MySQL at h:3306/x user=u password=a&b"},
		{"jdbc:mysql://h/x?useSSL=false&allowPublicKeyRetrieval=true&characterEncoding=utf-8&rewriteBatchedStatements=true&serverTimezone=Asia/Shanghai",
			"MySQL at h:3306/x tls=disable"},
		{"jdbc:mysql://h/x?useSSL=true", "MySQL at h:3306/x tls=require"},
		{"jdbc:mysql://h/x?useSSL=true&verifyServerCertificate=true", "MySQL at h:3306/x tls=verify-ca"},
		{"jdbc:mysql://h/x?verifyServerCertificate=false&useSSL=true&requireSSL=true", "MySQL at h:3306/x tls=require"},
		{"jdbc:mysql://h/x?sslMode=VERIFY_IDENTITY", "MySQL at h:3306/x tls=verify-full"},
		{"jdbc:mysql://h/x?connectTimeout=1500&socketTimeout=2000", "MySQL at h:3306/x connect=1.5s socket=2s"},
		{"jdbc:mysql://h/x?sessionVariables=wait_timeout=100,foreign_key_checks=0", "MySQL at h:3306/x session=SET SESSION wait_timeout=100,foreign_key_checks=0"},
		{"jdbc:postgresql://h:5433/x", "PostgreSQL at h:5433/x"},
		{"jdbc:postgresql:x", "PostgreSQL at localhost:5432/x"},
		{"jdbc:postgresql://h/x?sslmode=require&connectTimeout=3", "PostgreSQL at h:5432/x tls=require connect=3s"},
		{"jdbc:postgresql://h/x?ssl=true", "PostgreSQL at h:5432/x tls=verify-full"},
		{"jdbc:postgresql://a:1,b:2/x?currentSchema=s&stringtype=unspecified&reWriteBatchedInserts=true", "PostgreSQL at a:1,b:2/x search_path=s"},
		{"jdbc:postgresql://h/x?targetServerType=master&ApplicationName=j", "PostgreSQL at h:5432/x application_name=j target_session_attrs=primary"},
	} {
		target, notes, err := parseURL(c.url)
		if err != nil {
			t.Errorf("%s: %v", c.url, err)
			continue
		}
		if got := describeTarget(target); got != c.want {
			t.Errorf("%s: got %s, want %s", c.url, got, c.want)
		}
		if len(notes) > 0 {
			t.Errorf("%s: %v", c.url, notes)
		}
	}
}

func describeTarget(t *Target) string {
	out := t.String()
	add := func(name, value string) {
		if value != "" {
			out += " " + name + "=" + value
		}
	}
	duration := func(d time.Duration) string { return strings.TrimSuffix(d.String(), "0s") }
	add("user", t.user)
	add("password", t.password)
	add("tls", t.tls)
	add("connect", duration(t.connectTimeout))
	add("socket", duration(t.socketTimeout))
	add("session", strings.Join(t.session, ";"))
	for _, name := range []string{"search_path", "application_name", "target_session_attrs"} {
		add(name, t.startup[name])
	}
	return out
}

func TestURLErrors(t *testing.T) {
	for url, want := range map[string]string{
		"mysql://h/x":                        "begins with jdbc:",
		"jdbc:oracle:thin:@h:1521:x":         "jdbc:oracle: this database isn't supported yet",
		"jdbc:derby:memory:x":                "jdbc:derby:",
		"jdbc:nosuch:x":                      "no database that Flink knows",
		"jdbc:mysql://h:33060000/x":          "port",
		"jdbc:mysql://h":                     "names no database",
		"jdbc:mysql://address=(host=h)/x":    "(key=value)",
		"jdbc:mysql://h/x?connectTimeout=1s": "connectTimeout: must be a whole number",
		"jdbc:mysql://h/x?useSSL=maybe":      "useSSL: must be true or false",
		"jdbc:postgresql://h/x?sslmode=on":   "sslmode: no such mode",
	} {
		if _, _, err := parseURL(url); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", url, err, want)
		}
	}
}

func TestUnknownParameter(t *testing.T) {
	_, notes, err := parseURL("jdbc:mysql://h/x?useSLL=false&frobnicate=1")
	want := []note{
		{"the URL parameter useSLL is unknown and has no effect", "did you mean useSSL?"},
		{"the URL parameter frobnicate is unknown and has no effect", ""},
	}
	if err != nil || !reflect.DeepEqual(notes, want) {
		t.Errorf("got %v, %v", notes, err)
	}
}

// TestLinks checks that a binary has the driver of PostgreSQL wherever a table may
// need it, and what one without it says.
func TestLinks(t *testing.T) {
	for url, want := range map[string]bool{
		"jdbc:postgresql://h/x": true, " jdbc:postgresql:x": true, "jdbc:mysql://h/x": false, "jdbc:mariadb://${HOST}/x": false,
		"${URL}": true, "jdbc:${DATABASE}://h/x": true, "jdbc:my${SQL}": true, "": true,
	} {
		for _, key := range []string{"url", "connector.url"} {
			if got := Connector.Linked(map[string]string{key: url}); (len(got) == 1) != want {
				t.Errorf("%s %q links %v", key, url, got)
			}
		}
	}
	linked := postgresDriver
	postgresDriver = nil
	t.Cleanup(func() { postgresDriver = linked })
	for scheme, want := range map[string]bool{"postgresql": false, "mysql": true} {
		_, err := NewSource(&stream.Subtask{Parallelism: 1}, &conn.Table{Name: "t", Options: map[string]string{
			"connector": "jdbc", "table-name": "t", "url": "jdbc:" + scheme + "://h/x",
		}})
		var wrong *conn.Misconfigured
		if (err == nil) != want || err != nil && (!errors.As(err, &wrong) || !strings.Contains(err.Error(), "built without PostgreSQL")) {
			t.Errorf("%s without its driver: %v", scheme, err)
		}
	}
}

// TestParameterTables checks that no parameter is declared twice.
func TestParameterTables(t *testing.T) {
	for _, s := range schemes {
		seen := map[string]bool{}
		for _, p := range s.params {
			if n := strings.ToLower(p.name); seen[n] {
				t.Errorf("%s %s is declared twice", s.prefix, p.name)
			} else {
				seen[n] = true
			}
		}
	}
}

func TestOptions(t *testing.T) {
	modern := 0
	for _, o := range conn.Describe(Options{}) {
		if o.Key != "" {
			modern++
		}
		if o.Doc == "" {
			t.Errorf("%s%s has no description", o.Key, o.Legacy)
		}
	}
	if modern != 28 {
		t.Errorf("%d options, Flink has 28", modern)
	}
	parse := func(options map[string]string, columns ...string) (Options, string) {
		var o Options
		table := conn.Table{Options: options}
		for _, c := range columns {
			table.Columns = append(table.Columns, valColumn(c))
		}
		errs := append(conn.Parse(options, &o, conn.GenerationOf(options)), Connector.Check(&o, &table)...)
		var text []string
		for _, e := range errs {
			text = append(text, e.Message)
		}
		return o, strings.Join(text, "; ")
	}
	o, errs := parse(map[string]string{"connector": "jdbc", "url": "jdbc:mysql://h/x", "table-name": "t"}, "STRING", "BIGINT NOT NULL", "VARCHAR(4)", "BINARY(3)")
	if errs != "" || o.FlushRows != 100 || o.FlushInterval != time.Second {
		t.Errorf("modern: %+v %s", o, errs)
	}
	o, errs = parse(map[string]string{"connector.type": "jdbc", "connector.url": "jdbc:mysql://h/x", "connector.table": "t", "connector.driver": "com.mysql.jdbc.Driver"})
	if errs != "" || o.FlushRows != 5000 || o.FlushInterval != 0 {
		t.Errorf("legacy: %+v %s", o, errs)
	}
	for _, c := range []struct {
		key, value, want string
	}{
		{"url", "jdbc:mysql://h:x:y/x", "port"},
		{"url", "jdbc:mysql://h/x?password=p", "url holds a password"},
		{"url", "jdbc:mysql://h/x?nonsense=p", "nonsense is unknown"},
		{"sink.max-retries", "-1", "negative"},
		{"password", "p", "no username"},
	} {
		options := map[string]string{"connector": "jdbc", "url": "jdbc:mysql://h/x", "table-name": "t"}
		options[c.key] = c.value
		if _, errs := parse(options); !strings.Contains(errs, c.want) {
			t.Errorf("%s=%s: got %q, want %s", c.key, c.value, errs, c.want)
		}
	}
	if _, errs := parse(map[string]string{"connector": "jdbc", "url": "jdbc:mysql://h/x", "table-name": "t"}, "ARRAY<INT>"); !strings.Contains(errs, "has no ARRAY<INT>") {
		t.Errorf("array: got %q", errs)
	}
}

func valColumn(sqlType string) val.Column { return val.Column{Name: "c", Type: sqlType} }
