// Package tpch has the tables and queries of the TPC-H benchmark, which measure
// here that plans are right: a generator of its own makes the rows, DuckDB
// answers the same queries.
package tpch

import (
	"embed"
	"fmt"
	"strings"
)

// A Column is a column with its SQL type.
type Column struct{ Name, Type string }

// A Table is one of the eight tables.
type Table struct {
	Name    string
	Columns []Column
}

// columns makes columns of "name type, name type".
func columns(text string) []Column {
	var out []Column
	for _, c := range strings.Split(text, "; ") {
		name, typ, _ := strings.Cut(c, " ")
		out = append(out, Column{name, typ})
	}
	return out
}

// Tables are the tables, whose columns are never NULL.
var Tables = []Table{
	{"region", columns("r_regionkey INT; r_name STRING")},
	{"nation", columns("n_nationkey INT; n_name STRING; n_regionkey INT")},
	{"supplier", columns("s_suppkey BIGINT; s_name STRING; s_address STRING; s_nationkey INT; s_phone STRING; s_acctbal DECIMAL(15, 2); s_comment STRING")},
	{"customer", columns("c_custkey BIGINT; c_name STRING; c_address STRING; c_nationkey INT; c_phone STRING; c_acctbal DECIMAL(15, 2); c_mktsegment STRING; c_comment STRING")},
	{"part", columns("p_partkey BIGINT; p_name STRING; p_mfgr STRING; p_brand STRING; p_type STRING; p_size INT; p_container STRING; p_retailprice DECIMAL(15, 2)")},
	{"partsupp", columns("ps_partkey BIGINT; ps_suppkey BIGINT; ps_availqty INT; ps_supplycost DECIMAL(15, 2)")},
	{"orders", columns("o_orderkey BIGINT; o_custkey BIGINT; o_orderstatus STRING; o_totalprice DECIMAL(15, 2); o_orderdate DATE; o_orderpriority STRING; o_shippriority INT; o_comment STRING")},
	{"lineitem", columns("l_orderkey BIGINT; l_partkey BIGINT; l_suppkey BIGINT; l_linenumber INT; l_quantity DECIMAL(15, 2); l_extendedprice DECIMAL(15, 2); l_discount DECIMAL(15, 2); l_tax DECIMAL(15, 2); l_returnflag STRING; l_linestatus STRING; l_shipdate DATE; l_commitdate DATE; l_receiptdate DATE; l_shipinstruct STRING; l_shipmode STRING")},
}

// Count is the number of queries.
const Count = 22

//go:embed queries
var queries embed.FS

// Query is the text of query n, from 1.
func Query(n int) string {
	text, err := queries.ReadFile(fmt.Sprintf("queries/q%02d.sql", n))
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}

// Script is a PyFlink script that answers all queries over the tables in a
// folder, and prints the number of each before its rows.
func Script(folder string) string {
	var b strings.Builder
	b.WriteString("from pyflink.table import EnvironmentSettings, TableEnvironment\n\n" +
		"t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())\n" +
		"t_env.get_config().set(\"parallelism.default\", \"1\")\n")
	for _, t := range Tables {
		var columns []string
		for _, c := range t.Columns {
			columns = append(columns, c.Name+" "+c.Type+" NOT NULL")
		}
		fmt.Fprintf(&b, "t_env.execute_sql(\"\"\"CREATE TABLE %s (%s)\n  WITH ('connector' = 'filesystem', 'path' = '%s/%s', 'format' = 'json')\"\"\")\n",
			t.Name, strings.Join(columns, ", "), folder, t.Name)
	}
	for n := 1; n <= Count; n++ {
		fmt.Fprintf(&b, "print(\"query %d\")\nt_env.execute_sql(\"\"\"%s\"\"\").print()\n", n, Query(n))
	}
	return b.String()
}
