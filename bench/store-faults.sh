#!/usr/bin/env bash
# Runs whose checkpoints cannot be stored: a full disk (a small file system of its own; needs root, and is left out otherwise),
# and an object store that answers 500.
#
# Needs Maven and JDK 25; it builds the jar first. The table goes to target/store-faults.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

source bench/kill/jar.sh
mvn --batch-mode --no-transfer-progress --quiet test -Dhearth.kill.jar=target/kill-jar/hearth.jar -Dtest=StoreFaultsBench
