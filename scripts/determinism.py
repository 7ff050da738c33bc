#!/usr/bin/env python3
"""Runs `analyze` many times over each input at several numbers of threads and checks that it always writes the same bytes.

    scripts/determinism.py BINARY INPUT… [--runs N] [--threads 1,2,7]

Only the run's own duration may differ. Inputs of several MB use several threads; smaller ones check order alone. Prints a line for
each input; exits 1 when any answer differs.
"""

import argparse
import hashlib
import re
import subprocess
import sys

DURATION = re.compile(rb'"duration_ms": \d+')


def answer(binary, path, threads):
    done = subprocess.run([binary, "analyze", "--input", path, "--format", "json", "--threads", threads], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return hashlib.sha256(DURATION.sub(b"", done.stdout)).hexdigest(), done.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--threads", default="1,2,7")
    options = parser.parse_args()
    differing = 0
    for path in options.inputs:
        answers = {answer(options.binary, path, threads) for threads in options.threads.split(",") for _ in range(options.runs)}
        differing += len(answers) != 1
        print(f"{path}: {len(answers)} answer(s) in {options.runs} runs at {options.threads} threads", flush=True)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
