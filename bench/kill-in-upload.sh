#!/usr/bin/env bash
# Kills the service (SIGKILL) in the middle of an upload, starts it again, and looks for what is left.
# bench/kill-in-upload.sh [PORT]; needs target/hearth.jar, curl and 100 MB of disk. Takes about half a minute.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

readonly port=${1:-18080}
data=$(mktemp -d)
readonly data
service=""

fail() { echo "FAILED: $*" >&2; tail -20 "$data/log" >&2; exit 1; }

stop() {
  [ -z "$service" ] || { kill "$service" && wait "$service"; } 2>/dev/null || true
  rm -rf "$data"
}
trap stop EXIT

start() {
  HEARTH_PORT=$port HEARTH_GRPC_PORT= HEARTH_DATA_DIR=$data/hearth "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
    -jar target/hearth.jar >>"$data/log" 2>&1 &
  service=$!
  for _ in $(seq 600); do
    curl -sf "localhost:$port/actuator/health/readiness" >/dev/null && return
    kill -0 "$service" 2>/dev/null || fail "the service did not start"
    sleep 0.2
  done
  fail "the service is not ready after two minutes"
}

# Bytes of unfinished files: forms that arrive, tables that are written.
unfinished() { find "$data/hearth/scratch" -type f ! -name '*.lock' -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
blobs() { find "$data/hearth/blobs" -type f | wc -l; }

python3 - "$data/large.csv" <<'PYTHON'
import sys
with open(sys.argv[1], "w") as file:
    file.write("a,b,c\n")
    for row in range(2_000_000):
        file.write(f"{row},{row * 0.5},{row % 7}\n")
PYTHON

start
curl -s --limit-rate 10M -F "file=@$data/large.csv" "localhost:$port/v1/datasets" >/dev/null &
client=$!
for _ in $(seq 300); do
  [ "$(unfinished)" -gt 5000000 ] && break
  sleep 0.05
done
kill -9 "$service"
wait "$client" "$service" 2>/dev/null || true
before=$(unfinished)
[ "$before" -gt 5000000 ] || fail "the upload was not under way"

start
after=$(unfinished)
tmp=$(find /tmp -maxdepth 1 -name "tomcat.$port.*" -newer "$data/large.csv" | wc -l)
echo "unfinished bytes after the kill: $before; after the next start: $after; blobs: $(blobs); folders in /tmp: $tmp"
[ "$after" -eq 0 ] && [ "$(blobs)" -eq 0 ] && [ "$tmp" -eq 0 ] || fail "something is left"
curl -sf "localhost:$port/v1/datasets" | grep -q '"items":\[\]' || fail "there is a data set of half an upload"
echo "Nothing is left."
