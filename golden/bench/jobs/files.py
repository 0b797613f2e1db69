"""Large answers by their size in kilobytes: files, a projection, a filter, and
nothing behind them."""
import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
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
        'format' = 'csv',
        'csv.ignore-parse-errors' = 'true'
    )
""")
t_env.execute_sql("""
    CREATE TABLE answers (
        client_ip STRING,
        uri STRING,
        kilobytes BIGINT
    ) WITH ('connector' = 'blackhole')
""")
t_env.execute_sql("""
    INSERT INTO answers
    SELECT client_ip, UPPER(uri), response_size / 1024
    FROM access_log
    WHERE response_size > 200000 AND request_time > 10
""").wait()
