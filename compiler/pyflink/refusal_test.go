package pyflink

import (
	"fmt"
	"strings"
	"testing"

	"pyfc/compiler/pyeval"
	"pyfc/ir/diag"
)

// refusals are scripts behind the declarations of tables, with the
// diagnostics that they must yield: "line:column code message".
var refusalCases = []struct {
	name, src string
	want      []string
}{
	{"misspelt method", `t_env.executeSql("SELECT 1")`,
		[]string{"7:7 PY004 AttributeError: 'TableEnvironment' object has no attribute 'executeSql' | did you mean 'execute_sql'?"}},
	{"misspelt method of a table", `t_env.from_path("src").selct(col("a"))`,
		[]string{`7:24 API001 Table has no member and no column "selct" | did you mean select?`}},
	{"unknown column in a string expression", "t_env.from_path('src').select('a, '\n  'upperCase(bb) as u').insert_into('snk')\nt_env.execute('x')",
		[]string{`8:14 BND002`}},
	{"unknown column of col", `t_env.from_path("src").select(col("aa"), col("b")).execute_insert("snk")`,
		[]string{`7:35 BND002`}},
	{"misspelt method of an expression", `t_env.from_path("src").select(col("a").uper_cas())`,
		[]string{"7:40 PY010 TypeError: 'Expression' object is not callable | did you mean 'upper_case'?"}},
	{"all faults at once", `t_env.from_path("nope").select(col("x")).execute_insert("snk")
t_env.sql_query("SELECT aa FROM src").execute_insert("snk")
t_env.execute_sql("INSERT INTO nowhere SELECT 1")`,
		[]string{`7:`, `8:`, `9:`}},
	{"planned function goes on", `split = udtf(lambda s: s.split(","), result_types=["STRING", "INT"])
t_env.from_path("src").flat_map(split(col("a"))).select(col("f2"))
class Top(TableAggregateFunction):
  def create_accumulator(self): return []
  def accumulate(self, acc, *args): pass
  def emit_value(self, acc): yield 1
  def get_result_type(self): return "ROW<x INT>"
  def get_accumulator_type(self): return "ARRAY<INT>"
top = udtaf(Top())
t_env.from_path("src").flat_aggregate(top(col("b"))).select(col("y"))
t_env.from_path("src").group_by(col("a")).aggregate(col("c").sum.alias("s")).select(col("a"), col("t"))`,
		[]string{`8:61 BND002 cannot resolve column "f2"`,
			`16:65 BND002 cannot resolve column "y"`, `17:99 BND002 cannot resolve column "t"`}},
	{"functions out of place", `split = udtf(lambda s: s.split(","), result_types=["STRING"])
plain = udf(lambda s: s, result_type="STRING")
t = t_env.from_path("src")
t.select(split(col("a")))
t.map(split(col("a")))
t.flat_map(plain(col("a")))
t.join_lateral(plain(col("a")).alias("x"))
t.join_lateral(split)
t.join_lateral(split(col("a")).alias("x", "y"))
t.join_lateral(split(col("a")).alias("b"))
t.flat_aggregate(plain(col("a")))
t.left_outer_join_lateral(split(col("a")).alias("x"), col("x") == col("b"))
t_env.create_temporary_function("split", split)
t_env.sql_query("SELECT split(a) FROM src")
t_env.sql_query("SELECT * FROM src LEFT JOIN LATERAL TABLE(split(a)) AS r(x) ON x = b")`,
		[]string{"10:10 BND011 <lambda> is a table function", "11:7 BND011", "12:12 BND011", "13:16 BND011", "14:16 API002", "15:38 PLN001 alias names 2 columns, the function gives 1", "16:16 BND006",
			"17:18 BND011 flat_aggregate takes the call of a table aggregate function", "18:55 PLN006", "20:25 BND011 split is a table function", "21:81 PLN006"}},
	{"planned class", "from pyflink.table.catalog import Catalog\nt_env.get_catalog('default_catalog').list_partitions(None)",
		[]string{"8:38 API003 Catalog.list_partitions isn't supported yet"}},
	{"session window", `from pyflink.table.window import Session
t_env.from_path("src").window(Session.with_gap(lit(5).minutes).on(col("a")).alias("w")).group_by(col("w")).select(col("a").sum)`,
		[]string{"8:67 BND004 window takes a column that is TIMESTAMP or TIMESTAMP_LTZ, not INT"}},
	{"window that group_by doesn't name", `from pyflink.table.window import Tumble
t_env.from_path("src").window(Tumble.over("5.minutes").on("a").alias("w")).group_by("b").select("a.sum")`,
		[]string{`8:1 PLN006 group_by behind window must name the window "w" once`}},
	{"window over no time", `from pyflink.table.window import Tumble
t_env.from_path("src").window(Tumble.over("5.minutes").on("a").alias("w")).group_by("b, w").select("a.sum")`,
		[]string{"8:60 BND004 window takes a column that is TIMESTAMP or TIMESTAMP_LTZ, not INT"}},
	{"misspelt method of an expression", `t_env.from_path("src").select(col("b").uper_case)`,
		[]string{"7:40 BND005 an expression of type STRING has no method and no field \"uper_case\" | did you mean upper_case?"}},
	{"column that isn't there", `t_env.from_path("src").drop_columns(col("x"))
t_env.from_path("src").rename_columns(col("a"))`,
		[]string{`7:41 BND002 cannot resolve column "x"`, "8:39 BND004 rename_columns takes columns with new names"}},
	{"legacy descriptor", "from pyflink.table.descriptors import Schema, Rowtime\nSchema().from_origin_field('b')\n" +
		"Schema().field('a', DataTypes.BIGINT()).field('t', DataTypes.TIMESTAMP(3)).rowtime(Rowtime().timestamps_from_field('a').watermarks_periodic_ascending())",
		[]string{"8:1 API002 from_origin_field follows on a field", "9:76 API003 Rowtime.timestamps_from_field of a field that is no TIMESTAMP isn't supported yet"}},
	{"Java handles", "t_env._j_tenv.getPlanner().getExecEnv().setParallelism(2)\nt_env._j_tenv.getCatalogManager()",
		[]string{"8:15 API004 getCatalogManager leads into PyFlink's Java process"}},
	{"status of a query", "t_env.execute_sql('SELECT c, b FROM src').get_job_client().get_job_status().result()",
		[]string{"7:77 API003 JobClient.get_job_status().result() of a query isn't supported yet"}},
	{"a job that is stopped from outside", "j = t_env.execute_sql('INSERT INTO snk SELECT c, b FROM src').get_job_client()\nj.cancel()\nj.stop_with_savepoint(False, 'd')\nj.trigger_savepoint()",
		[]string{"8:3 API003 JobClient.cancel", "9:3 API003 JobClient.stop_with_savepoint", "10:3 API003 JobClient.trigger_savepoint"}},
	{"what a refused definition would have defined", `t_env.create_temporary_view("v", t_env.from_path("src").select(3))
t_env.create_temporary_function("f", udf(lambda x: x, result_type="INTT"))
t_env.execute_sql("CREATE VIEW w AS SELECT a FROM src TABLESAMPLE BERNOULLI (5)")
t_env.register_table_sink("k", None)
t_env.sql_query("SELECT f(a) FROM v").execute_insert("k")
t_env.from_path("w").where(col("x") > 1).insert_into("snk")`,
		[]string{"7:", "8:68 BND009", "9:55 PLN006 PyFlink 1.20.1 refuses TABLESAMPLE: there is no plan for it", "10:32 API002 TableEnvironment.register_table_sink takes a table source or sink, not a value of type NoneType"}},
	{"builders made by calls", "EnvironmentSettings.Builder().in_batch_mode().build()\nTableSchema.Builder().field('a', DataTypes.INT()).build()\nSchema.Builder().column('a', 'INT')",
		[]string{"9:1 API002 Schema.Builder objects aren't made by a call: methods of PyFlink give them"}},
	{"files of a legacy sink", "from pyflink.table import CsvTableSink\nCsvTableSink(['a'], [DataTypes.INT()], 'out', num_files=1)\nCsvTableSink(['a'], [DataTypes.INT()], 'out', num_files=2)",
		[]string{"9:57 API003 CsvTableSink with num_files isn't supported yet"}},
	{"elements", "from pyflink.common import Row\nt_env.from_elements([Row(1, 'a')], ['x'])\nt_env.from_elements([1])\nt_env.from_elements([(1,), (2.5,)])\nt_env.from_elements([(300,)], DataTypes.ROW([DataTypes.FIELD('z', DataTypes.TINYINT())]))\nt_env.from_elements([])",
		[]string{"8:21 API002 PyFlink 1.20.1 loses the values of Row objects that have no schema", "9:21 API002 from_elements takes tuples", "10:21 API002 field 1 has values of BIGINT and of DOUBLE",
			"11:21 API002 field z is TINYINT and can't hold", "12:21 API002 from_elements can't tell types of no elements"}},
	{"catalogs", "from pyflink.table.catalog import *\ncat = t_env.get_catalog('default_catalog')\ncat.get_database('nope')\ncat.get_table(ObjectPath('default_database', 'nope'))\ncat.drop_database('nope', False)\ncat.create_database('default_database', CatalogDatabase.create_instance({}), False)\nObjectPath.from_string('x')\nt_env.register_catalog('c', cat)",
		[]string{"9:18 BND001 no database is called \"nope\"", "10:15 BND001 no table or view is called", "11:19 BND001", "12:21 BND006", "13:24 API002", "14:7 API003 TableEnvironment.register_catalog"}},
	{"catalogs of other systems", "from pyflink.table.catalog import HiveCatalog, JdbcCatalog\nt_env.register_catalog('hive', HiveCatalog('hive', 'd', '/conf'))\nt_env.use_catalog('hive')\nt_env.register_catalog('db', JdbcCatalog('db', 'd', 'u', 'p', 'jdbc:mysql://h:1'))\nt_env.execute_sql('SELECT * FROM db.d.x')",
		[]string{"8:32 CON002 catalogs of the type hive", "10:30 CON002 catalogs of the type jdbc"}},
	{"module of Hive", "from pyflink.table.module import HiveModule\nt_env.load_module('hive', HiveModule('2.3.4'))\nt_env.use_modules('hive', 'core')\nt_env.sql_query('SELECT collect_set(a) FROM src').execute().print()",
		[]string{"8:27 API004 HiveModule isn't supported: it makes an object of a Java class"}},
	{"dialect of Hive", "from pyflink.table import SqlDialect\nt_env.get_config().set_sql_dialect(SqlDialect.HIVE)\nt_env.execute_sql('CREATE TABLE h (a INT) STORED AS ORC')\nt_env.from_path('src').select('a').insert_into('h')\nt_env.get_config().set_sql_dialect(SqlDialect.DEFAULT)\nt_env.execute_sql('SELEC')",
		[]string{"9:19 API003 SqlDialect.HIVE isn't supported yet", "12:20 SQL001"}},
	{"modules and catalogs of statements", "t_env.execute_sql('LOAD MODULE core')\nt_env.execute_sql('LOAD MODULE hive')\nt_env.execute_sql('USE MODULES cor')\nt_env.execute_sql('DESCRIBE DATABASE default_database')\nt_env.execute_sql(\"ALTER CATALOG default_catalog RESET ('type')\")\nt_env.execute_sql('SHOW PROCEDURES')\nt_env.execute_sql(\"ALTER FUNCTION nope AS 'a.b' LANGUAGE PYTHON\")",
		[]string{"7:32 BND006", "8:32 API004", "9:32 BND001", "10:20 PLN006", "11:57 CON005", "12:20 PLN006", "13:35 BND003"}},
	{"legacy connect", `from pyflink.table.descriptors import *
t_env.connect(FileSystem().path("x")).with_format(OldCsv()).with_schema(Schema().field("b", DataTypes.INT())).create_temporary_table("t")
t_env.from_path("t").select("a").insert_into("snk")`, []string{`9:30 BND002 cannot resolve column "a"`}},
	{"query whose rows are shown", `t_env.execute_sql("SELECT aa FROM src").print()`, []string{"7:27 BND002"}},
	{"query whose rows nobody reads", `t_env.execute_sql("SELECT a FROM src").wait()`, []string{"7:20 PLN005 the rows of this query are never read"}},
	{"loop over a type that Python doesn't get", "for r in t_env.sql_query(\"SELECT INTERVAL '1' DAY AS i FROM src\").execute().collect():\n    print(r)",
		[]string{"7:1 API003 column i is INTERVAL DAY TO SECOND NOT NULL, whose values don't come to Python as such"}},
	{"width that is none", "t_env.get_config().set('table.display.max-column-width', 'x')\nt_env.sql_query('SELECT a FROM src').execute().print()",
		[]string{`7:1 CON005 table.display.max-column-width: "x" is not a positive number`}},
	{"time that is none", "t_env.get_config().set_idle_state_retention(5)", []string{"7:45 API002 duration must be a datetime.timedelta"}},
	{"times that are too close", "from datetime import timedelta\nt_env.get_config().set_idle_state_retention_time(timedelta(hours=1), timedelta(hours=1, minutes=4))",
		[]string{"8:70 API002 max_time must be at least 5 minutes more than min_time"}},
	{"connector of pyfc's own", `t_env.execute_sql("CREATE TABLE s (a INT) WITH ('connector' = 'tableau')")
t_env.execute_sql("INSERT INTO s SELECT 1")`, []string{`7:63 CON001 no connector is called "tableau"`}},
	{"elements of unlike length", `t_env.from_elements([(1, "a"), (2,)])`, []string{"7:21 API002 element 2 has 1 field, the first one 2 fields"}},
	{"elements that don't fit", `t_env.from_elements([(1,)], DataTypes.ROW([DataTypes.FIELD("a", DataTypes.STRING())]))`, []string{"7:21 API002 field a is STRING and can't hold a value of type int"}},
	{"elements that only the run knows", "import datetime\nt_env.from_elements([(datetime.datetime.utcnow(),)], DataTypes.ROW([DataTypes.FIELD('a', DataTypes.TIMESTAMP(3))]))", []string{"8:21 API003 TableEnvironment.from_elements of datetime.datetime.utcnow(…) isn't supported yet"}},
	{"Flink ML", "from pyflink.ml.lib.clustering.kmeans import KMeans\nKMeans().set_k(2).fit(t_env.from_path('src')).transform(t_env.from_path('src'))[0].execute().print()", []string{"7:1 API003 pyflink.ml isn't supported yet"}},
	{"elements without a type", `t_env.from_elements([(None,)], ["a"])`, []string{"7:21 API002 field 1 is None or empty in all elements"}},
	{"Java", "t_env._j_tenv.getConfig()", []string{"7:15 API004"}},
	{"SQL fault inside a string", "t_env.execute_sql('''\n  INSERT INTO snk\n  SELEC c, b FROM src''')", []string{"9:3 SQL001"}},
	{"second statement", `t_env.execute_sql("DROP TABLE src; DROP TABLE snk")`, []string{"7:36 SQL001 TableEnvironment.execute_sql takes one statement; here a second one begins"}},
	{"no result type", "@udf(input_types=[DataTypes.INT()])\ndef f(x): return x\nt_env.create_temporary_function('f', f)",
		[]string{"7:2 UDF003 the function f has no result_type | say what it returns, e.g. result_type=DataTypes.STRING()"}},
	{"wrong number of input types", "@udf(input_types=[DataTypes.INT()], result_type=DataTypes.INT())\ndef f(x, y): return x",
		[]string{"7:18 UDF003 input_types names 1 argument, but f takes 2 arguments"}},
	{"unknown type", "f = udf(lambda x: x, result_type='BIGNT')", []string{"7:35 BND009"}},
	{"type of another kind", "f = udf(lambda x: x, result_type=int)", []string{"7:34 UDF003"}},
	{"class instead of object", "class F(ScalarFunction):\n  def eval(self, x): return x\nf = udf(F, result_type='INT')",
		[]string{"9:9 UDF003 F is a class; a function of the job is made of an object of it | write F()"}},
	{"no function", "t_env.create_temporary_function('f', 3)", []string{"7:38 UDF003 a value of type int is no function of the job"}},
	{"aggregate function of rows", "f = udaf(lambda x: x, result_type='INT')", []string{"7:10 UDF003 udaf takes an object of a class that derives from AggregateFunction | a plain function can aggregate pandas Series: func_type='pandas'"}},
	{"function of another kind", "class F(TableFunction):\n  def eval(self, x): yield x\nf = udf(F(), result_type='INT')", []string{"9:9 UDF003 udf makes functions that derive from ScalarFunction, but F derives from TableFunction | use udtf"}},
	{"function without its method", "class F(ScalarFunction):\n  def evl(self, x): return x\nf = udf(F(), result_type='INT')", []string{"9:9 UDF003 the class F has no method eval"}},
	{"function without its type", "class F(AggregateFunction):\n  def create_accumulator(self): return []\n  def accumulate(self, acc, x): pass\n  def get_value(self, acc): return 1\nt_env.create_temporary_function('f', F())",
		[]string{"11:1 UDF003 F doesn't define get_result_type"}},
	{"function that uses the job", `
@udf(result_type='BIGINT')
def f(x): return t_env.list_tables()
t_env.from_path("src").select(f(col("a")).alias("a"), col("b")).execute_insert("snk")`, []string{"4:1 UDF001"}},
	{"nothing to run", "x = 1", []string{"0:0 PLN005"}},
	{"insertion that isn't run", `t_env.from_path("src").select("c, b").insert_into("snk")`, []string{"7:1 PLN005"}},
	{"execute without insertion", `t_env.execute("x")`, []string{"7:1 PLN005"}},
	{"value of an expression", `t_env.from_path("src").select(col("a") + [1])`, []string{"7:31 API002"}},
	{"no expression", `t_env.from_path("src").select(3)`, []string{"7:31 API002"}},
	{"number too large", `t_env.from_path("src").select(col("a") + 2**70)`, []string{"7:31 BND010"}},
	{"size of a type", "DataTypes.DECIMAL(40, 2)", []string{"7:19 API002"}},
	{"file that isn't there", `t_env.add_python_file("nowhere.py")`, []string{"7:23 IN003"}},
	{"Java function", `t_env.execute_sql("CREATE TEMPORARY FUNCTION f AS 'a.B' LANGUAGE JAVA")`, []string{"7:66 API004"}},
	{"unknown member of DataTypes", "DataTypes.STRNG()", []string{"7:11 PY004 AttributeError: type object 'DataTypes' has no attribute 'STRNG' | did you mean 'STRING'?"}},
	{"unknown import", "from pyflink.table import TableEnvironmnt", []string{"7:27 PY006"}},
	{"wrong keyword", "t_env.create_temporary_view(name='v', table=1)", []string{"7:"}},
}

