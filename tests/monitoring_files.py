"""Alert rules and dashboards of deploy/, and the metrics that the daemon's sources name."""

import json
import pathlib
import re
import shutil

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROMETHEUS = ROOT / "deploy/prometheus"
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
PROMTOOL = shutil.which("promtool")


def catalogue():
    """Kind of each metric by name."""
    kinds = {}
    for source in ("daemon_metrics.cpp", "listener_metrics.cpp"):
        rows = re.findall(r'\{P "(\w+)",\s*MetricKind::k(\w+),', (ROOT / "src/daemon" / source).read_text(encoding="utf-8"))
        kinds.update({"perf_sentinel_" + name: kind.lower() for name, kind in rows})
    for source in ("component.cpp", "process_metrics.cpp"):
        text = (ROOT / "src/telemetry" / source).read_text(encoding="utf-8")
        kinds.update(dict.fromkeys(re.findall(r'"((?:perf_sentinel|process)_\w+)"', text), "counter or gauge"))
        kinds.update(dict.fromkeys(re.findall(r'histograms\(\{\.name = "(\w+)"', text), "histogram"))
    return kinds


def series_names(kinds):
    """Every name that a series can have."""
    for name, kind in kinds.items():
        if kind == "histogram":
            yield from (name + suffix for suffix in ("_bucket", "_sum", "_count"))
        else:
            yield name


def named(expression):
    return re.findall(r"\b(?:perf_sentinel|process)_\w+", expression)


def rules():
    for path in sorted(PROMETHEUS.glob("*.rules.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            yield from group["rules"]


def boards():
    return [(path.name, json.loads(path.read_text(encoding="utf-8"))) for path in DASHBOARDS]


def expressions():
    """(where, PromQL) of every query of every dashboard."""
    for name, board in boards():
        for panel in board["panels"]:
            for target in panel["targets"]:
                if "expr" in target:
                    yield f"{name}: {panel['title']}", target["expr"]
