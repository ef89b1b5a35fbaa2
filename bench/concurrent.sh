#!/usr/bin/env bash
# Ten thousand requests at the same time, each on its own connection and with an answer of its own.
#
#   bench/concurrent.sh [REQUESTS]
#
# Needs Maven, JDK 25, curl, Python 3, and as many open files as there are requests, twice (ulimit -n). PORT is where the service listens.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly requests=${1:-10000}
ulimit -n "$((2 * requests + 1000))"

# So many may wait that none is refused.
options=(--server.tomcat.max-connections=20000 --hearth.serving.request.max-waiting=20000
  --hearth.serving.batch.max-waiting=20000)
source bench/serving/service.sh
python3 bench/serving/models.py "$url" line
"$JAVA_HOME/bin/java" bench/serving/Load.java concurrent "$url/v1/models/line:predict" x "$requests" | tee target/concurrent.md
