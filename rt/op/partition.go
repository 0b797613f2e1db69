package op

import (
	"errors"
	"io"

	"pyfc/rt/spill"
)

// Partition is the rows of one partition, in order. Those that don't fit into
// memory lie in a file and are read a page at a time.
type Partition[In any] struct {
	f     *RowFuncs[In]
	order func(x, y *In) int // nil where all rows are equal
	n     int
	// Either the rows are at the places in list, or, if place is nil, are the
	// list, or lie in file.
	list  *rowList[In]
	place []int32
	peers peers
	file  *pagedRows[In]
}

// peers has for each of some rows the position of the first of the rows that are
// equal by the order, and that behind the last.
type peers struct{ first, end []int }

// Len is the number of rows.
func (p *Partition[In]) Len() int { return p.n }

// Row is row i. Of a partition in a file the rows of the last few calls are valid.
func (p *Partition[In]) Row(i int) *In {
	switch {
	case p.file != nil:
		page := p.file.page(i)
		return &page.rows[i-page.from]
	case p.place != nil:
		return p.list.at(int(p.place[i]))
	}
	return p.list.at(i)
}

// First is the position of the first of the rows that are equal to row i by the
// order.
func (p *Partition[In]) First(i int) int {
	if p.file != nil {
		page := p.file.page(i)
		return page.peers.first[i-page.from]
	}
	return p.peers.first[i]
}

// End is the position behind the last of them.
func (p *Partition[In]) End(i int) int {
	if p.file != nil {
		page := p.file.page(i)
		return page.peers.end[i-page.from]
	}
	return p.peers.end[i]
}

// set takes the first n rows of a list as the partition, or those at n places.
func (p *Partition[In]) set(list *rowList[In], place []int32, n int) {
	p.list, p.place, p.n, p.file = list, place, n, nil
	p.findPeers()
}

func (p *Partition[In]) findPeers() { p.peers.find(p.n, p.same(p.Row), 0, 0, p.n) }

// add takes another row behind those of the list, or of the file.
func (p *Partition[In]) add(row *In) error {
	p.n++
	if p.file != nil {
		return p.file.add(row, p.n-1)
	}
	p.list.add(row)
	return nil
}

// complete says that there are no more.
func (p *Partition[In]) complete() {
	if p.file == nil {
		p.findPeers()
		return
	}
	for i := p.file.open; i < len(p.file.pages); i++ {
		p.file.pages[i].end = p.n
	}
}

// same tells whether the row in front of row i is equal to it.
func (p *Partition[In]) same(row func(i int) *In) func(i int) bool {
	return func(i int) bool { return p.order == nil || p.order(row(i-1), row(i)) == 0 }
}

// find finds the peers of n rows, the first of which has position from: first is
// that of its first peer, end that behind the last row's last one.
func (p *peers) find(n int, same func(i int) bool, from, first, end int) {
	p.first, p.end = resized(p.first, n), resized(p.end, n)
	for i := range n {
		switch {
		case i == 0:
			p.first[i] = first
		case same(i):
			p.first[i] = p.first[i-1]
		default:
			p.first[i] = from + i
		}
	}
	for i := n - 1; i >= 0; i-- {
		switch {
		case i == n-1:
			p.end[i] = end
		case p.first[i+1] == p.first[i]:
			p.end[i] = p.end[i+1]
		default:
			p.end[i] = from + i + 1
		}
	}
}

func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// pageRows is the number of rows of a page, cachedPages that of pages in memory:
// a frame moves along with its two ends, the current row and one that is compared.
const (
	pageRows    = 128
	cachedPages = 4
)

// pagedRows are the rows of a partition in a file.
type pagedRows[In any] struct {
	p     *Partition[In]
	file  *spill.File
	pages []pageStart
	cache [cachedPages]page[In]
	clock int
	// While rows are written: the last one, where its peers begin, and the first
	// page whose last row's peers go on.
	last  In
	first int
	open  int
	buf   []byte
}

// pageStart is where a page begins, and the ends of the peers that it has a part
// of: of those of its first row the first, of those of its last row the end.
type pageStart struct {
	at         spill.Position
	first, end int
}

type page[In any] struct {
	rows  []In
	peers peers
	from  int
	used  int // 0 is empty
}

// spill moves the partition's rows into a file, in which the rest follows.
func (p *Partition[In]) spill(memory *spill.Account) error {
	file, err := memory.Create()
	if err != nil {
		return err
	}
	f := &pagedRows[In]{p: p, file: file}
	for i := range p.n {
		if err := f.add(p.Row(i), i); err != nil {
			return err
		}
	}
	p.file, p.place = f, nil
	p.list.clear()
	return nil
}

// add writes row i.
func (f *pagedRows[In]) add(row *In, i int) error {
	if i > 0 && f.p.order != nil && f.p.order(&f.last, row) != 0 {
		f.close(i)
		f.first = i
	}
	if i%pageRows == 0 {
		f.pages = append(f.pages, pageStart{at: f.file.End(), first: f.first})
	}
	f.buf = f.p.f.Append(f.buf[:0], row)
	f.last = *row
	return f.file.Append(f.buf)
}

// close notes that the peers so far end behind row i-1.
func (f *pagedRows[In]) close(i int) {
	for (f.open+1)*pageRows <= i {
		f.pages[f.open].end = i
		f.open++
	}
}

// page is the page with row i.
func (f *pagedRows[In]) page(i int) *page[In] {
	from := i - i%pageRows
	oldest := &f.cache[0]
	f.clock++
	for k := range f.cache {
		c := &f.cache[k]
		if c.used > 0 && c.from == from {
			c.used = f.clock
			return c
		}
		if c.used < oldest.used {
			oldest = c
		}
	}
	oldest.from, oldest.used = from, f.clock
	if err := f.read(oldest); err != nil {
		panic(unreadable{err})
	}
	return oldest
}

// unreadable is what a page that can't be read panics with: windows ask for rows
// wherever they compute. recoverUnreadable makes it the error again.
type unreadable struct{ error }

func recoverUnreadable(err *error) {
	switch p := recover().(type) {
	case nil:
	case unreadable:
		*err = p.error
	default:
		panic(p)
	}
}

// read fills a page.
func (f *pagedRows[In]) read(c *page[In]) error {
	n := min(pageRows, f.p.n-c.from)
	c.rows = resized(c.rows, n)
	clear(c.rows)
	start := f.pages[c.from/pageRows]
	reader, err := f.file.ReaderFrom(start.at)
	for i := 0; i < n && err == nil; i++ {
		var record []byte
		if record, err = reader.Next(); err == nil {
			_, err = f.p.f.Read(record, &c.rows[i])
		}
	}
	c.peers.find(n, f.p.same(func(i int) *In { return &c.rows[i] }), c.from, start.first, start.end)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// release removes the file, if there is one.
func (p *Partition[In]) release() error {
	if p.file == nil {
		return nil
	}
	err := p.file.file.Remove()
	p.file = nil
	return err
}
