"""Prints what a topic holds."""
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE lines (v STRING) WITH (
        'connector' = 'kafka',
        'topic' = 'lines',
        'properties.bootstrap.servers' = 'localhost:9092',
        'properties.group.id' = 'live',
        'scan.topic-partition-discovery.interval' = '200 ms',
        'format' = 'csv'
    )
""")
t_env.execute_sql("CREATE TABLE shown (v STRING) WITH ('connector' = 'print')")
t_env.execute_sql("INSERT INTO shown SELECT v FROM lines")
