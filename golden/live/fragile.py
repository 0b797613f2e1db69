"""A function that fails for some keys."""
from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import call, col

from functions import fragile
from tables import LINES

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql("CREATE TABLE shown (id BIGINT, v STRING) WITH ('connector' = 'print')")
t_env.create_temporary_function("fragile", fragile)
t_env.from_path("lines").select(col("id"), call("fragile", col("k"))).execute_insert("shown")
