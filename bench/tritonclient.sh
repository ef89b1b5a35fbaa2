#!/usr/bin/env bash
# Asks models of every form with the public client of the Open Inference Protocol (tritonclient for Python), over HTTP in
# JSON and in binary and over gRPC, and compares the answers with those of Hearth's own interface.
#
#   bench/tritonclient.sh
#
# Needs JDK 25, curl, Python 3 with venv, and target/hearth.jar (./hearth build). CLIENT names a Python that has
# tritonclient[http,grpc]; else one is made in a folder that goes in the end. PORT and GRPC_PORT are where the service
# listens for that time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

readonly port=${PORT:-18084} grpc=${GRPC_PORT:-18085} java="$JAVA_HOME/bin/java" jar=${JAR:-target/hearth.jar}
work=$(mktemp -d)
readonly work
service=""
finish() {
  [ -z "$service" ] || { kill "$service" && wait "$service"; } 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT

if [ -z "${CLIENT:-}" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet 'tritonclient[http,grpc]==2.73.0'
  CLIENT=$work/venv/bin/python
fi

HEARTH_DATA_DIR="$work/data" HEARTH_PORT=$port HEARTH_GRPC_PORT=$grpc "$java" --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -jar "$jar" > "$work/service.log" 2>&1 &
service=$!
until curl -sf "localhost:$port/v2/health/ready" > /dev/null; do
  kill -0 "$service" || { cat "$work/service.log"; exit 1; }
  sleep 0.5
done

"$CLIENT" bench/tritonclient/check.py "localhost:$port" "localhost:$grpc"
