package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// readingsPerRound are how often a script is read in one round: that takes little
// more than a process.
const readingsPerRound = 10

// frontEnd measures what it takes to read a long script, evaluate it and bind
// its queries, beyond a process of pyfc that does nothing.
func frontEnd(b *bench) (section, error) {
	text := longScript()
	sec := section{Title: fmt.Sprintf("frontend: a script of %d lines, read, evaluated and bound", strings.Count(text, "\n"))}
	script := filepath.Join(b.dir, "long.py")
	if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
		return sec, err
	}
	all := series{Name: "pyfc explain --stage=script, start to end", Unit: "ms"}
	beyond := series{Name: "beyond pyfc version", Unit: "ms"}
	cpu := series{Name: "beyond pyfc version, CPU", Unit: "ms"}
	for range b.rounds * readingsPerRound {
		empty, err := b.timed("version")
		if err != nil {
			return sec, err
		}
		full, err := b.timed("explain", "--stage=script", script)
		if err != nil {
			return sec, err
		}
		all.Values = append(all.Values, milliseconds(full.wall))
		beyond.Values = append(beyond.Values, milliseconds(full.wall-empty.wall))
		cpu.Values = append(cpu.Values, milliseconds(full.cpu-empty.cpu))
	}
	sec.Series = []series{all, beyond, cpu}
	sec.Goals = []goal{of("beyond pyfc version, in ms", beyond).atMost(30)}
	return sec, nil
}

// timed runs pyfc once.
func (b *bench) timed(args ...string) (usage, error) {
	cmd := exec.CommandContext(b.ctx, b.programs.pyfc, args...)
	begin := time.Now()
	output, err := cmd.CombinedOutput()
	if err != nil {
		return usage{}, fmt.Errorf("pyfc %s: %w\n%s", strings.Join(args, " "), err, output)
	}
	return usage{wall: time.Since(begin), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}

const longHead = `"""Sums of many topics."""
import json

from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

least = json.loads('{"least": 10}')["least"]
t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
statements = t_env.create_statement_set()
`

// longBlock is what the script has of each topic, called TOPIC.
const longBlock = `

def source_TOPIC(name, rows=1000):
    """The table of one topic."""
    return f"""
        CREATE TABLE {name} (
            id BIGINT, amount DECIMAL(10, 2), place STRING, sent TIMESTAMP(3)
        ) WITH ('connector' = 'datagen', 'number-of-rows' = '{rows + TOPIC}')
    """


t_env.execute_sql(source_TOPIC("orders_TOPIC"))
sums_TOPIC = t_env.sql_query(f"""
    SELECT place, SUM(amount) AS total, COUNT(DISTINCT id) AS n FROM orders_TOPIC WHERE amount > {least} GROUP BY place""")
t_env.execute_sql("CREATE TABLE sink_TOPIC (place STRING, total DECIMAL(38, 2), n BIGINT) WITH ('connector' = 'blackhole')")
statements.add_insert("sink_TOPIC", sums_TOPIC.filter(col("n") > 1))
`

// longScript has some 200 lines: functions, tables, queries and insertions.
func longScript() string {
	text := longHead
	for n := range 12 {
		text += strings.ReplaceAll(longBlock, "TOPIC", fmt.Sprint(n))
	}
	return text + "statements.execute().wait()\n"
}
