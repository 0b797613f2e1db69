package conf

import (
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	s := Settings{Parallelism: 4, Interval: time.Second}
	faults := s.Read(map[string]string{Interval: "2 s", Memory: "64mb", Zone: "Asia/Tokyo", "other": "x"})
	if len(faults) > 0 || s.Parallelism != 4 || s.Interval != 2*time.Second || s.Memory != 64<<20 || s.Zone.String() != "Asia/Tokyo" {
		t.Errorf("%+v, %v", s, faults)
	}
	if faults := s.Read(map[string]string{Parallelism: "0", BatchSize: "many", Memory: "0"}); len(faults) != 3 {
		t.Errorf("%v", faults)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ key, value, want string }{
		{Parallelism, "129", "129 is more than the 128 key groups"},
		{Zone, "default", ""},
		{"state.backend.type", "any", ""},
	} {
		got := ""
		if err := Check(c.key, c.value); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s=%s: %q, want %q", c.key, c.value, got, c.want)
		}
	}
}
