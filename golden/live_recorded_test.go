package golden

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/tools/txtar"

	"pyfc/golden/oracle/pyflink"
	"pyfc/golden/services"
)

var recordMessages = flag.Bool("record", false, "record live/messages.txtar from the real PyFlink")

const (
	recordedMessages = "live/messages.txtar"
	nothing          = `\N` // no key or value
)

// recorded compares what a job writes into topics and reads from them with what
// PyFlink did. With -record PyFlink runs it.
func (w *live) recorded(t *testing.T) {
	archive, err := txtar.ParseFile(recordedMessages)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	var inputs []txtar.File
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want/") {
			want[f.Name] = string(f.Data)
			continue
		}
		inputs = append(inputs, f)
		w.fill(t, f.Name, string(f.Data))
	}
	topics := w.topicsOf(t, "live/messages.py")
	for _, topic := range topics {
		w.kafka.CreateTopic(t, topic, partitions, "retention.ms", "-1")
	}
	got := map[string]string{}
	if *recordMessages {
		got["want/out"] = w.asPyFlink(t, "messages.py")
	} else {
		cmd := exec.CommandContext(t.Context(), w.binary, w.choose["messages"])
		got["want/out"] = w.output(t, cmd)
	}
	for _, topic := range topics {
		got["want/"+topic] = w.listing(t, topic)
	}
	if *recordMessages {
		archive.Files = inputs
		for _, name := range slices.Sorted(maps.Keys(got)) {
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
		}
		if err := os.WriteFile(recordedMessages, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s:\n%s\nPyFlink:\n%s", name, got[name], text)
		}
	}
	if len(want) != len(got) {
		t.Errorf("%d outputs are recorded, and there are %d", len(want), len(got))
	}
}

// topicsOf are the topics that a script writes: tables of its function written.
func (w *live) topicsOf(t *testing.T, script string) (topics []string) {
	t.Helper()
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, `written("`); ok {
			name, _, _ := strings.Cut(rest, `"`)
			topics = append(topics, name)
		}
	}
	return topics
}

// fill makes a topic of one partition with messages: key, value, and if they are
// given time and headers, with tabs between them.
func (w *live) fill(t *testing.T, topic, text string) {
	t.Helper()
	w.kafka.CreateTopic(t, topic, 1, "retention.ms", "-1")
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
	res, err := w.kafka.Client().Produce(t.Context(), &kafka.ProduceRequest{Topic: topic, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...)})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		t.Fatal(err)
	}
}

func bytesOf(field string) kafka.Bytes {
	if field == nothing {
		return nil
	}
	return kafka.NewBytes([]byte(field))
}

// listing shows the messages in a topic. Those with keys have their partition, and
// an order among those of equal keys; a time is shown that the job has set.
func (w *live) listing(t *testing.T, topic string) string {
	t.Helper()
	var lines []string
	for p := range partitions {
		for _, m := range w.fetch(t, topic, p) {
			var b bytes.Buffer
			if m.Key != nil {
				fmt.Fprintf(&b, "%d %s=", p, printable(m.Key))
			}
			if m.Value == nil {
				b.WriteString(nothing)
			}
			b.Write(m.Value)
			for _, h := range m.Headers {
				fmt.Fprintf(&b, " %s:%s", h.Key, h.Value)
			}
			if m.Time.Year() < 2024 {
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

// printable is a key as text.
func printable(key []byte) string {
	if bytes.IndexByte(key, 0) < 0 {
		return string(key)
	}
	return strconv.Quote(string(key))
}

// asPyFlink runs a script of the folder live in the real PyFlink and returns what
// it prints.
func (w *live) asPyFlink(t *testing.T, script string) string {
	t.Helper()
	python, err := pyflink.Python()
	if err != nil {
		t.Fatal(err)
	}
	home, err := exec.Command(python, "-c", "import pyflink, os; print(os.path.dirname(pyflink.__file__))").Output()
	if err != nil {
		t.Fatal(err)
	}
	lib := t.TempDir()
	connectors := services.MavenJars(t, "flink-kafka-"+pyflink.Version, "org.apache.flink:flink-connector-kafka:3.3.0-1.20",
		"org.apache.flink:flink-connector-base:"+pyflink.Version, "org.apache.kafka:kafka-clients:3.4.0")
	for _, dir := range []string{filepath.Join(strings.TrimSpace(string(home)), "lib"), connectors} {
		jars, err := filepath.Glob(filepath.Join(dir, "*.jar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, jar := range jars {
			if strings.HasPrefix(filepath.Base(jar), "slf4j-api") {
				continue // Flink has its own
			}
			if err := os.Symlink(jar, filepath.Join(lib, filepath.Base(jar))); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	text, err := os.ReadFile(filepath.Join("live", script))
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), script) // its neighbours have names of Python's modules
	if err := os.WriteFile(alone, text, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, python, alone)
	cmd.Env = append(os.Environ(), "FLINK_HOME="+strings.TrimSpace(string(home)), "FLINK_LIB_DIR="+lib, "PYTHONUNBUFFERED=1", "TZ=UTC")
	return w.output(t, cmd)
}

// output runs a command with the broker's address and returns what it prints.
func (w *live) output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "BROKER="+w.kafka.Addr())
	cmd.Dir = t.TempDir()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return stdout.String()
}
