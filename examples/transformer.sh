#!/usr/bin/env bash
# A small transformer finds the token that occurs most often.
source "$(dirname "${BASH_SOURCE[0]}")/calls.sh"

train transformer data/tokens.csv
title "transformer: predict the first rows of the file"
head -4 data/tokens.csv | call POST /v1/models/tokens-transformer:predict --header 'Content-Type: text/csv' \
  --header 'Accept: text/csv' --data-binary @-
