#!/usr/bin/env python3
"""Holds the pipeline to the committed count of instructions an event.

    bench/gate.py            fails where a pattern costs over 10 % more than bench/baseline.json says
    bench/gate.py --update   writes what is counted now as the new baseline

Instructions do not depend on the machine's mood, so one run is enough; they do depend on the compiler, which the baseline names.
Needs valgrind (bench/instructions.sh) and the release build; BINARY names another program.
"""

import json
import pathlib
import re
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
BASELINE = FOLDER / "baseline.json"
EVENTS = 44043
PATTERNS = ("mixed", "repeated", "distinct")
MOST = 0.10


def count(pattern):
    run = subprocess.run([FOLDER / "instructions.sh", "pipeline", str(EVENTS), pattern], check=True, capture_output=True, text=True)
    return int(re.match(r"(\d+) instructions an event", run.stdout)[1])


def main():
    counted = {pattern: count(pattern) for pattern in PATTERNS}
    compiler = subprocess.run(["c++", "-dumpfullversion", "-dumpversion"], capture_output=True, text=True).stdout.strip()
    if "--update" in sys.argv[1:]:
        BASELINE.write_text(json.dumps({"compiler": compiler, "instructions_an_event": counted}, indent=2) + "\n", encoding="utf-8")
        return 0
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    if baseline["compiler"] != compiler:
        print(f"note: the baseline was counted with compiler {baseline['compiler']}, this is {compiler}")
    worse = False
    for pattern, was in baseline["instructions_an_event"].items():
        change = counted[pattern] / was - 1
        worse = worse or change > MOST
        verdict = f"over {MOST:.0%}" if change > MOST else "ok"
        print(f"{pattern:10} {was:6} -> {counted[pattern]:6} instructions an event  {change:+7.1%}  {verdict}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
