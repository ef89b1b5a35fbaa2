# What the examples share. Needs curl and a running Hearth
# (./hearth), by default at http://localhost:8080; HEARTH_URL names another, HEARTH_API_KEY a key.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

url=${HEARTH_URL:-http://localhost:8080}

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
    printf 'examples: %s %s answered %s\n' "$method" "$path" "$status" >&2
    return 1
  fi
}

# field NAME: the first string or number of that name in the JSON on standard input.
field() { grep -oE "\"$1\" ?: ?(\"[^\"]*\"|[-0-9.eE]+)" | head -1 | sed -E 's/^[^:]*: ?"?([^"]*)"?$/\1/'; }

# upload FILE
upload() {
  [ -f "$1" ] || python3 make_data.py
  call POST /v1/datasets --form "file=@$1;type=text/csv" \
    --form "options={\"name\": \"$(basename "$1" .csv)\"};type=application/json" | field id
}

# wait_for RUN: until it has ended; shows the run.
wait_for() {
  local run state
  for _ in $(seq 3000); do
    run=$(call GET "/v1/runs/$1")
    state=$(field state <<<"$run")
    case "$state" in
      succeeded) echo "$state: $(grep -oE '"metrics" ?: ?\{[^}]*\}' <<<"$run" | head -1)"; return ;;
      failed | cancelled) printf '%s\n' "$run" >&2; return 1 ;;
    esac
    sleep 0.1
  done
  echo "examples: run $1 is still $state after five minutes" >&2
  return 1
}

# train NAME FILE: uploads FILE, checks specs/NAME.json, trains and waits.
train() {
  local dataset spec run
  title "$1: upload $2"
  dataset=$(upload "$2")
  echo "data set $dataset"
  spec=$(sed "s/DATASET_ID/$dataset/" "specs/$1.json")
  title "$1: check specs/$1.json"
  call POST /v1/specs:check --json "$spec"
  title "$1: train"
  run=$(call POST /v1/runs --json "$spec" | field id)
  echo "run $run"
  wait_for "$run"
}
