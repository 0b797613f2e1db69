"""Writes known.txt: the public names of the pyflink package, by module and class.

    python known_gen.py SITE_PACKAGES/pyflink legacy_api.tsv > known.txt

The first argument is the source of PyFlink 1.20.1, the second a table of what
1.10 and 1.11 had besides, with columns class, member and kind.

A line is a module, or (indented) one of its classes with bases and members, or
(indented) "def" with functions, "const" with constants, or "from" a module with
names that it passes on. A member ends in "()" if it is called on the class, in
"!" if it is a property, in "=" if it is a constant.
"""
import ast
import csv
import pathlib
import sys

PACKAGES = ("table", "datastream", "common", "metrics", "util")
# Classes of 1.10 that 1.20 doesn't have, by the module that had them.
LEGACY_HOMES = {
    "BatchTableEnvironment": "pyflink.table.table_environment",
    "ExecutionEnvironment": "pyflink.dataset",
}


# Python's own methods that scripts reach by syntax.
SYNTAX = {f"__{n}__" for n in ("str", "eq", "hash", "iter", "len", "getitem", "setitem", "delitem", "contains", "call")}


def public(name):
    return not name.startswith("_")


def member(node):
    decorators = {d.id for d in getattr(node, "decorator_list", []) if isinstance(d, ast.Name)}
    if isinstance(node, ast.FunctionDef) and (public(node.name) or node.name in SYNTAX):
        suffix = "!" if "property" in decorators else "()" if decorators & {"staticmethod", "classmethod"} else ""
        return [node.name + suffix]
    if isinstance(node, ast.Assign):
        return [t.id + "=" for t in node.targets if isinstance(t, ast.Name) and public(t.id)]
    return []


def read_class(node, prefix, out):
    name = prefix + node.name
    plain = [b.value if isinstance(b, ast.Subscript) else b for b in node.bases]
    bases = [b.id for b in plain if isinstance(b, ast.Name)]
    members = {m: None for n in node.body for m in member(n)}
    out["classes"][name] = (bases, members)
    for n in node.body:
        if isinstance(n, ast.ClassDef) and public(n.name):
            read_class(n, name + ".", out)


def read_module(path):
    out = {"classes": {}, "def": {}, "const": {}, "from": {}}
    for n in ast.parse(path.read_text()).body:
        if isinstance(n, ast.ClassDef) and public(n.name):
            read_class(n, "", out)
        elif isinstance(n, ast.FunctionDef) and public(n.name):
            out["def"][n.name] = None
        elif isinstance(n, ast.Assign):
            out["const"].update({t.id: None for t in n.targets if isinstance(t, ast.Name) and t.id.isupper() and len(t.id) > 1})
        elif isinstance(n, ast.ImportFrom) and n.module and n.module.startswith("pyflink."):
            if n.module.split(".")[1] in PACKAGES:
                out["from"].setdefault(n.module, {}).update({a.name: None for a in n.names if public(a.name) and a.name != "*"})
    return out


def read_package(root):
    modules = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if "tests" in parts or "examples" in parts or not all(p == "__init__" or public(p) for p in parts):
                continue
            name = ".".join(("pyflink",) + tuple(p for p in parts if p != "__init__"))
            modules[name] = read_module(path)
    for out in modules.values():  # what is passed on must be a name, not a module
        for source, names in out["from"].items():
            names_there = modules.get(source)
            out["from"][source] = {n: None for n in names if f"{source}.{n}" not in modules and names_there}
    return modules


def expanded(rows):
    """Rows of one member each: one may stand for "(3 more: a, get/set_b)"."""
    for row in rows:
        if not row["member"].startswith("("):
            yield row
            continue
        for name in row["member"].strip("()").partition(": ")[2].split(", "):
            first, slash, second = name.partition("/")
            names = [first + second[second.index("_"):], second] if slash else [first]
            yield from ({**row, "member": n} for n in names)


def add_legacy(modules, rows):
    homes = {c: m for m, o in modules.items() if m.startswith(("pyflink.table", "pyflink.datastream")) for c in o["classes"]}
    for row in expanded(rows):
        cls, name, kind = row["class"].removeprefix("dataset.").removeprefix("descriptors."), row["member"], row["kind"]
        if cls in ("string expression", "udf") or cls.startswith("CsvTable") or "/" in name:
            continue
        home = LEGACY_HOMES.get(cls) or ("pyflink.table.descriptors" if row["class"].startswith("descriptors.") else homes.get(cls)) or "pyflink.table.descriptors"
        module = modules.setdefault(home, {"classes": {}, "def": {}, "const": {}, "from": {}})
        bases, members = module["classes"].setdefault(cls, ([], {}))
        if kind == "class" or not public(name):
            continue
        static = kind in ("staticmethod", "classmethod") or name in ("create", "get_execution_environment")
        if not {name, name + "()"} & set(members):
            members[name + "()" * static] = None
    for name, home in LEGACY_HOMES.items():
        if home.startswith("pyflink.table."):
            modules["pyflink.table"]["from"].setdefault(home, {})[name] = None


def main():
    modules = read_package(pathlib.Path(sys.argv[1]))
    with open(sys.argv[2], newline="") as f:
        add_legacy(modules, list(csv.DictReader(f, delimiter="\t")))
    for name in sorted(modules):
        out = modules[name]
        print(name)
        for cls, (bases, members) in out["classes"].items():
            print(f" {cls}({','.join(bases)})", *members)
        for kind in ("def", "const"):
            if out[kind]:
                print(f" {kind}", *out[kind])
        for source, names in out["from"].items():
            if names:
                print(f" from {source}", *names)


main()
