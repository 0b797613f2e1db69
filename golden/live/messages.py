"""Writes and reads messages in all forms; what PyFlink makes of it is recorded in messages.txtar."""
import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("parallelism.default", "1")
t_env.get_config().set("table.local-time-zone", "UTC")
BROKER = os.environ["BROKER"]


def table(name, columns, options, connector="kafka", topic=None):
    options = "".join(f", '{k}' = '{v}'" for k, v in options.items())
    t_env.execute_sql(f"""CREATE TABLE {name} ({columns}) WITH ('connector' = '{connector}', 'topic' = '{topic or name}',
        'properties.bootstrap.servers' = '{BROKER}'{options})""")


def written(name, columns, options, query="SELECT * FROM v", connector="kafka"):
    table(name, columns, options, connector)
    t_env.execute_sql(f"INSERT INTO {name} {query}").wait()


def shown(query):
    print(query)
    t_env.execute_sql(query).print()


t_env.execute_sql("""CREATE TEMPORARY VIEW v AS SELECT * FROM (VALUES
    (1, 'a', CAST(1.50 AS DECIMAL(10, 2)), TRUE),
    (2, 'bé', CAST(NULL AS DECIMAL(10, 2)), CAST(NULL AS BOOLEAN)),
    (CAST(NULL AS INT), 'c,d "x"', CAST(100000.00 AS DECIMAL(10, 2)), FALSE)) AS t (id, name, price, ok)""")
t_env.execute_sql("CREATE TEMPORARY VIEW w AS SELECT * FROM (VALUES ('a', 1), ('b', 2), ('a', 3), ('c', 4), ('b', 5)) AS t (k, x)")
ROW = "id INT, name STRING, price DECIMAL(10, 2), ok BOOLEAN"
APART = {"value.fields-include": "EXCEPT_KEY"}

# Values alone, and keys of all kinds.
written("w_json", ROW, {"format": "json"})
written("w_csv", ROW, {"format": "csv"})
written("w_both", ROW, {"key.format": "json", "key.fields": "id;name", "value.format": "json"})
written("w_order", ROW, {"key.format": "json", "key.fields": "name;id", "value.format": "json", **APART})
written("w_keycsv", ROW, {"key.format": "csv", "key.fields": "id;name", "value.format": "csv", **APART})
written("w_prefix", "k_id INT, k_name STRING, price DECIMAL(10, 2), ok BOOLEAN",
        {"key.format": "json", "key.fields": "k_id;k_name", "key.fields-prefix": "k_", "value.format": "json", **APART})
written("w_fixed", ROW, {"key.format": "json", "key.fields": "id", "value.format": "json", "sink.partitioner": "fixed"})
written("w_raw", "k STRING, v STRING", {"key.format": "raw", "key.fields": "k", "value.format": "raw", **APART},
        "VALUES ('k', 'abc'), ('é', CAST(NULL AS STRING)), (CAST(NULL AS STRING), 'x'), ('', '')")
written("w_number", "k BIGINT, v STRING", {"key.format": "raw", "key.fields": "k", "value.format": "json"}, "VALUES (CAST(1633837924 AS BIGINT), 'a')")

# What is beside keys and values.
BESIDE = "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', h MAP<STRING, BYTES> METADATA FROM 'headers'"
written("w_beside", BESIDE, {"format": "json"},
        "SELECT id, TO_TIMESTAMP_LTZ(1700000000123 + id, 3), MAP['a', CAST('x' AS BYTES), 'b', CAST(NULL AS BYTES)] FROM v WHERE id IS NOT NULL")
written("w_local", "id INT, ts TIMESTAMP(3) METADATA FROM 'timestamp'", {"format": "json"},
        "SELECT id, TIMESTAMP '2020-01-01 00:00:00.5' FROM v WHERE id IS NOT NULL")

