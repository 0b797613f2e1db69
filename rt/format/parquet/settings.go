package parquet

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"pyfc/rt/conn"
)

// settings are what properties of the writer set.
type settings struct {
	codec      compress.Codec
	blockSize  int64 // of a row group, in bytes
	pageSize   int
	dictionary bool
}

// codecs are the values of compression. LZ4 isn't one: see Open.
var codecs = map[string]compress.Codec{
	"UNCOMPRESSED": &parquet.Uncompressed, "SNAPPY": &parquet.Snappy, "GZIP": &parquet.Gzip,
	"ZSTD": &parquet.Zstd, "BROTLI": &parquet.Brotli,
}

// settingsOf reads the properties; those that aren't known have no effect, as in
// Flink.
func settingsOf(o *Options) (s settings, errs []conn.OptionError) {
	s = settings{codec: &parquet.Snappy, blockSize: 128 << 20, pageSize: 1 << 20, dictionary: true}
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
			codec, ok := codecs[strings.ToUpper(text)]
			if !ok {
				names := make([]string, 0, len(codecs))
				for name := range codecs {
					names = append(names, name)
				}
				slices.Sort(names)
				bad(key, "there is no codec %q; there are %s", text, strings.Join(names, ", "))
			}
			s.codec = codec
		case "block.size", "page.size":
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil || n <= 0 {
				bad(key, "%q is no number of bytes", text)
			} else if key == "block.size" {
				s.blockSize = n
			} else {
				s.pageSize = int(n)
			}
		case "enable.dictionary":
			v, err := strconv.ParseBool(text)
			if err != nil {
				bad(key, "%q is neither true nor false", text)
			}
			s.dictionary = v
		default:
			errs = append(errs, conn.OptionError{Key: key, Kind: conn.Ignored, Message: key + " has no effect: only compression, block.size, page.size and enable.dictionary do"})
		}
	}
	return s, errs
}
