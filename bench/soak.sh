#!/usr/bin/env bash
# A million predictions while models are loaded and unloaded five hundred times: the memory of the process in the beginning, the middle
# and the end, and how many native scopes are open.
#
#   bench/soak.sh [PREDICTIONS] [CYCLES]
#
# Needs Maven, JDK 25, curl, Python 3 and wrk. PORT is where the service listens.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly predictions=${1:-1000000} cycles=${2:-500}

options=()
source bench/serving/service.sh
for model in iris-mlp mnist-mlp; do python3 bench/serving/models.py "$url" "$model"; done
python3 bench/serving/soak.py "$url" "$service" "$JAVA_HOME/bin/jcmd" "$predictions" "$cycles" | tee target/soak.md
