from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.executeSql("SELECT 1")  # PY004: executeSql.*execute_sql
---
from pyflink.table import EnvironmentSettings, TableEnvironment, col

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("CREATE TABLE s (amount DOUBLE) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'localhost:9092', 'scan.startup.mode' = 'earliest-offset', 'format' = 'csv')")
t_env.execute_sql("CREATE TABLE p (amount DOUBLE) WITH ('connector' = 'print')")
t_env.from_path("s").select(col("amuont")).execute_insert("p")  # BND002: amuont.*amount
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("parallelism.default", "1")
print(t_env._j_tenv)  # API004: _j_tenv
---
from pyflink.tabel import TableEnvironment  # PY006: pyflink.tabel.*pyflink.table
