package kafka

import (
	"encoding/binary"
	"slices"
	"testing"
)

// answer writes an answer of the Fetch API with one partition.
func answer(version int16, rolledBack []aborted, records []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, 7) // request
	b = append(b, 0, 0, 0, 0)                  // throttled
	if version >= 7 {
		b = append(b, 0, 0, 0, 0, 0, 0)
	}
	b = append(b, 0, 0, 0, 1, 0, 1, 't')        // one topic
	b = append(b, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0) // partition 3, no error
	b = append(b, make([]byte, 16)...)          // high watermark, last stable offset
	if version >= 5 {
		b = append(b, make([]byte, 8)...)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(rolledBack)))
	for _, a := range rolledBack {
		b = binary.BigEndian.AppendUint64(b, uint64(a.producer))
		b = binary.BigEndian.AppendUint64(b, uint64(a.first))
	}
	if version >= 11 {
		b = append(b, 0xFF, 0xFF, 0xFF, 0xFF)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(records)))
	return append(b, records...)
}

func TestFetchAnswers(t *testing.T) {
	records := spec{base: 4, last: -1, values: []string{"x"}}.encode()
	byEnd := []aborted{{producer: 1, first: 20}, {producer: 2, first: 10}}
	for version := int16(minFetchVersion); version <= maxFetchVersion; version++ {
		data := answer(version, byEnd, records)
		sets, err := parseFetch(data, version, 7)
		if err != nil {
			t.Fatalf("v%d: %v", version, err)
		}
		if len(sets) != 1 || sets[0].topic != "t" || sets[0].partition != 3 || !slices.Equal(sets[0].records, records) {
			t.Errorf("v%d: %+v", version, sets)
		}
		if want := []aborted{{producer: 2, first: 10}, {producer: 1, first: 20}}; !slices.Equal(sets[0].aborted, want) {
			t.Errorf("v%d: aborted transactions %v, want them by first offset", version, sets[0].aborted)
		}
		for n := range len(data) {
			if _, err := parseFetch(data[:n], version, 7); err == nil {
				t.Errorf("v%d: an answer cut off after %d bytes passes", version, n)
			}
		}
		if _, err := parseFetch(data, version, 8); err == nil {
			t.Errorf("v%d: an answer to another request passes", version)
		}
	}
}
