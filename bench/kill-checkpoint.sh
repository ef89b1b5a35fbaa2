#!/usr/bin/env bash
# Processes die at each of 20 points of the writing of a checkpoint, TIMES each; then what is stored is looked at, and healthy
# processes go on.
#
#   bench/kill-checkpoint.sh [TIMES] [AT-ONCE]      5 times, 2 at once: about a quarter of an hour
#
# Needs Maven and JDK 25; it builds the jar first. The table goes to target/kill-checkpoint.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

source bench/kill/jar.sh
mvn --batch-mode --no-transfer-progress --quiet test -Dhearth.kill.jar=target/kill-jar/hearth.jar -Dtest=CheckpointKillBench \
  -Dhearth.kill.times="${1:-5}" -Dhearth.kill.at-once="${2:-2}"
