// Package words holds the lists of words that the stages know by name.
package words

import "strings"

// Set is the set of the words of a text.
func Set(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}
