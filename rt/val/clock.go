package val

import "time"

// stopped is the time at which the clock stands; zero while it goes.
var stopped time.Time

// StopClock makes the time of all functions t, for a test whose results must
// not depend on when it runs. It is called before a job starts.
func StopClock(t time.Time) { stopped = t }

// Now is the time that functions know: the machine's, or the one at which the
// clock stands.
func Now() time.Time {
	if !stopped.IsZero() {
		return stopped
	}
	return time.Now()
}
