package diag

import "strings"

// Nearest returns the candidate that name was most likely meant to be, or ""
// when none is close. Letter case counts less than any other difference; of
// equally near candidates the first wins.
func Nearest(name string, candidates []string) string {
	if near := NearestWithin(name, candidates, (len(name)+1)/3); near != "" {
		return near
	}
	return longestShared(name, candidates)
}

// DidYouMean is the nearest candidate, if there is one, as the end of a message.
func DidYouMean(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// longestShared is the candidate that begins a name, or that the name begins, if
// what they share is no less than two fifths of the longer one.
func longestShared(name string, candidates []string) string {
	best, most := "", 2
	folded := strings.ToLower(name)
	for _, c := range candidates {
		other := strings.ToLower(c)
		shorter, longer := min(len(folded), len(other)), max(len(folded), len(other))
		if shorter > most && shorter < longer && 5*shorter >= 2*longer && (strings.HasPrefix(folded, other) || strings.HasPrefix(other, folded)) {
			best, most = c, shorter
		}
	}
	return best
}

// NearestWithin is Nearest for candidates that differ by at most so many
// letters.
func NearestWithin(name string, candidates []string, most int) string {
	best, bestDistance := "", 1+most
	folded := strings.ToLower(name)
	for _, c := range candidates {
		if c == name {
			continue
		}
		if d := distance(folded, strings.ToLower(c), bestDistance); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment), or limit if there
// are at least that many.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	before, prev, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(y)], limit)
}
