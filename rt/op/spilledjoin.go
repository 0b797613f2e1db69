package op

import (
	"errors"
	"io"

	"pyfc/rt/spill"
	"pyfc/rt/val"
)

// spilledJoin is a hash join whose right side doesn't fit into memory. Both
// sides are parted by their keys' hashes, so that rows of one key are in files
// of one number, and then joined part by part: as many right rows as fit are
// taken in at a time, and all left rows of the part looked up. So it comes to an
// end whatever the keys are, even if all are equal.
type spilledJoin[L, R any, K comparable, Out any] struct {
	join   *HashJoin[L, R, K, Out]
	lefts  [spillParts]*spill.File
	rights [spillParts]*spill.File
	buf    []byte

	part int
	// rest are the part's right rows that haven't been taken in; nil before the
	// first ones are.
	rest *spill.Reader
	// ahead is the right row that found no room.
	ahead    R
	hasAhead bool
	last     bool // the rows at hand are the last ones of the part
	probes   *spill.Reader
	probe    int  // number of the next left row
	matched  bits // the left rows of the part that have a match
	row      L
}

func newSpilledJoin[L, R any, K comparable, Out any](j *HashJoin[L, R, K, Out]) (*spilledJoin[L, R, K, Out], error) {
	s := &spilledJoin[L, R, K, Out]{join: j}
	for i := range spillParts {
		var err error
		if s.lefts[i], err = j.memory.Create(); err != nil {
			return nil, err
		}
		if s.rights[i], err = j.memory.Create(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// partOf is the part of the key at hand.
func (s *spilledJoin[L, R, K, Out]) partOf() int { return spillPart(s.join.f.Hash(&s.join.key), 0) }

func (s *spilledJoin[L, R, K, Out]) right(row *R) error {
	s.join.key = s.join.f.RightKey(row)
	if !s.join.f.RightOuter && !s.join.known() {
		return nil
	}
	s.buf = s.join.f.AppendRight(s.buf[:0], row)
	return s.rights[s.partOf()].Append(s.buf)
}

func (s *spilledJoin[L, R, K, Out]) left(row *L) error {
	s.join.key = s.join.f.LeftKey(row)
	if !s.join.f.LeftOuter && !s.join.f.Anti && !s.join.known() {
		return nil
	}
	s.buf = s.join.f.AppendLeft(s.buf[:0], row)
	return s.lefts[s.partOf()].Append(s.buf)
}

// piece does a part of the work and reports whether there is more.
func (s *spilledJoin[L, R, K, Out]) piece() (more bool, err error) {
	switch {
	case s.part == spillParts:
		return false, nil
	case s.rest == nil:
		return true, s.begin()
	case s.probes == nil:
		return true, s.load()
	}
	done, err := s.look()
	if err != nil || !done {
		return true, err
	}
	return true, s.finish()
}

// begin opens the files of the next part.
func (s *spilledJoin[L, R, K, Out]) begin() (err error) {
	s.matched = nil
	s.rest, err = s.rights[s.part].Reader()
	return err
}

// load takes in as many right rows as fit, one at least.
func (s *spilledJoin[L, R, K, Out]) load() (err error) {
	j := s.join
	for {
		if !s.hasAhead {
			record, err := s.rest.Next()
			if errors.Is(err, io.EOF) {
				s.last = true
				break
			}
			if err != nil {
				return err
			}
			var zero R
			s.ahead = zero
			if _, err := j.f.ReadRight(record, &s.ahead); err != nil {
				return err
			}
		}
		j.key = j.f.RightKey(&s.ahead)
		hash := j.f.Hash(&j.key)
		if s.hasAhead = !j.build(&s.ahead, hash, -1, false); !s.hasAhead {
			continue
		}
		if j.table.rows.len() > 0 {
			break
		}
		if err := j.memory.Must(j.bytes(&s.ahead)); err != nil {
			return err
		}
		s.hasAhead = !j.build(&s.ahead, hash, -1, true)
	}
	s.probe = 0
	s.probes, err = s.lefts[s.part].Reader()
	return err
}

// look joins some left rows with the right ones at hand; done says that these
// were the last.
func (s *spilledJoin[L, R, K, Out]) look() (done bool, err error) {
	j := s.join
	scratch := val.NewArena()
	for range j.sub.BatchSize {
		record, err := s.probes.Next()
		if errors.Is(err, io.EOF) {
			done = true
			break
		}
		if err != nil {
			return false, err
		}
		var zero L
		s.row = zero
		if _, err := j.f.ReadLeft(record, &s.row); err != nil {
			return false, err
		}
		if err := s.lookUp(scratch); err != nil {
			return false, err
		}
	}
	scratch.Release()
	return done, j.out.flush()
}

// lookUp joins one left row. Whether it has a match at all is known when all
// right rows have been at hand.
func (s *spilledJoin[L, R, K, Out]) lookUp(scratch *val.Arena) error {
	j := s.join
	probe := s.probe
	s.probe++
	before := s.matched.has(probe)
	if before && (j.f.Semi || j.f.Anti) {
		return nil
	}
	j.key = j.f.LeftKey(&s.row)
	found, err := j.pairs(&s.row, j.find(j.f.Hash(&j.key)), scratch)
	if err != nil {
		return err
	}
	if found {
		s.matched.set(probe)
	}
	if found && j.f.Semi || s.last && !found && !before && (j.f.LeftOuter || j.f.Anti) {
		return j.emit(&s.row, nil)
	}
	return nil
}

// finish ends the work with the right rows at hand, and with the part if they
// were its last.
func (s *spilledJoin[L, R, K, Out]) finish() error {
	if err := s.join.unmatched(); err != nil {
		return err
	}
	s.join.clear()
	s.probes = nil
	if !s.last {
		return nil
	}
	s.rest, s.last = nil, false
	err := errors.Join(s.lefts[s.part].Remove(), s.rights[s.part].Remove())
	s.part++
	return err
}
