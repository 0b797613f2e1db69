package filesystem

import (
	"path/filepath"

	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// metadata are the columns that files have beside their records'.
func metadata(any) []conn.Metadata {
	const text, number, instant = "STRING NOT NULL", "BIGINT NOT NULL", "TIMESTAMP_LTZ(3) NOT NULL"
	return []conn.Metadata{
		{Key: "file.path", Type: text, Readable: true, Doc: "The whole path of the file."},
		{Key: "file.name", Type: text, Readable: true, Doc: "The last element of the path."},
		{Key: "file.size", Type: number, Readable: true, Doc: "The number of bytes."},
		{Key: "file.modification-time", Type: instant, Readable: true, Doc: "When the file was last written to."},
	}
}

// about is the value of a metadata column for the records of a file.
func about(key, path string, f Entry) val.Datum {
	switch key {
	case "file.path":
		return val.TextDatum(path)
	case "file.name":
		return val.TextDatum(filepath.Base(path))
	case "file.size":
		return val.IntDatum(f.Size)
	}
	at := f.Modified
	return val.TimestampDatum(val.TimestampFromUnix(at.Unix(), int64(at.Nanosecond())).Truncate(3))
}
