#!/usr/bin/env bash
# Five times as many requests as the service can answer, for ten minutes: what is answered, what is refused and how, and how soon
# all is as before. The model is one that takes long to compute, so that the requests themselves cost little beside it.
#
#   bench/overload.sh [TIMES] [SECONDS]
#
# Needs Maven, JDK 25, curl, unzip and Python 3. PORT is where the service listens.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly times=${1:-5} seconds=${2:-600}

options=()
source bench/serving/service.sh
python3 bench/serving/models.py "$url" large
unzip -q -j src/main/resources/samples/mnist.zip '0/00000.png' -d "$work"
"$JAVA_HOME/bin/java" bench/serving/Load.java overload "$url/v1/models/large:predict" "$work/00000.png" "$times" "$seconds" |
  tee target/overload.md
