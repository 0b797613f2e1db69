package python

import (
	"testing"

	"pyfc/internal/expect"
)

func TestParseConfig(t *testing.T) {
	c, err := ParseConfig(map[string]string{
		"python.udf.timeout": "5 s", "python.udf.on-error": "NULL", "python.fn-execution.bundle.size": "7", "parallelism.default": "1",
	})
	if err != nil || c.Timeout.Seconds() != 5 || c.OnError != "null" || c.Concurrency != 1 || c.CacheSize != 0 {
		t.Errorf("got %+v, %v", c, err)
	}
	for key, wrong := range map[string][2]string{
		"python.udf.timeout":     {"soon", "is not a duration"},
		"python.udf.timeuot":     {"1 s", "did you mean python.udf.timeout?"},
		"python.udf.on-error":    {"ignore", "one of fail, null, dead-letter"},
		"python.udf.concurrency": {"0", "out of range"},
		"python.udf.cache.size":  {"-1", "out of range"},
		"python.worker.adress":   {"h:1", "did you mean python.worker.address?"},
	} {
		_, err := ParseConfig(map[string]string{key: wrong[0]})
		if err == nil {
			t.Errorf("%s = %s: no error", key, wrong[0])
			continue
		}
		expect.Contains(t, err.Error(), wrong[1])
	}
	if _, err := ParseConfig(map[string]string{"python.udf.timeout": "0 s"}); err == nil {
		t.Error("a timeout of nothing was accepted")
	}
}
