import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
if os.environ["REGION"] == "eu":  # IN002: REGION.*--env REGION=
    t_env.get_config().set("parallelism.default", "1")
---
import requests

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
ddl = requests.get("http://schemas.example/clicks").text
t_env.execute_sql(ddl)  # PY008: requests.get.*is passed to execute_sql
---
from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql("DROP TABLE " + input("which table? "))  # PY008: input.*only known when the job runs
---
from pyflink.table import TableEnvironment

t_env = TableEnvironment.create(settings)  # PY003: settings
---
tables = {"in": "clicks"}
print(tables["out"])  # PY005: KeyError.*out
---
with open("job.properties") as f:  # IN003: job.properties
    print(f.read())
---
async def main():
    await main()

main()  # PY002: asynchronous
---
print("unclosed"  # PY001: 
---
def setup(env):
    return env.parallelism  # PY004: int.*parallelism


setup(3)
---
from pyflink.table import EnvironmentSettings, TableEnvironment

from company_schemas import clicks_ddl

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(clicks_ddl)  # PY008: company_schemas
---
import os

import requests

from pyflink.table import EnvironmentSettings, TableEnvironment

if os.environ.get("STAGE", "dev") == "prod":  # IN006: STAGE.*--env STAGE=
    raise ValueError("not here")
if os.getenv("LOCAL"):  # IN006: LOCAL.*takes it as missing.*--env LOCAL=
    print("local")
t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
answer = requests.get("http://schemas.example/clicks")
if answer.ok:
    for name in answer.json():
        t_env.execute_sql(name)  # PY008: requests.get.*is passed to execute_sql
t_env.executeSql("SELECT 1")  # PY004: executeSql.*execute_sql
---
import os

has_env = os.path.exists("/usr/bin/env")  # IN005: (?s)/usr/bin/env.*outside its project.*--file /usr/bin/env
if not os.path.isfile("/etc/flink/application_properties.json"):  # IN004: application_properties.json.*--file
    properties = None
for group in properties:  # IN003: (?s)NoneType.*application_properties.json=FILE
    print(group)
---
import sys

from pyflink.table import EnvironmentSettings, TableEnvironment
from pyflink.util.exceptions import TableException

config = sys.argv[1] if len(sys.argv) > 1 else "none"  # IN006: len\(sys\.argv\) needs argument 1, which the build wasn't given; the build takes it as missing
t_env = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
t_env.create_temporary_view("v", t_env.sql_query("SELECT 'a' AS name"))
for _ in range(2):
    try:
        t_env.execute_sql("CREATE TABLE t (name STRING) WITH ('connector' = 'print')")  # PY012: "t" exists already; the script catches
    except Exception:
        print("there already")
try:
    t_env.sql_query("SELECT nothing FROM v")  # PY012: cannot resolve column "nothing"; the script catches
except (ValueError, Exception) as e:
    print(type(e).__name__)
try:
    t_env.execute_sql("SELECT UPPERCASE(name) FROM v")  # BND003: UPPERCASE . did you mean UPPER\?
except TableException:
    print("another exception")
try:
    t_env.execute_sql("CREATE TABLE u (name TEXT)")  # BND009: TEXT . Flink calls it STRING
except Exception:
    sys.exit(1)
t_env.execute_sql("INSERT INTO t VALUES ('a')")
