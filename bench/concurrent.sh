#!/usr/bin/env bash
# Ten thousand requests at the same time, each on its own connection and with an answer of its own.
#
#   bench/concurrent.sh [REQUESTS]
#
# Needs Maven, JDK 25, curl, Python 3, and a limit of open files (ulimit -n) above the number of requests. PORT is where the service listens.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly requests=${1:-10000}
if [ "$(ulimit -n)" -lt $((requests + 1000)) ]; then ulimit -n $((requests + 1000)); fi

# So many may wait that none is refused.
options=(--server.tomcat.max-connections=20000 --hearth.serving.request.max-waiting=20000
  --hearth.serving.batch.max-waiting=20000)
source bench/serving/service.sh
python3 bench/serving/models.py "$url" line
"$JAVA_HOME/bin/java" bench/serving/Load.java concurrent "$url/v1/models/line:predict" x "$requests" | tee target/concurrent.md
