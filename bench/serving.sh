#!/usr/bin/env bash
# Hearth beside FastAPI/uvicorn, TorchServe and Triton, with the same models (an MLP for iris, an MLP and a CNN for MNIST) and the same
# requests: throughput, p50 and p99 at 1, 8 and 64 connections. The table goes to target/serving.md.
#
#   bench/serving.sh [--rounds 5] [--seconds 4] [--models iris-mlp,mnist-mlp,mnist-cnn]
#
# Needs wrk, Python 3 with venv, JDK 25, and a `java` of 11 or later for TorchServe. PYTHON names a Python that
# has torch 2.7.1, pillow, fastapi, uvicorn[standard], torchserve and torch-model-archiver, TRITON_PYTHON one that has torch 2.7.1 and
# nvidia-pytriton; where they are not given, they are made in target/serving.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
JAVA_HOME=$(./hearth jdk)
export JAVA_HOME

command -v wrk > /dev/null || { echo "wrk not found: install it (such as Debian's package wrk)" >&2; exit 1; }
if [ ! -f target/hearth.jar ] || [ -n "$(find pom.xml src/main -newer target/hearth.jar -print -quit)" ]; then
  mvn --batch-mode --no-transfer-progress --quiet package -DskipTests
fi
mkdir -p target/serving
if [ -z "${PYTHON:-}" ]; then
  PYTHON=$PWD/target/serving/venv/bin/python
  [ -x "$PYTHON" ] || python3 -m venv target/serving/venv
  "$PYTHON" -m pip install --quiet torch==2.7.1 pillow fastapi 'uvicorn[standard]' torchserve torch-model-archiver
fi
if [ -z "${TRITON_PYTHON:-}" ]; then
  TRITON_PYTHON=$PWD/target/serving/triton/bin/python
  [ -x "$TRITON_PYTHON" ] || python3 -m venv target/serving/triton
  "$TRITON_PYTHON" -m pip install --quiet torch==2.7.1 nvidia-pytriton 'numpy<2'
fi
exec "$PYTHON" bench/serving/compare.py --jar target/hearth.jar --java "$JAVA_HOME/bin/java" --python "$PYTHON" \
  --triton-python "$TRITON_PYTHON" --mnist src/main/resources/samples/mnist.zip --table target/serving.md "$@"
