import json
from urllib.parse import quote_plus
from urllib.request import urlopen

from pyflink.table import DataTypes
from pyflink.table.udf import udf

LOOKUP = "http://regions.example/province?address="
UNKNOWN = "unknown"


@udf(input_types=[DataTypes.STRING()], result_type=DataTypes.STRING())
def province_of(address):
    """The province of an address, as the look-up service has it: a line of
    JSON in GBK, with a script around it. What can't be looked up is counted together."""
    try:
        with urlopen(LOOKUP + quote_plus(address)) as answer:
            text = answer.read().decode("gbk")
        found = json.loads(text[text.rindex("{"):text.index("}") + 1])
        return found["pro"] or found["err"]
    except Exception:
        return UNKNOWN
