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
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("""
    CREATE TABLE orders (id BIGINT) WITH (
        'connector' = 'kafka',
        'topics' = 'orders',  -- # CON003: topics.*topic
        'topic' = 'orders',
        'properties.bootstrap.servers' = 'localhost:9092',
        'scan.startup.mode' = 'earliest',  -- # CON005: earliest-offset
        'format' = 'csv'
    )
""")
