package python

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"pyfc/rt/conn"
)

// Config is the configuration of Python functions: keys of the job's
// configuration (set in the script or by -D).
type Config struct {
	Executable  string        `opt:"python.executable" doc:"Python interpreter that has grpcio, protobuf and pyarrow; without it, and without PYFC_PYTHON, an environment is made with the python3 on PATH"`
	Address     string        `opt:"python.worker.address" doc:"host:port of a worker that is running already (python -m pyfc_worker --listen host:port), instead of child processes"`
	Timeout     time.Duration `opt:"python.udf.timeout" default:"60 s" doc:"a worker that makes no progress for this long, not even by a row, is killed and the job fails"`
	CacheSize   int           `opt:"python.udf.cache.size" default:"0" doc:"results kept for each deterministic function and subtask; 0 calls the function for every row"`
	Concurrency int           `opt:"python.udf.concurrency" default:"1" doc:"threads of a worker that call the functions, for those that wait for others; the order of rows stays"`
	OnError     string        `opt:"python.udf.on-error" default:"fail" enum:"fail|null|dead-letter" doc:"what becomes of a row whose function raises: the job fails, the result is NULL, or the row is dropped and logged; rows are counted. Where an aggregate function or one of pandas Series raises the job fails"`
	ArrowBatch  int           `opt:"python.fn-execution.arrow.batch.size" default:"1000" doc:"rows in a Series of a function of pandas Series, if so many come within a bundle"`
	BundleSize  int           `opt:"python.fn-execution.bundle.size" default:"1000" doc:"rows after which aggregate functions give out what has changed, and a Series ends"`
	BundleTime  int64         `opt:"python.fn-execution.bundle.time" default:"1000" doc:"milliseconds after which they do, at the latest"`
}

// ParseConfig reads the keys that Config declares from a job's configuration.
// Other keys are not its business, but for unknown ones below python.udf and
// python.worker, which are errors.
func ParseConfig(settings map[string]string) (Config, error) {
	declared := map[string]bool{}
	for _, o := range conn.Describe(Config{}) {
		declared[o.Key] = true
	}
	own := map[string]string{}
	for k, v := range settings {
		if declared[k] || strings.HasPrefix(k, "python.udf.") || strings.HasPrefix(k, "python.worker.") {
			own[k] = v
		}
	}
	var c Config
	var errs []error
	for _, e := range conn.Parse(own, &c, conn.Modern) {
		message := e.Message
		if e.Hint != "" {
			message += " (" + e.Hint + ")"
		}
		errs = append(errs, errors.New(message))
	}
	if c.Timeout <= 0 {
		errs = append(errs, errors.New("python.udf.timeout: must be longer than nothing"))
	}
	if c.ArrowBatch < 1 || c.BundleSize < 1 || c.BundleTime < 0 {
		errs = append(errs, fmt.Errorf("python.fn-execution.arrow.batch.size, bundle.size and bundle.time: %d, %d and %d are out of range",
			c.ArrowBatch, c.BundleSize, c.BundleTime))
	}
	if c.CacheSize < 0 || c.Concurrency < 1 || c.Concurrency > 1000 {
		errs = append(errs, fmt.Errorf("python.udf.cache.size and python.udf.concurrency: %d and %d are out of range",
			c.CacheSize, c.Concurrency))
	}
	if errs != nil {
		return c, &SetupError{Err: errors.Join(errs...)}
	}
	return c, nil
}
