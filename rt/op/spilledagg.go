package op

import (
	"errors"
	"fmt"
	"io"

	"pyfc/rt/spill"
)

// spillParts is the number of files that rows are parted into by their keys'
// hashes, spillBits that of the bits which this takes, and spillLevels how often
// a part can be parted again, by other bits.
const (
	spillBits   = 4
	spillParts  = 1 << spillBits
	spillLevels = 64 / spillBits
)

// spillPart is the part of a hash at a level. Subtasks have taken the hash
// modulo the number of key groups already, so that the part is made of other
// bits.
func spillPart(hash uint64, level int) int {
	return int(hash * 0x9E3779B97F4A7C15 << (spillBits * level) >> (64 - spillBits))
}

// spilledGroups are the groups of a batch aggregation that don't fit into
// memory. Groups belong to parts by their keys' hashes. Where the budget is used
// up, a part goes into a file: its groups with what they have come to, and
// behind them the rows that follow. At the end each file is read as the input
// was, and what doesn't fit then is parted again. So a group's rows are added in
// the order in which they came, and only a group that alone is more than the
// budget can't be done.
type spilledGroups[In any, K comparable, A, Out any] struct {
	agg   *FinalAgg[In, K, A, Out]
	level int
	used  [spillParts]int64       // what the groups at hand take, in bytes
	files [spillParts]*spill.File // of the parts that aren't at hand
	parts int                     // number of these
	todo  []spilledPart
	// What is read at the end.
	file   *spill.File
	reader *spill.Reader
	buf    []byte
	// What functions get pointers to: variables would be allocated for each
	// record.
	in In
	gr finalGroup[K, A]
}

// spilledPart is a file that is to be read at a level.
type spilledPart struct {
	file  *spill.File
	level int
}

// The kinds of records.
const (
	groupRecord byte = iota // a key and its accumulators
	rowRecord
)

// readRecords is the number of records that are read at a time.
const readRecords = 1 << 10

func (s *spilledGroups[In, K, A, Out]) partOf(k *K) int { return spillPart(s.agg.f.Hash(k), s.level) }

// room asks for n bytes more of a part, in which own groups that ask for it are
// at hand already: 0 or 1. Parts go into files until there is room; it reports
// whether the part is still at hand. What can't be parted any more may take
// whatever the whole budget has.
func (s *spilledGroups[In, K, A, Out]) room(part int, n int64, own int) (fits bool, err error) {
	memory := s.agg.memory
	for !memory.Grow(n) {
		if len(s.agg.groups) <= own || s.level == spillLevels {
			if err := memory.Must(n); err != nil {
				return false, err
			}
			break
		}
		largest := 0
		for i, bytes := range s.used {
			if bytes > s.used[largest] {
				largest = i
			}
		}
		if err := s.put(largest); err != nil {
			return false, err
		}
		if largest == part {
			return false, nil
		}
	}
	s.used[part] += n
	return true, nil
}

// put moves the groups of a part into its file.
func (s *spilledGroups[In, K, A, Out]) put(part int) (err error) {
	g := s.agg
	if s.files[part], err = g.memory.Create(); err != nil {
		return err
	}
	s.parts++
	kept := g.groups[:0]
	for i := range g.groups {
		gr := &g.groups[i]
		if s.partOf(&gr.key) != part {
			kept = append(kept, *gr)
			continue
		}
		s.buf = g.f.AppendEntry(append(s.buf[:0], groupRecord), &gr.key, &gr.acc)
		if err := s.files[part].Append(s.buf); err != nil {
			return err
		}
	}
	clear(g.groups[len(kept):])
	g.groups = kept
	g.reindex()
	g.memory.Shrink(s.used[part])
	s.used[part] = 0
	return nil
}

// row adds a row to the file of its part.
func (s *spilledGroups[In, K, A, Out]) row(part int, row *In) error {
	s.buf = s.agg.f.Rows.Append(append(s.buf[:0], rowRecord), row)
	return s.files[part].Append(s.buf)
}

// next opens the next file to read, when what was at hand is out; it reports
// whether there is one.
func (s *spilledGroups[In, K, A, Out]) next() (more bool, err error) {
	for i, file := range s.files {
		if file != nil {
			s.todo = append(s.todo, spilledPart{file, s.level + 1})
		}
		s.files[i], s.used[i] = nil, 0
	}
	s.parts = 0
	n := len(s.todo) - 1
	if n < 0 {
		return false, nil
	}
	s.file, s.level = s.todo[n].file, s.todo[n].level
	s.todo = s.todo[:n]
	s.reader, err = s.file.Reader()
	return true, err
}

// read takes in some records of the file at hand.
func (s *spilledGroups[In, K, A, Out]) read() error {
	for range readRecords {
		record, err := s.reader.Next()
		if errors.Is(err, io.EOF) {
			s.reader = nil
			return s.file.Remove()
		}
		if err == nil {
			err = s.record(record)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *spilledGroups[In, K, A, Out]) record(record []byte) error {
	if len(record) == 0 || record[0] > rowRecord {
		return fmt.Errorf("a file of groups has a record of %d bytes that is neither group nor row", len(record))
	}
	if record[0] == groupRecord {
		return s.group(record)
	}
	var zero In
	s.in = zero
	if _, err := s.agg.f.Rows.Read(record[1:], &s.in); err != nil {
		return err
	}
	return s.agg.take(&s.in)
}

// group takes a group in that was put into the file.
func (s *spilledGroups[In, K, A, Out]) group(record []byte) error {
	g := s.agg
	gr := &s.gr
	*gr = finalGroup[K, A]{}
	if _, err := g.f.ReadEntry(record[1:], &gr.key, &gr.acc); err != nil {
		return err
	}
	part := s.partOf(&gr.key)
	if s.files[part] == nil {
		bytes := g.groupBytes() + int64(len(record))
		if g.f.Bytes != nil {
			bytes += int64(g.f.Bytes(&gr.acc))
		}
		if fits, err := s.room(part, bytes, 0); err != nil {
			return err
		} else if fits {
			g.insert(g.f.Hash(&gr.key), *gr)
			return nil
		}
	}
	return s.files[part].Append(record)
}
