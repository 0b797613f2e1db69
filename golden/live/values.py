"""Writes values that a database may not take."""
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

from tables import LINES, database

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql(database("vals", "k STRING, ratio DOUBLE, PRIMARY KEY (k) NOT ENFORCED"))
t_env.from_path("lines") \
    .group_by(col("k")).select(col("k"), (col("amount").sum * 1.0 / col("id").sum).alias("ratio")) \
    .execute_insert("vals")
