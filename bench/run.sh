#!/usr/bin/env bash
# Runs the benchmark programs and prints one table; build/release/bench-results/ keeps the raw figures.
#
#   bench/run.sh [FILTER]      a regular expression over benchmark names; after building with -DSENTINEL_BENCH=ON (./dev bench does both)
#
# REPETITIONS (default 5) runs of MIN_TIME seconds (0.2) of each; the median is shown with the spread. `bench/run.sh --update`
# writes the table into docs/performance.md between its markers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
update=
if [ "${1:-}" = --update ]; then update=--update; shift; fi
results=build/release/bench-results
mkdir -p "$results"
rm -f "$results"/*.json
shopt -s nullglob
for program in build/release/programs/bench_*; do
  "$program" --benchmark_filter="${1:-.}" --benchmark_repetitions="${REPETITIONS:-5}" --benchmark_report_aggregates_only=true \
    --benchmark_min_time="${MIN_TIME:-0.2}" --benchmark_out="$results/$(basename "$program").json" --benchmark_out_format=json >&2
done
python3 bench/table.py $update "$results"
