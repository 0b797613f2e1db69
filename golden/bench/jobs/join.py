"""Orders with the names of their users: a hash join in batch mode, and nothing
behind it."""
import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.get_config().set("parallelism.default", "2")
for name, columns in {
    "users": "uid BIGINT, name STRING, grp INT",
    "orders": "id BIGINT, uid BIGINT, amount BIGINT",
}.items():
    t_env.execute_sql(f"""
        CREATE TABLE {name} ({columns}) WITH (
            'connector' = 'filesystem',
            'path' = '{os.environ["BENCH_FILES"]}/{name}',
            'format' = 'csv'
        )
    """)
t_env.execute_sql("""
    CREATE TABLE named (
        id BIGINT,
        name STRING,
        amount BIGINT
    ) WITH ('connector' = 'blackhole')
""")
t_env.execute_sql("""
    INSERT INTO named
    SELECT o.id, u.name, o.amount
    FROM orders AS o JOIN users AS u ON o.uid = u.uid
""").wait()
