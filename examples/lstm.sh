#!/usr/bin/env bash
# An LSTM tells sine, square and sawtooth waves apart.
source "$(dirname "${BASH_SOURCE[0]}")/calls.sh"

train lstm data/waves.csv
title "lstm: predict the first rows of the file"
head -4 data/waves.csv | call POST /v1/models/waves-lstm:predict --header 'Content-Type: text/csv' \
  --header 'Accept: text/csv' --data-binary @-
