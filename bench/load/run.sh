#!/usr/bin/env bash
# Starts the daemon with its default configuration (but for its ports), loads it in each way of docs/performance.md and prints the
# table. `./dev bench-load` builds both first.
#
#   bench/load/run.sh [PROGRAM]   default build/release/perf-sentinel; SECONDS_EACH (4), RUNS of each (1), HTTP_PORT, GRPC_PORT
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=$(realpath "${1:-build/release/perf-sentinel}")
generator=$(realpath build/release/load_generator)
http=${HTTP_PORT:-14318} grpc=${GRPC_PORT:-14317}
folder=$(mktemp -d)
daemon=
stop() {
  [ -z "$daemon" ] || { kill -TERM "$daemon" 2>/dev/null; wait "$daemon" || true; }
  rm -rf "$folder"
}
trap stop EXIT

cat >"$folder/watch.toml" <<TOML
[daemon]
listen_port_http = $http
listen_port_grpc = $grpc
json_socket = "$folder/socket"
[daemon.ack]
storage_path = "$folder/acks.jsonl"
TOML
(cd "$folder" && exec "$program" watch --config watch.toml >"$folder/findings" 2>"$folder/log") &
daemon=$!
for _ in $(seq 200); do
  (exec 3<>"/dev/tcp/127.0.0.1/$http") 2>/dev/null && break
  kill -0 "$daemon" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.02
done
echo "idle: $(awk '/VmRSS/ {printf "%.1f MB", $2 / 1024}' "/proc/$daemon/status")"
echo "| load | spans/s | requests/s | CPU a million spans | CPU a request | p50 | p99 | peak memory |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|"
load() {
  local name=$1
  shift
  for _ in $(seq "${RUNS:-1}"); do
    "$generator" "$@" --seconds "${SECONDS_EACH:-4}" --pid "$daemon" --row "$name"
  done
}
load "gRPC" --grpc "127.0.0.1:$grpc"
load "HTTP" --http "127.0.0.1:$http"
load "gRPC, gzip" --grpc "127.0.0.1:$grpc" --gzip
load "HTTP, gzip" --http "127.0.0.1:$http" --gzip
load "gRPC at 0.5 M spans/s" --grpc "127.0.0.1:$grpc" --rate 500000
load "HTTP at 0.5 M spans/s" --http "127.0.0.1:$http" --rate 500000
load "gRPC, one trace a request" --grpc "127.0.0.1:$grpc" --spans 9 --connections 16
load "HTTP, one trace a request" --http "127.0.0.1:$http" --spans 9 --connections 16
