package kafka

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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
		for log.count("out of reach") != i+1 {
			time.Sleep(10 * time.Millisecond)
		}
		k.Restart(t)
		produce(t, k, "t", 0, 0, "after")
		produce(t, k, "t", 1, 0, "after")
		got = append(got, read(t, s, 2)...)
	}
	if want := []string{"before", "after", "after", "after", "after"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if lost, back := log.count("out of reach"), log.count("Kafka is back"); lost != 2 || back < 1 {
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
