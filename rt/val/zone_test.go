package val

import "testing"

// TestZonesOfSettings holds names to PyFlink 1.20.1: normal is what
// get_local_timezone gives after set_local_timezone, "" where that fails; set says
// whether the name is a value of table.local-time-zone as it is.
func TestZonesOfSettings(t *testing.T) {
	for _, c := range []struct {
		name, normal string
		set          bool
	}{
		{"UTC", "UTC", true}, {"GMT", "GMT", true}, {"UCT", "UCT", true}, {"Zulu", "Zulu", true}, {"Universal", "Universal", true},
		{"Asia/Shanghai", "Asia/Shanghai", true}, {"Asia/Calcutta", "Asia/Calcutta", true}, {"US/Pacific", "US/Pacific", true},
		{"EST5EDT", "EST5EDT", true}, {"PST8PDT", "PST8PDT", true}, {"Etc/GMT+5", "Etc/GMT+5", true}, {"GMT0", "GMT0", true},
		{"GMT+08:00", "GMT+08:00", true}, {"GMT+8", "GMT+08:00", true}, {"GMT-05:30", "GMT-05:30", true}, {"GMT-0330", "GMT-03:30", true}, {"GMT+0", "GMT", true},
		{"+02:30", "GMT+02:30", false}, {"+8", "GMT+08:00", false}, {"-0530", "GMT-05:30", false}, {"+00:00", "GMT", false}, {"Z", "GMT", false},
		{"UTC+3", "", false}, {"UT+1", "", false}, {"UT", "", false}, {"+02:30:15", "", false}, {"GMT+08:30:10", "", false},
		{"+1830", "", false}, {"GMT+24:00", "", false}, {"EST", "", false}, {"HST", "", false}, {"PST", "", false}, {"utc", "", false}, {"Asia/Shangai", "", false},
	} {
		normal := NormalZone(c.name)
		if _, err := LoadZone(normal); err != nil {
			normal = ""
		}
		_, err := LoadZone(c.name)
		if normal != c.normal || (err == nil) != c.set {
			t.Errorf("%s: normally %q, want %q; as it is: %v", c.name, normal, c.normal, err)
		}
	}
}
