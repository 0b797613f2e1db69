"""Prints CPython's syntax trees in the format of pyast's Dump.

Reads file names from standard input; writes for each one "# name", then its
tree or "! error". Nodes inside f-strings get no position: CPython 3.11 gives
them that of the whole string. Only start positions are known for arguments.
"""
import ast
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(100000)
sys.set_int_max_str_digits(0)

OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "Mod": "%", "Pow": "**", "MatMult": "@",
    "LShift": "<<", "RShift": ">>", "BitOr": "|", "BitXor": "^", "BitAnd": "&", "FloorDiv": "//",
    "Invert": "~", "Not": "not", "UAdd": "+", "USub": "-", "And": "and", "Or": "or",
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=",
    "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
}
CLASSES = {"Expr": "ExprStmt", "arguments": "Arguments", "arg": "Arg", "keyword": "Keyword",
           "alias": "Alias", "comprehension": "Comprehension", "withitem": "WithItem"}
# pyast's fields in its order, where name or order differ from CPython's.
FIELDS = {
    "Name": {"ID": "id", "Ctx": "ctx"},
    "Attribute": {"Value": "value", "Attr": "attr", "Ctx": "ctx"},
    "Subscript": {"Value": "value", "Index": "slice", "Ctx": "ctx"},
    "IfExp": {"Test": "test", "Body": "body", "OrElse": "orelse"},
    "arguments": {"PosOnly": "posonlyargs", "Args": "args", "VarArg": "vararg", "KwOnly": "kwonlyargs",
                  "KwArg": "kwarg", "Defaults": "defaults", "KwDefaults": "kw_defaults"},
    "arg": {"Name": "arg", "Annotation": "annotation"},
    "keyword": {"Name": "arg", "Value": "value"},
    "FunctionDef": {"Name": "name", "Args": "args", "Body": "body", "Decorators": "decorator_list",
                    "Returns": "returns"},
    "ClassDef": {"Name": "name", "Bases": "bases", "Keywords": "keywords", "Body": "body",
                 "Decorators": "decorator_list"},
    "alias": {"Name": "name", "AsName": "asname"},
    "withitem": {"Context": "context_expr", "Vars": "optional_vars"},
    "FormattedValue": {"Value": "value", "Conversion": "conversion", "FormatSpec": "format_spec"},
    "AnnAssign": {"Target": "target", "Annotation": "annotation", "Value": "value"},
    "ExceptHandler": {"Type": "type", "Name": "name", "Body": "body"},
    "For": {"Target": "target", "Iter": "iter", "Body": "body", "OrElse": "orelse"},
    "While": {"Test": "test", "Body": "body", "OrElse": "orelse"},
    "If": {"Test": "test", "Body": "body", "OrElse": "orelse"},
    "Try": {"Body": "body", "Handlers": "handlers", "OrElse": "orelse", "FinalBody": "finalbody"},
}
LEFT_OUT = {"ctx", "kind", "type_comment", "is_async", "simple", "type_ignores"}


def fields(node):
    name = type(node).__name__
    if name in FIELDS:
        return FIELDS[name].items()
    return [(f.capitalize(), f) for f in node._fields if f not in LEFT_OUT]


def quote(text):
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    shown = "".join(chr(b) if 32 <= b < 127 and b != 92 else "\\x%02x" % b for b in data)
    return "%d %s" % (len(data), shown)


def constant(value):
    if value is None or value is True or value is False:
        return str(value)
    if value is ...:
        return "..."
    if isinstance(value, (str, bytes)):
        return "%s %s" % (type(value).__name__, quote(value))
    if isinstance(value, int):
        return "int " + quote(str(value))
    return "%s %r" % (type(value).__name__, value)


class Dumper:
    def __init__(self, source):
        self.lines = [line.encode() for line in source.split("\n")]
        self.out = []

    def column(self, line, col):
        return len(self.lines[line - 1][:col].decode()) + 1

    def place(self, node, inside):
        if not hasattr(node, "lineno"):
            return ""
        if inside:
            return " ?:?"
        return " %d:%d-%d:%d" % (
            node.lineno, self.column(node.lineno, node.col_offset),
            node.end_lineno, self.column(node.end_lineno, node.end_col_offset))

    def line(self, depth, text):
        self.out.append(" " * depth + text)

    def list(self, name, values, depth, inside):
        if values:
            self.line(depth, name + ":")
            for value in values:
                self.value("-", value, depth + 1, inside)

    def value(self, name, value, depth, inside):
        if value is None:
            if name == "-":
                self.line(depth, "- nil")
        elif isinstance(value, list):
            self.list(name, value, depth, inside)
        elif isinstance(value, str):
            if value or name == "-":
                self.line(depth, name + " " + quote(value))
        elif isinstance(value, int):
            if name == "Conversion":
                if value > 0:
                    self.line(depth, name + " " + chr(value))
            elif value:
                self.line(depth, "%s %d" % (name, value))
        elif isinstance(value, ast.expr_context):
            if not isinstance(value, ast.Load):
                self.line(depth, name + " " + quote(type(value).__name__))
        elif type(value).__name__ in OPERATORS:
            self.line(depth, name + " " + quote(OPERATORS[type(value).__name__]))
        else:
            self.node(name, value, depth, inside)

    def node(self, name, node, depth, inside):
        kind = type(node).__name__
        place = self.place(node, inside)
        if kind == "Constant":
            self.line(depth, "%s Constant%s %s" % (name, place, constant(node.value)))
            return
        self.line(depth, "%s %s%s" % (name, CLASSES.get(kind, kind), place))
        for ours, theirs in fields(node):
            self.value(ours, getattr(node, theirs), depth + 1, inside or kind == "JoinedStr")


def dump(name):
    data = open(name, "rb").read()
    tree = ast.parse(data, name)
    text = data.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    d = Dumper(text)
    d.list("Body", tree.body, 0, False)
    return "\n".join(d.out)


for line in sys.stdin:
    name = line.rstrip("\n")
    try:
        text = dump(name)
    except Exception as e:
        text = "! %s: %s" % (type(e).__name__, e)
    print("# " + name)
    print(text)
