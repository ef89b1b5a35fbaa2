#!/bin/sh
# An epoch on a set of images that is larger than the memory that the process may have, beside one on a set that
# fits. Needs root for the limit (a memory cgroup of version 1 or 2), and the large set's size on the disk.
#
# bench/large-images.sh [megabytes of the large set] [megabytes of memory] [folder for the set]
set -e
cd "$(dirname "$0")/.."
large=${1:-20000}
limit=${2:-2000}
folder=${3:-target}
mkdir -p "$folder"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    group=/sys/fs/cgroup/hearth-bench
    mkdir -p $group
    echo "${limit}000000" > $group/memory.max
else
    group=/sys/fs/cgroup/memory/hearth-bench
    mkdir -p $group
    echo "${limit}000000" > $group/memory.limit_in_bytes
fi
mvn -B -q -o test -Dtest=LargeSetBench -Dsurefire.failIfNoSpecifiedTests=false -Dhearth.bench.large="$large" \
    -Dhearth.bench.folder="$folder" -Dhearth.bench.cgroup=$group
rmdir $group 2> /dev/null || true
