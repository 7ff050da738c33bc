#!/usr/bin/env bash
# Prints which share of the lines of the files that each fuzz target is for its corpora reach.
#
#   fuzz/coverage.sh [--missing]     after building the preset `fuzz-coverage`; --missing lists the lines not reached
#
# Corpora: fuzz/corpus/<target> and, where `fuzz/run.sh` left one, build/fuzz/corpus/<target>. fuzz/covers.txt says which
# files each target is for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=build/fuzz-coverage
status=0
for source in fuzz/*_fuzz.cpp; do
  name=$(basename "$source" _fuzz.cpp)
  program=$out/targets/fuzz_$name
  read -r -a files < <(sed -n "s|^$name: *||p" fuzz/covers.txt) || true
  [ ${#files[@]} -gt 0 ] || { echo "$name: no line in fuzz/covers.txt"; status=1; continue; }
  folders=()
  for folder in "fuzz/corpus/$name" "build/fuzz/corpus/$name"; do [ ! -d "$folder" ] || folders+=("$folder"); done
  LLVM_PROFILE_FILE=$out/$name.profraw "$program" -runs=0 "${folders[@]}" >"$out/$name.log" 2>&1 || { tail -n 20 "$out/$name.log"; status=1; continue; }
  llvm-profdata merge -sparse "$out/$name.profraw" -o "$out/$name.profdata"
  printf '%s\n' "$name"
  llvm-cov report "$program" -instr-profile="$out/$name.profdata" "${files[@]}" |
    awk '$1 ~ /\.(cpp|h)$/ || $1 == "TOTAL" {printf "  %-48s %5d lines %6d missed %8s\n", $1, $8, $9, $10}'
  if [ "${1:-}" = --missing ]; then
    llvm-cov show "$program" -instr-profile="$out/$name.profdata" "${files[@]}" | grep -E '^ +[0-9]+\| +0\||^/' || true
  fi
done
exit $status
