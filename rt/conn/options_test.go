package conn

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

type testOptions struct {
	Topic    []string          `opt:"topic" legacy:"connector.topic" required:"legacy" doc:"what to read"`
	Mode     string            `opt:"scan.startup.mode" legacy:"connector.startup-mode" default:"group-offsets" legacydefault:"latest-offset" enum:"group-offsets|latest-offset"`
	Every    time.Duration     `opt:"interval" default:"5 min"`
	Size     MemorySize        `opt:"size"`
	From     *int64            `opt:"from"`
	Lanes    int               `opt:"lanes" default:"1"`
	On       bool              `opt:"on"`
	Password string            `opt:"password" legacy:"connector.password" secret:"true"`
	Servers  string            `opt:"properties.servers" legacy:"connector.properties.servers" required:"true"`
	Client   map[string]string `opt:"properties.*" legacy:"connector.properties.*"`
	Version  string            `legacy:"connector.version" ignored:"all versions are read alike"`
	Key      string            `opt:"key.format" planned:"reading keys"`
	URL      string            `opt:"url" fallback:"registry.url"`
}

func TestParseModern(t *testing.T) {
	var o testOptions
	errs := Parse(map[string]string{
		"topic": "a; b", "scan.startup.mode": "LATEST-Offset", "interval": "90 Sec", "size": "2 MB",
		"from": "0", "lanes": "3", "on": "TRUE", "properties.servers": "h:1", "properties.x.y": "z",
	}, &o, Modern)
	if errs != nil {
		t.Fatal(errs)
	}
	zero := int64(0)
	want := testOptions{
		Topic: []string{"a", "b"}, Mode: "latest-offset", Every: 90 * time.Second, Size: 2 << 20,
		From: &zero, Lanes: 3, On: true, Servers: "h:1", Client: map[string]string{"x.y": "z"},
	}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got %+v, want %+v", o, want)
	}
}

func TestParseDefaults(t *testing.T) {
	for gen, want := range map[Generation]string{Modern: "group-offsets", Legacy: "latest-offset"} {
		var o testOptions
		Parse(nil, &o, gen)
		if o.Mode != want || o.Every != 5*time.Minute && gen == Modern || o.From != nil {
			t.Errorf("generation %d: %+v, want mode %s", gen, o, want)
		}
	}
}

func TestParseIndexedProperties(t *testing.T) {
	var o testOptions
	errs := Parse(map[string]string{
		"connector.topic":            "a",
		"connector.properties.0.key": "servers", "connector.properties.0.value": "h:1",
		"connector.properties.1.key": "group.id", "connector.properties.1.value": "g",
	}, &o, Legacy)
	if errs != nil {
		t.Fatal(errs)
	}
	if o.Servers != "h:1" || o.Client["group.id"] != "g" || len(o.Client) != 1 {
		t.Errorf("got %+v", o)
	}
}

// TestParseFallback takes an older spelling of a key, which the newer one wins
// over.
func TestParseFallback(t *testing.T) {
	for _, c := range []struct {
		options map[string]string
		want    string
	}{
		{map[string]string{"properties.servers": "h", "registry.url": "old"}, "old"},
		{map[string]string{"properties.servers": "h", "registry.url": "old", "url": "new"}, "new"},
	} {
		var o testOptions
		if errs := Parse(c.options, &o, Modern); errs != nil || o.URL != c.want {
			t.Errorf("%v: %q %v", c.options, o.URL, errs)
		}
	}
}

