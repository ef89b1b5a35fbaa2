#!/usr/bin/env bash
# Lets Jazzer look for model files that the readers neither read nor refuse, and PictureFuzzTest for such archives,
# IDX files and pictures.
#
#   bench/fuzz.sh [SECONDS]     for each target, 600 by default
#
# Needs JDK 25 and Maven. Findings are kept in target/fuzz and end the script with an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

readonly seconds=${1:-600} jazzer=0.30.0 work=target/fuzz
maven() { mvn --batch-mode --no-transfer-progress --quiet "$@"; }

maven test-compile
maven dependency:build-classpath -Dmdep.outputFile=target/fuzz-classpath.txt -Dmdep.includeScope=test
for artifact in jazzer jazzer-api; do
  maven dependency:copy -Dartifact=com.code-intelligence:$artifact:$jazzer -DoutputDirectory=target/jazzer
done
readonly classpath="target/jazzer/jazzer-$jazzer.jar:target/jazzer/jazzer-api-$jazzer.jar:target/classes:target/test-classes:$(cat target/fuzz-classpath.txt)"

failed=0
for target in Pt Pickle Safetensors; do
  mkdir -p "$work/$target"
  "$JAVA_HOME/bin/java" -cp "$classpath" dev.hearth.torchscript.FuzzSeeds "$target" "$work/$target"
  echo "== $target, $seconds s"
  "$JAVA_HOME/bin/java" -Xmx1g --enable-native-access=ALL-UNNAMED -XX:+EnableDynamicAgentLoading \
    -cp "$classpath" com.code_intelligence.jazzer.Jazzer \
    --target_class="dev.hearth.torchscript.${target}Jazzer" \
    --instrumentation_includes='dev.hearth.torchscript.**' \
    --reproducer_path="$work" -artifact_prefix="$work/" \
    -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=3000 -print_final_stats=1 -seed=1 \
    "$work/$target" > "$work/$target.log" 2>&1 || { failed=1; echo "   found something:"; grep -A3 '^== Java Exception\|ERROR' "$work/$target.log" | head -20; }
  grep -E '^stat::|^Done' "$work/$target.log" || tail -5 "$work/$target.log"
done
echo "== pictures, $seconds s each of archives, IDX files and pictures"
maven test -Dtest=PictureFuzzTest -Dhearth.fuzz.seconds="$seconds" || failed=1
exit $failed
