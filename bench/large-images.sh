#!/usr/bin/env bash
# An epoch on a set of images that is larger than the memory that the process may have, beside one on a set that
# fits. Needs JDK 25, Maven, root for the limit (a memory cgroup of version 1 or 2), and the disk space.
#
#   bench/large-images.sh [MB of the large set] [MB of memory] [folder for the set] [MB of the small set] [plain]
#
# 20000, 2000, target and 500 by default; `plain` leaves reading to the system, to see what reading ahead does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

readonly large=${1:-20000} limit=${2:-2000} folder=${3:-target} small=${4:-500} way=${5:-}
readonly java="$JAVA_HOME/bin/java"
mkdir -p "$folder"
mvn --batch-mode --no-transfer-progress --quiet test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/bench-classpath.txt -Dmdep.includeScope=test

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  readonly group=/sys/fs/cgroup/hearth-bench file=memory.max
else
  readonly group=/sys/fs/cgroup/memory/hearth-bench file=memory.limit_in_bytes
fi
mkdir -p "$group"
trap 'rmdir "$group"' EXIT
echo "${limit}000000" > "$group/$file"
# In the group from the beginning, as the JVM looks only then how much memory there is.
# shellcheck disable=SC2016
GROUP=$group bash -c 'echo $$ > "$GROUP/cgroup.procs"; exec "$@"' bench \
  "$java" -Xmx256m --enable-native-access=ALL-UNNAMED -DDJL_OFFLINE=true \
  -cp "target/classes:target/test-classes:$(cat target/bench-classpath.txt)" \
  dev.hearth.torchscript.LargeSetBench "$folder" "$large" "$small" $way
