package services

import (
	"context"
	"testing"

	"github.com/segmentio/kafka-go"
)

func TestKafkaKeepsItsDataOverARestart(t *testing.T) {
	k := StartKafka(t, KafkaOptions{})
	k.CreateTopic(t, "kept", 2)
	addr := k.Addr()
	k.Kill()
	k.Restart(t)
	if k.Addr() != addr {
		t.Errorf("address %s became %s", addr, k.Addr())
	}
	res, err := k.Client().Metadata(context.Background(), &kafka.MetadataRequest{Topics: []string{"kept"}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(res.Topics[0].Partitions); n != 2 {
		t.Errorf("%d partitions after the restart, want 2", n)
	}
}
