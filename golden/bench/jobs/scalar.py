"""Ten expressions over each line of an access log, and nothing behind them."""
import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.get_config().set("parallelism.default", "2")
t_env.execute_sql(f"""
    CREATE TABLE access_log (
        uuid STRING,
        client_ip STRING,
        request_time BIGINT,
        response_size BIGINT,
        uri STRING
    ) WITH (
        'connector' = 'filesystem',
        'path' = '{os.environ["BENCH_FILES"]}',
        'format' = 'csv'
    )
""")
t_env.execute_sql("""
    CREATE TABLE answers (
        session STRING,
        network STRING,
        address STRING,
        path STRING,
        folder STRING,
        kilobytes BIGINT,
        remainder BIGINT,
        speed DOUBLE,
        verdict STRING,
        logarithm DOUBLE
    ) WITH ('connector' = 'blackhole')
""")
t_env.execute_sql("""
    INSERT INTO answers
    SELECT
        SUBSTRING(uuid FROM 1 FOR 8),
        SPLIT_INDEX(client_ip, '.', 0),
        CONCAT(client_ip, uri),
        UPPER(uri),
        SUBSTRING(uri FROM 2 FOR POSITION('/' IN SUBSTRING(uri FROM 2)) - 1),
        response_size / 1024,
        MOD(response_size, 1024),
        CAST(response_size AS DOUBLE) / request_time,
        CASE WHEN request_time > 4000 THEN 'slow' WHEN request_time > 100 THEN 'fair' ELSE 'fast' END,
        LN(response_size)
    FROM access_log
""").wait()
