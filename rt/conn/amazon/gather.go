package amazon

import (
	"fmt"

	"pyfc/rt/conn"
)

// Gathering are the options that say how records are sent many at a time.
type Gathering struct {
	BatchSize    int    `opt:"sink.batch.max-size" fallback:"sink.producer.collection-max-count" default:"500" doc:"How many records are sent at once: up to 500."`
	InFlight     int    `opt:"sink.requests.max-inflight" default:"16" doc:"How many requests of a subtask are under way at a time."`
	Buffered     int    `opt:"sink.requests.max-buffered" default:"10000" ignored:"no records wait but those of requests that are under way" doc:"How many records wait."`
	BufferBytes  int64  `opt:"sink.flush-buffer.size" fallback:"sink.producer.collection-max-size" default:"5242880" doc:"The bytes that are sent at once."`
	BufferMillis int64  `opt:"sink.flush-buffer.timeout" default:"5000" doc:"How long records wait for others, in milliseconds."`
	FailOnError  bool   `opt:"sink.fail-on-error" fallback:"sink.producer.fail-on-error" default:"false" doc:"Whether a record that the service refuses fails the job; else it is sent again."`
	Concurrency  int    `opt:"sink.http-client.max-concurrency" fallback:"sink.producer.max-connections" default:"10000" ignored:"each subtask has as many connections as requests under way" doc:"How many requests the HTTP client has."`
	ReadTimeout  int    `opt:"sink.http-client.read-timeout" fallback:"sink.producer.request-timeout" default:"360000" doc:"How long an answer may take, in milliseconds."`
	Protocol     string `opt:"sink.http-client.protocol.version" default:"HTTP2" enum:"HTTP1_1|HTTP2" ignored:"client and service agree on one" doc:"The version of HTTP."`
}

// maxBatch is how many records the services take at a time.
const maxBatch = 500

// Check looks at what the single options can't tell.
func (g *Gathering) Check() (errs []conn.OptionError) {
	between := func(key string, v, least, most int64) {
		if v < least || v > most {
			errs = append(errs, conn.OptionError{Key: key, Kind: conn.BadValue, Message: fmt.Sprintf("%s: %d is not between %d and %d", key, v, least, most)})
		}
	}
	between("sink.batch.max-size", int64(g.BatchSize), 1, maxBatch)
	between("sink.requests.max-inflight", int64(g.InFlight), 1, 10000)
	between("sink.flush-buffer.size", g.BufferBytes, 1, 1<<40)
	between("sink.flush-buffer.timeout", g.BufferMillis, 1, 1<<40)
	between("sink.http-client.read-timeout", int64(g.ReadTimeout), 1, 1<<30)
	return errs
}
