"""Records what PyFlink answers to cases of golden/conformance/cases.

    python conformance.py FOLDER [-only REGEX] [-all | -check]

A case without an answer gets one: the rows as Row.toString shows them, or that
it fails, and when. Tables become views of literals, so that no connector is
needed; those of a case that says "stored" become files, since PyFlink 1.20.1
has no plan for correlated queries over literals. -all records everything anew,
-check changes nothing and says which answers are others by now.
"""
import argparse
import glob
import json
import os
import re
import shutil
import sys
import tempfile

from pyflink.table import EnvironmentSettings, TableEnvironment

ANSWERS = ("expect", "expect_error", "error_phase")


def split(text):
    """The parts between the commas that are outside of brackets."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "<(") - (c in ">)")
        if c == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    return parts + [text[start:].strip()]


def literal(value, sql_type):
    """A JSON value of the connector "values" as SQL."""
    sql_type = re.sub(r"\s+NOT NULL$", "", sql_type)
    if value is None:
        return "CAST(NULL AS %s)" % sql_type
    nested = re.match(r"(ARRAY|MAP|ROW)<(.*)>$", sql_type)
    if nested:
        kind, parts = nested.group(1), split(nested.group(2))
        if kind == "ARRAY":
            items = [literal(v, parts[0]) for v in value]
        elif kind == "MAP":
            items = [literal(v, t) for pair in value for v, t in zip(pair, parts)]
        else:
            items = [literal(v, p.split(" ", 1)[1]) for v, p in zip(value, parts)]
        text = "%s%s%s%s" % (kind, "(" if kind == "ROW" else "[", ", ".join(items), ")" if kind == "ROW" else "]")
        return "CAST(%s AS %s)" % (text, sql_type)
    if sql_type.startswith("INTERVAL"):
        if "MONTH" in sql_type:
            return "INTERVAL '%d-%d' YEAR TO MONTH" % divmod(value, 12)
        return "INTERVAL '%d.%03d' SECOND(10, 3)" % divmod(value, 1000)
    if re.match("(VAR)?BINARY|BYTES", sql_type):
        return "CAST(x'%s' AS %s)" % (value, sql_type)
    text = str(value) if not isinstance(value, str) else value
    if sql_type.startswith("TIMESTAMP"):
        text = text.replace("T", " ").rstrip("Z")
    return "CAST('%s' AS %s)" % (text.replace("'", "''"), sql_type)


def create(env, name, table):
    columns = ", ".join("`%s`" % c["name"] for c in table["columns"])
    rows = ["SELECT " + ", ".join(literal(v, c["type"]) for v, c in zip(values, table["columns"])) for _, values in table["rows"]]
    env.execute_sql("CREATE OR REPLACE TEMPORARY VIEW `%s` (%s) AS %s" % (name, columns, " UNION ALL ".join(rows)))


def plain(value, sql_type):
    """A JSON value of the connector "values" as the format json has it."""
    nested = re.match(r"(ARRAY|MAP|ROW)<(.*)>$", re.sub(r"\s+NOT NULL$", "", sql_type))
    if value is None or not nested:
        return value
    kind, parts = nested.group(1), split(nested.group(2))
    if kind == "ARRAY":
        return [plain(v, parts[0]) for v in value]
    if kind == "MAP":
        return {k: plain(v, parts[1]) for k, v in value}
    return {p.split(" ", 1)[0]: plain(v, p.split(" ", 1)[1]) for v, p in zip(value, parts)}


def store(env, name, table, folder):
    path = os.path.join(folder, name)
    os.mkdir(path)
    with open(os.path.join(path, "rows.json"), "w", encoding="utf8") as f:
        for _, values in table["rows"]:
            row = {c["name"]: plain(v, c["type"]) for v, c in zip(values, table["columns"])}
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
    columns = ", ".join("`%s` %s" % (c["name"], c["type"]) for c in table["columns"])
    env.execute_sql("DROP TEMPORARY TABLE IF EXISTS `%s`" % name)
    env.execute_sql("CREATE TEMPORARY TABLE `%s` (%s) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601')"
                    % (name, columns, path))


def answer(case, tables):
    folder = tempfile.mkdtemp()
    try:
        return rows_of(case, tables, folder)
    finally:
        shutil.rmtree(folder)


def rows_of(case, tables, folder):
    env = TableEnvironment.create(EnvironmentSettings.in_batch_mode() if case["mode"] == "batch" else EnvironmentSettings.in_streaming_mode())
    env.get_config().set("parallelism.default", "1")
    env.get_config().set("table.local-time-zone", "UTC")  # of the tables' literals
    for t in case["tables"]:
        if case.get("stored"):
            store(env, t["name"], tables[t["ref"]], folder)
            continue
        env.execute_sql("DROP TEMPORARY VIEW IF EXISTS `%s`" % t["name"])
        create(env, t["name"], tables[t["ref"]])
    for key, value in case["config"].items():
        env.get_config().set(key, value)
    try:
        env.execute_sql("EXPLAIN " + case["sql"])
    except Exception:
        return {"expect_error": True, "error_phase": "validation"}
    rows = []
    try:
        result = env._j_tenv.executeSql(case["sql"]).collect()
        while result.hasNext():
            rows.append(result.next().toString())
    except Exception:
        return {"expect_error": True, "error_phase": "runtime"}
    return {"expect": rows}


def same(case, now):
    """Whether PyFlink still answers so, in whatever order."""
    return all(sorted(case[k]) == sorted(now.get(k, ())) if k == "expect" else case[k] == now.get(k)
               for k in ANSWERS if k in case)


def record(path, tables, only, anew):
    with open(path, encoding="utf8") as f:
        cases = [json.loads(line) for line in f]
    for case in cases:
        if not only.search(case["id"]) or not anew and any(k in case for k in ANSWERS):
            continue
        for k in ANSWERS:
            case.pop(k, None)
        case.update(answer(case, tables))
        case["verified"] = True
    with open(path, "w", encoding="utf8") as f:
        for case in cases:
            f.write(json.dumps(case, ensure_ascii=False) + "\n")


def check(path, tables, only):
    """The number of answers that are others by now."""
    different = 0
    with open(path, encoding="utf8") as f:
        for case in map(json.loads, f):
            if not only.search(case["id"]) or not any(k in case for k in ANSWERS):
                continue
            now = answer(case, tables)
            if not same(case, now):
                different += 1
                print("%s: agrees: false\n  recorded: %s\n  now: %s" % (case["id"], {k: case[k] for k in ANSWERS if k in case}, now), flush=True)
    return different


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("-only", default="", type=re.compile)
    options.add_argument("-all", action="store_true")
    options.add_argument("-check", action="store_true")
    o = options.parse_args()
    with open(os.path.join(o.folder, "tables.json"), encoding="utf8") as f:
        tables = json.load(f)
    different = 0
    for path in sorted(glob.glob(os.path.join(o.folder, "*.jsonl"))):
        if o.check:
            different += check(path, tables, o.only)
        else:
            record(path, tables, o.only, o.all)
    if different:
        sys.exit("%d cases of SQL no longer agree with PyFlink" % different)


if __name__ == "__main__":
    main()
