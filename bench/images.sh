#!/usr/bin/env bash
# Pictures a second from an archive to a data set, beside Pillow and torchvision's ImageFolder doing the same decoding.
#
#   bench/images.sh URL ARCHIVE.zip [PYTHON]
#
# URL is that of a running service; PYTHON has torchvision 0.22 (python3 by default). Medians of five.
set -euo pipefail
readonly url=$1 archive=$2 python=${3:-python3} times=5

hearth() {
  local created
  created=$(curl --silent --fail --show-error --form "file=@$archive" --write-out '\n%{time_total}' "$url/v1/datasets")
  printf '%s %s\n' "$(tail -1 <<<"$created")" "$(head -1 <<<"$created" | grep -oE '"rows":[0-9]+' | head -1 | cut -d: -f2)"
  curl --silent --fail --request DELETE "$url/v1/datasets/$(grep -oE '"id":"[^"]+"' <<<"$created" | head -1 | cut -d'"' -f4)"
}

echo "Hearth, upload to data set (report included):"
for _ in $(seq $times); do hearth; done | sort -n | awk '{seconds[NR] = $1; rows = $2}
  END {m = seconds[int((NR + 1) / 2)]; printf "  %d pictures in %.2f s: %.0f a second\n", rows, m, rows / m}'

"$python" - "$archive" $times <<'PYTHON'
import pathlib, statistics, sys, tempfile, time, zipfile
import torch
from torchvision.datasets import ImageFolder
from torchvision.transforms.functional import pil_to_tensor

torch.set_num_threads(1)
archive, times = sys.argv[1], int(sys.argv[2])
whole, decoding = [], []
for _ in range(times):
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        zipfile.ZipFile(archive).extractall(folder)
        unpacked = time.perf_counter()
        data = ImageFolder(folder)
        for image, label in data:
            pil_to_tensor(image.convert("L"))
        end = time.perf_counter()
        whole.append(end - begin)
        decoding.append(end - unpacked)
for what, seconds in ("unpacked and decoded", whole), ("decoded only", decoding):
    m = statistics.median(seconds)
    print(f"Pillow and ImageFolder, one process, {what}:\n  {len(data)} pictures in {m:.2f} s: {len(data) / m:.0f} a second")
PYTHON
