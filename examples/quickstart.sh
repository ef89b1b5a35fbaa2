#!/usr/bin/env bash
# From a CSV to predictions, three times: classes, a number, and yes or no. Needs curl and a running
# Hearth (./hearth), by default at http://localhost:8080; HEARTH_URL names another, HEARTH_API_KEY a key.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

url=${HEARTH_URL:-http://localhost:8080}
downloads=$(mktemp -d)

title() { printf '\n== %s\n' "$*"; }

# call METHOD PATH [curl's options]: prints the body; on an error shows it and stops.
call() {
  local method=$1 path=$2 body status
  shift 2
  [ -z "${HEARTH_API_KEY:-}" ] || set -- --header "Authorization: Bearer $HEARTH_API_KEY" "$@"
  body=$(mktemp)
  status=$(curl --silent --show-error --output "$body" --write-out '%{http_code}' \
    --request "$method" "$@" "$url$path")
  cat "$body"
  echo
  rm "$body"
  if [ "$status" -ge 400 ]; then
    printf 'quickstart: %s %s answered %s\n' "$method" "$path" "$status" >&2
    return 1
  fi
}

# field NAME: the first string or number of that name in the JSON on standard input.
field() { grep -oE "\"$1\" ?: ?(\"[^\"]*\"|[-0-9.eE]+)" | head -1 | sed -E 's/^[^:]*: ?"?([^"]*)"?$/\1/'; }

upload() {
  call POST /v1/datasets --form "file=@data/$1.csv;type=text/csv" \
    --form "options={\"name\": \"$1\"};type=application/json" | field id
}

# wait_for RUN: until it has ended; shows the run.
wait_for() {
  local run state
  for _ in $(seq 600); do
    run=$(call GET "/v1/runs/$1")
    state=$(field state <<<"$run")
    case "$state" in
      succeeded) echo "$state: $(grep -oE '"metrics" ?: ?\{[^}]*\}' <<<"$run" | head -1)"; return ;;
      failed | cancelled) printf '%s\n' "$run" >&2; return 1 ;;
    esac
    sleep 0.1
  done
  echo "quickstart: run $1 is still $state after a minute" >&2
  return 1
}

# train NAME: uploads data/NAME.csv, checks specs/NAME.json, trains and waits.
train() {
  local dataset spec run
  title "$1: upload data/$1.csv"
  dataset=$(upload "$1")
  echo "data set $dataset"
  spec=$(sed "s/DATASET_ID/$dataset/" "specs/$1.json")
  title "$1: check specs/$1.json"
  call POST /v1/specs:check --json "$spec"
  title "$1: train"
  run=$(call POST /v1/runs --json "$spec" | field id)
  echo "run $run"
  wait_for "$run"
}

# download MODEL FILE
download() {
  curl --silent --show-error --fail --output "$downloads/$1.$2" \
    ${HEARTH_API_KEY:+--header "Authorization: Bearer $HEARTH_API_KEY"} \
    "$url/v1/models/$1/versions/$(call GET "/v1/models/$1" | field version)/files/$2"
  echo "$downloads/$1.$2: $(wc -c <"$downloads/$1.$2") bytes"
}

train iris
title "iris: predict a row of JSON"
call POST /v1/models/iris:predict --json '{"rows": [
  {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]}'
title "iris: predict rows of CSV, answered as CSV"
head -4 data/iris.csv | call POST /v1/models/iris:predict --header 'Content-Type: text/csv' \
  --header 'Accept: text/csv' --data-binary @-
title "iris: download what PyTorch reads"
download iris state_dict.pt
download iris model.safetensors

train diabetes
title "diabetes: predict"
call POST /v1/models/diabetes:predict --json '{"rows": [
  {"age": 59, "sex": 2, "bmi": 32.1, "bp": 101, "s1": 157, "s2": 93.2, "s3": 38, "s4": 4,
   "s5": 4.8598, "s6": 87}]}'

train breast_cancer
title "breast_cancer: predict the first two rows of the file"
head -3 data/breast_cancer.csv | call POST /v1/models/breast-cancer:predict \
  --header 'Content-Type: text/csv' --data-binary @-
