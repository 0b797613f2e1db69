"""Each row as it is, into files of a folder for each length of a key."""
from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import LINES

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql("""
    CREATE TABLE filed (id BIGINT, k STRING, amount BIGINT, width INT) PARTITIONED BY (width) WITH (
        'connector' = 'filesystem', 'path' = 'filed', 'format' = 'csv')
""")
t_env.execute_sql("INSERT INTO filed SELECT id, k, amount, CHAR_LENGTH(k) FROM lines")
