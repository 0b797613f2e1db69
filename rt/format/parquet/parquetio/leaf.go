package parquetio

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"

	"pyfc/rt/val"
)

// leaf reads one column of a file that holds values: those of a row group, page
// by page.
type leaf struct {
	index    int  // among the file's columns
	maxDef   byte // the definition level of a value that isn't NULL
	maxRep   byte
	convert  convert
	keepPage bool // values are views of their pages

	pages parquet.Pages
	page  parquet.Page
	data  encoding.Values
	dict  []val.Datum // of the row group; nil for pages without
	dicts bool        // the page's values are positions in dict
	def   []byte      // of the page's entries; empty where all have maxDef
	rep   []byte
	size  int // entries of the page
	entry int // the next one
	value int // the next one among those that aren't NULL

	// What levels has taken in, for nested values.
	defs, reps []byte
	values     []val.Datum // NULL where the level is below maxDef
	at         int         // the entry that is built next
}

// convert turns the values of a page from one on into as many as dst holds.
type convert func(dst []val.Datum, src *encoding.Values, from int) error

func (l *leaf) repeated() bool { return l.maxRep > 0 }

// begin starts with the chunk of a row group.
func (l *leaf) begin(chunks []parquet.ColumnChunk) {
	l.close()
	l.pages = chunks[l.index].Pages()
	l.dict, l.size, l.entry = nil, 0, 0
}

func (l *leaf) close() {
	l.release()
	if l.pages != nil {
		l.pages.Close() // it was only read
		l.pages = nil
	}
}

// release gives back the memory of the page, unless values are views of it.
func (l *leaf) release() {
	if l.page != nil && !l.keepPage {
		parquet.Release(l.page)
	}
	l.page = nil
}

// next goes to the next page.
func (l *leaf) next() error {
	l.release()
	page, err := l.pages.ReadPage()
	if err != nil {
		return err
	}
	l.page, l.data = page, page.Data()
	l.def, l.rep = page.DefinitionLevels(), page.RepetitionLevels()
	l.size, l.entry, l.value = int(page.NumValues()), 0, 0
	d := page.Dictionary()
	l.dicts = d != nil
	if d == nil || l.dict != nil {
		return nil
	}
	l.dict = make([]val.Datum, d.Len())
	entries := d.Page().Data()
	if err := l.convert(l.dict, &entries, 0); err != nil {
		return err
	}
	for i := range l.dict {
		l.dict[i] = l.dict[i].Keep()
	}
	return nil
}

// flat takes in the values of as many rows as dst holds, of a column that isn't
// repeated.
func (l *leaf) flat(dst []val.Datum) error {
	for len(dst) > 0 {
		if l.entry == l.size {
			if err := l.next(); err != nil {
				return short(err)
			}
			continue
		}
		n := min(len(dst), l.size-l.entry)
		if err := l.take(dst[:n]); err != nil {
			return err
		}
		dst = dst[n:]
	}
	return nil
}

// short is the error of a chunk that ends before its row group does.
func short(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("it has fewer values than its row group has rows")
	}
	return err
}

// take converts the next entries of the page. Those that aren't NULL come first,
// and then move to their places.
func (l *leaf) take(dst []val.Datum) error {
	dense := len(dst)
	var def []byte
	if len(l.def) > 0 {
		def = l.def[l.entry : l.entry+len(dst)]
		dense = 0
		for _, level := range def {
			if level == l.maxDef {
				dense++
			}
		}
	}
	if err := l.dense(dst[:dense]); err != nil {
		return err
	}
	l.entry += len(dst)
	l.value += dense
	if dense == len(dst) {
		return nil
	}
	for i := len(dst) - 1; i >= 0; i-- {
		if def[i] == l.maxDef {
			dense--
			dst[i] = dst[dense]
		} else {
			dst[i] = val.NullDatum()
		}
	}
	return nil
}

// dense converts the next values that aren't NULL.
func (l *leaf) dense(dst []val.Datum) error {
	if !l.dicts {
		return l.convert(dst, &l.data, l.value)
	}
	places := l.data.Int32()[l.value:][:len(dst)]
	for i, at := range places {
		if uint(at) >= uint(len(l.dict)) {
			return fmt.Errorf("value %d of a dictionary of %d", at, len(l.dict))
		}
		dst[i] = l.dict[at]
	}
	return nil
}

// levels takes in the entries of n rows with their levels. A row may go on in the
// next page.
func (l *leaf) levels(n int) error {
	l.defs, l.reps, l.values, l.at = l.defs[:0], l.reps[:0], l.values[:0], 0
	rows := 0
	for {
		if l.entry == l.size {
			err := l.next()
			if errors.Is(err, io.EOF) && rows == n {
				return nil
			}
			if err != nil {
				return short(err)
			}
			continue
		}
		end := l.entry
		for ; end < l.size; end++ {
			if len(l.rep) == 0 || l.rep[end] == 0 {
				if rows == n {
					break
				}
				rows++
			}
		}
		if end == l.entry {
			return nil
		}
		if err := l.append(end); err != nil {
			return err
		}
	}
}

// append takes in the entries of the page up to end.
func (l *leaf) append(end int) error {
	from, n := len(l.values), end-l.entry
	for i := l.entry; i < end; i++ {
		def, rep := l.maxDef, byte(0)
		if len(l.def) > 0 {
			def = l.def[i]
		}
		if len(l.rep) > 0 {
			rep = l.rep[i]
		}
		l.defs, l.reps = append(l.defs, def), append(l.reps, rep)
	}
	l.values = append(l.values, make([]val.Datum, n)...)
	return l.take(l.values[from:])
}
