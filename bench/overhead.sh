#!/usr/bin/env bash
# What a request costs beyond the call of libtorch that it is about. The table goes to target/overhead.md.
#
# Needs Maven and JDK 25.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

mvn --batch-mode --no-transfer-progress --quiet test -Dtest=OverheadBench > target/overhead.log 2>&1 || { cat target/overhead.log; exit 1; }
cat target/overhead.md
