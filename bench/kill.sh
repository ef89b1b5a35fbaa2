#!/usr/bin/env bash
# Kills, stops and sends away workers while they train; then nothing may be lost, doubled or changed.
#
#   bench/kill.sh                 a few minutes: 12 runs, 6 kills
#   bench/kill.sh full            200 runs, 50 kill -9, 20 SIGSTOP past the lease, 20 SIGTERM
#   bench/kill.sh RUNS KILLS FREEZES DEPARTURES [HEARTBEAT]
#
# Needs Maven, and JAVA_HOME to name a JDK 25; it builds the jar first. It starts an API process, whose embedded PostgreSQL the
# three workers use, too, and prints a table. HEARTH_KILL_SEED=2 makes other choices.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "${1:-}" = full ]; then set -- 200 50 20 20; fi
if [ ! -f target/hearth.jar ] || [ -n "$(find pom.xml src/main -newer target/hearth.jar -print -quit)" ]; then
  mvn --batch-mode --no-transfer-progress --quiet package -DskipTests
fi
mvn --batch-mode --no-transfer-progress --quiet test -Dtest=KillBench \
  -Dhearth.kill.runs="${1:-12}" -Dhearth.kill.kills="${2:-6}" -Dhearth.kill.freezes="${3:-1}" \
  -Dhearth.kill.departures="${4:-2}" -Dhearth.kill.heartbeat="${5:-1s}" -Dhearth.kill.seed="${HEARTH_KILL_SEED:-1}"
