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
// Connectors and formats that PyFlink comes without are fetched by Maven, and cases
// that name servers run among real ones, which are started for them.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"pyfc/golden/cases"
	"pyfc/golden/oracle/pyflink"
	"pyfc/golden/services"
)

const (
	current = "PyFlink " + pyflink.Version
	limit   = 15 * time.Minute // of a case, on a machine that has other work
	// quick has a JVM start sooner: it compiles little, as befits jobs of a second.
	quick = "JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
)

var (
	again = flag.Bool("all", false, "record everything anew")
	check = flag.Bool("check", false, "compare instead of recording")
	only  = flag.String("only", "", "regular expression that the names of cases must match")
	dir   = flag.String("dir", "golden/jobs", "folder of the cases")
)

func main() {
	flag.Parse()
	if err := services.Guard(run); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

func run(host *services.Host) error {
	filter, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	all, err := cases.Load(*dir)
	if err != nil {
		return err
	}
	var list []*cases.Case
	for _, c := range all {
		_, recorded := c.Section("want.out")
		if filter.MatchString(c.Name) && (!recorded || *again || *check) {
			list = append(list, c)
		}
	}
	o := &oracle{host: host, servers: cases.StartServers(host, list...)}
	differ := 0
	for _, c := range list {
		same, err := o.record(c)
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
	if *check {
		fmt.Printf("%d of %d goldens agree with PyFlink\n", len(list)-differ, len(list))
	}
	return errors.Join(o.answerCases(), disagree(differ))
}

func disagree(cases int) error {
	if cases == 0 {
		return nil
	}
	return fmt.Errorf("%d goldens no longer agree with PyFlink", cases)
}

// oracle is what the goldens share.
type oracle struct {
	host      *services.Host
	servers   *cases.Servers
	installed *pyflink.Flink // when it is first needed
}

// answerCases records the answers of the cases of SQL that have none, or compares
// them all.
func (o *oracle) answerCases() error {
	args := []string{"golden/oracle/conformance.py", "golden/conformance/cases", "-only", *only}
	if *again {
		args = append(args, "-all")
	}
	if *check {
		args = append(args, "-check")
	}
	cmd := o.flink().Command(context.Background(), args...)
	cmd.Env = append(cmd.Env, quick)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// flink is the PyFlink that pyfc follows.
func (o *oracle) flink() *pyflink.Flink {
	if o.installed == nil {
		o.installed = pyflink.Install(o.host, "flink-jars-"+pyflink.Version, slices.Concat(pyflink.Connectors, pyflink.Formats)...)
	}
	return o.installed
}

// record runs one case and saves or compares what came out.
func (o *oracle) record(c *cases.Case) (same bool, err error) {
	if c.Spec.Oracle == "" {
		c.Spec.Oracle = current
	}
	command, err := o.interpreter(c.Spec.Oracle)
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
	got := map[string]string{}
	if got["want.out"], err = execute(c, command, tmp, o.servers.Prepare(o.host, c)); err != nil {
		return false, err
	}
	for _, sink := range c.Spec.Sinks {
		got["want/"+sink] = o.servers.Text(o.host, tmp, sink)
	}
	if !*check {
		for section, text := range got {
			c.Set(section, text)
		}
		fmt.Printf("%s: recorded from %s\n", c.Name, c.Spec.Oracle)
		return true, c.Save()
	}
	different := ""
	for _, section := range slices.Sorted(maps.Keys(got)) {
		want, _ := c.Section(section)
		different += difference(section, want, got[section])
	}
	fmt.Printf("%s: agrees: %v\n%s", c.Name, different == "", different)
	return different == "", nil
}

// difference shows the lines that only one of two texts has: those recorded with
// "-", those that PyFlink gives now with "+". It is empty if they differ in the order
// of lines at most.
func difference(section, want, got string) string {
	extra := map[string]int{}
	for _, line := range strings.Split(got, "\n") {
		extra[line]++
	}
	for _, line := range strings.Split(want, "\n") {
		extra[line]--
	}
	var b strings.Builder
	for _, line := range slices.Sorted(maps.Keys(extra)) {
		if n := extra[line]; n != 0 {
			b.WriteString(strings.Repeat("  "+section+": - "+line+"\n", max(-n, 0)))
			b.WriteString(strings.Repeat("  "+section+": + "+line+"\n", max(n, 0)))
		}
	}
	return b.String()
}

func execute(c *cases.Case, command interpreterOf, tmp string, servers map[string]string) (string, error) {
	script := c.Spec.Script
	if c.Spec.OracleScript != "" {
		script = c.Spec.OracleScript
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := command(ctx, append([]string{script}, c.Spec.Args...)...)
	cmd.Dir = tmp
	// A JVM that outlives its driver would hold the pipes.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	// Unbuffered, so that the driver's prints and the job's keep their order.
	cmd.Env = append(cmd.Environ(), "PYTHONUNBUFFERED=1", "TZ=UTC", quick)
	for _, variables := range []map[string]string{servers, c.Spec.Env} {
		for k, v := range variables {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
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

func (o *oracle) interpreter(version string) (interpreterOf, error) {
	if version == current {
		return o.flink().Command, nil
	}
	l, err := pyflink.InstallLegacy(strings.TrimPrefix(version, "PyFlink "))
	if err != nil {
		return nil, err
	}
	return l.Command, nil
}
