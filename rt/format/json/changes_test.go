package json

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// messages is a source that has its messages in one poll, each with its number
// for key and aside.
type messages struct {
	conn.ByteSource
	list      []string
	committed int64
}

func (m *messages) Committed(checkpoint int64) error { m.committed = checkpoint; return nil }

func (m *messages) Poll(_ context.Context, _ <-chan struct{}, r *conn.Records, _ int) error {
	r.Arena = val.NewArena()
	for i, text := range m.list {
		r.Values = append(r.Values, []byte(text))
		r.Keys = append(r.Keys, []byte{'0' + byte(i)})
		r.Aside = append(r.Aside, val.IntDatum(int64(i)))
	}
	return io.EOF
}

// opened takes the rows out of messages: kind, key, row, separated by blanks.
func opened(t *testing.T, options map[string]string, list ...string) (rows []string, malformed int64, err error) {
	t.Helper()
	table := &conn.Table{Name: "t", Options: map[string]string{"connector": "kafka"}, Columns: []val.Column{{Name: "a", Type: "INT"}, {Name: "b", Type: "STRING"}}}
	for k, v := range options {
		table.Options[k] = v
	}
	src := &messages{list: list}
	sub := &stream.Subtask{Count: new(stream.Counters)}
	reader, err := NewChangeReader(table)
	if err != nil {
		t.Fatal(err)
	}
	c := conn.NewChanges(sub, src, reader)
	var r conn.Records
	if err = c.Poll(t.Context(), nil, &r, 10); err == io.EOF {
		err = nil
	}
	for i, v := range r.Values {
		if len(r.Aside) != len(r.Values) || r.Aside[i].Int() != int64(r.Keys[i][0]-'0') {
			t.Errorf("%d rows with keys %q and %d values beside", len(r.Values), r.Keys, len(r.Aside))
		}
		rows = append(rows, r.Kinds[i].String()+" "+string(r.Keys[i])+" "+string(v))
	}
	r.Arena.Release()
	if c.Committed(7) != nil || src.committed != 7 {
		t.Error("the checkpoint isn't passed on")
	}
	return rows, sub.Count.Malformed.Load(), err
}

func TestChanges(t *testing.T) {
	for _, c := range []struct {
		format   string
		more     string // an option=value
		messages []string
		want     []string
	}{
		{"debezium-json", "", []string{`{"op":"r","after":{"a":1}}`, ``, ` {"before":{"a":1},"after":{"a":2},"op":"u","source":{"op":"d"}}`, `{"before":{"a":2},"op":"d"}`},
			[]string{`+I 0 {"a":1}`, `-U 2 {"a":1}`, `+U 2 {"a":2}`, `-D 3 {"a":2}`}},
		{"debezium-json", "schema-include=true", []string{`{"schema":{"op":"d"},"payload":{"op":"c","after":{}}}`}, []string{`+I 0 {}`}},
		{"canal-json", "", []string{`{"type":"INSERT","data":[{"a":1},{"a":2}]}`, `{"type":"CREATE","data":null}`, `{"type":"DELETE","data":[{"a":2}]}`},
			[]string{`+I 0 {"a":1}`, `+I 0 {"a":2}`, `-D 2 {"a":2}`}},
		{"canal-json", "", []string{`{"type":"UPDATE","data":[{"a":"1","b":"x"},{"a":"2","b":null}],"old":[{"a":"0"},{"b":"y"}]}`},
			[]string{`-U 0 {"a":"0"}`, `+U 0 {"a":"1","b":"x"}`, `-U 0 {"b":"y"}`, `+U 0 {"a":"2","b":null}`}},
		{"canal-json", "table.include=t[0-9]", []string{`{"type":"INSERT","table":"t1","data":[{"a":1}]}`, `{"type":"INSERT","table":"at1","data":[{"a":2}]}`, `{"type":"INSERT","data":[{"a":3}]}`},
			[]string{`+I 0 {"a":1}`}},
		{"maxwell-json", "", []string{`{"type":"update","data":{"a":1,"b":"x"},"old":{"b":null}}`, `{"type":"delete","data":{"a":1}}`},
			[]string{`-U 0 {"a":1,"b":null}`, `+U 0 {"a":1,"b":"x"}`, `-D 1 {"a":1}`}},
	} {
		options := map[string]string{"format": c.format}
		if key, v, ok := strings.Cut(c.more, "="); ok {
			options[c.format+"."+key] = v
		}
		if got, _, err := opened(t, options, c.messages...); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %q %v, want %q", c.format, c.more, got, err, c.want)
		}
	}
}

