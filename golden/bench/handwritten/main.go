// Command handwritten is what a Go programmer would write for one job and no
// other: it consumes a Kafka topic up to its present end, reads each message as
// a line of csv by the rules of Flink's format, and adds up by URI. It is the
// ceiling that generated code is measured against.
//
//	handwritten BROKER TOPIC
//
// It prints a line for each group: URI, rows, bytes, bytes per time.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: handwritten BROKER TOPIC")
		os.Exit(2)
	}
	totals, err := consume(context.Background(), os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "handwritten:", err)
		os.Exit(1)
	}
	for uri, t := range totals {
		fmt.Printf("%s\t%d\t%d\t%v\n", uri, t.rows, t.bytes, float64(t.bytes)*1.0/float64(t.time))
	}
}

// total is the result for one URI.
type total struct {
	rows, bytes, time int64
}

// consume reads all partitions at once and merges what they add up to.
func consume(ctx context.Context, broker, topic string) (map[string]*total, error) {
	conn, err := kafka.DialContext(ctx, "tcp", broker)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	partitions, err := conn.ReadPartitions(topic)
	if err != nil {
		return nil, err
	}
	parts, errs := make([]map[string]*total, len(partitions)), make([]error, len(partitions))
	var wg sync.WaitGroup
	for i, p := range partitions {
		wg.Go(func() { parts[i], errs[i] = consumePartition(ctx, broker, p) })
	}
	wg.Wait()
	merged := map[string]*total{}
	for _, part := range parts {
		for uri, t := range part {
			m := merged[uri]
			if m == nil {
				m = &total{}
				merged[uri] = m
			}
			m.rows, m.bytes, m.time = m.rows+t.rows, m.bytes+t.bytes, m.time+t.time
		}
	}
	return merged, errors.Join(errs...)
}

// consumePartition reads one partition up to its present end.
func consumePartition(ctx context.Context, broker string, p kafka.Partition) (map[string]*total, error) {
	conn, err := kafka.DialPartition(ctx, "tcp", broker, p)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	first, end, err := conn.ReadOffsets()
	if err != nil {
		return nil, err
	}
	if _, err := conn.Seek(first, kafka.SeekAbsolute); err != nil {
		return nil, err
	}
	totals := map[string]*total{}
	buf := make([]byte, 1<<20)
	for at := first; at < end; {
		batch := conn.ReadBatchWith(kafka.ReadBatchConfig{MinBytes: 1, MaxBytes: 16 << 20, MaxWait: time.Second})
		for at < end {
			n, err := batch.Read(buf)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, errors.Join(err, batch.Close())
			}
			if next := batch.Offset(); next > at { // a batch is sent whole, though its middle is asked for
				add(totals, buf[:n])
				at = next
			}
		}
		if err := batch.Close(); err != nil {
			return nil, err
		}
	}
	return totals, nil
}

// add counts one message.
func add(totals map[string]*total, line []byte) {
	var row [columns]field
	n := split(line, &row)
	if n == 0 || n < uri+1 {
		return // dropped, or without a URI
	}
	key := row[uri].text
	if row[uri].escaped {
		key = []byte(row[uri].string())
	}
	t := totals[string(key)]
	if t == nil {
		t = &total{}
		totals[string(key)] = t
	}
	t.rows++
	if v, ok := row[responseSize].int(); ok {
		t.bytes += v
	}
	if v, ok := row[requestTime].int(); ok {
		t.time += v
	}
}
