package conn

import (
	"io"

	"pyfc/rt/val"
)

// FileDecoder is the decoder of a format whose files aren't a sequence of
// records. It takes in many rows at a time; the decoder's Split then goes to the
// next of them.
type FileDecoder interface {
	// Open begins with those rows of a file of size bytes that belong to its bytes
	// from lo to hi, but for the first skip of them. Each row belongs to one byte.
	// The error is about the file.
	Open(file io.ReaderAt, size, lo, hi, skip int64) error
	// Load takes in up to limit rows and returns how many; 0 is the end. What isn't
	// held by the arena is left to the garbage collector.
	Load(limit int, arena *val.Arena) (int, error)
}

// FileEncoder is the encoder of a format whose files aren't a sequence of
// records. It is a Writer for the columns of one row at a time.
type FileEncoder interface {
	val.Writer
	// NewFile begins a file.
	NewFile(out io.Writer) (FileWriter, error)
}

// BulkEncoder is the encoder of a format that Flink has a bulk writer for, though
// its files are sequences of records: they, too, are finished at each checkpoint.
type BulkEncoder interface{ Bulk() }

// FileWriter writes a file.
type FileWriter interface {
	// Add takes the row that the encoder holds, which then begins another. The
	// error is that of a row that the format can't hold, or of the output.
	Add() error
	// Size is about how many bytes the file has so far.
	Size() int64
	// Close writes the file's end.
	Close() error
}