func TestParseFaults(t *testing.T) {
	legacy := map[string]string{"connector.topic": "a", "connector.properties.servers": "h"}
	modern := map[string]string{"properties.servers": "h"}
	with := func(base map[string]string, kv ...string) map[string]string {
		m := map[string]string{}
		for k, v := range base {
			m[k] = v
		}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	for _, c := range []struct {
		options map[string]string
		gen     Generation
		kind    OptionFault
		key     string
		say     string // a part of message and hint
	}{
		{with(modern, "lane", "1"), Modern, UnknownOption, "lane", "did you mean lanes?"},
		{with(modern, "connector.topic", "a"), Modern, UnknownOption, "connector.topic", "called topic"},
		{with(legacy, "topic", "a"), Legacy, UnknownOption, "topic", "called connector.topic"},
		{nil, Modern, MissingOption, "properties.servers", "required"},
		{with(nil, "connector.properties.servers", "h"), Legacy, MissingOption, "connector.topic", "what to read"},
		{with(modern, "lanes", "3000000000"), Modern, BadValue, "lanes", "32 bits"},
		{with(modern, "on", "yes"), Modern, BadValue, "on", `"yes" is neither true nor false`},
		{with(modern, "interval", "5 parsecs"), Modern, BadValue, "interval", "unknown unit"},
		{with(modern, "scan.startup.mode", "earliest"), Modern, BadValue, "scan.startup.mode", "group-offsets, latest-offset"},
		{with(modern, "password", "x"), Modern, Secret, "password", "secret"},
		{with(modern, "properties.ssl.key.password", "x"), Modern, Secret, "properties.ssl.key.password", "secret"},
		{with(legacy, "connector.version", "universal"), Legacy, Ignored, "connector.version", "read alike"},
		{with(modern, "key.format", "csv"), Modern, Planned, "key.format", "reading keys isn't supported yet"},
		{with(legacy, "connector.properties.3.key", "a"), Legacy, MissingOption, "connector.properties.3.value", "names a property"},
		{with(legacy, "connector.properties.3.value", "a"), Legacy, MissingOption, "connector.properties.3.key", "gives a value"},
	} {
		var o testOptions
		errs := Parse(c.options, &o, c.gen)
		if len(errs) != 1 {
			t.Errorf("%v: %d faults: %v", c.options, len(errs), errs)
			continue
		}
		if e := errs[0]; e.Kind != c.kind || e.Key != c.key || !strings.Contains(e.Message+" "+e.Hint, c.say) {
			t.Errorf("%v: got %+v", c.options, e)
		}
		if fatal := Fatal("t", errs) != nil; fatal != (c.kind != Ignored && c.kind != Secret) {
			t.Errorf("%v: fatal = %v", c.options, fatal)
		}
	}
}

func TestParsePrefixes(t *testing.T) {
	var o struct {
		Position string            `opt:"scan.position" fallback:"position" doc:"d"`
		Role     map[string]string `opt:"scan.role.*" doc:"d"`
		Others   map[string]string `opt:"scan.*" ignored:"it isn't known" doc:"d"`
	}
	errs := Parse(map[string]string{"scan.role.name": "r", "scan.positon": "p", "scan.far.away": "q"}, &o, Modern)
	if o.Role["name"] != "r" || o.Others["positon"] != "p" || len(o.Others) != 2 {
		t.Errorf("the longest prefix wins: %+v", o)
	}
	if len(errs) != 2 || errs[0].Kind != Ignored || errs[0].Hint != "" || errs[1].Hint != "did you mean scan.position?" {
		t.Errorf("%+v", errs)
	}
	for options, want := range map[string]string{"position": "position", "scan.position": "scan.position", "": "scan.position"} {
		if got := Spelled(map[string]string{options: "x"}, &o, "scan.position"); got != want {
			t.Errorf("%q is spelled %q", options, got)
		}
	}
}

func TestSplitFormat(t *testing.T) {
	type csvOptions struct {
		Delimiter string `opt:"field-delimiter" legacy:"field-delimiter" default:","`
		Header    bool   `legacy:"ignore-first-line"`
	}
	for _, c := range []struct {
		options map[string]string
		prefix  string
		fault   string
	}{
		{map[string]string{"format": "csv", "csv.field-delimiter": "|"}, "csv.", ""},
		{map[string]string{"value.format": "csv", "value.csv.field-delimiter": "|"}, "value.csv.", ""},
		{map[string]string{"connector.type": "x", "format.type": "csv", "format.property-version": "1", "format.field-delimiter": "|"}, "format.", ""},
		{map[string]string{"format": "csv", "csv.field-delimiter": "|", "csv.field-delimiters": "x"}, "csv.", "csv.field-delimiters"},
	} {
		own, use := SplitFormat(c.options, GenerationOf(c.options))
		if use.Name != "csv" || use.Prefix != c.prefix {
			t.Errorf("%v: %+v", c.options, use)
		}
		if _, ok := own[c.prefix+"field-delimiter"]; ok {
			t.Errorf("%v: the connector got a format option", c.options)
		}
		var o csvOptions
		errs := use.Parse(&o)
		if o.Delimiter != "|" {
			t.Errorf("%v: delimiter %q", c.options, o.Delimiter)
		}
		if c.fault == "" && errs == nil {
			continue
		}
		if len(errs) != 1 || errs[0].Key != c.fault || errs[0].Message != "unknown option "+c.fault || errs[0].Hint != "did you mean csv.field-delimiter?" {
			t.Errorf("%v: %+v", c.options, errs)
		}
	}
}

func TestParseDurationAndSize(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1s": time.Second, "5 min": 5 * time.Minute, "100 ms": 100 * time.Millisecond, "0": 0, "7": 7 * time.Millisecond,
		" 2 Days ": 48 * time.Hour, "3m": 3 * time.Minute, "9 µs": 9 * time.Microsecond,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "s", "-1s", "1.5s", "99999999999 d", "99999999999999999999"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("ParseDuration(%q) = %v", text, got)
		}
	}
	for text, want := range map[string]MemorySize{"128MB": 128 << 20, "1 g": 1 << 30, "5": 5, "2 kibibytes": 2048} {
		if got, err := ParseMemorySize(text); err != nil || got != want {
			t.Errorf("ParseMemorySize(%q) = %v, %v", text, got, err)
		}
	}
}

func TestDescribe(t *testing.T) {
	d := Describe(&testOptions{})
	if len(d) != 13 {
		t.Fatalf("%d options", len(d))
	}
	if o := d[1]; o.Key != "scan.startup.mode" || o.Type != "Enum" || o.LegacyDefault != "latest-offset" {
		t.Errorf("%+v", o)
	}
	if d[4].Type != "Long" || d[2].Type != "Duration" || !d[7].Secret {
		t.Errorf("%+v", d)
	}
}
