"""Prints what a topic holds, in the legacy API."""
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

t_env = StreamTableEnvironment.create(StreamExecutionEnvironment.get_execution_environment())
t_env.sql_update("""
    CREATE TABLE lines (v VARCHAR) WITH (
        'connector.type' = 'kafka',
        'connector.version' = 'universal',
        'connector.topic' = 'lines',
        'connector.properties.bootstrap.servers' = 'localhost:9092',
        'format.type' = 'csv'
    )
""")
t_env.sql_update("CREATE TABLE shown (v VARCHAR) WITH ('connector' = 'print')")
t_env.from_path("lines").insert_into("shown")
t_env.execute("show")
