#!/usr/bin/env bash
# Two processes on one database and one folder of blobs: an alias is switched back and forth, by one and the other in turn, while clients
# ask both without a pause. How many answers fail or are of the wrong version, and how soon the other process follows.
#
#   bench/two-processes.sh [SWITCHES]
#
# Needs Maven, JDK 25, curl and Python 3. PORT and the one after it are where the processes listen.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

options=()
source bench/serving/service.sh
readonly other=http://localhost:$((${url##*:} + 1))
mkdir -p "$work/other"
ln -s "$work/data/blobs" "$work/other/blobs"
# The embedded server's port is the fourth line.
HEARTH_DB_URL=jdbc:postgresql://127.0.0.1:$(sed -n 4p "$work/data/postgres/cluster/postmaster.pid")/postgres \
  HEARTH_DB_USER=hearth HEARTH_DB_PASSWORD=$(cat "$work/data/postgres/password") \
  HEARTH_DATA_DIR="$work/other" HEARTH_PORT=${other##*:} HEARTH_GRPC_PORT= "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -jar target/hearth.jar > "$work/other.log" 2>&1 &
second=$!
trap '{ kill "$second" && wait "$second"; } 2> /dev/null || true; finish' EXIT
until curl --silent --fail "$other/v2/health/ready" > /dev/null; do
  kill -0 "$second" || { cat "$work/other.log"; exit 1; }
  sleep 0.5
done
python3 bench/serving/switching.py "$url" "$other" "${1:-20}" | tee target/two-processes.md
