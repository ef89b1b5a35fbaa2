#!/usr/bin/env bash
# Uploads a CSV file of many rows and 20 columns, and tells how long that takes and how much memory.
#
#   bench/tables.sh [ROWS]      10,000,000 by default: 1.5 GB
#
# Needs JDK 25, curl and target/hearth.jar (./hearth build). JAVA_OPTS go to the service; a Python with pandas in
# PYTHON is timed beside it. Files are kept in BENCH_DIR, a new folder under /tmp by default that goes in the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

readonly rows=${1:-10000000} port=${PORT:-8099} java="$JAVA_HOME/bin/java" jar=${JAR:-target/hearth.jar}
work=${BENCH_DIR:-$(mktemp -d)}
mkdir -p "$work"
csv="$work/rows-$rows.csv"

[ -f "$csv" ] || "$java" bench/tables/Rows.java "$rows" "$csv"
echo "file: $(stat -c %s "$csv") bytes, $rows rows"

# shellcheck disable=SC2086
HEARTH_DATA_DIR="$work/data" HEARTH_PORT=$port HEARTH_GRPC_PORT= "$java" ${JAVA_OPTS:-} -Xlog:gc:file="$work/gc.log" \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -jar "$jar" \
  --hearth.http.max-upload=64GB > "$work/service.log" 2>&1 &
service=$!
finish() {
  kill "$service" 2> /dev/null || true
  wait "$service" 2> /dev/null || true
  rm -rf "$work/data"
  [ -n "${BENCH_DIR:-}" ] || rm -rf "$work"
}
trap finish EXIT
until curl -sf "localhost:$port/actuator/health/readiness" > /dev/null; do
  kill -0 "$service" || { cat "$work/service.log"; exit 1; }
  sleep 1
done
resident() { awk '/VmHWM/ {printf "%d MB", $2 / 1024}' "/proc/$service/status"; }
echo "resident after the start: $(resident)"

began=$(date +%s.%N)
answer=$(curl -sf -F "file=@$csv;type=text/csv" "localhost:$port/v1/datasets")
id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' <<< "$answer")
# Where preparing goes on after the answer, it is waited for.
state() { curl -sf "localhost:$port/v1/datasets/$id" | grep -oE '"state":"[a-z]+"'; }
while [ "$(state)" = '"state":"preparing"' ]; do sleep 0.5; done
ended=$(date +%s.%N)
[ "$(state)" = '"state":"ready"' ] || { echo "not prepared: $(state)"; tail -20 "$work/service.log"; exit 1; }
echo "upload and prepare: $(awk "BEGIN {printf \"%.1f s\", $ended - $began}")"
echo "peak resident: $(resident) (of it anonymous now: $(awk '/RssAnon/ {printf "%d MB", $2 / 1024}' "/proc/$service/status"))"
echo "peak heap: $(grep -oE '[0-9]+M->' "$work/gc.log" | tr -d 'M>-' | sort -n | tail -1) MB"
curl -sf "localhost:$port/v1/datasets/$id/report" | head -c 300; echo

if [ -n "${PYTHON:-}" ]; then
  "$PYTHON" - "$csv" <<'PYTHON'
import resource, sys, time
import pandas
began = time.time()
frame = pandas.read_csv(sys.argv[1])
read = time.time()
frame.describe()
print(f"pandas {pandas.__version__}: read_csv {read - began:.1f} s, describe {time.time() - read:.1f} s,"
      f" peak resident {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
PYTHON
fi
