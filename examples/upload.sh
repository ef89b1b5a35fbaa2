#!/usr/bin/env bash
# Uploads a file of any size in parts and makes a data set of it. A part that breaks off is sent again.
#
#   examples/upload.sh large.csv ['{"name": "large"}']
file=$(realpath "$1")
options=${2:-"{}"}
source "$(dirname "${BASH_SOURCE[0]}")/calls.sh"

title "Announce $(basename "$file")"
announced=$(call POST /v1/uploads --header 'Content-Type: application/json' --data @- <<JSON
{"name": "$(basename "$file")", "size_bytes": $(stat -c %s "$file"),
 "sha256": "$(sha256sum <"$file" | cut -c 1-64)"}
JSON
)
upload=$(field id <<<"$announced")
size=$(field part_bytes <<<"$announced")
parts=$(field parts <<<"$announced")

title "Send $parts parts of $size bytes"
part=$(mktemp)
trap 'rm -f "$part"' EXIT
for ((number = 1; number <= parts; number++)); do
  dd if="$file" of="$part" bs="$size" skip=$((number - 1)) count=1 iflag=fullblock status=none
  call PUT "/v1/uploads/$upload/parts/$number" --upload-file "$part" --retry 10 --retry-all-errors \
    --header "Content-Digest: sha-256=:$(openssl dgst -sha256 -binary "$part" | base64):" |
    grep -oE '"received_bytes" ?: ?[0-9]+'
done

title "Make a data set"
call POST /v1/datasets --header 'Content-Type: application/json' \
  --data "{\"uploads\": [\"$upload\"], \"options\": $options}"
