"""Each row as it is, into a table without a key."""
from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import LINES, database

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql(database("copied", "id BIGINT, k STRING, amount BIGINT"))
t_env.execute_sql("INSERT INTO copied SELECT * FROM lines")
