from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.table.expressions import col
from depot.scan.region import region_of
from depot.scan.tables import scans, totals

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(scans)
t_env.execute_sql(totals)
t_env.create_temporary_function("region_of", region_of)

(t_env.from_path("scans")
    .select(col("parcel"), region_of(col("station")).alias("region"), col("grams"), col("millis"))
    .group_by(col("region"))
    .select(col("region"),
            col("parcel").count.alias("parcels"),
            col("grams").sum.alias("weight"),
            (col("grams").sum * 1.0 / col("millis").sum).alias("speed"))
    .execute_insert("totals")
    .wait())
