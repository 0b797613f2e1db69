from pyflink.table import EnvironmentSettings, TableEnvironment

from tables import LINES, TOTALS

t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
t_env.execute_sql(LINES)
t_env.execute_sql(TOTALS)
t_env.execute_sql("CREATE TEMPORARY FUNCTION bucket AS 'functions.bucket' LANGUAGE PYTHON")
t_env.execute_sql("""
    INSERT INTO totals
    SELECT bucket(k), COUNT(id), SUM(amount), SUM(amount) / CAST(COUNT(id) AS DOUBLE)
    FROM lines
    GROUP BY bucket(k)
""")
