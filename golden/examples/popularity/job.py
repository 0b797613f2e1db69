"""How often each product was looked at, and for how long: a file, a GROUP BY,
and the changes on standard output."""
import os

from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

here = os.path.dirname(os.path.abspath(__file__))

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("parallelism.default", "1")

t_env.execute_sql(f"""
    CREATE TABLE visits (
        product STRING,
        seconds INT
    ) WITH (
        'connector' = 'filesystem',
        'path' = '{here}/visits.csv',
        'format' = 'csv'
    )
""")
t_env.execute_sql("""
    CREATE TABLE popularity (
        product STRING,
        visits BIGINT,
        mean_seconds INT
    ) WITH ('connector' = 'print')
""")

t_env.from_path("visits") \
    .where(col("seconds") > 0) \
    .group_by(col("product")) \
    .select(col("product"), col("product").count.alias("visits"), col("seconds").avg.alias("mean_seconds")) \
    .execute_insert("popularity") \
    .wait()
