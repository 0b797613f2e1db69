"""Answers queries with DuckDB over folders of files of JSON.

    python answer.py FOLDER

Reads a list of tables and a list of queries as JSON from the standard input:
{"tables": [{"name", "columns": [[name, type]]}], "queries": [text]}, and prints
the rows of each query as a line of JSON, every value as text.
"""
import json
import os
import sys

import duckdb


def main(folder):
    job = json.load(sys.stdin)
    con = duckdb.connect()
    for t in job["tables"]:
        columns = ", ".join("'%s': '%s'" % (n, y.replace("STRING", "VARCHAR")) for n, y in t["columns"])
        path = os.path.join(folder, t["name"], "rows.json")
        con.execute("CREATE TABLE %s AS FROM read_json('%s', format = 'newline_delimited', columns = {%s})" % (t["name"], path, columns))
    for q in job["queries"]:
        rows = con.execute(q).fetchall()
        print(json.dumps([["<NULL>" if v is None else str(v) for v in r] for r in rows]))


if __name__ == "__main__":
    main(sys.argv[1])
