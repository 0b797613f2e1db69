"""Traffic of a content delivery network by province: access log lines from
Kafka, the province of each client address from a look-up service, totals in
MySQL. In the legacy Table API of PyFlink 1.10."""
import os

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import EnvironmentSettings, StreamTableEnvironment

from traffic.regions import province_of
from traffic.tables import log_ddl, totals_ddl

here = os.path.dirname(os.path.abspath(__file__))

env = StreamExecutionEnvironment.get_execution_environment()
settings = EnvironmentSettings.new_instance().in_streaming_mode().use_blink_planner().build()
t_env = StreamTableEnvironment.create(env, environment_settings=settings)

t_env.sql_update(log_ddl)
t_env.sql_update(totals_ddl)

t_env.register_function("province_of", province_of)
t_env.add_python_file(here + "/traffic/regions.py")

requests = t_env.from_path("access_lines") \
    .select("request_id, "
            "province_of(client) as province, "  # asked of the look-up service
            "sent_bytes, took_millis")

requests.group_by("province") \
    .select("province, "
            "count(request_id) as requests, "
            "sum(sent_bytes) as sent_bytes, "
            "sum(sent_bytes) * 1.0 / sum(took_millis) as speed") \
    .insert_into("traffic_totals")

t_env.execute("traffic by province")
