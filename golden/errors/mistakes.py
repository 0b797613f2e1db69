from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE p (id STRING, n BIGINT) WITH ('connector' = 'prnt')")  # CON001: no connector is called "prnt" \| did you mean print\?
t_env.execute_sql("INSERT INTO p SELECT id, n FROM clicks")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT) WITH ('connector' = 'kafka', 'topics' = 'x', 'properties.bootstrap.servers' = 'b:1', 'format' = 'json')")  # CON003: unknown option topics \| did you mean topic\?
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM s")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'x', 'properties.bootstrap.servers' = 'b:1', 'format' = 'jsno', 'scan.startup.mode' = 'earliest-offset')")  # CON001: no format is called "jsno" \| did you mean json\?
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM s")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'x', 'format' = 'json')")  # CON004: table "s": option properties\.bootstrap\.servers is required \| The brokers to ask for the others, as host:port, separated by commas\.
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM s")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'x', 'properties.bootstrap.servers' = 'b:1', 'format' = 'json', 'scan.startup.mode' = 'earliest')")  # CON005: scan\.startup\.mode: "earliest" is not an allowed value \| one of group-offsets, earliest-offset, latest-offset, timestamp, specific-offsets
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM s")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT) WITH ('connector' = 'filesystem', 'format' = 'csv')")  # CON004: table "s": option path is required \| A file or folder; relative to the working directory, file:///…, or s3://bucket/…\.
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM s")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv', 'csv.field-delimeter' = ';')")  # CON003: unknown option csv\.field-delimeter \| did you mean csv\.field-delimiter\?
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM s")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE p (id STRING, n BIGINT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysqll://db/x', 'table-name' = 'p')")  # CON005: url: the URL is of no database that Flink knows; pyfc writes to those of jdbc:mysql:, jdbc:mariadb: and jdbc:postgresql: URLs
t_env.execute_sql("INSERT INTO p SELECT id, n FROM clicks")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE p (id STRING, n BIGINT) WITH ('connector' = 'jdbc', 'table-name' = 'p')")  # CON004: table "p": option url is required \| The database: jdbc:mysql://host:3306/database, jdbc:mariadb:… or jdbc:postgresql:…
t_env.execute_sql("INSERT INTO p SELECT id, n FROM clicks")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE p (a INTT) WITH ('connector' = 'print')")  # BND009: no data type is called INTT \| did you mean INT\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE sums (a INT) WITH ('connector' = 'print')")  # BND006: a table or view "sums" exists already \| drop it first, or say IF NOT EXISTS \| line 6: it is declared here
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE p (a INT, PRIMARY KEY (b) NOT ENFORCED) WITH ('connector' = 'print')")  # BND002: primary key column "b" is not defined in the table
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE p (a INT, a STRING) WITH ('connector' = 'print')")  # BND006: a column named "a" already exists in the table \| line 7: the first is here
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("DROP TABLE summs")  # BND001: no table is called "summs"
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, SUMM(n) FROM clicks GROUP BY id")  # BND003: undefined function: SUMM \| did you mean SUM\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO summs SELECT id, n FROM clicks")  # BND001: no table or view is called "summs" \| did you mean sums\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT n, id FROM clicks")  # PLN001: column types of query result and sink for "sums" do not match: incompatible types for sink column 'id' at position 0, 'total' at position 1 \| query schema: \[n: BIGINT, id: STRING\]; sink schema: \[id: STRING, total: BIGINT\] \| line 6: the sink table is declared here
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM clicks WHERE nn = 1")  # BND002: cannot resolve column "nn" \| did you mean n\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, COUNT(*) FROM clicks WHERE COUNT(*) > 1 GROUP BY id")  # BND007: an aggregate function can't stand in WHERE
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM clicks ORDER n")  # SQL001: expected BY, found n
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM clicks, ")  # SQL001: expected a table, found the end of the text \| drop the comma before it
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("SELEC id FROM clicks")  # SQL001: no statement begins with SELEC \| did you mean SELECT\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT c.idd, c.n FROM clicks AS c")  # BND002: cannot resolve column "idd" in table c \| did you mean id\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT x.id, c.n FROM clicks AS c")  # BND002: no table of this query is called "x" \| did you mean c\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, COALESCE(n, 'none') FROM clicks")  # BND005: the arguments of COALESCE have no common type: BIGINT and CHAR\(4\) NOT NULL
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, CASE WHEN n THEN 1 ELSE 2 END FROM clicks")  # BND005: WHEN requires a boolean expression, but this is of type BIGINT
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, CAST(ts AS BIGINTT) FROM clicks")  # BND009: no data type is called BIGINTT \| did you mean BIGINT\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, n FROM clicks LIMIT 'a'")  # SQL001: expected a number of rows, found the string 'a'
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, UPPER(n, 1) FROM clicks")  # BND004: UPPER takes a string, not \(BIGINT, INT NOT NULL\)
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sums SELECT id, n + id FROM clicks")  # BND005: cannot apply '\+' to BIGINT and STRING, it takes two numbers \| texts are joined by \|\|
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("SET 'parallelism.default' = 2")  # SQL001: expected a value in single quotes, found 2
t_env.execute_sql("SET 'parallelism.default' = '2'")  # PLN006: in the SQL client only.*set\("parallelism.default", "2"\)
t_env.execute_sql("RESET 'parallelism.default'")  # PLN006: RESET in the SQL client only
t_env.execute_sql("SET")  # PLN006: SET in the SQL client only.*get_config
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").selectt(col("id"), col("n")).execute_insert("sums")  # API001: Table has no member and no column "selectt" \| did you mean select\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").group_by(col("id")).select(col("id"), col("n")).execute_insert("sums")  # BND002: cannot resolve column "n": behind GROUP BY there are only the keys and aggregates \| there are id
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clikcs").select(col("id"), col("n")).execute_insert("sums")  # BND001: no table or view is called "clikcs" \| did you mean clicks\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").select(col("id"), col("n") + "x").execute_insert("sums")  # BND005: cannot apply '\+' to BIGINT and CHAR\(1\) NOT NULL, it takes two numbers
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").select(col("id"), col("n").cast(DataTypes.BIGIN())).execute_insert("sums")  # PY004: AttributeError: type object 'DataTypes' has no attribute 'BIGIN' \| did you mean 'BIGINT'\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.executesql("SELECT 1")  # PY004: AttributeError: 'TableEnvironment' object has no attribute 'executesql' \| did you mean 'execute_sql'\?
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.create_temporary_function("f", lambda x: x)  # UDF003: a value of type function is no function of the job \| make one of it with udf\(…, result_type=…\)
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
print(undefined_name)  # PY003: NameError: name 'undefined_name' is not defined
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
for i in range(10)  # PY001: expected ':'
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE clicks (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
total = sum(int(line) for line in open("numbers.txt"))  # IN003: FileNotFoundError: \[Errno 2\] No such file or directory: 'numbers\.txt'
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'streams' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json')")  # CON003: unknown option streams \| did you mean stream\?
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'aws.region' = 'us-east-1', 'format' = 'json')")  # CON004: table "s": a Kinesis table needs the resource name of a stream
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream.arn' = 'arn:aws:kinesis:us-east-1:012345678901:stream/clicks', 'format' = 'json')")  # CON004: table "s": option aws\.region is required
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream.arn' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json')")  # CON005: stream\.arn: "clicks" is not of the form arn:aws:kinesis
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'scan.stream.initpos' = 'EARLIEST')")  # CON005: scan\.stream\.initpos: "EARLIEST" is not an allowed value \| one of LATEST, TRIM_HORIZON, AT_TIMESTAMP
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'scan.stream.initpos' = 'AT_TIMESTAMP')")  # CON004: table "s": source\.init\.timestamp: the position AT_TIMESTAMP needs a time
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'scan.stream.initpos' = 'AT_TIMESTAMP', 'scan.stream.initpos-timestamp' = 'yesterday')")  # CON005: scan\.stream\.initpos-timestamp: "yesterday" is neither of the form
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'scan.stream.recordpublisher' = 'EFO')")  # CON002: scan\.stream\.recordpublisher: reading by a registered consumer \(EFO\) isn\'t supported yet
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'aws.credentials.provider' = 'BASIC', 'aws.credentials.basic.accesskeyid' = 'a')")  # CON004: table "s": credentials of BASIC need aws\.credentials\.basic\.secretkey
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'aws.credentials.provider' = 'SYS_PROP')")  # CON005: aws\.credentials\.provider: SYS_PROP reads properties of a JVM.*ENV_VAR
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) PARTITIONED BY (id) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'sink.partitioner' = 'fixed')")  # CON005: sink\.partitioner can\'t be given for a table with PARTITIONED BY
t_env.execute_sql("INSERT INTO s SELECT 'a', 1, TIMESTAMP '2020-01-01 00:00:00'")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) PARTITIONED BY (ts) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json')")  # CON005: column ts of PARTITIONED BY is TIMESTAMP\(3\)
t_env.execute_sql("INSERT INTO s SELECT 'a', 1, TIMESTAMP '2020-01-01 00:00:00'")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kinesis', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'sink.partitioner' = 'com.example.Mine')")  # CON002: sink\.partitioner: the Java class com\.example\.Mine isn\'t run
t_env.execute_sql("INSERT INTO s SELECT 'a', 1, TIMESTAMP '2020-01-01 00:00:00'")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'firehose', 'delivery-stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json')")  # CON008: connector "firehose" can\'t be used as a source
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'firehose', 'delivery-stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'sink.batch.maxsize' = '9')")  # CON003: unknown option sink\.batch\.maxsize \| did you mean sink\.batch\.max-size\?
t_env.execute_sql("INSERT INTO s SELECT 'a', 1, TIMESTAMP '2020-01-01 00:00:00'")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'firehose', 'delivery-stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'sink.batch.max-size' = '501')")  # CON005: sink\.batch\.max-size: 501 is not between 1 and 500
t_env.execute_sql("INSERT INTO s SELECT 'a', 1, TIMESTAMP '2020-01-01 00:00:00'")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE shown (id STRING, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("CREATE TABLE s (id STRING, n BIGINT) WITH ('connector' = 'kinesis-legacy', 'stream' = 'clicks', 'aws.region' = 'us-east-1', 'format' = 'json', 'scan.stream.initposs' = 'LATEST')")  # CON006: scan\.stream\.initposs has no effect.*\| did you mean scan\.stream\.initpos\?
t_env.execute_sql("INSERT INTO shown SELECT id, n FROM s")
---
from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col
from pyflink.table.udf import udf

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("""CREATE TABLE visits (
    id INT,
    tags MAP<STRING, INT>
) WITH ('connector' = 'filesystem', 'path' = '/data', 'format' = 'json')""")
t_env.execute_sql("CREATE TABLE shops (id INT, label BINARY(4)) WITH ('connector' = 'filesystem', 'path' = '/shops', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE p (n INT) WITH ('connector' = 'print')")


@udf(result_type=DataTypes.DATE())
def day_of(n):
    return n


t_env.create_temporary_function("day_of", day_of)
t_env.create_temporary_view("marked", t_env.sql_query("SELECT id, tags AS marks FROM visits WHERE id > 1"))
t_env.execute_sql("INSERT INTO p SELECT id + marks FROM marked")  # BND005: cannot apply '\+' to INT and MAP<STRING, INT>.* \| line 7: column id of type INT is declared here \| line 8: column marks of type MAP<STRING, INT> is declared here
t_env.execute_sql("INSERT INTO p SELECT v.id FROM visits v JOIN shops s ON v.id = s.label")  # BND005: cannot compare INT with BINARY\(4\) by '=' \| line 7: column id of type INT is declared here \| line 10: column label of type BINARY\(4\) is declared here$
t_env.execute_sql("INSERT INTO p SELECT id FROM visits WHERE day_of(id)")  # BND005: WHERE requires a boolean expression, but this is of type DATE \| line 15: function day_of of type DATE is declared here$
t_env.execute_sql("INSERT INTO p SELECT SUM(tags) FROM visits GROUP BY id")  # BND004: SUM takes .* \| line 8: column tags of type MAP<STRING, INT> is declared here$
t_env.from_path("visits").filter(col("id")).select(col("id")).execute_insert("p")  # BND005: where requires a boolean.* \| line 7: column id of type INT is declared here$
t_env.execute_sql("INSERT INTO p SELECT n + tags FROM (SELECT id * 2 AS n, tags FROM visits)")  # BND005: .*two numbers \| line 8: column tags of type MAP<STRING, INT> is declared here$
