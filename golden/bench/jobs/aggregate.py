"""Traffic by URI: the same access log without a Python function."""
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
        'connector' = 'kafka',
        'topic' = '{os.environ["BENCH_TOPIC"]}',
        'properties.bootstrap.servers' = '{os.environ["BENCH_KAFKA"]}',
        'scan.startup.mode' = 'earliest-offset',
        'scan.bounded.mode' = 'latest-offset',
        'format' = 'csv',
        'csv.ignore-parse-errors' = 'true'
    )
""")
t_env.execute_sql(f"""
    CREATE TABLE traffic (
        name STRING,
        requests BIGINT,
        sent BIGINT,
        speed DOUBLE,
        PRIMARY KEY (name) NOT ENFORCED
    ) WITH (
        'connector' = 'jdbc',
        'url' = '{os.environ["BENCH_JDBC"]}',
        'table-name' = 'traffic',
        'username' = 'root',
        'password' = 'root',
        'sink.buffer-flush.max-rows' = '{os.environ.get("BENCH_FLUSH_ROWS", "100")}'
    )
""")
t_env.execute_sql("""
    INSERT INTO traffic
    SELECT uri, COUNT(uuid), SUM(response_size), SUM(response_size) * CAST(1.0 AS DOUBLE) / SUM(request_time)
    FROM access_log
    WHERE uri IS NOT NULL
    GROUP BY uri
""").wait()