func TestRefusals(t *testing.T) {
	for _, c := range refusalCases {
		t.Run(c.name, func(t *testing.T) {
			res := script(t, tables+c.src, nil)
			var got []string
			for _, d := range res.Diags {
				if d.Severity() == diag.Error {
					line := fmt.Sprintf("%d:%d %s %s", d.Pos.Line, d.Pos.Column, d.Code, d.Message)
					if d.Hint != "" {
						line += " | " + d.Hint
					}
					got = append(got, line)
				}
			}
			if len(got) != len(c.want) {
				t.Fatalf("got %d errors, want %d:\n%s", len(got), len(c.want), strings.Join(got, "\n"))
			}
			for i := range got {
				if !strings.HasPrefix(got[i], c.want[i]) {
					t.Errorf("got  %s\nwant %s", got[i], c.want[i])
				}
			}
		})
	}
}

// TestPlannedNamesWhatIsMissing checks that a refusal of a planned member says
// so in its data.
func TestPlannedNamesWhatIsMissing(t *testing.T) {
	res := script(t, tables+`t_env.get_catalog("default_catalog").list_partitions(None)`, nil)
	if len(res.Diags) != 1 || len(res.Diags[0].Missing) != 1 || res.Diags[0].Missing[0] != (diag.Missing{Kind: "api", Name: "Catalog.list_partitions"}) {
		t.Errorf("got %v", res.Diags)
	}
}

// TestKnownMembers walks the names of the real package: each is there, so that
// no name of PyFlink is ever called unknown.
func TestKnownMembers(t *testing.T) {
	p := &library{own: map[string]*pyeval.Module{}}
	for name, k := range known() {
		m := p.module(name)
		for _, c := range k.classes {
			if strings.Contains(c.name, ".") {
				continue
			}
			v, ok := m.Dict().GetStr(c.name)
			if !ok {
				t.Errorf("module %s has no %s", name, c.name)
				continue
			}
			for _, member := range c.members {
				if plain := strings.TrimRight(member, "()!="); v.(*pyeval.Class).Lookup(plain) == nil {
					t.Errorf("class %s has no %s", c.name, plain)
				}
			}
		}
		for _, passed := range k.from {
			for _, n := range passed.names {
				if _, ok := m.Dict().GetStr(n); !ok && known()[passed.source] != nil {
					t.Errorf("module %s doesn't pass on %s of %s", name, n, passed.source)
				}
			}
		}
	}
	for _, d := range declared {
		for _, m := range d.members {
			if m.doc == "" && !strings.HasPrefix(m.sig, "__") {
				t.Errorf("%s.%s has no doc", d.class.Name(), m.Name())
			}
		}
	}
}
