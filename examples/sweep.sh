#!/usr/bin/env bash
# The best of nine networks by successive halving, and how good such a network is over five folds.
source "$(dirname "${BASH_SOURCE[0]}")/calls.sh"

# wait_for_all ADDRESS: until a sweep or a cross-validation has ended.
wait_for_all() {
  local view state
  for _ in $(seq 3000); do
    view=$(call GET "$1")
    state=$(field state <<<"$view")
    case "$state" in
      succeeded) return ;;
      failed | cancelled) printf '%s\n' "$view" >&2; return 1 ;;
    esac
    sleep 0.1
  done
  echo "examples: $1 is still $state after five minutes" >&2
  return 1
}

title "sweep: upload data/iris.csv"
dataset=$(upload data/iris.csv)
echo "data set $dataset"

title "sweep: nine trials, of which the best go on"
sweep=/v1/sweeps/$(call POST /v1/sweeps --json "$(sed "s/DATASET_ID/$dataset/" specs/iris-sweep.json)" | field id)
wait_for_all "$sweep"
call GET "$sweep/trials?order=rank" --header 'Accept: text/csv'
title "sweep: predict with the best"
call POST /v1/models/iris-best:predict --json '{"rows": [
  {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]}'

title "sweep: five folds"
folds=/v1/cross_validations/$(call POST /v1/cross_validations --json "$(sed "s/DATASET_ID/$dataset/" specs/iris-folds.json)" | field id)
wait_for_all "$folds"
call GET "$folds" | grep -oE '"validation_accuracy" ?: ?\{"mean[^}]*\}'