// TestChangesOfAnotherEncoding keeps rows of UTF-16 messages apart.
func TestChangesOfAnotherEncoding(t *testing.T) {
	wide := func(text string) string {
		var b strings.Builder
		for _, c := range []byte(text) {
			b.Write([]byte{0, c})
		}
		return b.String()
	}
	got, _, err := opened(t, map[string]string{"format": "debezium-json"}, wide(`{"op":"c","after":{"a":1}}`), wide(`{"op":"c","after":{"a":2}}`))
	if want := []string{`+I 0 {"a":1}`, `+I 1 {"a":2}`}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v", got, err)
	}
}

// TestMalformedChanges fails, or drops the message, where errors are ignored.
func TestMalformedChanges(t *testing.T) {
	for _, c := range []struct{ format, message, why string }{
		{"debezium-json", `nonsense`, "no JSON object"},
		{"debezium-json", `{"op":"c"`, "malformed JSON"},
		{"debezium-json", `{"after":{"a":1}}`, `its op is ""`},
		{"debezium-json", `{"after":{"a":1},"op":"x"}`, `its op is "x"`},
		{"debezium-json", `{"after":null,"op":"c"}`, "doesn't hold the row"},
		{"debezium-json", `{"after":{"a":1},"before":null,"op":"u"}`, "REPLICA IDENTITY FULL"},
		{"debezium-json", `{"before":null,"op":"d"}`, "REPLICA IDENTITY FULL"},
		{"debezium-json", "{\"op\":\"\xff\"}", "no UTF-8"},
		{"canal-json", `{"type":"ALTER","data":null}`, `its type is "ALTER"`},
		{"canal-json", `{"type":"INSERT","data":{"a":1}}`, "doesn't hold the row"},
		{"canal-json", `{"type":"UPDATE","data":[{"a":1}],"old":null}`, "doesn't hold the row"},
		{"canal-json", `{"type":"UPDATE","data":[{"a":1}],"old":[]}`, "doesn't hold the row"},
		{"maxwell-json", `{"type":"update","data":{"a":1}}`, "doesn't hold the row"},
		{"maxwell-json", `{"type":"bootstrap-insert","data":{"a":1}}`, `its type is "bootstrap-insert"`},
	} {
		if rows, _, err := opened(t, map[string]string{"format": c.format}, c.message); err == nil || rows != nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s %s: %q %v", c.format, c.message, rows, err)
		}
		good := map[string]string{"debezium-json": `{"op":"c","after":{}}`, "canal-json": `{"type":"INSERT","data":[{}]}`, "maxwell-json": `{"type":"insert","data":{}}`}[c.format]
		rows, malformed, err := opened(t, map[string]string{"format": c.format, c.format + ".ignore-parse-errors": "true"}, c.message, good)
		if err != nil || malformed != 1 || !slices.Equal(rows, []string{"+I 1 {}"}) {
			t.Errorf("%s %s, ignored: %q %d %v", c.format, c.message, rows, malformed, err)
		}
	}
	bad := &conn.Table{Options: map[string]string{"format": "canal-json", "canal-json.database.include": "("}}
	if _, err := OptionsOf(bad); err == nil || !strings.Contains(err.Error(), "database.include") {
		t.Errorf("a bad pattern: %v", err)
	}
}
