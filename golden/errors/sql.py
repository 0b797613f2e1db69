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
    TABLESAMPLE SYSTEM (10)  -- # SQL002: TABLESAMPLE
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

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql("""CREATE TABLE watched (a STRING) WITH (
    'connector' = 'filesystem', 'path' = 'in', 'format' = 'csv', 'source.monitor-interval' = '1 s')""")
t_env.execute_sql("SELECT * FROM watched").print()  # PLN006: unbounded table "watched" in batch mode
