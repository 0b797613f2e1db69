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
name = input("which table? ")  # PY009: terminal
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

if os.environ.get("STAGE", "dev") == "prod":  # IN002: STAGE.*--env STAGE=
    raise ValueError("not here")
if os.getenv("LOCAL"):  # IN002: LOCAL.*--env LOCAL=
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