# Changes by key.
JSON = {"key.format": "json", "value.format": "json"}
COUNT = "name STRING, n BIGINT, PRIMARY KEY (name) NOT ENFORCED"
RARE = "SELECT k, c FROM (SELECT k, COUNT(*) c FROM w GROUP BY k) WHERE c < 2"
written("w_rows", ROW + ", PRIMARY KEY (name) NOT ENFORCED", {"key.format": "csv", "value.format": "json", **APART}, connector="upsert-kafka")
written("w_counts", COUNT, JSON, "SELECT k, COUNT(*) FROM w GROUP BY k", "upsert-kafka")
written("w_rare", COUNT, JSON, RARE, "upsert-kafka")
written("w_reduced", COUNT, {**JSON, "sink.buffer-flush.max-rows": "3", "sink.buffer-flush.interval": "1h"}, RARE, "upsert-kafka")
written("w_stamped", "name STRING, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', n BIGINT, PRIMARY KEY (name) NOT ENFORCED", JSON,
        "SELECT k, MAX(TO_TIMESTAMP_LTZ(x, 3)), COUNT(*) FROM w GROUP BY k", "upsert-kafka")
written("w_short", "k_name STRING, n BIGINT, PRIMARY KEY (k_name) NOT ENFORCED", {**JSON, **APART, "key.fields-prefix": "k_"},
        "SELECT k, COUNT(*) FROM w GROUP BY k", "upsert-kafka")

# Reading: metadata, keys in both places, deletions.
ALL = {"scan.startup.mode": "earliest-offset", "scan.bounded.mode": "latest-offset"}
END = {"scan.bounded.mode": "latest-offset"}
table("r_beside", """id INT, tp STRING METADATA FROM 'topic' VIRTUAL, `partition` INT METADATA VIRTUAL, `offset` BIGINT METADATA VIRTUAL,
    `timestamp` TIMESTAMP_LTZ(3) METADATA VIRTUAL, tt STRING METADATA FROM 'timestamp-type' VIRTUAL, le INT METADATA FROM 'leader-epoch' VIRTUAL""",
      {"format": "json", **ALL}, topic="in_beside")
shown("SELECT * FROM r_beside")
table("r_other", "id INT, ts TIMESTAMP(3) METADATA FROM 'timestamp', o INT METADATA FROM 'offset', p STRING METADATA FROM 'partition', h MAP<STRING, BYTES> METADATA FROM 'headers'",
      {"format": "json", **ALL}, topic="in_beside")
shown("SELECT id, ts, o, p, CAST(h['a'] AS STRING) AS a, CARDINALITY(h) AS n FROM r_other")
shown("SELECT o FROM r_other WHERE id > 1")
KEYED = {"key.format": "json", "key.fields": "id", "value.format": "json", "key.json.ignore-parse-errors": "true", **ALL}
table("r_both", "id INT, v STRING", KEYED, topic="in_keys")
shown("SELECT * FROM r_both")
table("r_apart", "id INT, v STRING", {**KEYED, **APART}, topic="in_keys")
shown("SELECT * FROM r_apart")
shown("SELECT v FROM r_apart")
table("r_csv", "id INT, name STRING, price DECIMAL(10, 2), ok BOOLEAN",
      {"key.format": "csv", "key.fields": "id;name", "value.format": "csv", **APART, **ALL}, topic="in_csv")
shown("SELECT * FROM r_csv")
table("r_raw", "k STRING, v STRING", {"key.format": "raw", "key.fields": "k", "value.format": "raw", **APART, **ALL}, topic="in_csv")
shown("SELECT * FROM r_raw")
IGNORE = {"key.json.ignore-parse-errors": "true", "value.json.ignore-parse-errors": "true"}
table("r_changes", "id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED", {**JSON, **APART, **IGNORE, **END}, "upsert-kafka", "in_changes")
shown("SELECT * FROM r_changes")
shown("SELECT COUNT(*) FROM r_changes")
shown("SELECT v FROM r_changes WHERE v <> 'a'")
table("r_offsets", "id INT, v STRING, o BIGINT METADATA FROM 'offset' VIRTUAL, PRIMARY KEY (id) NOT ENFORCED", {**JSON, **APART, **IGNORE, **END},
      "upsert-kafka", "in_changes")
shown("SELECT * FROM r_offsets")
