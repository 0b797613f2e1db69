from pyflink.table import DataTypes
from pyflink.table.udf import udf


@udf(result_type=DataTypes.STRING())
def bucket(k):
    """What stands in front of the dash."""
    return None if k is None else k.split("-")[0]


@udf(result_type=DataTypes.STRING())
def fragile(k):
    """Raises an exception for one key, and waits for ever for another."""
    if k == "hang":
        import threading
        threading.Event().wait()
    return {"a": "letter", "1": "digit"}[k]
