import os

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
if os.environ["REGION"] == "eu":  # IN002: REGION.*--env REGION=
    t_env.get_config().set("parallelism.default", "1")
---
import requests

from pyflink.table import EnvironmentSettings, TableEnvironment

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
ddl = requests.get("http://schemas.example/clicks").text  # PY009: requests.get
---
import subprocess

subprocess.run(["ls"])  # PY009: subprocess
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
async def main():  # PY002: async
    pass
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
