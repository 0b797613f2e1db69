"""Each row as it is, into another topic."""
from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import LINES

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql("""
    CREATE TABLE mirror (id BIGINT, k STRING, amount BIGINT) WITH (
        'connector' = 'kafka',
        'topic' = 'mirror',
        'properties.bootstrap.servers' = 'localhost:9092',
        'key.format' = 'csv',
        'key.fields' = 'k',
        'value.format' = 'json'
    )
""")
t_env.execute_sql("INSERT INTO mirror SELECT * FROM lines")
