package golden

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"golang.org/x/text/encoding/simplifiedchinese"

	"pyfc/golden/services"
)

// This file is the world around the CDN job: its input, the look-up service
// that it asks, and what its table must hold in the end, computed without it.

// accessLog makes access log lines and keeps the account of them.
type accessLog struct {
	rand    *rand.Rand
	unknown string // what the function answers when a look-up fails
	totals  map[string]*total
	lines   int
	kept    int64 // rows that count
}

// total is one row of the result: sums that no value went into are NULL.
type total struct {
	requests      int64
	bytes, time   int64
	bytesN, timeN int64
}

func newAccessLog(seed int64, unknown string) *accessLog {
	return &accessLog{rand: rand.New(rand.NewSource(seed)), unknown: unknown, totals: map[string]*total{}}
}

// malformed lists the kinds of malformed messages: the text for a request id,
// and how the row counts, if it does.
var malformed = []struct {
	text  string
	count func(l *accessLog)
}{
	{"%s,,x", func(l *accessLog) { l.add(l.unknown, 0, false, 0, false) }}, // no address, too few columns
	{"%s", func(l *accessLog) { l.add(l.unknown, 0, false, 0, false) }},    // one column
	{"%s,10.0.0.1,7,1000,/v.ts,more", nil},                                 // too many columns
	{"", nil},                                                              // nothing
	{"\"%s,10.0.0.1,7,1000,/v.ts", nil},                                    // a quote that never ends
	{"%s,10.0.0.1,12x,1000,/v.ts", func(l *accessLog) { l.add(provinceOf("10.0.0.1"), 1000, true, 0, false) }}, // no number
}

// line makes the next line: every thirtieth or so is malformed.
func (l *accessLog) line() []byte {
	l.lines++
	id := fmt.Sprintf("%08x-%d", l.rand.Uint32(), l.lines)
	if l.rand.Intn(100) < 3 {
		kind := malformed[l.rand.Intn(len(malformed))]
		if kind.count != nil {
			kind.count(l)
		}
		if kind.text == "" {
			return []byte{}
		}
		return fmt.Appendf(nil, kind.text, id)
	}
	ip := fmt.Sprintf("10.%d.%d.%d", l.rand.Intn(4), l.rand.Intn(3), l.rand.Intn(20))
	millis, size := int64(1+l.rand.Intn(500)), int64(100+l.rand.Intn(1e6))
	l.add(provinceOf(ip), size, true, millis, true)
	return fmt.Appendf(nil, "%s,%s,%d,%d,/video/%d.ts", id, ip, millis, size, l.rand.Intn(1000))
}

func (l *accessLog) add(province string, bytes int64, hasBytes bool, millis int64, hasTime bool) {
	t := l.totals[province]
	if t == nil {
		t = &total{}
		l.totals[province] = t
	}
	l.kept++
	t.requests++
	if hasBytes {
		t.bytes += bytes
		t.bytesN++
	}
	if hasTime {
		t.time += millis
		t.timeN++
	}
}

// table is what the job's table must hold: province → columns as the database
// prints them, NULL as "NULL".
func (l *accessLog) table() map[string][3]string {
	out := map[string][3]string{}
	for province, t := range l.totals {
		row := [3]string{strconv.FormatInt(t.requests, 10), "NULL", "NULL"}
		if t.bytesN > 0 {
			row[1] = strconv.FormatInt(t.bytes, 10)
		}
		if t.bytesN > 0 && t.timeN > 0 {
			row[2] = strconv.FormatFloat(float64(t.bytes)*1.0/float64(t.time), 'g', -1, 64)
		}
		out[province] = row
	}
	return out
}

// produce sends n lines to a topic, spread over its partitions.
func (l *accessLog) produce(t testing.TB, k *services.Kafka, topic string, n, partitions int) {
	t.Helper()
	messages := make([]message, n)
	for i := range messages {
		messages[i].value = l.line()
	}
	send(t, k, topic, partitions, messages...)
}

// message is what is sent to a topic; a value that is nil is none.
type message struct{ key, value []byte }

// send deals messages out to the partitions of a topic.
func send(t testing.TB, k *services.Kafka, topic string, partitions int, messages ...message) {
	t.Helper()
	// A transport of its own: connections that are kept break at a restart.
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(k.Addr()), Transport: transport}
	for p := range min(partitions, len(messages)) {
		var share []message
		for i := p; i < len(messages); i += partitions {
			share = append(share, messages[i])
		}
		if err := sendTo(t, client, topic, p, share); err != nil {
			t.Fatal(err)
		}
	}
}

// sendTo writes messages to a partition once. While the broker says that it
// isn't the leader yet, after a restart, nothing has been written.
func sendTo(t testing.TB, client *kafka.Client, topic string, partition int, messages []message) error {
	for {
		records := make([]kafka.Record, len(messages)) // an attempt uses them up
		for i, m := range messages {
			records[i] = kafka.Record{Key: kafka.NewBytes(m.key), Value: kafka.NewBytes(m.value)}
		}
		res, err := client.Produce(t.Context(), &kafka.ProduceRequest{
			Topic: topic, Partition: partition, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...),
		})
		if err == nil {
			err = res.Error
		}
		if !errors.Is(err, kafka.NotLeaderForPartition) && !errors.Is(err, kafka.LeaderNotAvailable) && !errors.Is(err, kafka.UnknownTopicOrPartition) {
			return err
		}
		select {
		case <-t.Context().Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

var provinces = []string{"北京市", "河北省", "广东省", "西藏自治区", "浙江省"}

// provinceOf is what the look-up service knows of an address. Addresses abroad
// have no province, but a remark.
func provinceOf(ip string) string {
	pro, remark := answerFor(ip)
	if pro != "" {
		return pro
	}
	return remark
}

func answerFor(ip string) (province, remark string) {
	h := fnv.New32a()
	h.Write([]byte(ip))
	if n := h.Sum32() % 12; n < uint32(len(provinces)*2) {
		return provinces[n/2], ""
	}
	return "", "noprovince"
}

// lookupService stands in for the look-up service. It is reached as a proxy,
// so that scripts keep their URLs; it answers as the real one does: JavaScript
// around JSON, in GBK.
type lookupService struct {
	addr  string
	delay atomic.Int64 // nanoseconds per answer
	asked atomic.Int64
}

func startLookup(t testing.TB) *lookupService {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &lookupService{addr: l.Addr().String()}
	server := &http.Server{Handler: s}
	go func() { _ = server.Serve(l) }() // ends by Shutdown
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close() // connections of killed workers
		}
	})
	return s
}

// ServeHTTP answers for the address in the only query parameter.
func (s *lookupService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	time.Sleep(time.Duration(s.delay.Load()))
	ip := ""
	for _, v := range r.URL.Query() {
		ip = v[0]
	}
	if net.ParseIP(ip) == nil {
		http.Error(w, "which address?", http.StatusBadRequest)
		return
	}
	pro, remark := answerFor(ip)
	body, err := json.Marshal(map[string]string{"ip": ip, "pro": pro, "err": remark})
	if err == nil {
		body, err = simplifiedchinese.GBK.NewEncoder().Bytes(fmt.Appendf(nil, "\r\n\r\nif(window.IPCallBack) {IPCallBack(%s);}\r\n", body))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(body) // the asker may have been killed
}

// waitAsked waits until n more look-ups have begun.
func (s *lookupService) waitAsked(t *testing.T, n int64) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for before := s.asked.Load(); s.asked.Load() < before+n; {
		if time.Now().After(deadline) {
			t.Fatal("no look-ups are under way")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
