#!/usr/bin/env bash
# Rows per second of a prediction over a table of ten columns through a small MLP, and the heap that it takes.
# Needs a running service, curl, awk and jq.
#
#   bench/batch-prediction.sh [rows] [URL of the service]
#
# 1000000 and http://localhost:8080 by default.
set -euo pipefail

readonly rows=${1:-1000000} url=${2:-http://localhost:8080}
readonly folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

table() {
  awk -v rows="$1" 'BEGIN {
    srand(1)
    print "a,b,c,d,e,f,g,h,i,j,y"
    for (row = 0; row < rows; row++) {
      line = ""; sum = 0
      for (column = 0; column < 10; column++) { x = rand(); sum += x; line = line sprintf("%.6f,", x) }
      print line (sum > 5 ? "yes" : "no")
    }
  }'
}

# upload FILE: the data set's ID, as soon as it is ready.
upload() {
  local id
  id=$(curl -sf -F "file=@$1" "$url/v1/datasets" | jq -r .id)
  until [ "$(curl -sf "$url/v1/datasets/$id" | jq -r .state)" = ready ]; do sleep 0.5; done
  echo "$id"
}

# ended PATH: the resource, when it has ended.
ended() {
  until curl -sf "$url$1" | jq -e .finished_at > "$folder/ended"; do sleep 0.2; done
  curl -sf "$url$1"
}

heap() {
  curl -sf "$url/actuator/prometheus" |
    awk '/^jvm_memory_used_bytes.*area="heap"/ { used += $NF } END { printf "%.0f\n", used / 1e6 }'
}

table 10000 > "$folder/small.csv"
table "$rows" > "$folder/large.csv"
run=$(curl -sf --json @- "$url/v1/runs" <<EOF | jq -r .id
{"name": "bench-mlp", "dataset": "$(upload "$folder/small.csv")", "target": "y", "loss": "CrossEntropyLoss",
 "model": {"layers": [{"type": "Linear", "out_features": 64}, {"type": "ReLU"}, {"type": "Linear", "out_features": 64},
                      {"type": "ReLU"}, {"type": "Linear", "out_features": 2}]},
 "optimizer": {"type": "Adam"}, "epochs": 5}
EOF
)
ended "/v1/runs/$run" > "$folder/run"
large=$(upload "$folder/large.csv")
before=$(heap)
prediction=$(curl -sf --json "{\"model\": \"bench-mlp\", \"dataset_id\": \"$large\"}" "$url/v1/predictions" | jq -r .id)
highest=0
until curl -sf "$url/v1/predictions/$prediction" | jq -e .finished_at > "$folder/ended"; do
  now=$(heap)
  if [ "$now" -gt "$highest" ]; then highest=$now; fi
done
ended "/v1/predictions/$prediction" | jq -r --arg before "$before" --arg highest "$highest" '
  def seconds: capture("(?<whole>.*)\\.(?<part>[0-9]+)Z") | (.whole + "Z" | fromdate) + ("0." + .part | tonumber);
  ((.finished_at | seconds) - (.started_at | seconds)) as $time
  | "\(.state): \(.rows) rows in \($time * 100 | round / 100) s, \(.rows / $time | round) rows/s; " +
    "result of \(.result.size_bytes) bytes, \(.metrics); heap \($before) MB before, at most \($highest) MB"'
