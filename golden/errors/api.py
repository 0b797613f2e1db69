from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.executeSql("SELECT 1")  # PY004: executeSql.*execute_sql
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").select(col("id"), col("nn")).execute_insert("sums")  # BND002: nn.*\bn\b
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
print(t_env._j_tenv.getCatalogManager())  # API004: getCatalogManager leads into
---
from pyflink.tabel import TableEnvironment  # PY006: pyflink.tabel
---
from pyflink.table import StreamTableEnvironmnt  # PY006: StreamTableEnvironmnt.*StreamTableEnvironment
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.from_path("click")  # BND001: click.*clicks
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").select(col("id"), col("price")).execute_insert("sums")  # PLN001: (?s)total.*DOUBLE|DOUBLE.*total
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").select(col("id")).execute_insert("sums")  # PLN001: 
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").where(col("n") + 1).select(col("id"), col("n")).execute_insert("sums")  # BND005: BIGINT
---
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
env.from_collection([1, 2]).print()  # API006: from_collection
---
from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
numbers = env.from_collection([1, 2], type_info=Types.INT())  # API006: StreamExecutionEnvironment.from_collection
env.execute()
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
# at nowhere PLN005: never writes
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
---
from pyflink.table import DataTypes
from pyflink.table.udf import udf


@udf(input_types=[DataTypes.STRING()])  # UDF003: result_type
def shout(s):
    return s.upper()
---
from pyflink.datastream import StreamExecutionEnvironment, Time  # API005: Time.*from pyflink.common import Time

env = StreamExecutionEnvironment.get_execution_environment()
env.set_paralelism(1)  # PY004: set_paralelism.*set_parallelism
---
try:
    from pyflink.nowhere import Consumer
except ImportError:
    Consumer = None
print(Consumer.name)  # PY004: NoneType.*name
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col
from pyflink.table.udf import udf, udtf

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
words = udtf(lambda line: line.split(), result_types="ROW<word STRING>")
upper = udf(lambda word: word.upper(), result_type="STRING")
lines = t_env.from_elements([("a b",)], ["line"])
lines.flat_map(words(col("line"))).map(upper(col("word"))).select(col("f1")).execute().print()  # BND002: "f1".*f0
lines.select(words(col("line"))).execute().print()  # BND011: words? is a table function|table function.*can't stand in select
lines.join_lateral(upper(col("line")).alias("word")).execute().print()  # BND011: isn't a table function.*udtf
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col
from pyflink.table.udf import udaf

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
mean = udaf(lambda v: v.mean(), result_type="FLOAT", func_type="pandas")
t = t_env.from_elements([("a", 2.5)], ["k", "v"])
t.group_by(col("k")).select(col("k"), mean(col("v")), col("v").sum).execute().print()  # PLN006: no built-in aggregate function beside one of pandas Series.*query of its own
t_env.create_temporary_function("mean", mean)
t_env.create_temporary_view("t", t)
t_env.execute_sql("SELECT k, mean(v) FILTER (WHERE v > 1) FROM t GROUP BY k").print()  # PLN006: whatever DISTINCT and FILTER say.*sub-query
t_env.execute_sql("SELECT mean(DISTINCT v) FROM t").print()  # PLN006: whatever DISTINCT and FILTER say
t_env.execute_sql("SELECT k, mean(v) OVER (PARTITION BY k) FROM t").print()  # UDF002: pandas aggregate functions
---
from pyflink.table import AggregateFunction, EnvironmentSettings, TableAggregateFunction, TableEnvironment
from pyflink.table.expressions import col
from pyflink.table.udf import udaf, udtaf


class Count(AggregateFunction):
    def create_accumulator(self):
        return [0]

    def accumulate(self, accumulator, *args):
        accumulator[0] += 1

    def get_value(self, accumulator):
        return accumulator[0]


class Rows(TableAggregateFunction):
    def create_accumulator(self):
        return []

    def accumulate(self, accumulator, *args):
        accumulator.append(args)

    def emit_value(self, accumulator):
        yield from accumulator


