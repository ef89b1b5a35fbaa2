# For the scripts beside this folder: builds the jar if it is not there or old, and unpacks it, since processes start faster so.
if [ ! -f target/hearth.jar ] || [ -n "$(find pom.xml src/main -newer target/hearth.jar -print -quit)" ]; then
  mvn --batch-mode --no-transfer-progress --quiet package -DskipTests
fi
rm -rf target/kill-jar
"$JAVA_HOME/bin/java" -Djarmode=tools -jar target/hearth.jar extract --destination target/kill-jar
