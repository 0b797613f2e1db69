import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE dst (k STRING, n BIGINT) WITH ('connector' = 'print')")
least = int(os.environ.get("LEAST", "5"))
t_env.execute_sql(f"INSERT INTO dst SELECT k, n FROM src WHERE n > {least}")  # IN006: LEAST.*what the SQL means; the build takes its default
---
import os

topic = os.environ["TOPIC"]
if topic.startswith("test"):  # IN002: TOPIC
    print("a test")
---
import argparse

from pyflink.table import EnvironmentSettings, TableEnvironment

parser = argparse.ArgumentParser()
parser.add_argument("--mode", choices=["daily", "hourly"], default="daily")
args = parser.parse_args()
if args.mode == "daily":  # IN006: --mode, which is only known at start; the build takes its default
    TableEnvironment.create(EnvironmentSettings.in_batch_mode()).execute_sql("SELECT 'once a day'").print()
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
COLUMNS = ["k STRING", "n BIGINT"]
t_env.execute_sql("CREATE TABLE src (" + ", ".join(COLUMNS) + ") WITH ("
                  "'connector' = 'filesystem', "  # where it comes from
                  "'pth' = 'x', "  # CON003: pth.*path
                  "'path' = 'x', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE dst (k STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.from_path("src").execute_insert("dst")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE dst (k STRING, n BIGINT) WITH ('connector' = 'print')")
query = """
    INSERT INTO {sink}
    SELECT k, {aggregate}(n)
    FROM src
    GROUP BY key  -- # BND002: key
""".format(sink="dst", aggregate="SUM")
t_env.execute_sql(query)
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'csv')")
for i, name in enumerate(["a", "a"]):
    t_env.execute_sql(f"CREATE VIEW v{name} AS SELECT k, n + {i} AS n FROM src")  # BND006: va
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE dst (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ("
                  "'connector' = 'jdbc', 'url' = 'jdbc:mysql://localhost/shop', 'table-name' = 'dst', 'usrname' = 'root')")  # CON003: usrname.*username
t_env.execute_sql("INSERT INTO dst SELECT k, SUM(n) FROM src GROUP BY k")
---
import subprocess

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE dst (k STRING) WITH ('connector' = 'print')")
listed = subprocess.run(["hadoop", "fs", "-ls"], capture_output=True, text=True)
for name in listed.stdout.split():
    t_env.execute_sql(f"INSERT INTO dst VALUES ('{name}')")  # PY008: a text with an element of subprocess.run.* is passed to execute_sql
---
from pyflink.table import DataTypes
from pyflink.table.udf import udf


class Half:
    def __call__(self, n):
        return n / 2


half = udf(Half, result_type=DataTypes.DOUBLE())  # UDF003: Half is a class
---
from pyflink.table import DataTypes
from pyflink.table.udf import udf


@udf([DataTypes.BIGINT()], DataTypes.BIGINT())  # UDF003: list is no function
def double(n):
    return n * 2
---
from functools import partial

from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col
from pyflink.table.udf import udf

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE dst (n BIGINT) WITH ('connector' = 'print')")


class Rates:
    pass


def scaled(rates, n):
    return n


f = udf(partial(scaled, Rates()), result_type=DataTypes.BIGINT())  # UDF001: arguments aren't plain data
t_env.from_path("src").select(f(col("n"))).execute_insert("dst")
---
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("--day", required=True)
parser.add_argument("--chained", action="store_true")
args = parser.parse_args()
if args.chained:  # IN006: --chained, .* \| give it at build: pyfc build job\.py -- SOURCE --day VALUE --chained; without the option: pyfc build job\.py -- SOURCE --day VALUE \|
    print("chained")
if args.source + args.day == "x":  # IN002: argument source and argument --day, .* \| give it at build: pyfc build job\.py -- SOURCE --day VALUE \|
    print("x")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("""
    CREATE TABLE src (  -- # CON004: has no option 'format' . WITH
        k STRING
    ) WITH (
        'connector' = 'filesystem',
        'format.type' = 'csv',  -- # CON003: format.type . in this generation of the connector the option is called format
        'path' = 'x'
    )""")
t_env.execute_sql("SELECT * FROM src").print()
---
import argparse

from pyflink.table import EnvironmentSettings, TableEnvironment

parser = argparse.ArgumentParser()
parser.add_argument("--input")
args = parser.parse_args()
TableEnvironment.create(EnvironmentSettings.in_batch_mode()).execute_sql("SELECT 1").print()
if args.input is not None:  # IN006: --input, .* takes it as missing \| give it at build: pyfc build job\.py -- --input VALUE; without the option: pyfc build job\.py -- \|
    print(args.input)
---
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

env = StreamExecutionEnvironment.get_execution_environment()
t_env = StreamTableEnvironment.create(env)
t_env.execute_sql("CREATE TABLE dst (n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO dst VALUES (1)")
env.execute("again")  # PLN007: has nothing to run
t_env.execute("again")  # PLN007: TableEnvironment.execute has nothing to run
---
import os

if os.environ["HOST"] + os.environ["PORT"] == "h1":  # IN002: HOST and environment variable PORT, .* \| give it at build: pyfc build job\.py --env HOST=VALUE --env PORT=VALUE \|
    print("the same")
---
import json

settings = json.load(open("settings.json"))  # IN003: \| supply it: pyfc build job\.py --file settings\.json=FILE$
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (k STRING) WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = 'hdfs://host/in')")  # CON002: path hdfs://host/in: the file system hdfs isn't supported yet
t_env.execute_sql("CREATE TABLE dst (k STRING) WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = 'C:\\out.csv')")  # CON006: a path of Windows names nothing here \| give the binary another one: --set TABLE\.path=
t_env.from_path("src").execute_insert("dst")
---
from pyflink.table import DataTypes, EnvironmentSettings, StreamTableEnvironment
from pyflink.table.descriptors import Json, Kafka, Rowtime, Schema

