"""Rows of a Kinesis stream as they are into another, and into a delivery stream;
their totals, as changes, into a third."""
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
COLUMNS = "id BIGINT, k STRING, amount BIGINT"
TOTALS = "k STRING, n BIGINT, total BIGINT"


def stream(name, columns, options):
    """Declares a table of a stream that is partitioned by its column k."""
    t_env.execute_sql(f"""
        CREATE TABLE {name} ({columns}) PARTITIONED BY (k) WITH (
            'connector' = 'kinesis',
            'stream' = '{name}',
            'aws.region' = 'us-east-1',
            {options}
        )
    """)


stream("lines", COLUMNS + ", shard STRING METADATA FROM 'shard-id' VIRTUAL", """
    'scan.stream.initpos' = 'TRIM_HORIZON',
    'scan.shard.getrecords.intervalmillis' = '50',
    'format' = 'csv',
    'csv.ignore-parse-errors' = 'true'
""")
stream("mirrored", COLUMNS, "'sink.flush-buffer.timeout' = '100', 'format' = 'json'")
stream("totals", TOTALS, """
    'sink.requests.max-inflight' = '1',
    'sink.flush-buffer.timeout' = '100',
    'format' = 'debezium-json'
""")
t_env.execute_sql(f"""
    CREATE TABLE delivered ({COLUMNS}) WITH (
        'connector' = 'firehose',
        'delivery-stream' = 'delivered',
        'aws.region' = 'us-east-1',
        'sink.flush-buffer.timeout' = '100',
        'format' = 'json'
    )
""")
statements = t_env.create_statement_set()
statements.add_insert_sql("INSERT INTO mirrored SELECT id, k, amount FROM lines WHERE shard LIKE 'shardId-%'")
statements.add_insert_sql("INSERT INTO delivered SELECT id, k, amount FROM lines")
statements.add_insert_sql("INSERT INTO totals SELECT k, COUNT(*), SUM(amount) FROM lines GROUP BY k")
statements.execute()
