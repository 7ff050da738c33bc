#!/usr/bin/env bash
# Runs every fuzz target for some seconds from its seed corpus; stops with the first finding's input and trace.
#
#   fuzz/run.sh [SECONDS] [TARGET…]      after building the preset `fuzz`; ./dev fuzz does both
#
# What a run learns is kept in build/fuzz/corpus/<target>; inputs that broke something in build/fuzz/found/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
jobs=${JOBS:-$(nproc)}
programs=build/fuzz/targets
[ $# -gt 0 ] || set -- $(find "$programs" -name 'fuzz_*' -type f -perm -u+x -printf '%f\n' | sed 's/^fuzz_//' | sort)
mkdir -p build/fuzz/found

run_one() {
  local name=$1 seconds=$2 learned=build/fuzz/corpus/$1 log=build/fuzz/$1.log
  local seeds=fuzz/corpus/$name words=()
  mkdir -p "$learned"
  [ ! -f "fuzz/$name.dict" ] || words=("-dict=fuzz/$name.dict")
  [ -d "$seeds" ] || { echo "fuzz: $name has no seed corpus ($seeds)"; return 1; }
  if build/fuzz/targets/fuzz_"$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
      "${words[@]}" -artifact_prefix="build/fuzz/found/$name-" "$learned" "$seeds" >"$log" 2>&1; then
    printf 'fuzz: %-24s %9s runs, no finding\n' "$name" "$(awk '/stat::number_of_executed_units/ {print $2}' "$log")"
  else
    printf 'fuzz: %s found something:\n' "$name"
    tail -n 40 "$log"
    return 1
  fi
}
export -f run_one

printf '%s\n' "$@" | xargs -P "$jobs" -I{} bash -c 'run_one {} '"$seconds"