t_env = StreamTableEnvironment.create(environment_settings=EnvironmentSettings.in_streaming_mode())
schema = Schema().field("at", DataTypes.TIMESTAMP(3)).rowtime(Rowtime().timestamps_from_source().watermarks_periodic_bounded(5))  # API003: Rowtime.timestamps_from_source
t_env.connect(Kafka().version("universal").topic("t").property("bootstrap.servers", "h:1")).with_format(Json()).with_schema(schema).create_temporary_table("source")
t_env.execute_sql("CREATE TABLE dst (at_ TIMESTAMP(3)) WITH ('connector' = 'print')")
t_env.from_path("source").execute_insert("dst")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("DROP TABLE IF EXISTS source")
t_env.execute_sql("CREATE TABLE src (k STRING) WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'debezium-json')")  # PLN006: format debezium-json holds changes.*in batch mode
t_env.execute_sql("CREATE TABLE dst (k STRING) WITH ('connector' = 'print')")
t_env.from_path("src").execute_insert("dst")
---
import sys

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
# at nowhere PLN005: never writes to a sink.*it ends before, by sys.exit\(3\)
sys.exit(3)
---
from pyflink.table import EnvironmentSettings, TableEnvironment


# at nowhere PLN005: never writes to a sink.*it makes no table environment: what only defines functions and classes is built by the script that calls them
def main():
    TableEnvironment.create(EnvironmentSettings.in_batch_mode()).sql_query("SELECT 1").execute().print()
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE clicks (k STRING) WITH ('connector' = 'print')")
t_env.execute_sql("DROP TABLE click")  # BND001: no table is called "click" \| did you mean clicks\?
---
import sys

from pyflink.table import EnvironmentSettings, TableEnvironment

if len(sys.argv) < 2:  # IN001: needs argument 1, which the build wasn't given; without it the script ends by sys\.exit\(1\) . give it at build: pyfc build job\.py -- ARGUMENTS
    print("usage: job.py INPUT")
    sys.exit(1)
TableEnvironment.create(EnvironmentSettings.in_batch_mode()).execute_sql(f"SELECT '{sys.argv[1]}'").print()
---
import os

if os.getenv("REGION") is None:  # IN001: REGION, .* without it the script ends by ValueError: REGION isn't set
    raise ValueError("REGION isn't set")
