"""The tables that the jobs of this folder share. Tests put their own topics,
tables and addresses in their place by --set."""
import os

# Of which database it is, the build doesn't know: tests set either kind.
URL = os.environ.get("DATABASE", "jdbc:mysql://localhost:3306/flink")

LINES = """
CREATE TABLE lines (
    id BIGINT,
    k STRING,
    amount BIGINT
) WITH (
    'connector' = 'kafka',
    'topic' = 'lines',
    'properties.bootstrap.servers' = 'localhost:9092',
    'properties.group.id' = 'live',
    'scan.startup.mode' = 'earliest-offset',
    'scan.topic-partition-discovery.interval' = '200 ms',
    'format' = 'csv',
    'csv.ignore-parse-errors' = 'true'
)
"""


def database(name, columns):
    """The DDL of a table of a database."""
    return f"""
CREATE TABLE {name} ({columns}) WITH (
    'connector' = 'jdbc',
    'url' = '{URL}',
    'table-name' = '{name}',
    'username' = 'root',
    'password' = 'root',
    'sink.buffer-flush.interval' = '200 ms'
)
"""


TOTALS = database("totals", """
    name STRING, n BIGINT, total BIGINT, mean DOUBLE, PRIMARY KEY (name) NOT ENFORCED
""")


def changes(name):
    """The DDL of a table whose changes are a topic's messages."""
    return f"""
CREATE TABLE {name} (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH (
    'connector' = 'upsert-kafka',
    'topic' = '{name}',
    'properties.bootstrap.servers' = 'localhost:9092',
    'key.format' = 'json',
    'value.format' = 'json',
    'value.fields-include' = 'EXCEPT_KEY'
)
"""
