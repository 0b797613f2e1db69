from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import call, col

from functions import bucket
from tables import LINES, TOTALS

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql(TOTALS)
t_env.create_temporary_function("bucket", bucket)

t_env.from_path("lines") \
    .select(call("bucket", col("k")).alias("name"), col("id"), col("amount")) \
    .group_by(col("name")) \
    .select(col("name"),
            col("id").count.alias("n"),
            col("amount").sum.alias("total"),
            (col("amount").sum * 1.0 / col("id").count).alias("mean")) \
    .execute_insert("totals")
