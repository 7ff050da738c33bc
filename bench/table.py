#!/usr/bin/env python3
"""Turns the JSON results of Google Benchmark into the Markdown table of docs/performance.md.

    bench/table.py [--update] FOLDER      prints the table; --update also writes it into docs/performance.md

A row is the median over the repetitions, with the spread (standard deviation / mean); items are events, spans or texts.
"""

import json
import pathlib
import sys

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


def scaled(value, unit):
    for factor, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}"


def time_text(nanoseconds):
    for factor, unit in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if nanoseconds >= factor:
            return f"{nanoseconds / factor:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


TO_NS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def rows_of(path):
    runs = {}
    for run in json.loads(path.read_text(encoding="utf-8")).get("benchmarks", []):
        runs.setdefault(run["run_name"], {})[run.get("aggregate_name", "median")] = run
    for name, of in runs.items():
        median = of["median"]
        spread = of["stddev"]["cpu_time"] / of["mean"]["cpu_time"] if "stddev" in of and of["mean"]["cpu_time"] else 0.0
        items = median.get("items_per_second")
        size = median.get("bytes_per_second")
        yield (name, time_text(median["cpu_time"] * TO_NS[median["time_unit"]]), scaled(items, "/s") if items else "",
               time_text(1e9 / items) if items else "", scaled(size, "B/s") if size else "", f"{spread * 100:.1f} %")


def main():
    arguments = [a for a in sys.argv[1:] if a != "--update"]
    head = ("benchmark", "CPU time", "items/s", "an item", "bytes/s", "spread")
    lines = ["| " + " | ".join(head) + " |", "|---|---:|---:|---:|---:|---:|"]
    for path in sorted(pathlib.Path(arguments[0]).glob("*.json")):
        lines += ["| " + " | ".join(row) + " |" for row in rows_of(path)]
    table = "\n".join(lines)
    print(table)
    if "--update" in sys.argv[1:]:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        after = rest.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
