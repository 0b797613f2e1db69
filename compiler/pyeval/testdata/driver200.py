import argparse
import json
import logging
import os
import re
import sys
from collections import defaultdict, namedtuple
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Dict, List, Optional

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
log = logging.getLogger(__name__)
Column = namedtuple("Column", "name type")


@dataclass
class Source:
    name: str
    topic: str
    columns: List[Column] = field(default_factory=list)
    options: Dict[str, str] = field(default_factory=dict)

    def ddl(self) -> str:
        columns = ",\n  ".join(f"`{c.name}` {c.type}" for c in self.columns)
        options = ",\n  ".join("'%s' = '%s'" % kv for kv in sorted(self.options.items()))
        return f"CREATE TABLE {self.name} (\n  {columns}\n) WITH (\n  {options}\n)"


def parse(argv: Optional[List[str]] = None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--servers", default="localhost:9092")
    parser.add_argument("--parallelism", type=int, default=2)
    return parser.parse_args(argv)


args = parse([])
schema = json.loads('{"id": "BIGINT", "ts": "TIMESTAMP(3)", "v": "DOUBLE"}')
tables = {}



def source_1():
    s = Source("t1", "topic-1", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t1"] = source_1().ddl()


def source_2():
    s = Source("t2", "topic-2", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t2"] = source_2().ddl()


def source_3():
    s = Source("t3", "topic-3", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t3"] = source_3().ddl()


def source_4():
    s = Source("t4", "topic-4", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t4"] = source_4().ddl()


def source_5():
    s = Source("t5", "topic-5", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t5"] = source_5().ddl()


def source_6():
    s = Source("t6", "topic-6", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t6"] = source_6().ddl()


def source_7():
    s = Source("t7", "topic-7", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t7"] = source_7().ddl()


def source_8():
    s = Source("t8", "topic-8", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t8"] = source_8().ddl()


def source_9():
    s = Source("t9", "topic-9", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t9"] = source_9().ddl()


def source_10():
    s = Source("t10", "topic-10", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t10"] = source_10().ddl()


def source_11():
    s = Source("t11", "topic-11", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t11"] = source_11().ddl()


def source_12():
    s = Source("t12", "topic-12", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t12"] = source_12().ddl()


def source_13():
    s = Source("t13", "topic-13", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t13"] = source_13().ddl()


def source_14():
    s = Source("t14", "topic-14", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t14"] = source_14().ddl()


def source_15():
    s = Source("t15", "topic-15", [Column(k, v) for k, v in schema.items()])
    s.options.update(connector="kafka", topic=s.topic)
    s.options["properties.bootstrap.servers"] = args.servers
    return s


tables["t15"] = source_15().ddl()

for name, ddl in tables.items():
    assert re.match(r"CREATE TABLE \w+ \(", ddl), name
    print(name, len(ddl))
totals = defaultdict(int)
for n, t in enumerate(tables):
    totals[t[:1]] += n
print(dict(totals), args.parallelism)
