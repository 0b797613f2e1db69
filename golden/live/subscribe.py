"""The table that a topic's messages tell the changes of, in a database."""
from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import changes, database

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(changes("lines"))
t_env.execute_sql(database("rare", "k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED"))
t_env.execute_sql("INSERT INTO rare SELECT * FROM lines")
