"""How many keys occur how often: an aggregation whose input takes rows back."""
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col

from tables import LINES, database

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql(database("counts", "n BIGINT, ks BIGINT, PRIMARY KEY (n) NOT ENFORCED"))
t_env.from_path("lines") \
    .group_by(col("k")).select(col("k"), col("id").count.alias("n")) \
    .group_by(col("n")).select(col("n"), col("k").count.alias("ks")) \
    .execute_insert("counts")
