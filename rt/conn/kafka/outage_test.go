package kafka

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/golden/services"
)

// logged collects a subtask's log.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), text)
}

// wait waits until a text has been logged n times.
func (l *logged) wait(t *testing.T, text string, n int) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); l.count(text) < n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%q isn't logged %d times", text, n)
		}
	}
}

// TestOutageOfOnePartition loses a partition on a connection that stays: the
// outage is over with the partition's own next answer, and the next one is told.
func TestOutageOfOnePartition(t *testing.T) {
	var log logged
	v := &supervisor{log: slog.New(slog.NewTextHandler(&log, nil)), lost: map[*position]bool{}}
	lost, other := &position{topicPartition: topicPartition{"t", 0}}, &position{topicPartition: topicPartition{"t", 1}}
	for i := range 2 {
		v.handle(event{homeless: []*position{lost}, err: kafka.NotLeaderForPartition, answered: []*position{other}})
		v.pending = nil // it has been given to the connection that is there
		v.handle(event{answered: []*position{other}})
		if out, back := log.count("out of reach"), log.count("Kafka is back"); out != i+1 || back != i {
			t.Errorf("outage %d: %d lines say that it begins, %d that it ends", i, out, back)
		}
		v.handle(event{answered: []*position{lost}})
	}
	if back := log.count("Kafka is back"); back != 2 {
		t.Errorf("%d lines say that Kafka is back, want 2", back)
	}
}

func TestOutlivesBrokerRestarts(t *testing.T) {
	k := services.StartKafka(t, services.KafkaOptions{})
	k.CreateTopic(t, "t", 2)
	var log logged
	sub := subtask(0, 1)
	sub.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := opened(t, sub, table(k, "t", "scan.startup.mode", "earliest-offset"), nil)
	produce(t, k, "t", 0, 0, "before")
	got := read(t, s, 1)
	for i, stop := range []func(){k.Stop, k.Kill} {
		stop()
		log.wait(t, "out of reach", i+1)
		k.Restart(t)
		produce(t, k, "t", 0, 0, "after")
		produce(t, k, "t", 1, 0, "after")
		got = append(got, read(t, s, 2)...)
		log.wait(t, "Kafka is back", i+1)
	}
	if want := []string{"before", "after", "after", "after", "after"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if lost, back := log.count("out of reach"), log.count("Kafka is back"); lost != 2 || back != 2 {
		t.Errorf("%d lines say that the broker is lost, %d that it is back; want one for each outage:\n%s", lost, back, log.buf.String())
	}
}

func TestResetsAnOffsetThatIsGone(t *testing.T) {
	k := sharedBroker(t)
	k.CreateTopic(t, "gone", 1)
	produce(t, k, "gone", 0, 0, "a", "b", "c")
	restored := snapshot(t, &Source{positions: []*position{{topicPartition: topicPartition{"gone", 0}, next: 1000, stop: unbounded}}})
	s := opened(t, subtask(0, 1), table(k, "gone", "scan.startup.mode", "earliest-offset"), restored)
	if got := read(t, s, 3); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %v", got)
	}
	if p := s.positions[0]; p.next != 3 {
		t.Errorf("the position is %d, want 3", p.next)
	}
}
