package tpch

import (
	"bufio"
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Values that the queries ask for.
var (
	regions = []string{"AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"}
	// nations with the positions of their regions.
	nations = []struct {
		name   string
		region int
	}{
		{"ALGERIA", 0}, {"ARGENTINA", 1}, {"BRAZIL", 1}, {"CANADA", 1}, {"EGYPT", 4}, {"ETHIOPIA", 0}, {"FRANCE", 3},
		{"GERMANY", 3}, {"INDIA", 2}, {"INDONESIA", 2}, {"IRAN", 4}, {"IRAQ", 4}, {"JAPAN", 2}, {"JORDAN", 4}, {"KENYA", 0},
		{"MOROCCO", 0}, {"MOZAMBIQUE", 0}, {"PERU", 1}, {"CHINA", 2}, {"ROMANIA", 3}, {"SAUDI ARABIA", 4}, {"VIETNAM", 2},
		{"RUSSIA", 3}, {"UNITED KINGDOM", 3}, {"UNITED STATES", 1},
	}
	segments     = words("AUTOMOBILE BUILDING FURNITURE MACHINERY HOUSEHOLD")
	priorities   = words("1-URGENT 2-HIGH 3-MEDIUM 4-NOT-SPECIFIED 5-LOW")
	modes        = []string{"REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"}
	instructions = []string{"DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"}
	colors       = words("almond azure beige black blue coral cream cyan forest green ivory khaki lemon linen navy olive peach plum red rose tan white")
	sizes        = words("STANDARD SMALL MEDIUM LARGE ECONOMY PROMO")
	finishes     = words("ANODIZED BURNISHED PLATED POLISHED BRUSHED")
	metals       = words("TIN NICKEL BRASS STEEL COPPER")
	boxSizes     = words("SM LG MED JUMBO WRAP")
	boxes        = words("CASE BOX BAG JAR PKG PACK CAN DRUM")
	fillers      = words("quick final ironic bold even silent regular pending")
)

func words(text string) []string { return strings.Fields(text) }

// Days of orders: seven years, the last one without its end, so that all is
// delivered within it.
var (
	firstDay = time.Date(1992, 1, 1, 0, 0, 0, 0, time.UTC)
	today    = time.Date(1995, 6, 17, 0, 0, 0, 0, time.UTC)
)

const orderDays = 2406

// generator makes the rows of all tables from one seed.
type generator struct {
	*rand.Rand
	dir                                  string
	suppliers, customers, parts, nOrders int
}

// Generate writes the tables as files of JSON into folders below dir. At scale 1
// there are six million rows of lineitem; the same scale gives the same rows.
func Generate(dir string, scale float64) error {
	n := func(rows float64) int { return max(1, int(rows*scale)) }
	g := &generator{rand.New(rand.NewSource(1)), dir, n(10_000), n(150_000), n(200_000), n(1_500_000)}
	for _, table := range []struct {
		names string
		rows  func(out []*rowWriter)
	}{
		{"region nation", g.places}, {"supplier", g.supplierRows}, {"customer", g.customerRows},
		{"part partsupp", g.partRows}, {"orders lineitem", g.orderRows},
	} {
		if err := g.write(words(table.names), table.rows); err != nil {
			return err
		}
	}
	return nil
}

// write gives rows a file for each table.
func (g *generator) write(tables []string, rows func(out []*rowWriter)) error {
	var out []*rowWriter
	var files []*os.File
	for _, t := range tables {
		if err := os.MkdirAll(filepath.Join(g.dir, t), 0o755); err != nil {
			return err
		}
		f, err := os.Create(filepath.Join(g.dir, t, "rows.json"))
		if err != nil {
			return err
		}
		defer f.Close()
		files, out = append(files, f), append(out, newRowWriter(t, f))
	}
	rows(out)
	for i, w := range out {
		if err := w.Flush(); err != nil {
			return err
		}
		if err := files[i].Close(); err != nil {
			return err
		}
	}
	return nil
}

// rowWriter writes the rows of a table.
type rowWriter struct {
	*bufio.Writer
	keys []string // what stands before each value
}

func newRowWriter(table string, out io.Writer) *rowWriter {
	w := &rowWriter{Writer: bufio.NewWriter(out)}
	at := slices.IndexFunc(Tables, func(t Table) bool { return t.Name == table })
	for _, c := range Tables[at].Columns {
		w.keys = append(w.keys, fmt.Sprintf(",%q:", c.Name))
	}
	w.keys[0] = "{" + w.keys[0][1:]
	return w
}

// number is a number as it stands in the file.
type number string

func line(w *rowWriter, values ...any) {
	for i, v := range values {
		w.WriteString(w.keys[i])
		if s, ok := v.(string); ok {
			fmt.Fprintf(w, "%q", s)
		} else {
			fmt.Fprint(w, v)
		}
	}
	w.WriteString("}\n")
}

func (g *generator) pick(from []string) string { return from[g.Intn(len(from))] }

// money is an amount from low to high, in hundredths.
func (g *generator) money(low, high int) number { return hundredths(low + g.Intn(high-low+1)) }

func hundredths(n int) number {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return number(fmt.Sprintf("%s%d.%02d", sign, n/100, n%100))
}

// phone begins with the nation's code.
func (g *generator) phone(nation int) string {
	return fmt.Sprintf("%d-%03d-%03d-%04d", 10+nation, g.Intn(1000), g.Intn(1000), g.Intn(10000))
}

// comment holds text of the benchmark's in one of n cases.
func (g *generator) comment(n int, text string) string {
	if g.Intn(n) == 0 {
		return text
	}
	return g.pick(fillers) + " " + g.pick(fillers)
}

func (g *generator) places(out []*rowWriter) {
	for i, r := range regions {
		line(out[0], i, r)
	}
	for i, n := range nations {
		line(out[1], i, n.name, n.region)
	}
}

func (g *generator) supplierRows(out []*rowWriter) {
	for i := 1; i <= g.suppliers; i++ {
		nation := g.Intn(len(nations))
		line(out[0], i, fmt.Sprintf("Supplier#%09d", i), fmt.Sprintf("street %d", g.Intn(1000)), nation, g.phone(nation),
			g.money(-99999, 999999), g.comment(20, "Customer bold Complaints"))
	}
}

func (g *generator) customerRows(out []*rowWriter) {
	for i := 1; i <= g.customers; i++ {
		nation := g.Intn(len(nations))
		line(out[0], i, fmt.Sprintf("Customer#%09d", i), fmt.Sprintf("street %d", g.Intn(1000)), nation, g.phone(nation),
			g.money(-99999, 999999), g.pick(segments), g.comment(20, "careful"))
	}
}

// supplierOf is one of the four suppliers of a part.
func (g *generator) supplierOf(part, i int) int { return (part+i*(g.suppliers/4+1))%g.suppliers + 1 }

func (g *generator) partRows(out []*rowWriter) {
	for i := 1; i <= g.parts; i++ {
		maker := 1 + g.Intn(5)
		kind := g.pick(sizes) + " " + g.pick(finishes) + " " + g.pick(metals)
		if i%20 == 0 {
			kind = "ECONOMY ANODIZED STEEL" // query 8 would find none at small scales
		}
		line(out[0], i, g.pick(colors)+" "+g.pick(colors)+" "+g.pick(colors), fmt.Sprintf("Manufacturer#%d", maker),
			fmt.Sprintf("Brand#%d%d", maker, 1+g.Intn(5)), kind, 1+g.Intn(50),
			g.pick(boxSizes)+" "+g.pick(boxes), hundredths(price(i)))
		for s := range 4 {
			line(out[1], i, g.supplierOf(i, s), 1+g.Intn(9999), g.money(100, 100000))
		}
	}
}

// price is that of one piece of a part.
func price(part int) int { return 90000 + part%20001*5 + part%1000*100 }

func (g *generator) orderRows(out []*rowWriter) {
	for i := 1; i <= g.nOrders; i++ {
		customer := 1 + g.Intn(g.customers)
		if customer%3 == 0 { // these never order
			customer = max(1, customer-1)
		}
		day := firstDay.AddDate(0, 0, g.Intn(orderDays-151))
		total, shipped := 0, 0
		lines := 1 + g.Intn(7)
		if i%1000 == 0 {
			lines = 12 // so that query 18 finds large orders
		}
		for n := 1; n <= lines; n++ {
			cost, done := g.item(out[1], i, n, day)
			total += cost
			if done {
				shipped++
			}
		}
		status := "P"
		switch shipped {
		case 0:
			status = "O"
		case lines:
			status = "F"
		}
		line(out[0], i, customer, status, hundredths(total), day.Format(time.DateOnly), g.pick(priorities), 0,
			g.comment(50, "special final requests"))
	}
}

// item writes a line of an order and returns what it costs and whether it has
// been shipped.
func (g *generator) item(out *rowWriter, order, n int, ordered time.Time) (cost int, done bool) {
	part, quantity := 1+g.Intn(g.parts), 1+g.Intn(50)
	shipped := ordered.AddDate(0, 0, 1+g.Intn(121))
	received := shipped.AddDate(0, 0, 1+g.Intn(30))
	flag, status := "N", "O"
	if !received.After(today) {
		flag = g.pick(words("R A"))
	}
	if done = !shipped.After(today); done {
		status = "F"
	}
	cost = quantity * price(part)
	line(out, order, part, g.supplierOf(part, g.Intn(4)), n, hundredths(quantity*100), hundredths(cost), hundredths(g.Intn(11)),
		hundredths(g.Intn(9)), flag, status, shipped.Format(time.DateOnly), ordered.AddDate(0, 0, 30+g.Intn(61)).Format(time.DateOnly),
		received.Format(time.DateOnly), g.pick(instructions), g.pick(modes))
	return cost, done
}
