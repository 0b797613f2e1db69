"""Tells how re matches: reads lines of JSON, [pattern, flags, text], and writes
for each the spans of all groups of all matches, or "error"."""
import json
import re
import sys
import warnings

warnings.simplefilter("ignore")
for line in sys.stdin:
    pattern, flags, text = json.loads(line)
    try:
        found = [[list(m.span(g)) for g in range(m.re.groups + 1)] + [m.lastindex or 0] for m in re.finditer(pattern, text, flags)]
    except (re.error, OverflowError, RecursionError):
        found = "error"
    print(json.dumps(found))
