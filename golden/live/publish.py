"""Keys leave the topic's table when they aren't rare any more."""
from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import LINES, changes

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql(changes("published"))
t_env.execute_sql("INSERT INTO published SELECT k, COUNT(*) FROM lines GROUP BY k HAVING COUNT(*) <= 100")
