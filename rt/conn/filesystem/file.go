package filesystem

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"pyfc/rt/conn"
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

// file is a file that is being written.
type file struct {
	out   Output
	buf   *bufio.Writer
	rows  conn.FileWriter
	begun time.Time
}

// names are what the file is called; they are its last once it is closed.
func (f *file) names() finished { return finished{f.out.From(), f.out.To()} }

// failure is the error of the output, if it had one.
func (f *file) failure() error {
	_, err := f.buf.Write(nil)
	return err
}

// sync makes durable what was written.
func (f *file) sync() error {
	if err := f.buf.Flush(); err != nil {
		return err
	}
	return f.out.Sync()
}

func (f *file) close() error {
	return errors.Join(f.rows.Close(), f.sync(), f.out.Close())
}

// lines is the encoder of files whose lines are records.
type lines struct{ conn.Encoder }

// NewFile implements conn.FileEncoder.
func (l lines) NewFile(out io.Writer) (conn.FileWriter, error) {
	return &lineFile{lines: l, out: out}, nil
}

type lineFile struct {
	lines
	out  io.Writer
	size int64
}

// errNoRecord is a row that a format makes no record of: raw, of NULL.
var errNoRecord = errors.New("the format writes NULL as no record at all, which a file can't hold")

var lineEnd = []byte{'\n'}

// Add implements conn.FileWriter.
func (f *lineFile) Add() error {
	record, err := f.Record()
	if err == nil && record == nil {
		err = errNoRecord
	}
	if err != nil {
		return err
	}
	f.size += int64(len(record)) + 1
	if _, err := f.out.Write(record); err != nil {
		return err
	}
	_, err = f.out.Write(lineEnd)
	return err
}

// Size implements conn.FileWriter.
func (f *lineFile) Size() int64 { return f.size }

// Close implements conn.FileWriter.
func (f *lineFile) Close() error { return nil }
