"""Makes the files that pyarrow writes. rows.txt is what PyFlink 1.20.1 reads from
rows-gzip.parquet, pyflink.txt what it reads from its own pyflink.parquet;
nested.txt has the rows below, which PyFlink 1.20.1 cannot read."""
import datetime
import decimal

import pyarrow as pa
import pyarrow.parquet as pq

n = 3000
keep = lambda i, v: None if i % 7 == 3 else v
rows = pa.table({
    "id": pa.array(range(n), pa.int64()).cast(pa.int64()),
    "word": pa.array([keep(i, "word%d" % (i % 10)) for i in range(n)], pa.string()),
    "text": pa.array([keep(i + 1, "text %d" % i) for i in range(n)], pa.string()),
    "num": pa.array([keep(i + 2, i * 3 - 500) for i in range(n)], pa.int32()),
    "ok": pa.array([keep(i + 3, i % 3 == 0) for i in range(n)], pa.bool_()),
    "price": pa.array([keep(i + 4, decimal.Decimal(i * 37 - 9999) / 100) for i in range(n)], pa.decimal128(20, 2)),
    "at": pa.array([keep(i + 5, datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=i * 5, microseconds=i)) for i in range(n)], pa.timestamp("us")),
    "share": pa.array([i / 8 for i in range(n)], pa.float64()),
})
for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
    pq.write_table(rows, "rows-%s.parquet" % codec, compression=codec, row_group_size=1100, data_page_size=2000,
                   data_page_version="2.0" if codec == "zstd" else "1.0", use_dictionary=["word"])

inner = pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string()))])
nested = pa.table({
    "id": pa.array(range(6), pa.int32()),
    "items": pa.array([[{"a": 1, "b": ["x", None]}, None, {"a": None, "b": []}], [], None, [{"a": 2, "b": None}], [None], [{"a": 3, "b": ["y"]}, {"a": 4, "b": ["z", "w"]}]], pa.list_(inner)),
    "attrs": pa.array([[("k", 1), ("l", None)], [], None, [("m", 2)], [("n", 3)], []], pa.map_(pa.string(), pa.int32())),
    "pos": pa.array([{"a": 1, "b": ["p"]}, None, {"a": None, "b": None}, {"a": 2, "b": []}, {"a": 3, "b": [None]}, None], inner),
})
pq.write_table(nested, "nested.parquet", use_compliant_nested_type=True, row_group_size=4)


def show(v):
    if v is None:
        return "null"
    if isinstance(v, dict):
        return "+I[%s]" % ", ".join(show(x) for x in v.values())
    if isinstance(v, list) and v and isinstance(v[0], tuple):
        return "{%s}" % ", ".join("%s=%s" % (show(k), show(x)) for k, x in v)
    if isinstance(v, list):
        return "[%s]" % ", ".join(show(x) for x in v)
    return str(v)


with open("nested.txt", "w") as out:
    for row in nested.to_pylist():
        row["attrs"] = row["attrs"] if row["attrs"] != [] else {}
        out.write(show(row).replace(", +I[], ", ", {}, ") + "\n")
