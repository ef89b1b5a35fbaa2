# For the scripts beside this folder: builds the jar if it is not there or old, and starts a service that ends with the script.
# Takes the array options, which go to the service; sets url, service (its process) and work (a folder that goes in the end).
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME
if [ ! -f target/hearth.jar ] || [ -n "$(find pom.xml src/main -newer target/hearth.jar -print -quit)" ]; then
  mvn --batch-mode --no-transfer-progress --quiet package -DskipTests
fi
work=$(mktemp -d)
service=""
finish() {
  [ -z "$service" ] || { kill "$service" && wait "$service"; } 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT

readonly url=http://localhost:${PORT:-18086}
HEARTH_DATA_DIR="$work/data" HEARTH_PORT=${url##*:} HEARTH_GRPC_PORT= "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -jar target/hearth.jar "${options[@]}" > "$work/service.log" 2>&1 &
service=$!
until curl --silent --fail "$url/v2/health/ready" > /dev/null; do
  kill -0 "$service" || { cat "$work/service.log"; exit 1; }
  sleep 0.5
done
