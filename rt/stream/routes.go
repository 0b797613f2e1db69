package stream

import "fmt"

// Route says to which subtasks of the next stage the rows of a stream go.
type Route[R any] struct {
	kind  string
	write func(t *task, lanes []*lane[R]) Consumer[R]
}

// ByKey sends the rows of one key group to one subtask, in the order of their
// producer. The hash must be stable between runs.
func ByKey[R any](hash func(*R) uint64) Route[R] {
	return Route[R]{"key", func(t *task, lanes []*lane[R]) Consumer[R] { return newKeyed(t, lanes, hash) }}
}

// KeyBy exchanges rows so that those of one key group meet in one subtask, in
// the order of their producer. The hash must be stable between runs.
func KeyBy[R any](s Stream[R], hash func(*R) uint64, options ...Option) Stream[R] {
	return exchange(s, ByKey(hash), options)
}

// Rebalance deals whole batches out to the subtasks in turn.
func Rebalance[R any](s Stream[R], options ...Option) Stream[R] {
	return exchange(s, Route[R]{"rebalance", func(t *task, lanes []*lane[R]) Consumer[R] {
		return &rebalance[R]{writers: writers[R]{t, lanes}, next: t.index % len(lanes)}
	}}, options)
}

// exchange starts a stage behind ports that every producer writes to.
func exchange[R any](s Stream[R], route Route[R], options []Option) Stream[R] {
	g := s.stage.graph
	to := g.addStage(fmt.Sprintf("%s#%d", route.kind, len(g.stages)), options)
	out := &output[R]{stage: to}
	ports := newPorts[R](to)
	to.make = func(t *task) error {
		head, err := out.connect(t)
		if err != nil {
			return err
		}
		ports[t.index] = newPort(t, head)
		return nil
	}
	feed(s, to, ports, route)
	return Stream[R]{to, out}
}

// feed writes a stream to the ports of a stage.
func feed[R any](s Stream[R], to *stage, ports []*port[R], route Route[R]) {
	to.inputs = append(to.inputs, s.stage)
	s.out.add(func(t *task) (Consumer[R], error) {
		lanes := make([]*lane[R], len(ports))
		for i, p := range ports {
			lanes[i] = p.lane(t)
		}
		t.leaves++
		return route.write(t, lanes), nil
	})
}

// Union merges streams into one, whose subtask i gets the rows of subtask i of
// each; there are as many as the widest stream has.
func Union[R any](streams ...Stream[R]) Stream[R] {
	g := streams[0].stage.graph
	width := 1
	for _, s := range streams {
		width = max(width, s.stage.parallelism)
	}
	to := g.addStage(fmt.Sprintf("union#%d", len(g.stages)), []Option{Parallelism(width)})
	out := &output[R]{stage: to}
	ports := newPorts[R](to)
	to.make = func(t *task) error {
		head, err := out.connect(t)
		if err != nil {
			return err
		}
		ports[t.index] = newPort(t, head)
		return nil
	}
	for _, s := range streams {
		to.inputs = append(to.inputs, s.stage)
		s.out.add(func(t *task) (Consumer[R], error) {
			t.leaves++
			return &forward[R]{task: t, to: ports[t.index].lane(t)}, nil
		})
	}
	return Stream[R]{to, out}
}
