#!/usr/bin/env bash
# A convolutional network with residual blocks reads digits of 8 × 8 pixels.
source "$(dirname "${BASH_SOURCE[0]}")/calls.sh"

train residual ../src/main/resources/samples/digits.csv
title "residual: predict the first rows of the file"
head -4 ../src/main/resources/samples/digits.csv | call POST /v1/models/digits-residual:predict --header 'Content-Type: text/csv' \
  --header 'Accept: text/csv' --data-binary @-
