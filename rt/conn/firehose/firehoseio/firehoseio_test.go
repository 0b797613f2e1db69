package firehoseio

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"pyfc/rt/conn"
	"pyfc/rt/stream"
	"pyfc/rt/val"
)

// standIn takes records for the delivery stream clicks; it refuses the first few.
type standIn struct {
	mu      sync.Mutex
	refuse  int
	records []string
	sizes   []int
}

func (f *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var in struct {
		DeliveryStreamName string
		Records            []struct{ Data []byte }
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		panic(err)
	}
	answer := map[string]any{}
	switch _, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); {
	case in.DeliveryStreamName != "clicks":
		w.WriteHeader(http.StatusBadRequest)
		answer["__type"] = "ResourceNotFoundException"
	case operation == "PutRecordBatch":
		var entries []map[string]string
		failed := 0
		f.sizes = append(f.sizes, len(in.Records))
		for _, record := range in.Records {
			if f.refuse > 0 {
				f.refuse--
				failed++
				entries = append(entries, map[string]string{"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "slowly"})
				continue
			}
			f.records = append(f.records, string(record.Data))
			entries = append(entries, map[string]string{"RecordId": fmt.Sprint(len(f.records))})
		}
		answer["FailedPutCount"], answer["RequestResponses"] = failed, entries
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(err)
	}
}

// text is an encoder of one text.
type text struct {
	conn.Discard
	buf []byte
}

func (e *text) String(v string) { e.buf = append(e.buf[:0], v...) }

func (e *text) Record() ([]byte, error) { return e.buf, nil }

// open opens a sink of texts for a delivery stream.
func open(t *testing.T, f *standIn, name string, options ...string) (*Sink[string], error) {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	table := conn.Table{Name: "t", Options: map[string]string{
		"connector": "firehose", "delivery-stream": name, "format": "raw", "aws.region": "us-east-1", "aws.endpoint": server.URL,
		"aws.credentials.basic.accesskeyid": "a", "aws.credentials.basic.secretkey": "b",
	}}
	for i := 0; i < len(options); i += 2 {
		table.Options[options[i]] = options[i+1]
	}
	sub := &stream.Subtask{Count: &stream.Counters{}, Log: slog.New(slog.DiscardHandler), Post: func(func() error) {}}
	s, err := NewSink(sub, table, func(row *string, w val.Writer) { w.String(*row) }, &text{})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, s.Open(t.Context())
}

func write(s *Sink[string], rows ...string) error {
	if err := s.Process(&stream.Batch[string]{Rows: slices.Clone(rows), Arena: val.NewArena()}); err != nil {
		return err
	}
	return s.Control(stream.Control{Kind: stream.Barrier})
}

func TestSink(t *testing.T) {
	f := &standIn{refuse: 5}
	s, err := open(t, f, "clicks", "sink.batch.max-size", "4")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 30 {
		want = append(want, fmt.Sprintf("record %02d", i))
	}
	if err := write(s, want...); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(slices.Values(f.records)); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if slices.Max(f.sizes) > 4 || s.sub.Count.Written.Load() != 30 {
		t.Errorf("requests of %v records, %d are counted", f.sizes, s.sub.Count.Written.Load())
	}
	var bad *conn.BadData
	if err := write(s, strings.Repeat("x", maxRecord+1)); !errors.As(err, &bad) {
		t.Errorf("a record that is too long: %v", err)
	}
}

func TestFailures(t *testing.T) {
	s, err := open(t, &standIn{refuse: 1}, "clicks", "sink.fail-on-error", "true")
	if err != nil {
		t.Fatal(err)
	}
	var bad *conn.BadData
	if err := write(s, "a"); !errors.As(err, &bad) || !strings.Contains(err.Error(), "ServiceUnavailableException") {
		t.Errorf("a refused record: %v", err)
	}
	var wrong *conn.Misconfigured
	if _, err := open(t, &standIn{}, "nowhere"); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "delivery stream nowhere of Amazon Data Firehose") {
		t.Errorf("an unknown delivery stream: %v", err)
	}
	if _, err := open(t, &standIn{}, "clicks", "aws.region", ""); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "aws.region") {
		t.Errorf("no region: %v", err)
	}
}
