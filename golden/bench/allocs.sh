#!/bin/sh
# Allocations of the benchmarks on the row path, beside those recorded in
# allocs.txt, by benchstat. Bytes and counts don't depend on the machine, as
# nanoseconds do.
#
#   sh golden/bench/allocs.sh            compare
#   sh golden/bench/allocs.sh -update    record
set -eu
cd "$(dirname "$0")/../.."
recorded=golden/bench/allocs.txt
measure() {
  go test -run '^$' -bench . -benchmem -benchtime 20ms -count 6 \
    ./rt/agg ./rt/format/csv ./rt/format/json ./rt/jmath ./rt/op ./rt/stream ./rt/val ./rt/window | grep -E '^(goos|goarch|pkg|Benchmark)' |
    sed -E 's,[0-9.]+ (ns/op|MB/s|rows/s)[[:space:]]*,,g'
}
if [ "${1:-}" = -update ]; then
  measure >"$recorded.new"
  mv "$recorded.new" "$recorded"
  exit
fi
now=$(mktemp)
trap 'rm -f "$now"' EXIT
measure >"$now"
go run golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da -filter '.unit:(B/op OR allocs/op)' "recorded=$recorded" "now=$now"
