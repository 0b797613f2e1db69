package main

import (
	"fmt"
	"math/rand"
	"path/filepath"
)

// moreInJoin makes ten million orders of the large input, which meet a million
// users.
const moreInJoin = 2

// How many orders a user has, and how many of a hundred are nobody's.
const (
	ordersPerUser = 10
	strangers     = 10
)

// fromJoin measures a hash join of csv files into a blackhole.
func fromJoin(b *bench) (section, error) {
	return b.overFiles(fileJob{"join", "csv files → hash join with a tenth as many users → blackhole", moreInJoin, b.writeJoin, 4})
}

// writeJoin writes orders, and users that nine of ten of them are of.
func (b *bench) writeJoin(orders int) (*files, error) {
	f := &files{dir: filepath.Join(b.dir, fmt.Sprintf("join-%d", orders))}
	users := max(orders/ordersPerUser, 1)
	b.progress("writing %d orders of %d users to files", orders, users)
	r := rand.New(rand.NewSource(1))
	err := writeLines(filepath.Join(f.dir, "users", "part-0.csv"), users, func(i int) string {
		return fmt.Sprintf("%d,user %d,%d", i, i, i%50)
	})
	if err != nil {
		return nil, err
	}
	err = writeLines(filepath.Join(f.dir, "orders", "part-0.csv"), orders, func(i int) string {
		user := r.Intn(users)
		if r.Intn(100) < strangers {
			user += users
		} else {
			f.taken++
		}
		return fmt.Sprintf("%d,%d,%d", i, user, r.Intn(1000))
	})
	return f, err
}
