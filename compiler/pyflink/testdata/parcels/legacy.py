import os

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import EnvironmentSettings, StreamTableEnvironment
from depot.scan.region import region_of
from depot.scan.tables import scans, totals

env = StreamExecutionEnvironment.get_execution_environment()
t_env = StreamTableEnvironment.create(
    env,
    environment_settings=EnvironmentSettings.new_instance().use_blink_planner().build())

t_env.sql_update(scans)
t_env.sql_update(totals)
t_env.register_function("region_of", region_of)
t_env.add_python_file(os.path.join(os.path.dirname(os.path.abspath(__file__)), "depot", "scan", "region.py"))

t_env.from_path("scans")\
   .select("parcel, "
           "region_of(station) as region, "  # one look-up per row
           "grams, millis")\
   .group_by("region")\
   .select(  # parcels
           "region, count(parcel) as parcels, "
           # weight and speed
           "sum(grams) as weight, "
           "sum(grams) * 1.0 / sum(millis) as speed") \
   .insert_into("totals")

t_env.execute("parcel totals")
