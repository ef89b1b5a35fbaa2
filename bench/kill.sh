#!/usr/bin/env bash
# Kills, stops and sends away workers while they train; then nothing may be lost, doubled or changed.
#
#   bench/kill.sh                 a few minutes: 12 runs, 6 kills
#   bench/kill.sh full            200 runs, 50 kill -9, 20 SIGSTOP past the lease, 20 SIGTERM: about 20 minutes
#   bench/kill.sh RUNS KILLS FREEZES DEPARTURES [HEARTBEAT] [SECONDS-OF-A-RUN]
#
# Needs Maven and JDK 25; it builds the jar first. It starts an API process, whose embedded PostgreSQL the
# three workers use, too. How many epochs a run has is measured first, so that there is work as long as there are disturbances.
# The table goes to target/kill.md. HEARTH_KILL_SEED=2 makes other choices.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

if [ "${1:-}" = full ]; then set -- 200 50 20 20; fi
source bench/kill/jar.sh
mvn --batch-mode --no-transfer-progress --quiet test -Dhearth.kill.jar=target/kill-jar/hearth.jar -Dtest=KillBench \
  -Dhearth.kill.runs="${1:-12}" -Dhearth.kill.kills="${2:-6}" -Dhearth.kill.freezes="${3:-2}" \
  -Dhearth.kill.departures="${4:-2}" -Dhearth.kill.heartbeat="${5:-1s}" -Dhearth.kill.seconds="${6:-8}" \
  -Dhearth.kill.seed="${HEARTH_KILL_SEED:-1}"
