import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE src (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE dst (k STRING, n BIGINT) WITH ('connector' = 'print')")
least = int(os.environ.get("LEAST", "5"))
t_env.execute_sql(f"INSERT INTO dst SELECT k, n FROM src WHERE n > {least}")  # IN002: LEAST.*what the SQL means
---
import os

topic = os.environ["TOPIC"]
if topic.startswith("test"):  # IN002: TOPIC
    print("a test")
---
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--mode", choices=["daily", "hourly"], default="daily")
args = parser.parse_args()
if args.mode == "daily":  # IN002: --mode
    print("once a day")
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
import shutil

shutil.rmtree("/tmp/out")  # PY009: rmtree
---
import subprocess

subprocess.run(["hadoop", "fs", "-ls"])  # PY009: subprocess
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
