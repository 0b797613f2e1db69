package pyflink

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/ir"
)

// legacyForms are declarations by descriptors, and by DDL that means the same:
// both give the same plan.
var legacyForms = []struct{ name, api, ddl string }{
	{"kafka with json", `t_env = StreamTableEnvironment.create()
t_env.execute_sql("CREATE TABLE snk (a BIGINT, b STRING) WITH ('connector' = 'print')")
t_env.connect(Kafka().version("universal").topic("t").property("bootstrap.servers", "h:1").start_from_earliest()) \
    .with_format(Json().fail_on_missing_field(False)).with_schema(Schema().field("a", DataTypes.INT()).field("b", "STRING")) \
    .in_append_mode().create_temporary_table("x")`,
		`t_env.execute_sql("""CREATE TEMPORARY TABLE x (a INT, b STRING) WITH ('connector.type' = 'kafka', 'connector.version' = 'universal', 'connector.topic' = 't',
  'connector.properties.bootstrap.servers' = 'h:1', 'connector.startup-mode' = 'earliest-offset', 'format.type' = 'json', 'format.fail-on-missing-field' = 'false', 'update-mode' = 'append')""")`},
	{"kafka by keywords", `t_env.connect(Kafka(version="universal", topic="t", properties={"bootstrap.servers": "h:1", "group.id": "g"}, start_from_latest=True)) \
    .with_format(Csv(field_delimiter=";", ignore_parse_errors=True)).with_schema(Schema(fields={"a": DataTypes.INT(), "b": DataTypes.STRING()})).register_table_source("x")`,
		`t_env.execute_sql("""CREATE TEMPORARY TABLE x (a INT, b STRING) WITH ('connector.type' = 'kafka', 'connector.version' = 'universal', 'connector.topic' = 't',
  'connector.properties.bootstrap.servers' = 'h:1', 'connector.properties.group.id' = 'g', 'connector.startup-mode' = 'latest-offset',
  'format.type' = 'csv', 'format.field-delimiter' = ';', 'format.ignore-parse-errors' = 'true')""")`},
	{"specific offsets", `t_env.connect(Kafka().topic("t").properties({"bootstrap.servers": "h:1"}).start_from_specific_offset(0, 42).start_from_specific_offset(1, 7)) \
    .with_format(Json()).with_schema(Schema().field("a", DataTypes.INT()).field("b", DataTypes.STRING())).register_table_source("x")`,
		`t_env.execute_sql("""CREATE TEMPORARY TABLE x (a INT, b STRING) WITH ('connector.type' = 'kafka', 'connector.topic' = 't', 'connector.properties.bootstrap.servers' = 'h:1',
  'connector.startup-mode' = 'specific-offsets', 'connector.specific-offsets' = 'partition:0,offset:42;partition:1,offset:7', 'format.type' = 'json')""")`},
	{"files", `t_env.connect(FileSystem().path("in.csv")).with_format(OldCsv().field_delimiter("|").ignore_first_line().field("a", DataTypes.INT())) \
    .with_schema(Schema().schema(TableSchema.builder().field("a", DataTypes.INT()).field("b", DataTypes.STRING()).build())).create_temporary_table("x")`,
		`t_env.execute_sql("""CREATE TEMPORARY TABLE x (a INT, b STRING) WITH ('connector.type' = 'filesystem', 'connector.path' = 'in.csv', 'format.type' = 'csv',
  'format.field-delimiter' = '|', 'format.ignore-first-line' = 'true')""")`},
	{"table source", `t_env.register_table_source("x", CsvTableSource("in.csv", ["a", "b"], [DataTypes.INT(), DataTypes.STRING()], lenient=True))`,
		`t_env.execute_sql("""CREATE TEMPORARY TABLE x (a INT, b STRING) WITH ('connector.type' = 'filesystem', 'connector.path' = 'in.csv', 'format.type' = 'csv',
  'format.ignore-parse-errors' = 'true')""")`},
}

