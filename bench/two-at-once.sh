#!/usr/bin/env bash
# Two runs at once in one process: the same bits as each alone, and the rows per second of both.
#
# Needs Maven and JDK 25; it builds the jar first. The table goes to target/two-at-once.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

source bench/kill/jar.sh
mvn --batch-mode --no-transfer-progress --quiet test -Dhearth.kill.jar=target/kill-jar/hearth.jar -Dtest=TwoAtOnceBench
