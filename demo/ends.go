package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver
	"github.com/segmentio/kafka-go"

	"pyfc/demo/world"
)

// topic is where the access log lines go.
type topic struct {
	addr, name string
	client     *kafka.Client
	next       int // partition
}

func newTopic(addr, name string) *topic {
	return &topic{addr: addr, name: name, client: &kafka.Client{Addr: kafka.TCP(addr), Timeout: 10 * time.Second}}
}

func (t *topic) create(ctx context.Context) error {
	res, err := t.client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{
		{Topic: t.name, NumPartitions: partitions, ReplicationFactor: 1},
	}})
	if err == nil {
		err = res.Errors[t.name]
	}
	if err != nil {
		return fmt.Errorf("making the topic %s at %s: %w", t.name, t.addr, err)
	}
	return nil
}

// send writes lines to the next partition.
func (t *topic) send(ctx context.Context, lines [][]byte) error {
	records := make([]kafka.Record, len(lines))
	for i, line := range lines {
		records[i].Value = kafka.NewBytes(line)
	}
	res, err := t.client.Produce(ctx, &kafka.ProduceRequest{
		Topic: t.name, Partition: t.next, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...),
	})
	t.next = (t.next + 1) % partitions
	if err == nil {
		err = res.Error
	}
	if err != nil {
		return fmt.Errorf("writing to %s at %s: %w", t.name, t.addr, err)
	}
	return nil
}

func (t *topic) drop(ctx context.Context) error {
	_, err := t.client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: []string{t.name}})
	return err
}

// table is where the job's result goes.
type table struct {
	db                                *sql.DB
	name                              string
	user, password, address, database string
}

// openTable takes USER:PASSWORD@HOST:PORT/DATABASE.
func openTable(target, name string) (*table, error) {
	account, rest, ok := cutLast(target, "@")
	user, password, ok2 := strings.Cut(account, ":")
	address, database, ok3 := strings.Cut(rest, "/")
	if !ok || !ok2 || !ok3 {
		return nil, fmt.Errorf("MySQL: want USER:PASSWORD@HOST:PORT/DATABASE")
	}
	db, err := sql.Open("mysql", fmt.Sprintf("%s@tcp(%s)/%s?timeout=10s", account, address, database))
	return &table{db, name, user, password, address, database}, err
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func (t *table) create(ctx context.Context) error {
	_, err := t.db.ExecContext(ctx, "CREATE TABLE "+t.name+
		" (province VARCHAR(100) PRIMARY KEY, requests BIGINT, sent_bytes BIGINT, speed DOUBLE) CHARACTER SET utf8mb4")
	if err != nil {
		return fmt.Errorf("MySQL at %s: making the table %s: %w", t.address, t.name, err)
	}
	return nil
}

// tableRow is a row with its key.
type tableRow struct {
	province string
	requests int64
	columns  world.Row
}

// read returns the table, the province with most requests first.
func (t *table) read(ctx context.Context) ([]tableRow, error) {
	rows, err := t.db.QueryContext(ctx, "SELECT province, requests, sent_bytes, speed FROM "+t.name+" ORDER BY requests DESC, province")
	if err != nil {
		return nil, fmt.Errorf("MySQL at %s: reading %s: %w", t.address, t.name, err)
	}
	defer rows.Close()
	var out []tableRow
	for rows.Next() {
		var r tableRow
		var bytes, speed sql.NullString
		if err := rows.Scan(&r.province, &r.requests, &bytes, &speed); err != nil {
			return nil, err
		}
		r.columns = world.Row{fmt.Sprint(r.requests), text(bytes), text(speed)}
		out = append(out, r)
	}
	return out, rows.Err()
}

func text(s sql.NullString) string {
	if !s.Valid {
		return "NULL"
	}
	return s.String
}

func (t *table) drop(ctx context.Context) error {
	_, err := t.db.ExecContext(ctx, "DROP TABLE IF EXISTS "+t.name)
	return errors.Join(err, t.db.Close())
}
