package golden

import (
	"errors"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/demo/world"
	"pyfc/golden/services"
)

// produce sends n lines to a topic, spread over its partitions.
func produce(t testing.TB, l *world.AccessLog, k *services.Kafka, topic string, n, partitions int) {
	t.Helper()
	messages := make([]message, n)
	for i := range messages {
		messages[i].value = l.Line()
	}
	send(t, k, topic, partitions, messages...)
}

// message is what is sent to a topic; a value that is nil is none.
type message struct{ key, value []byte }

// send deals messages out to the partitions of a topic.
func send(t testing.TB, k *services.Kafka, topic string, partitions int, messages ...message) {
	t.Helper()
	// A transport of its own: connections that are kept break at a restart.
	transport := &kafka.Transport{DialTimeout: converges}
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

// startLookup starts the look-up service for the time of a test.
func startLookup(t testing.TB) *world.Lookup {
	t.Helper()
	s, err := world.StartLookup()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// waitAsked waits until n more look-ups have begun.
func waitAsked(t *testing.T, s *world.Lookup, n int64) {
	t.Helper()
	deadline := time.Now().Add(converges)
	for before := s.Asked(); s.Asked() < before+n; {
		if time.Now().After(deadline) {
			t.Fatal("no look-ups are under way")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
