"""Tells how re matches: reads lines of JSON, [pattern, flags, text], and writes
for each the spans of all groups of all matches, "error", or "unknown" where this
version of re is known to be wrong: before 3.11.7 some of what is repeated
possessively never ends, and before 3.11 there is no such thing."""
import json
import re
import sys
import warnings

warnings.simplefilter("ignore")
possessive = re.compile(r"[*+?}]\+|\(\?>")
for line in sys.stdin:
    pattern, flags, text = json.loads(line)
    if sys.version_info < (3, 11, 7) and possessive.search(pattern):
        print('"unknown"')
        continue
    try:
        found = [[list(m.span(g)) for g in range(m.re.groups + 1)] + [m.lastindex or 0] for m in re.finditer(pattern, text, flags)]
    except (re.error, OverflowError, RecursionError):
        found = "error"
    print(json.dumps(found))
