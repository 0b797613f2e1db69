// Command oracle records what the real PyFlink answers for goldens: it runs
// each script below golden/jobs that has no recorded output and writes want.out
// and want/…, and answers the cases below golden/conformance/cases that have no
// answer. Nothing else may write these.
//
//	go run ./golden/oracle             record what is missing
//	go run ./golden/oracle -all        record everything anew
//	go run ./golden/oracle -check      say what no longer agrees
//
// PyFlink 1.20.1 is installed into a virtual environment in pyfc's cache, and so
// is the old one that a script of the legacy API needs (case.json says
// "PyFlink 1.10.3" or "PyFlink 1.11.4"). These only run on CPython 3.7; where
// there is none, their cases are left as they are, with a line that says so.
//
// Cases of the formats parquet and avro need jars that PyFlink doesn't have:
// HADOOP_CLASSPATH names them (flink-parquet 1.20.1, parquet-hadoop-bundle 1.13.1,
// hadoop-client-api and -runtime 3.3.6).
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"pyfc/golden/cases"
	"pyfc/golden/oracle/pyflink"
)

const (
	current = "PyFlink " + pyflink.Version
	limit   = 4 * time.Minute
)

var (
	all   = flag.Bool("all", false, "record everything anew")
	check = flag.Bool("check", false, "compare instead of recording")
	only  = flag.String("only", "", "regular expression that the names of cases must match")
	dir   = flag.String("dir", "golden/jobs", "folder of the cases")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

func run() error {
	filter, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	list, err := cases.Load(*dir)
	if err != nil {
		return err
	}
	differ := 0
	for _, c := range list {
		_, recorded := c.Section("want.out")
		if !filter.MatchString(c.Name) || recorded && !*all && !*check {
			continue
		}
		same, err := record(c)
		switch {
		case err != nil && *check: // the others are asked all the same
			fmt.Printf("%s: fails: %v\n", c.Name, err)
			differ++
		case err != nil:
			return fmt.Errorf("%s: %w", c.Name, err)
		case !same:
			differ++
		}
	}
	if differ > 0 {
		return fmt.Errorf("%d cases no longer agree with PyFlink", differ)
	}
	if *check {
		return nil
	}
	return answerCases()
}

// answerCases records the answers of the cases of SQL that have none.
func answerCases() error {
	python, err := pyflink.Python()
	if err != nil {
		return err
	}
	args := []string{"golden/oracle/conformance.py", "golden/conformance/cases"}
	if *all {
		args = append(args, "-all")
	}
	cmd := exec.Command(python, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// record runs one case and saves or compares what came out.
func record(c *cases.Case) (same bool, err error) {
	if c.Spec.Oracle == "" {
		c.Spec.Oracle = current
	}
	command, err := interpreter(c.Spec.Oracle)
	if errors.Is(err, pyflink.ErrNoLegacyPython) {
		fmt.Printf("%s: left as it is: %v\n", c.Name, err)
		return true, nil
	}
	if err != nil {
		return false, err
	}
	tmp, err := os.MkdirTemp("", "pyfc-oracle-*")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	if err := c.Unpack(tmp); err != nil {
		return false, err
	}
	out, err := execute(c, command, tmp)
	if err != nil {
		return false, err
	}
	got := map[string]string{"want.out": out}
	for _, sink := range c.Spec.Sinks {
		if got["want/"+sink], err = cases.SinkText(filepath.Join(tmp, sink)); err != nil {
			return false, err
		}
	}
	same = true
	for section, text := range got {
		want, _ := c.Section(section)
		same = same && cases.SortLines(want) == cases.SortLines(text)
		c.Set(section, text)
	}
	if *check {
		fmt.Printf("%s: agrees: %v\n", c.Name, same)
		return same, nil
	}
	fmt.Printf("%s: recorded from %s\n", c.Name, c.Spec.Oracle)
	return true, c.Save()
}

func execute(c *cases.Case, command interpreterOf, tmp string) (string, error) {
	script := c.Spec.Script
	if c.Spec.OracleScript != "" {
		script = c.Spec.OracleScript
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := command(ctx, append([]string{script}, c.Spec.Args...)...)
	cmd.Dir = tmp
	// Unbuffered, so that the driver's prints and the job's keep their order.
	cmd.Env = append(cmd.Environ(), "PYTHONUNBUFFERED=1", "TZ=UTC")
	for k, v := range c.Spec.Env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%w\n%s", errors.Join(err, ctx.Err()), stderr.String())
	}
	return hadoopLog.ReplaceAllString(stdout.String(), ""), nil
}

// hadoopLog is what the classes of Hadoop, which the formats of files use, print
// of themselves.
var hadoopLog = regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d [\d:,]+ INFO +org\.apache\.hadoop\..*\n`)

// interpreterOf makes the command that runs a script in some PyFlink.
type interpreterOf func(ctx context.Context, args ...string) *exec.Cmd

func interpreter(version string) (interpreterOf, error) {
	if version == current {
		python, err := pyflink.Python()
		return func(ctx context.Context, args ...string) *exec.Cmd { return exec.CommandContext(ctx, python, args...) }, err
	}
	l, err := pyflink.InstallLegacy(strings.TrimPrefix(version, "PyFlink "))
	if err != nil {
		return nil, err
	}
	return l.Command, nil
}
