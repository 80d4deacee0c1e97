"""Programs that use cnncalc as a library: ARGS has the path of a spec."""

from __future__ import annotations

_HEAD = """
import json, cnncalc
path = ARGS[0]
PLAIN = (int, str, bool, float, type(None))
def shown(value):
    if isinstance(value, int) and 2**45 < abs(value) < 2**48:
        return None  # an address
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, (tuple, list)) and all(isinstance(one, PLAIN) for one in value):
        return list(value)
def public(thing):
    found = {}
    for name in dir(thing):
        if not name.startswith("_"):
            value = getattr(thing, name)
            if shown(value) is not None or value is None:
                found[name] = shown(value)
    return found
def put(thing):
    print(json.dumps(thing, indent=1, ensure_ascii=False, default=str))
def faults(found):
    return [(one.to_dict(), str(one.severity), one.code) for one in found]
"""

_LOADED = """
try:
    net = cnncalc.load(path)
except cnncalc.SpecError as error:
    put([str(error), faults(error.diagnostics)])
    raise SystemExit(2)
"""

SNIPPETS = {
    "analyze": _HEAD + _LOADED + """
for options in ({}, {"batch": 4, "dtype": "fp16"}, {"dtype": "int8"}):
    analysis = cnncalc.analyze(net, **options)
    put(analysis.to_dict())
    totals = analysis.totals
    put([totals.params, totals.buffers, totals.macs, totals.flops])
put([[layer.name, layer.output, layer.params, layer.macs] for layer in analysis.layers])
put(faults(net.diagnostics))
print(net.title, [one.message for one in net.diagnostics])
for options in ({"batch": 0}, {"dtype": "fp8"}):
    try:
        cnncalc.analyze(net, **options)
    except ValueError as error:
        print(error)
""",
    "attributes": _HEAD + _LOADED + """
analysis = cnncalc.analyze(net)
put([public(net), public(analysis), public(analysis.totals), [public(layer) for layer in analysis.layers]])
put([public(cnncalc.check(path)), public(cnncalc.diff(net, net))])
""",
    "html": _HEAD + _LOADED + "print(cnncalc.analyze(net)._repr_html_())\n",
    "check": _HEAD + """
for options in ({}, {"strict": True}, {"limits": {"params": "5M", "peak": "512KiB"}}, {"limits": {"output": "1000", "depth": 3}},
                {"batch": 8, "dtype": "int8", "limits": {"memory": 10}}, {"input": "3x64x64"}, {"settings": {"width": 8}}):
    verdict = cnncalc.check(path, **options)
    put([verdict.passed, faults(verdict.diagnostics)])
for options in ({"limits": {"parms": 3}}, {"limits": {"params": "x"}}, {"limits": {"params": -1}}, {"dtype": "x"}):
    try:
        put(cnncalc.check(path, **options).passed)
    except ValueError as error:
        print(error)
""",
    "diff": _HEAD + _LOADED + """
other = cnncalc.load("@lenet5")
for one, two in ((net, other), (other, net), (net, net), (cnncalc.analyze(net), cnncalc.analyze(other, batch=1))):
    found = cnncalc.diff(one, two)
    put([found.equal, found.to_dict(), len(list(found.layers)), len(list(found.changes))])
""",
    "loads": _HEAD + """
text = open(path, encoding="utf-8", errors="replace").read()
for options in ({}, {"name": "other.txt", "folder": path.rpartition("/")[0]}, {"input": "3x64x64"}, {"input": {"input": "3x64x64"}},
                {"settings": {"width": 8}}, {"settings": {"width": (1, 2), "growth": True}}, {"max_layers": 5}):
    try:
        net = cnncalc.loads(text, **options)
        put(cnncalc.analyze(net).to_dict()["totals"])
        put(faults(net.diagnostics))
    except cnncalc.SpecError as error:
        put([str(error), faults(error.diagnostics)])
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
""",
}  # fmt: skip
