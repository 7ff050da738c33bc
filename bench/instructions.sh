#!/usr/bin/env bash
# Counts instructions, which do not depend on the machine's mood, by the difference of two sizes (start-up cancels out).
#
#   bench/instructions.sh analyze SMALL SPANS LARGE SPANS    instructions a span of `analyze` between two files
#   bench/instructions.sh pipeline [EVENTS [PATTERN]]        instructions an event of one `bench` iteration (default 44043 mixed),
#                                                            and the share of each stage
#
# Needs valgrind; where it is missing, `perf stat` is asked. BINARY names another program than build/release/perf-sentinel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=${BINARY:-build/release/perf-sentinel}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Instructions of one command; its profile stays in $work/$1.
count() {
  local name=$1
  shift
  if command -v valgrind >/dev/null; then
    valgrind --tool=callgrind --callgrind-out-file="$work/$name" "$@" >/dev/null 2>"$work/$name.log" ||
      { tail -n 5 "$work/$name.log" >&2; exit 1; }
    awk '/^(totals|summary):/ {n = $2} END {print n}' "$work/$name"
  else
    perf stat -x, -e instructions:u -o "$work/$name" "$@" >/dev/null
    awk -F, '/instructions/ {print $1}' "$work/$name"
  fi
}

# Instructions spent in and below each stage of the pipeline, a profile's share of the run without its start.
stages() {
  callgrind_annotate --inclusive=yes --threshold=100 "$work/$1" | awk '
    function number(text) {gsub(/[^0-9]/, "", text); return text + 0}
    /sentinel::(normalize|ingest|correlate|detect|score|analysis)::/ {
      for (i = 1; i <= 6; ++i) if (index($0, stage[i]) && !(i in most)) most[i] = number($1)
    }
    BEGIN {split("normalize::Normalizer::apply ingest:: correlate:: detect::detect( score::score( analysis::", stage, " ")}
    END {for (i = 1; i <= 6; ++i) if (i in most) printf "  %-32s %15d\n", stage[i], most[i]}'
}

case ${1:-} in
  analyze)
    [ $# -eq 5 ] || { sed -n 2,8p "$0"; exit 2; }
    small=$(count small "$binary" analyze --threads 1 --format json --input "$2")
    large=$(count large "$binary" analyze --threads 1 --format json --input "$4")
    awk -v a="$small" -v b="$large" -v n="$3" -v m="$5" 'BEGIN {printf "%.0f instructions a span (%d spans: %d, %d spans: %d)\n", (b - a) / (m - n), n, a, m, b}'
    ;;
  pipeline)
    events=${2:-44043}
    run=("$binary" bench --synthetic-events "$events" --pattern "${3:-mixed}" --threads 1)
    once=$(count once "${run[@]}" --iterations 1)
    thrice=$(count thrice "${run[@]}" --iterations 3)
    awk -v a="$once" -v b="$thrice" -v n="$events" 'BEGIN {printf "%.0f instructions an event (one iteration of %d events: %.0f)\n", (b - a) / 2 / n, n, (b - a) / 2}'
    echo "inclusive instructions of three iterations, by stage:"
    ! command -v callgrind_annotate >/dev/null || stages thrice
    ;;
  *) sed -n 2,8p "$0"; exit 2 ;;
esac
