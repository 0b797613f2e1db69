package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"pyfc/golden/services"
)

const (
	partitions = 4
	// linesPerBatch makes record batches of about 75 KB.
	linesPerBatch = 1000
	// malformedOf is how many lines one malformed one is among.
	malformedOf = 1000
	uris        = 64
)

// input is a topic with an access log, and what the jobs must make of it.
type input struct {
	topic      string
	lines      int
	byProvince totals // of jobs/cdn.py
	byURI      totals // of jobs/aggregate.py
}

// totals are the groups of a result by name.
type totals map[string]*total

// total is one group. Sums are never NULL here: each group has good lines.
type total struct {
	rows, bytes, time int64
}

func (t totals) add(name string, bytes, time int64) {
	g := t[name]
	if g == nil {
		g = &total{}
		t[name] = g
	}
	g.rows, g.bytes, g.time = g.rows+1, g.bytes+bytes, g.time+time
}

func (t totals) merge(other totals) {
	for name, o := range other {
		t.add(name, o.bytes, o.time)
		t[name].rows += o.rows - 1
	}
}

// networks are first numbers of addresses and their provinces, as in
// jobs/cdn.py, and one that isn't known there.
var networks = []struct {
	first    int
	province string
}{
	{14, "Guangdong"}, {27, "Hubei"}, {36, "Beijing"}, {39, "Shandong"}, {42, "Jiangsu"}, {58, "Shanghai"},
	{59, "Fujian"}, {60, "Zhejiang"}, {61, "Sichuan"}, {101, "Tianjin"}, {110, "Liaoning"}, {113, "Hunan"},
	{117, "Anhui"}, {124, "Yunnan"}, {171, "Henan"}, {222, "Jilin"}, {8, "unknown"},
}

// produce makes the topic and fills it. The same number of lines always gives
// the same input.
func produce(ctx context.Context, h *services.Host, k *services.Kafka, topic string, lines int) *input {
	k.CreateTopic(h, topic, partitions)
	in := &input{topic: topic, lines: lines, byProvince: totals{}, byURI: totals{}}
	var (
		wg    sync.WaitGroup
		parts [partitions]partition
		errs  [partitions]error
	)
	for i := range parts {
		n := lines / partitions
		if i < lines%partitions {
			n++
		}
		parts[i] = partition{random: rand.New(rand.NewSource(int64(i))), byProvince: totals{}, byURI: totals{}}
		wg.Go(func() { errs[i] = parts[i].produce(ctx, k.Client(), topic, i, n) })
	}
	wg.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		h.Fatal(err)
	}
	for i := range parts {
		in.byProvince.merge(parts[i].byProvince)
		in.byURI.merge(parts[i].byURI)
	}
	return in
}

// partition makes the lines of one partition and keeps the account of them.
type partition struct {
	random            *rand.Rand
	byProvince, byURI totals
}

func (p *partition) produce(ctx context.Context, c *kafka.Client, topic string, index, lines int) error {
	records := make([]kafka.Record, 0, linesPerBatch)
	for lines > 0 {
		records = records[:0]
		for range min(lines, linesPerBatch) {
			records = append(records, kafka.Record{Value: kafka.NewBytes(p.line())})
		}
		lines -= len(records)
		err := send(ctx, c, topic, index, records)
		for deadline := time.Now().Add(newTopic); transient(err) && time.Now().Before(deadline); {
			time.Sleep(100 * time.Millisecond)
			err = send(ctx, c, topic, index, records)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// newTopic is how long a new topic may be unknown to its broker.
const newTopic = 20 * time.Second

func transient(err error) bool {
	var code kafka.Error
	return errors.As(err, &code) && code.Temporary()
}

func send(ctx context.Context, c *kafka.Client, topic string, index int, records []kafka.Record) error {
	for _, r := range records { // all anew, should this be another try
		if _, err := r.Value.(io.Seeker).Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	res, err := c.Produce(ctx, &kafka.ProduceRequest{
		Topic: topic, Partition: index, RequiredAcks: kafka.RequireOne, Records: kafka.NewRecordReader(records...),
	})
	if err == nil {
		err = res.Error
	}
	return err
}

// line makes the next line of about 70 bytes.
func (p *partition) line() []byte {
	r := p.random
	id := fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64())
	if r.Intn(malformedOf) == 0 {
		return p.malformed(id)
	}
	n := networks[r.Intn(len(networks))]
	uri := fmt.Sprintf("/v/%d.ts", r.Intn(uris))
	millis, size := int64(1+r.Intn(5000)), int64(1000+r.Intn(1e6))
	p.byProvince.add(n.province, size, millis)
	p.byURI.add(uri, size, millis)
	return fmt.Appendf(nil, "%s,%d.%d.%d.%d,%d,%d,%s", id, n.first, r.Intn(256), r.Intn(256), r.Intn(256), millis, size, uri)
}

// malformed makes a line of one of six kinds.
func (p *partition) malformed(id string) []byte {
	switch p.random.Intn(6) {
	case 0: // too short: no address, no number, no URI
		p.byProvince.add("unknown", 0, 0)
		return fmt.Appendf(nil, "%s,,x", id)
	case 1: // one column
		p.byProvince.add("unknown", 0, 0)
		return []byte(id)
	case 2: // too many columns: dropped
		return fmt.Appendf(nil, "%s,36.1.1.1,7,1000,/v/0.ts,more", id)
	case 3: // dropped
		return []byte{}
	case 4: // a quote that never ends: dropped
		return fmt.Appendf(nil, "\"%s,36.1.1.1,7,1000,/v/0.ts", id)
	}
	// No number, and a URI in quotes.
	p.byProvince.add("Beijing", 1000, 0)
	p.byURI.add("/v/0.ts", 1000, 0)
	return fmt.Appendf(nil, "%s,36.1.1.1,12x,1000,\"/v/0.ts\"", id)
}
