package kafka

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/segmentio/kafka-go"

	"pyfc/rt/conn"
)

// BenchmarkConsume reads a topic of a real broker from beginning to end; an
// operation is one record of 70 bytes.
func BenchmarkConsume(b *testing.B) {
	k := sharedBroker(b)
	const partitions, chunk, chunks = 4, 10000, 50
	for _, codec := range []kafka.Compression{0, kafka.Lz4} {
		topic := "bench-" + codec.String()
		k.CreateTopic(b, topic, partitions)
		for p := range partitions {
			values := make([]string, chunk)
			for i := range values {
				values[i] = fmt.Sprintf("%08x-0000,10.%d.%d.7,%d,%d,https://example.com/a/path/%d", i*7919, i%256, i%13, i%1000, i*31%100000, i)
			}
			for range chunks {
				produce(b, k, topic, p, codec, values...)
			}
		}
		b.Run(codec.String(), func(b *testing.B) {
			b.ReportAllocs()
			for left := b.N; left > 0; {
				s := opened(b, subtask(0, 1), table(k, topic, "scan.startup.mode", "earliest-offset", "scan.bounded.mode", "latest-offset"), nil)
				var r conn.Records
				for left > 0 {
					r.Values, r.Arena = r.Values[:0], nil
					err := s.Poll(b.Context(), nil, &r, 1024)
					left -= len(r.Values)
					r.Arena.Release()
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
