"""DataFrames of rows, with the dtypes that PyFlink gives by way of Arrow."""
import base64
import datetime
import decimal
import json
import os

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
    if isinstance(value, (list, tuple)):
        return type(value)(plain(v) for v in value)
    return value


def write(folder, frame, pdf):
    """Writes a DataFrame as the job reads it: a line of JSON for each row. It
    says in what the DataFrame isn't as the build has found it, else ""."""
    import pandas as pd
    import pyarrow as pa
    if not isinstance(pdf, pd.DataFrame):
        raise TypeError("Unsupported type, expected pandas.DataFrame, got %s" % type(pdf))
    found = pa.Schema.from_pandas(pdf, preserve_index=False)
    names = [name for name, _ in frame["columns"]]
    types = [eval(text, dict(vars(pa))) for _, text in frame["columns"]]
    if len(found) != len(types):
        return "has %d columns; the build has found %d" % (len(found), len(types))
    if not frame["given"] and list(found.types) != types:
        return "has columns of the types %s; the build has found %s" % (", ".join(map(str, found.types)), ", ".join(map(str, types)))
    columns = [pa.Array.from_pandas(column, mask=column.isnull(), type=t).to_pylist()
               for (_, column), t in zip(pdf.items(), types)]
    with open(os.path.join(folder, frame["file"]), "w", encoding="utf-8") as out:
        for row in zip(*columns):
            out.write(json.dumps(dict(zip(names, map(jsonable, row))), ensure_ascii=False) + "\n")
    return ""


def jsonable(value):
    """A value as the job reads it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, list):
        return [jsonable(v) for v in value]
    if isinstance(value, dict):
        return {name: jsonable(v) for name, v in value.items()}
    return value
