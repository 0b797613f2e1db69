"""Traffic by province: the addresses of an access log are mapped by a Python function."""
import os

from pyflink.table import DataTypes, EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import call, col
from pyflink.table.udf import udf

NETWORKS = {
    "14": "Guangdong", "27": "Hubei", "36": "Beijing", "39": "Shandong", "42": "Jiangsu", "58": "Shanghai",
    "59": "Fujian", "60": "Zhejiang", "61": "Sichuan", "101": "Tianjin", "110": "Liaoning", "113": "Hunan",
    "117": "Anhui", "124": "Yunnan", "171": "Henan", "222": "Jilin",
}


@udf(result_type=DataTypes.STRING())
def province(ip):
    """The province of an address, by its first number."""
    return NETWORKS.get(ip.split(".", 1)[0], "unknown") if ip else "unknown"


t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.get_config().set("parallelism.default", "2")
t_env.create_temporary_function("province", province)
t_env.execute_sql(f"""
    CREATE TABLE access_log (
        uuid STRING,
        client_ip STRING,
        request_time BIGINT,
        response_size BIGINT,
        uri STRING
    ) WITH (
        'connector' = 'kafka',
        'topic' = '{os.environ["BENCH_TOPIC"]}',
        'properties.bootstrap.servers' = '{os.environ["BENCH_KAFKA"]}',
        'scan.startup.mode' = 'earliest-offset',
        'scan.bounded.mode' = 'latest-offset',
        'format' = 'csv',
        'csv.ignore-parse-errors' = 'true'
    )
""")
t_env.execute_sql(f"""
    CREATE TABLE traffic (
        name STRING,
        requests BIGINT,
        sent BIGINT,
        speed DOUBLE,
        PRIMARY KEY (name) NOT ENFORCED
    ) WITH (
        'connector' = 'jdbc',
        'url' = '{os.environ["BENCH_JDBC"]}',
        'table-name' = 'traffic',
        'username' = 'root',
        'password' = 'root',
        'sink.buffer-flush.max-rows' = '{os.environ.get("BENCH_FLUSH_ROWS", "100")}'
    )
""")

t_env.from_path("access_log") \
    .select(col("uuid"), call("province", col("client_ip")).alias("name"), col("response_size"), col("request_time")) \
    .group_by(col("name")) \
    .select(col("name"),
            col("uuid").count.alias("requests"),
            col("response_size").sum.alias("sent"),
            (col("response_size").sum * 1.0 / col("request_time").sum).alias("speed")) \
    .execute_insert("traffic").wait()
