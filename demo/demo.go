// Package demo shows pyfc at work: it compiles the CDN job, runs it among
// servers that need no installation or among real ones, feeds it, shows its
// table while it fills, and checks the result against an independent
// computation.
package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"pyfc/codegen/gobuild"
	"pyfc/demo/world"
)

// The job, and how long it is fed.
const (
	script     = "golden/examples/cdn/cdn_job.py"
	sourceName = "access_lines"
	sinkName   = "traffic_totals"
	unknown    = "unknown" // what its function answers when a look-up fails
	partitions = 4
	perTick    = 50
	tick       = 100 * time.Millisecond
	refresh    = 500 * time.Millisecond
	settling   = 2 * time.Minute // for the last rows to arrive
	preparing  = 5 * time.Minute // for the job to be ready
)

// Options say how the demo runs.
type Options struct {
	Kafka string // HOST:PORT of a real broker; empty for the stand-in
	MySQL string // USER:PASSWORD@HOST:PORT/DATABASE of a real server; empty for the stand-in
	Keep  string // folder for the binary, the input, the table and the log; empty for none
	Lines int    // access log lines to feed
	// Build compiles a script into an executable.
	Build func(script, out string) error
	// Worker makes the Python environment of a job's workers, if there is none.
	Worker func(context.Context) error
	Out    io.Writer
	// Live says that Out is a terminal: the table is drawn in place.
	Live bool
}

// ErrWrong is returned if the job's table isn't what it must be.
var ErrWrong = errors.New("the table is wrong")

// run is one performance.
type run struct {
	Options
	dir     string // of all files
	binary  string
	steps   steps
	root    string       // of pyfc's sources
	python  func() error // waits for the workers' environment
	log     *world.AccessLog
	lookup  *world.Lookup
	servers *servers // nil if both are real ones
	kafka   *topic
	db      *table
	job     *job
}

// Run performs the demo. It takes away what it made, but for what is kept.
func Run(ctx context.Context, o Options) (err error) {
	r := &run{Options: o, dir: o.Keep, steps: steps{out: o.Out, of: 4}, log: world.NewAccessLog(time.Now().UnixNano(), unknown)}
	if r.dir == "" {
		dir, err := os.MkdirTemp("", "pyfc-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		r.dir = dir
	} else if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.cleanUp()) }()
	return r.perform(ctx)
}

func (r *run) perform(ctx context.Context) error {
	var err error
	if r.root, err = gobuild.Root(); err != nil {
		return err
	}
	r.binary = filepath.Join(r.dir, "cdn_job")
	r.python = sync.OnceValue(func() error { return r.Worker(ctx) })
	go r.python() // while a compiler has work for one core only
	for _, s := range []struct {
		title string
		do    func() error
	}{
		{"compile " + script, func() error { return r.Build(filepath.Join(r.root, script), r.binary) }},
		{r.serversTitle(), func() error { return r.startWorld(ctx) }},
		{"start the binary and its Python worker (the first time makes a Python environment)", func() error { return r.startJob(ctx) }},
	} {
		if err := r.steps.do(s.title, s.do); err != nil {
			return err
		}
	}
	r.steps.begin(fmt.Sprintf("feed %d access log lines, malformed ones among them; the table in MySQL fills:", r.Lines))
	if err := r.feed(ctx); err != nil {
		return err
	}
	if err := r.job.stop(); err != nil {
		return err
	}
	return r.conclude(ctx)
}

// standsIn reports whether some server isn't a real one.
func (r *run) standsIn() bool { return r.Kafka == "" || r.MySQL == "" }

func (r *run) serversTitle() string {
	if !r.standsIn() {
		return "reach Kafka and MySQL"
	}
	return "start servers that speak the protocols of Kafka and MySQL (the first time compiles them)"
}

// startWorld starts or reaches the servers and makes topic and table.
func (r *run) startWorld(ctx context.Context) (err error) {
	if r.lookup, err = world.StartLookup(); err != nil {
		return err
	}
	at := servers{Kafka: r.Kafka, MySQL: r.MySQL}
	if r.standsIn() {
		program, err := standIns(r.root)
		if err != nil {
			return err
		}
		if r.servers, err = startServers(program, at.Kafka == "", at.MySQL == ""); err != nil {
			return err
		}
		at.Kafka, at.MySQL = cmp.Or(at.Kafka, r.servers.Kafka), cmp.Or(at.MySQL, r.servers.MySQL)
	}
	name := fmt.Sprintf("pyfc_demo_%d", time.Now().UnixMilli()) // real servers have other things, too
	topic, table := newTopic(at.Kafka, name), (*table)(nil)
	if table, err = openTable(at.MySQL, name); err != nil {
		return err
	}
	if err := topic.create(ctx); err != nil {
		return err
	}
	r.kafka = topic
	r.db = table
	return table.create(ctx)
}

// cleanUp ends what runs and takes topic and table away.
func (r *run) cleanUp() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var errs []error
	if r.job != nil {
		r.job.kill()
	}
	if r.kafka != nil {
		errs = append(errs, r.kafka.drop(ctx))
	}
	if r.db != nil {
		errs = append(errs, r.db.drop(ctx))
	}
	if r.servers != nil {
		r.servers.close()
	}
	if r.lookup != nil {
		r.lookup.Close()
	}
	return errors.Join(errs...)
}
