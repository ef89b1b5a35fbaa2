#!/usr/bin/env bash
# From a CSV to predictions, three times: classes, a number, and yes or no. Needs curl and a running
# Hearth (./hearth), by default at http://localhost:8080; HEARTH_URL names another, HEARTH_API_KEY a key.
source "$(dirname "${BASH_SOURCE[0]}")/calls.sh"

downloads=$(mktemp -d)

# download MODEL FILE
download() {
  curl --silent --show-error --fail --output "$downloads/$1.$2" \
    ${HEARTH_API_KEY:+--header "Authorization: Bearer $HEARTH_API_KEY"} \
    "$url/v1/models/$1/versions/$(call GET "/v1/models/$1" | field version)/files/$2"
  echo "$downloads/$1.$2: $(wc -c <"$downloads/$1.$2") bytes"
}

train iris data/iris.csv
title "iris: predict a row of JSON"
call POST /v1/models/iris:predict --json '{"rows": [
  {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]}'
title "iris: predict rows of CSV, answered as CSV"
head -4 data/iris.csv | call POST /v1/models/iris:predict --header 'Content-Type: text/csv' \
  --header 'Accept: text/csv' --data-binary @-
title "iris: download what PyTorch reads"
download iris state_dict.pt
download iris model.safetensors

train diabetes data/diabetes.csv
title "diabetes: predict"
call POST /v1/models/diabetes:predict --json '{"rows": [
  {"age": 59, "sex": 2, "bmi": 32.1, "bp": 101, "s1": 157, "s2": 93.2, "s3": 38, "s4": 4,
   "s5": 4.8598, "s6": 87}]}'

train breast_cancer data/breast_cancer.csv
title "breast_cancer: predict the first two rows of the file"
head -3 data/breast_cancer.csv | call POST /v1/models/breast-cancer:predict \
  --header 'Content-Type: text/csv' --data-binary @-