count = udaf(Count(), result_type="BIGINT", accumulator_type="ARRAY<BIGINT>")
rows = udtaf(Rows(), result_type="ROW<x BIGINT>", accumulator_type="ARRAY<BIGINT>")
t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t = t_env.from_elements([("a", 2)], ["k", "v"])
t.group_by(col("k")).select(count(col("v"))).execute().print()  # PLN006: in batch mode over pandas Series only.*func_type
t.group_by(col("k")).aggregate(count(col("v"))).select(col("*")).execute().print()  # PLN006: in batch mode over pandas Series only
t.group_by(col("k")).flat_aggregate(rows(col("v"))).select(col("*")).execute().print()  # PLN006: no table aggregate function in batch mode

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.create_temporary_function("count_all", count)
t_env.create_temporary_function("mean", udaf(lambda v: v.mean(), result_type="DOUBLE", func_type="pandas"))
t_env.execute_sql("""CREATE TABLE src (k STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
    WITH ('connector' = 'filesystem', 'path' = 'in.csv', 'format' = 'csv')""")
t_env.execute_sql("SELECT k, mean(v) FROM src GROUP BY k").print()  # PLN006: in streaming mode only in windows.*AggregateFunction
t_env.execute_sql("SELECT count_all(v) OVER (PARTITION BY k ORDER BY ts) FROM src").print()  # PLN006: windows of rows over pandas Series only
t_env.execute_sql("SELECT mean(v) OVER (PARTITION BY k ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM src").print()  # UDF002: pandas aggregate functions
t_env.execute_sql("SELECT count_all(count_all(v)) FROM src GROUP BY k").print()  # BND007: can't be the input of another one
---
from pyflink.table import AggregateFunction, EnvironmentSettings, TableEnvironment
from pyflink.table.udf import udaf


class Count(AggregateFunction):
    def create_accumulator(self):
        return [0]

    def accumulate(self, accumulator, *args):
        accumulator[0] += 1

    def get_value(self, accumulator):
        return accumulator[0]


t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.create_temporary_function("count_all", udaf(Count(), result_type="BIGINT", accumulator_type="ARRAY<BIGINT>"))
t_env.execute_sql("""CREATE TABLE src (k STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
    WITH ('connector' = 'filesystem', 'path' = 'in.csv', 'format' = 'csv')""")
t_env.execute_sql("SELECT window_end, count_all(v) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end").print()  # UDF002: aren't supported over windows of time yet
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.create_view("v", t_env.sql_query("SELECT 1"))  # API005: create_view.*PyFlink 2\.0 and later have it; use create_temporary_view
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t = t_env.from_elements([("a",)], ["x"])
t.select(col("x").starts_with("a")).execute().print()  # API005: callable.*PyFlink 2\.0 and later have it; use like
t.print_explain()  # API005: print_explain.*PyFlink 2\.1 and later have it; use print.table\.explain
---
from pyflink.common.state import ListState  # API005: pyflink\.common\.state.*PyFlink 1\.12 had it; use pyflink\.datastream\.state
from pyflink.datastream.connectors import FileSink, FlinkKafkaConsumer  # which PyFlink 1.15 had there

FlinkKafkaConsumer("t", None, {})  # API006: FlinkKafkaConsumer isn't supported yet
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("parallelism.defalt", "2")  # CON006: parallelism.defalt.*did you mean parallelism.default
t_env.execute_sql("SELECT 1").print()
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TABLE o (k STRING, v INT) WITH ('connector' = 'print')")
s = t_env.from_path("s")
s.filter(col("v") > 1 and col("v") < 5).select(col("k"), col("v")).execute_insert("o")  # API007: drops it.*\(a > 1\) & \(b < 5\)
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TABLE o (k STRING, v INT) WITH ('connector' = 'print')")
s = t_env.from_path("s")
for row in s:  # PY010: 'Table' object is not iterable.*collect\(\)
    print(row)
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TABLE o (k STRING, v INT) WITH ('connector' = 'print')")
both = t_env.create_statement_set()
both.add_insert_sql("INSERT INTO o SELECT k, v FROM s")  # PLN005: insertion into o is never run.*execute\(\) of the statement set
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TABLE o (k STRING, v INT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO o SELECT k, v FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '5' MINUTES))")  # PLN006: but ts is TIMESTAMP\(3\)
---
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (k STRING, v INT, ts TIMESTAMP(3)) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TABLE o (k STRING, v INT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE u (ts STRING, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'datagen')")  # BND005: TO_TIMESTAMP
