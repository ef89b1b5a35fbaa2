#!/usr/bin/env bash
# A run that brings its process down three times fails, and its neighbours finish.
#
# Needs Maven and JDK 25; it builds the jar first. The table goes to target/crash.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

source bench/kill/jar.sh
mvn --batch-mode --no-transfer-progress --quiet test -Dhearth.kill.jar=target/kill-jar/hearth.jar -Dtest=CrashBench
