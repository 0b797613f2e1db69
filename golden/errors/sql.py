from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE orders (
        id BIGINT,
        price DOUBEL  -- # BND009: DOUBEL.*DOUBLE
    ) WITH ('connector' = 'print')
""")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE orders (id BIGINT) WITH (
        'connector' = 'kafak'  -- # CON001: kafak.*kafka
    )
""")
t_env.execute_sql("CREATE TABLE copy (id BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO copy SELECT * FROM orders")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("""
    CREATE TABLE orders (id STRING, n BIGINT) WITH (
        'connector' = 'kafka',
        'topics' = 'orders',  -- # CON003: topics.*topic
        'topic' = 'orders',
        'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest',  -- # CON005: earliest-offset
        'format' = 'csv'
    )
""")
t_env.execute_sql("INSERT INTO sums SELECT * FROM orders")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("""
    CREATE TABLE orders (id STRING, n BIGINT) WITH (  -- # CON004: properties.bootstrap.servers
        'connector' = 'kafka', 'topic' = 'orders', 'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("INSERT INTO sums SELECT * FROM orders")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("""
    INSERT INTO sums
    SELECT id, SUMM(n)  -- # BND003: SUMM.*SUM
    FROM clicks GROUP BY id
""")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("""
    INSERT INTO sums
    SELECT id n FROM clicks GRUOP BY id  -- # SQL001: GRUOP
""")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("""
    INSERT INTO sums
    SELECT id, n FROM clicks
    TABLESAMPLE SYSTEM (10)  -- # PLN006: TABLESAMPLE.*no plan
""")
t_env.execute_sql("""
    INSERT INTO sums SELECT * FROM (SELECT id, n FROM clicks)
    PIVOT (SUM(n) FOR id IN ('a', 'a'))  -- # BND008: PIVOT makes two columns 'a'
""")
t_env.execute_sql("CREATE VIEW copies AS SELECT id, n FROM clicks")
t_env.execute_sql("""
    INSERT INTO sums SELECT id, n
    FROM copies /*+ OPTIONS('topic' = 'b') */  -- # PLN006: copies.*is a view
""")
t_env.execute_sql("""
    INSERT INTO sums SELECT id, n
    FROM clicks /*+ OPTIONS('topics' = 'b') */  -- # CON003: topics.*topic
""")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("""
    INSERT INTO sums
    SELECT id, n  -- # BND007: "n" is neither
    FROM clicks
    GROUP BY id
""")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("""
    CREATE TABLE totals (id STRING, total BIGINT) WITH (
        'connector' = 'jdbc', 'url' = 'jdbc:mysql://localhost:3306/shop', 'table-name' = 'totals')
""")
t_env.execute_sql("INSERT INTO totals SELECT id, SUM(n) FROM clicks GROUP BY id")  # PLN002: primary key.*PRIMARY KEY \(id\)
---
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import EnvironmentSettings, StreamTableEnvironment

t_env = StreamTableEnvironment.create(
    StreamExecutionEnvironment.get_execution_environment(),
    environment_settings=EnvironmentSettings.new_instance().use_blink_planner().build())
t_env.sql_update("""
    CREATE TABLE clicks (id VARCHAR, n BIGINT) WITH (
        'connector.type' = 'kafka', 'connector.version' = 'universal', 'connector.topic' = 'clicks',
        'connector.properties.bootstrap.servers' = 'localhost:9092', 'format.type' = 'csv')
""")
t_env.sql_update("""
    CREATE TABLE totals (total BIGINT) WITH (
        'connector.type' = 'jdbc', 'connector.url' = 'jdbc:mysql://localhost:3306/shop', 'connector.table' = 'totals')
""")
t_env.from_path("clicks").group_by("id").select("n.sum as total").insert_into("totals")  # PLN002: full primary keys
t_env.execute("totals")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE clicks (id STRING, n BIGINT, price DOUBLE) WITH (
        'connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')
""")
t_env.execute_sql("CREATE TABLE sums (id STRING, total BIGINT) WITH ('connector' = 'print')")
t_env.from_path("clicks").select("id, n +").execute_insert("sums")  # SQL001: 
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE orders (id BIGINT, n BIGINT) WITH ('connector' = 'values', 'data' = '[]')")
t_env.execute_sql("CREATE TABLE sorted (id BIGINT, n BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO sorted SELECT * FROM orders ORDER BY n")  # PLN006: LIMIT.*batch mode
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE l (a INT, b STRING) WITH ('connector' = 'filesystem', 'path' = 'l', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE r (a INT, c STRING) WITH ('connector' = 'filesystem', 'path' = 'r', 'format' = 'csv')")
t_env.execute_sql("SELECT a, c FROM l JOIN r ON l.a = r.a").print()  # BND008: write l.a or r.a
t_env.execute_sql("SELECT l.a FROM l JOIN r USING (b)").print()  # BND002: cannot resolve column "b"
t_env.execute_sql("SELECT * FROM l, l").print()  # BND006: give one of them an alias
t_env.execute_sql("SELECT a, (SELECT a, c FROM r) FROM l").print()  # BND005: 1 column, not 2
t_env.execute_sql("SELECT b FROM l WHERE a IN (SELECT r.a FROM r WHERE r.c = l.d)").print()  # BND002: column "d" in table l
t_env.execute_sql("SELECT * FROM l, UNNEST(b) AS u").print()  # BND004: ARRAY, a MAP or a MULTISET
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE latest (id BIGINT) WITH ('connector' = 'values', 'data' = '[]', 'changelog-mode' = 'I,UA,D')")  # PLN006: PRIMARY KEY
t_env.execute_sql("CREATE TABLE copy (id BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO copy SELECT * FROM latest")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE two (a STRING, b STRING) WITH ('connector' = 'filesystem', 'path' = 'l', 'format' = 'raw')")  # PLN006: takes a table of one column.* have 2
t_env.execute_sql("CREATE TABLE days (a DATE) WITH ('connector' = 'filesystem', 'path' = 'l', 'format' = 'raw')")  # PLN006: doesn't take a column of DATE
t_env.execute_sql("CREATE TABLE t (a STRING) WITH ('connector' = 'filesystem', 'path' = 'l', 'format' = 'raw', 'raw.charset' = 'utf-9')")  # CON005: charset: .*utf-9
t_env.execute_sql("SELECT * FROM two").print()
t_env.execute_sql("SELECT * FROM days").print()
t_env.execute_sql("SELECT * FROM t").print()
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("table.exec.sink.not-null-enforcer", "WARN")  # CON005: could not parse value "WARN".*ERROR, DROP
t_env.execute_sql("CREATE TABLE strict (id BIGINT NOT NULL) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO strict VALUES (1)")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set_local_timezone("Asia/Shangai")  # CON005: no time zone is called "Asia/Shangai"
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("table.local-time-zone", "+08:00")  # CON005: table.local-time-zone: a time zone of a fixed offset is written GMT\+08:00
t_env.get_config().set("parallelism.default", "two")  # CON005: parallelism.default: "two" is not a positive number
t_env.get_config().set("execution.checkpointing.interval", "soon")  # CON005: execution.checkpointing.interval: "soon" is not a duration
t_env.execute_sql("CREATE TABLE shown (id BIGINT) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO shown VALUES (1)")
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("""CREATE TABLE watched (a STRING) WITH (
    'connector' = 'filesystem', 'path' = 'in', 'format' = 'csv', 'source.monitor-interval' = '1 s')""")
t_env.execute_sql("SELECT * FROM watched").print()  # PLN006: unbounded table "watched" in batch mode
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE fine (ts TIMESTAMP(6), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")  # BND005: at most 3 fractional digits
t_env.execute_sql("CREATE TABLE n (ts TIMESTAMP(3), n INT, WATERMARK FOR ts AS n) WITH ('connector' = 'datagen')")  # BND005: a WATERMARK must be TIMESTAMP.*not INT
t_env.execute_sql("CREATE TABLE e (k STRING, ts TIMESTAMP(3), p AS PROCTIME()) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT COUNT(*) FROM e GROUP BY TUMBLE(ts, INTERVAL '1' SECOND)").print()  # PLN006: TUMBLE takes a time attribute
t_env.execute_sql("SELECT * FROM TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '1' SECOND))").print()  # PLN006: TUMBLE takes a time attribute
t_env.execute_sql("SELECT TUMBLE_ROWTIME(p, INTERVAL '1' SECOND) FROM e GROUP BY TUMBLE(p, INTERVAL '1' SECOND)").print()  # PLN006: a window of processing time has no TUMBLE_ROWTIME
t_env.execute_sql("SELECT SESSION_START(p, INTERVAL '1' SECOND) FROM e GROUP BY SESSION(p, INTERVAL '1' SECOND), ROLLUP(k)").print()  # PLN004: grouping sets of SESSION
t_env.execute_sql("SELECT * FROM TABLE(SESSION(TABLE e PARTITION BY q, DESCRIPTOR(p), INTERVAL '1' SECOND))").print()  # BND002: q
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT SUM(v) OVER (PARTITION BY k ORDER BY ts DESC) FROM e").print()  # PLN006: by ascending time
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT SUM(v) OVER (PARTITION BY k ORDER BY ts, v) FROM e").print()  # PLN006: by a time attribute alone
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT LEAD(v) OVER (PARTITION BY k ORDER BY ts) FROM e").print()  # PLN006: no LEAD over a window
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT SUM(v) OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM e").print()  # PLN006: up to that one
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT LAG(v) OVER (ORDER BY ts), ROW_NUMBER() OVER (ORDER BY ts) FROM e").print()  # PLN006: must have the same window
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT DENSE_RANK() OVER (ORDER BY ts) FROM e").print()  # PLN004: DENSE_RANK
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT a.k FROM e AS a LEFT JOIN e AS b ON a.k = b.k AND CURRENT_WATERMARK(a.ts) IS NULL").print()  # PLN006: asks for the watermark.*compute it in a query below the join
t_env.execute_sql("SELECT a.k FROM e AS a JOIN e AS b ON a.k = b.k AND (CURRENT_WATERMARK(a.ts) IS NULL OR a.v < b.v)").print()  # PLN006: asks for the watermark
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE e (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')")
t_env.execute_sql("SELECT * FROM (SELECT k, MAX(ts) AS m, PROCTIME() AS p FROM e GROUP BY k) ORDER BY p, m").print()  # PLN004: ORDER BY processing time
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
AT = "'properties.bootstrap.servers' = 'localhost:9092'"
t_env.execute_sql(f"CREATE TABLE keyed (id BIGINT PRIMARY KEY NOT ENFORCED) WITH ('connector' = 'kafka', 'topic' = 'a', {AT}, 'format' = 'json')")  # CON005: can't have a PRIMARY KEY.*upsert-kafka
t_env.execute_sql(f"CREATE TABLE unkeyed (id BIGINT) WITH ('connector' = 'upsert-kafka', 'topic' = 'a', {AT}, 'key.format' = 'json', 'value.format' = 'json')")  # CON005: needs a PRIMARY KEY
t_env.execute_sql(f"CREATE TABLE other (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'a', {AT}, 'key.format' = 'json', 'key.fields' = 'ids', 'value.format' = 'json')")  # CON005: no column ids.*it has id
t_env.execute_sql(f"CREATE TABLE couple (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'a;b', {AT}, 'format' = 'json')")  # CON005: one topic, not to 2
t_env.execute_sql(f"CREATE TABLE once (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'a', {AT}, 'format' = 'json', 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'x')")  # CON002: transactions isn't supported yet
t_env.execute_sql(f"CREATE TABLE placed (id BIGINT, o BIGINT METADATA FROM 'offset') WITH ('connector' = 'kafka', 'topic' = 'a', {AT}, 'format' = 'json')")  # BND002: has no metadata "offset"
t_env.execute_sql("CREATE TABLE parts (id BIGINT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysql://localhost/x', 'table-name' = 't', 'scan.partition.column' = 'id')")  # CON005: must be given together
for name in ["keyed", "unkeyed", "other", "couple", "once"]:
    t_env.execute_sql(f"INSERT INTO {name} VALUES (1)")
t_env.execute_sql("INSERT INTO placed VALUES (1, 1)")
t_env.execute_sql("SELECT * FROM parts").print()
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE changes (id BIGINT PRIMARY KEY NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'a', 'properties.bootstrap.servers' = 'localhost:9092', 'key.format' = 'json', 'value.format' = 'json', 'scan.bounded.mode' = 'latest-offset')")  # PLN006: batch mode
t_env.execute_sql("SELECT * FROM changes").print()
---
from pyflink.table import EnvironmentSettings, TableEnvironment

# What PyFlink 1.20.1 says of partitions, modules and plans, in its catalogs in memory.
t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE g (id INT) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TEMPORARY TABLE tmp (id INT) PARTITIONED BY (id) WITH ('connector' = 'datagen')")
t_env.execute_sql("CREATE TABLE p (id INT, dt STRING) PARTITIONED BY (dt) WITH ('connector' = 'filesystem', 'path' = 'x', 'format' = 'csv')")
t_env.execute_sql("ALTER TABLE p ADD PARTITION (dt = '1')")
t_env.execute_sql("ALTER TABLE p ADD PARTITION (dt = '1')")  # BND006: dt=1 .*exists already
t_env.execute_sql("ALTER TABLE p ADD PARTITION (id = 1)")  # BND002: each of its columns: dt
t_env.execute_sql("ALTER TABLE p ADD PARTITION (dt = DATE '2020-01-01')")  # BND004: string or a number
t_env.execute_sql("ALTER TABLE p DROP PARTITION (dt = '2')")  # BND001: no partition dt=2
t_env.execute_sql("ALTER TABLE p PARTITION (dt = '1') COMPACT")  # PLN006: refuses COMPACT
t_env.execute_sql("ALTER TABLE g ADD PARTITION (id = 1)")  # PLN006: not partitioned
t_env.execute_sql("SHOW PARTITIONS g")  # PLN006: not partitioned
t_env.execute_sql("SHOW PARTITIONS tmp")  # BND001: is temporary
t_env.execute_sql("SHOW PARTITIONS nosuch")  # BND001: nosuch
t_env.execute_sql("DESCRIBE CATALOG default_catalog")  # PLN006: no CREATE CATALOG made it
t_env.execute_sql("SHOW CREATE CATALOG default_catalog")  # PLN006: no CREATE CATALOG made it
t_env.execute_sql("SHOW CREATE VIEW g")  # BND001: is a table
t_env.create_temporary_view("api", t_env.from_path("g"))
t_env.execute_sql("SHOW CREATE VIEW api")  # PLN004: that the Table API made
t_env.execute_sql("USE MODULES core, core")  # BND006: twice
t_env.execute_sql("LOAD MODULE Core")  # BND001: Core
t_env.execute_sql("LOAD MODULE core WITH ('type' = 'core')")  # CON003: no option 'type'
t_env.execute_sql("UNLOAD MODULE nosuch")  # BND001: nosuch
t_env.execute_sql("UNLOAD MODULE core")
t_env.execute_sql("UNLOAD MODULE core")  # BND001: no module
t_env.execute_sql("SELECT UPPER('a')").print()  # PLN004: while the module core isn't loaded
t_env.execute_sql("COMPILE PLAN '/tmp/plan' FOR INSERT INTO p SELECT 1, 'a'")  # PLN006: refuses COMPILE PLAN in batch
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE b (id INT) WITH ('connector' = 'blackhole')")
t_env.execute_sql("COMPILE PLAN '/tmp/plan' FOR INSERT INTO b SELECT 1")
t_env.execute_sql("COMPILE PLAN '/tmp/plan' FOR INSERT INTO b SELECT 1")  # BND006: has a plan already
t_env.execute_sql("EXECUTE PLAN '/tmp/other'")  # SQL002: didn't compile
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE g (id INT, k STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '1')")
t_env.execute_sql("SELECT * FROM g PIVOT (SUM(id) FILTER (WHERE id > 1) AS s FOR k IN ('a'))").print()  # BND007: without FILTER
t_env.execute_sql("SELECT * FROM g PIVOT (UPPER(k) FOR id IN (1))").print()  # BND007: aggregate functions
t_env.execute_sql("SELECT * FROM g PIVOT (SUM(id) FOR nosuch IN (1))").print()  # BND002: nosuch
t_env.execute_sql("SELECT g.id.* FROM g").print()  # BND005: fields of a row, but the column is INT
t_env.execute_sql("SELECT nosuch.* FROM g").print()  # BND002: nosuch
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE a (id INT) DISTRIBUTED BY HASH(nosuch) WITH ('connector' = 'blackhole')")  # BND002: nosuch.*is none
t_env.execute_sql("CREATE TABLE b (id INT) DISTRIBUTED BY (id) INTO 0 BUCKETS WITH ('connector' = 'blackhole')")  # CON005: at least one bucket
t_env.execute_sql("CREATE TABLE c (id INT, k STRING) DISTRIBUTED BY (id) WITH ('connector' = 'blackhole')")
t_env.execute_sql("CREATE TABLE d (id INT) WITH ('connector' = 'blackhole')")
t_env.execute_sql("INSERT INTO c SELECT 1, 'a'")  # PLN006: distributed into buckets
t_env.execute_sql("ALTER TABLE c DROP id")  # BND002: DISTRIBUTION is computed of column
t_env.execute_sql("ALTER TABLE c ADD DISTRIBUTION BY (id)")  # BND006: has a distribution already
t_env.execute_sql("ALTER TABLE d DROP DISTRIBUTION")  # BND002: has no distribution
t_env.execute_sql("ALTER TABLE d MODIFY DISTRIBUTION INTO 2 BUCKETS")  # BND002: has no distribution
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("CREATE TABLE a (v VARBINARY(5)) WITH ('connector' = 'datagen', 'fields.v.length' = '9')")  # CON005: above the 5
t_env.execute_sql("CREATE TABLE b (s CHAR(5)) WITH ('connector' = 'datagen', 'fields.s.length' = '2')")  # CON005: has its length
t_env.execute_sql("CREATE TABLE c (f BINARY(3)) WITH ('connector' = 'datagen', 'fields.f.var-len' = 'true')")  # CON005: has its length
t_env.execute_sql("CREATE TABLE d (e BYTES) WITH ('connector' = 'datagen', 'fields.e.null-rate' = '1')")  # CON003: null-rate
for name in "abcd":
    t_env.execute_sql(f"SELECT * FROM {name}").print()
