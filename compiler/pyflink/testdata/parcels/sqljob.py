from pyflink.table import EnvironmentSettings, TableEnvironment
from depot.scan.tables import scans, totals

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(scans)
t_env.execute_sql(totals)
t_env.execute_sql("CREATE TEMPORARY FUNCTION region_of AS 'depot.scan.region.region_of' LANGUAGE PYTHON")
t_env.execute_sql("""
    INSERT INTO totals
    SELECT region, COUNT(parcel), SUM(grams), CAST(SUM(grams) AS DOUBLE) / SUM(millis)
    FROM (SELECT parcel, region_of(station) AS region, grams, millis FROM scans)
    GROUP BY region
""").wait()
