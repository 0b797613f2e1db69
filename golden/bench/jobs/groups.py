"""What each of many users has bought: an aggregation in batch mode, and nothing
behind it."""
import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.get_config().set("parallelism.default", "2")
t_env.execute_sql(f"""
    CREATE TABLE orders (id BIGINT, name STRING, amount BIGINT) WITH (
        'connector' = 'filesystem',
        'path' = '{os.environ["BENCH_FILES"]}',
        'format' = 'csv'
    )
""")
t_env.execute_sql("""
    CREATE TABLE totals (
        name STRING,
        orders BIGINT,
        amount BIGINT,
        largest BIGINT
    ) WITH ('connector' = 'blackhole')
""")
t_env.execute_sql("""
    INSERT INTO totals
    SELECT name, COUNT(*), SUM(amount), MAX(amount)
    FROM orders
    GROUP BY name
""").wait()
