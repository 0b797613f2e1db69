"""DataFrames of rows, with the dtypes that PyFlink gives by way of Arrow."""
from pyflink.common.types import RowKind


def frame(columns, rows):
    """A DataFrame of rows; columns are names and Arrow types."""
    import pandas as pd
    import pyarrow as pa
    names = [name for name, _ in columns]
    rows = left(rows)
    if not rows:
        return pd.DataFrame.from_records([], columns=names)
    types = [eval(text, dict(vars(pa))) for _, text in columns]
    arrays = [pa.array([plain(row[i]) for row in rows], types[i]) for i in range(len(columns))]
    return pa.Table.from_arrays(arrays, schema=pa.schema(list(zip(names, types)))).to_pandas()


def left(rows):
    """The values of the rows that are there when all changes are applied. Where
    rows change, equal ones stand together, as in PyFlink."""
    rows = list(rows)
    if all(row.get_row_kind() == RowKind.INSERT for row in rows):
        return [row._values for row in rows]
    counts = {}
    for row in rows:
        key = repr(row._values)
        values, n = counts.get(key, (row._values, 0))
        n += 1 if row._is_accumulate_msg() else -1
        if n:
            counts[key] = values, n
        else:
            del counts[key]
    return [values for values, n in counts.values() for _ in range(n)]


def plain(value):
    """A value as pyarrow takes it."""
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, dict):
        return [(plain(k), plain(v)) for k, v in value.items()]
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value