// TestLegacySinks declares sinks by objects, and by DDL that means the same.
func TestLegacySinks(t *testing.T) {
	const ddl = `t_env.execute_sql("""CREATE TEMPORARY TABLE x (a INT, b STRING) WITH ('connector.type' = 'filesystem', 'connector.path' = 'out', 'format.type' = 'csv',
  'format.field-delimiter' = ';'%s)""")`
	for args, options := range map[string]string{
		``: ``, `, num_files=1, write_mode=WriteMode.OVERWRITE`: `, 'format.write-mode' = 'OVERWRITE'`, `, 1, WriteMode.NO_OVERWRITE`: `, 'format.write-mode' = 'NO_OVERWRITE'`,
	} {
		var plans []string
		for _, declared := range []string{
			`t_env.register_table_sink("x", CsvTableSink(["a", "b"], [DataTypes.INT(), DataTypes.STRING()], "out", ";"` + args + `))`,
			fmt.Sprintf(ddl, options),
		} {
			job := accepted(t, script(t, tables+"from pyflink.table import CsvTableSink, WriteMode\n"+declared+`
t_env.from_path("src").select("a, b").insert_into("x")
t_env.execute("j")`, nil))
			plans = append(plans, ir.Print(submissions(job)[0].Sinks[0]))
		}
		if plans[0] != plans[1] {
			t.Errorf("%s: got\n%swant\n%s", args, plans[0], plans[1])
		}
	}
}

// TestElementsOfTheClock reads the clock when the job begins, where the driver
// reads it.
func TestElementsOfTheClock(t *testing.T) {
	job := accepted(t, script(t, tables+`from datetime import date, datetime
row = DataTypes.ROW([DataTypes.FIELD("a", DataTypes.TIMESTAMP(3)), DataTypes.FIELD("b", DataTypes.DATE())])
t_env.from_elements([(datetime.now(), date.today())], row).execute().print()
t_env.from_elements([(datetime.today(), date.today())], ["a", "b"]).execute().print()`, nil))
	for i, want := range []string{"a TIMESTAMP(3), b DATE", "a TIMESTAMP_LTZ(6), b DATE"} {
		plan := ir.Print(submissions(job)[i].Sinks[0])
		for _, part := range []string{"LOCALTIMESTAMP", "CURRENT_DATE", want} {
			if !strings.Contains(plan, part) {
				t.Errorf("no %s in\n%s", part, plan)
			}
		}
	}
}

// TestLegacyInTable names a table in a string expression, by its own name and by
// that which its text has.
func TestLegacyInTable(t *testing.T) {
	var plans []string
	for _, condition := range []string{`col("a").in_(r)`, `"a.in(R)"`, `"a.in(%s)" % r`} {
		job := accepted(t, script(t, tables+`from pyflink.table.expressions import col
r = t_env.from_path("src").select("a")
t_env.register_table("R", r)
t_env.from_path("src").where(`+condition+`).select("a, b").execute_insert("snk")`, nil))
		plans = append(plans, ir.Print(submissions(job)[0].Sinks[0]))
	}
	if plans[0] != plans[1] || plans[0] != plans[2] || !strings.Contains(plans[0], "Join") {
		t.Errorf("got\n%s", strings.Join(plans, "\n"))
	}
}

func TestLegacyDescriptors(t *testing.T) {
	const imports = "from pyflink.table.descriptors import *\nfrom pyflink.table import CsvTableSource\n"
	plan := func(src string) string {
		res := script(t, tables+imports+src+`
t_env.scan("x").select("a, b").insert_into("snk")
t_env.execute("j")`, nil)
		for _, d := range res.Diags {
			t.Errorf("%v", d)
		}
		text := ""
		for _, a := range res.Job.Actions {
			for _, s := range a.Run.Sinks {
				text += ir.Print(s)
			}
		}
		return text
	}
	for _, c := range legacyForms {
		t.Run(c.name, func(t *testing.T) {
			if got, want := plan(c.api), plan(c.ddl); got != want || got == "" {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestFieldsOfOtherNames: a column may be a field of the record that has another
// name and that the table itself doesn't have.
func TestFieldsOfOtherNames(t *testing.T) {
	job := accepted(t, script(t, tables+`from pyflink.table.descriptors import *
t_env.connect(Kafka().topic("t").property("bootstrap.servers", "h:1").start_from_earliest()).with_format(Json()).with_schema(Schema()
    .field("rt", DataTypes.TIMESTAMP()).rowtime(Rowtime().timestamps_from_field("time").watermarks_periodic_bounded(60000))
    .field("a", DataTypes.INT()).field("b", DataTypes.STRING()).from_origin_field("c")).register_table_source("x")
t_env.sql_query("SELECT * FROM x").drop_columns(col("rt")).execute_insert("snk")`, nil))
	want := `Watermark time=(rt) ((rt#0 - 60000:INTERVAL DAY TO SECOND)) [I] : (rt TIMESTAMP(3) *ROWTIME*, a INT, b STRING)
          Project (time#1, a#0, c#2) [I] : (rt TIMESTAMP(3), a INT, b STRING)
            Scan x connector=kafka [I] : (a INT, time TIMESTAMP(3), c STRING)
`
	if got := ir.Print(submissions(job)[0].Sinks[0]); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%swant the end\n%s", got, want)
	}
}
