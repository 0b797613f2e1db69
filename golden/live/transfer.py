"""Each row of a database's table, into one of another."""
from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import database

t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.execute_sql(database("taken", "id BIGINT, k STRING, amount BIGINT"))
t_env.execute_sql(database("copied", "id BIGINT, k STRING, amount BIGINT"))
t_env.execute_sql("INSERT INTO copied SELECT * FROM taken WHERE id > 10 AND k <> 'group1-1'")
