"""Reads csv files of S3, writes partitions of parquet files there, and reads them back."""
from pyflink.common import Configuration
from pyflink.table import EnvironmentSettings, TableEnvironment

config = Configuration()
config.set_string("s3.path.style.access", "true")
t_env = TableEnvironment.create(EnvironmentSettings.new_instance().in_batch_mode().with_configuration(config).build())
t_env.get_config().set("parallelism.default", "2")
t_env.execute_sql("""
    CREATE TABLE src (id INT, word STRING, part STRING, name STRING METADATA FROM 'file.path' VIRTUAL)
    WITH ('connector' = 'filesystem', 'path' = 's3a://files/in', 'format' = 'csv')
""")
t_env.execute_sql("""
    CREATE TABLE parts (id INT, word STRING, part STRING) PARTITIONED BY (part)
    WITH ('connector' = 'filesystem', 'path' = 's3://files/out/table', 'format' = 'parquet',
          'sink.partition-commit.policy.kind' = 'success-file')
""")
t_env.execute_sql("SELECT name, COUNT(*) AS n, MIN(id) AS least, MAX(id) AS most FROM src GROUP BY name ORDER BY name").print()
t_env.execute_sql("INSERT INTO parts SELECT id, word, part FROM src").wait()
t_env.execute_sql("INSERT OVERWRITE parts SELECT id + 100000, word, part FROM src WHERE part = 'b'").wait()
t_env.execute_sql("SELECT part, COUNT(*) AS n, MIN(id) AS least, MAX(id) AS most, COUNT(DISTINCT word) AS words FROM parts GROUP BY part ORDER BY part").print()
t_env.execute_sql("SELECT COUNT(*) AS n FROM parts WHERE part = 'c'").print()
