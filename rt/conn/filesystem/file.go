package filesystem

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"time"

	"pyfc/rt/val"
)

// finished is a file with the name that it has while it is written, and the one
// that it gets.
type finished struct{ from, to string }

// whole stands for the size of a file that is complete.
const whole = -1

// encode writes the file and how much of it counts, for a checkpoint.
func (d finished) encode(size int64) []byte {
	return val.EncodeInt(val.EncodeText(val.EncodeText(nil, d.from), d.to), size)
}

func decodeFinished(entry []byte) (d finished, size int64, err error) {
	rest, err := val.DecodeText(entry, &d.from)
	if err == nil {
		rest, err = val.DecodeText(rest, &d.to)
	}
	if err == nil {
		_, err = val.DecodeInt(rest, &size)
	}
	if err != nil {
		err = fmt.Errorf("file of a sink: %w", err)
	}
	return d, size, err
}

// output is a file that is written.
type output interface {
	Write(p []byte) (int, error)
	Sync() error
	Close() error
}

func createFile(path string) (output, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// file is a file that is being written.
type file struct {
	finished
	out   output
	buf   *bufio.Writer
	size  int64
	begun time.Time
}

// append adds a record and the end of its line.
func (f *file) append(record []byte) error {
	f.size += int64(len(record)) + 1
	if _, err := f.buf.Write(record); err != nil {
		return err
	}
	return f.buf.WriteByte('\n')
}

// sync makes durable what was written.
func (f *file) sync() error {
	if err := f.buf.Flush(); err != nil {
		return err
	}
	return f.out.Sync()
}

func (f *file) close() error {
	return errors.Join(f.sync(), f.out.Close())
}
