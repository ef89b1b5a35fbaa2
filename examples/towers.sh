#!/usr/bin/env bash
# Two towers with shared weights tell whether two measurements are of one kind.
source "$(dirname "${BASH_SOURCE[0]}")/calls.sh"

train towers data/pairs.csv
title "towers: predict the first rows of the file"
head -4 data/pairs.csv | call POST /v1/models/pairs-towers:predict --header 'Content-Type: text/csv' \
  --header 'Accept: text/csv' --data-binary @-
