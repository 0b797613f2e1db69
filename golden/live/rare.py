"""Keys leave the table when they aren't rare any more."""
from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import LINES, database

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql(database("rare", "k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED"))
t_env.execute_sql("INSERT INTO rare SELECT k, COUNT(*) FROM lines GROUP BY k HAVING COUNT(*) <= 100")
