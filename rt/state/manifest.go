package state

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// formatVersion is that of manifest, data and the entries of operators in it.
const formatVersion = 2

const (
	manifestName = "manifest.json"
	dataName     = "data"
)

// manifest describes a checkpoint; it is meant to be read by people too.
type manifest struct {
	Format      int                 `json:"format"`
	Job         string              `json:"job"`
	Fingerprint string              `json:"fingerprint"`
	ID          int64               `json:"id"`
	Time        time.Time           `json:"time"`
	Parallelism int                 `json:"parallelism"`
	Run         int                 `json:"run"`      // which of the job's dataflows, from 0
	Final       bool                `json:"final"`    // the run stopped after it
	Finished    bool                `json:"finished"` // all input of the run had been read
	Complete    bool                `json:"complete"` // the same, and it was the last run
	Positions   map[string][]string `json:"positions"`
	Operators   []operatorEntry     `json:"operators"`
	Data        dataEntry           `json:"data"`
	// Checksum is the SHA-256 of the manifest without it.
	Checksum string `json:"checksum,omitempty"`
}

// operatorEntry says where the state of an operator's subtasks lies.
type operatorEntry struct {
	UID      string    `json:"uid"`
	Subtasks []section `json:"subtasks"`
}

type section struct {
	Offset int64 `json:"offset"`
	Length int64 `json:"length"`
}

type dataEntry struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// write writes data and manifest into a new folder and syncs them.
func (m *manifest) write(dir string, parts map[string][]*Snapshot) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(dir, dataName), func(w *bufio.Writer) error {
		return m.writeData(w, parts)
	}); err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(dir, manifestName), func(w *bufio.Writer) error {
		text, err := m.seal()
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	}); err != nil {
		return err
	}
	return syncDir(dir)
}

func writeSynced(path string, write func(*bufio.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// writeData writes all sections and notes in the manifest where they are.
func (m *manifest) writeData(w *bufio.Writer, parts map[string][]*Snapshot) error {
	uids := make([]string, 0, len(parts))
	for uid := range parts {
		uids = append(uids, uid)
	}
	slices.Sort(uids)
	sum := sha256.New()
	m.Positions = map[string][]string{}
	var buf []byte
	for _, uid := range uids {
		op := operatorEntry{UID: uid}
		for _, snap := range parts[uid] {
			buf = appendSnapshot(buf[:0], snap)
			sum.Write(buf)
			if _, err := w.Write(buf); err != nil {
				return err
			}
			op.Subtasks = append(op.Subtasks, section{m.Data.Bytes, int64(len(buf))})
			m.Data.Bytes += int64(len(buf))
			if len(snap.Notes) > 0 {
				m.Positions[uid] = append(m.Positions[uid], snap.Notes...)
			}
		}
		m.Operators = append(m.Operators, op)
		slices.Sort(m.Positions[uid])
	}
	m.Data.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// seal sets the checksum and returns the manifest's text.
func (m *manifest) seal() ([]byte, error) {
	m.Checksum = ""
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	m.Checksum = hex.EncodeToString(sum[:])
	text, err = json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}

func readManifest(path string) (*manifest, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	if m.Format != formatVersion {
		return nil, &FormatError{path, m.Format}
	}
	sealed, err := m.seal()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(text, sealed) {
		return nil, errors.New("the manifest's checksum is wrong")
	}
	return &m, nil
}

// A section holds the non-empty key groups, each with its number and length,
// then the list entries, each with its length; counts come first.

func appendSnapshot(dst []byte, s *Snapshot) []byte {
	groups := 0
	for _, g := range s.Groups {
		if len(g) > 0 {
			groups++
		}
	}
	dst = binary.AppendUvarint(dst, uint64(groups))
	for i, g := range s.Groups {
		if len(g) > 0 {
			dst = binary.AppendUvarint(dst, uint64(i))
			dst = appendBytes(dst, g)
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.List)))
	for _, e := range s.List {
		dst = appendBytes(dst, e)
	}
	return dst
}

func appendBytes(dst, b []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

// sectionReader decodes a section; its values are views.
type sectionReader struct {
	src []byte
	err error
}

func (r *sectionReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.src)
	if n <= 0 {
		r.err = errors.New("section is cut off")
		return 0
	}
	r.src = r.src[n:]
	return v
}

func (r *sectionReader) bytes() []byte {
	n := r.uvarint()
	if n > uint64(len(r.src)) {
		r.err = errors.New("section is cut off")
		return nil
	}
	b := r.src[:n:n]
	r.src = r.src[n:]
	return b
}

func readSnapshot(src []byte) (*Snapshot, error) {
	r := sectionReader{src: src}
	s := &Snapshot{}
	for n := r.uvarint(); n > 0 && r.err == nil; n-- {
		g := r.uvarint()
		if g >= KeyGroups {
			return nil, fmt.Errorf("key group %d", g)
		}
		s.Groups[g] = r.bytes()
	}
	for n := r.uvarint(); n > 0 && r.err == nil; n-- {
		s.List = append(s.List, r.bytes())
	}
	return s, r.err
}
