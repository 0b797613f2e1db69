package parquet

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"pyfc/rt/conn"
)

// Settings are what properties of the writer set.
type Settings struct {
	Codec      string // one of Codecs
	BlockSize  int64  // of a row group, in bytes
	PageSize   int
	Dictionary bool
}

// Codecs are the values of compression. LZ4 isn't one: see Decoder.Open in package
// parquetio.
var Codecs = []string{"BROTLI", "GZIP", "SNAPPY", "UNCOMPRESSED", "ZSTD"}

// Settings reads the properties; those that aren't known have no effect, as in
// Flink.
func (o *Options) Settings() (s Settings, errs []conn.OptionError) {
	s = Settings{Codec: "SNAPPY", BlockSize: 128 << 20, PageSize: 1 << 20, Dictionary: true}
	bad := func(key, format string, args ...any) {
		errs = append(errs, conn.OptionError{Key: key, Kind: conn.BadValue, Message: key + ": " + fmt.Sprintf(format, args...)})
	}
	keys := make([]string, 0, len(o.Others))
	for key := range o.Others {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		text := strings.TrimSpace(o.Others[key])
		switch key {
		case "compression":
			s.Codec = strings.ToUpper(text)
			if !slices.Contains(Codecs, s.Codec) {
				bad(key, "there is no codec %q; there are %s", text, strings.Join(Codecs, ", "))
			}
		case "block.size", "page.size":
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil || n <= 0 {
				bad(key, "%q is no number of bytes", text)
			} else if key == "block.size" {
				s.BlockSize = n
			} else {
				s.PageSize = int(n)
			}
		case "enable.dictionary":
			v, err := strconv.ParseBool(text)
			if err != nil {
				bad(key, "%q is neither true nor false", text)
			}
			s.Dictionary = v
		default:
			errs = append(errs, conn.OptionError{Key: key, Kind: conn.Ignored, Message: key + " has no effect: only compression, block.size, page.size and enable.dictionary do"})
		}
	}
	return s, errs
}
