"""soak.py URL PROCESS JCMD PREDICTIONS CYCLES: see bench/soak.sh."""

import json
import re
import subprocess
import sys
import tempfile
import threading

import models

url, process, jcmd, predictions, cycles = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
PARTS = 10  # the memory is looked at between them
CLASSES = ("ai.djl.pytorch.engine.PtNDManager", "ai.djl.pytorch.engine.PtNDArray", "ai.djl.pytorch.engine.PtSymbolBlock")


def resident():
    """Megabytes, of the process alone."""
    status = open(f"/proc/{process}/status").read()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def open_natives():
    """How many managers (scopes), arrays and programs of libtorch are reachable, after a full collection."""
    histogram = subprocess.run([jcmd, process, "GC.class_histogram"], capture_output=True, text=True, check=True).stdout
    found = {name: 0 for name in CLASSES}
    for line in histogram.splitlines():
        columns = line.split()
        if len(columns) >= 4 and columns[3] in found:
            found[columns[3]] = int(columns[1])
    return list(found.values())


def predicted():
    """How many rows the service has predicted, by its own metrics."""
    metrics = models.call(f"{url}/actuator/prometheus").decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith("hearth_serving_rows_total"))


def load_and_unload(times):
    """Loads a version, asks it, lets it go."""
    row = json.dumps({"rows": [[[[0] * 28] * 28]]}).encode()
    for _ in range(times):
        models.call(f"{url}/v2/repository/models/mnist-mlp/load", b"{}")
        models.call(f"{url}/v1/models/mnist-mlp:predict", row)
        models.call(f"{url}/v2/repository/models/mnist-mlp/unload", b"{}")


script = tempfile.NamedTemporaryFile("w", suffix=".lua")
script.write("""wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
  return wrk.format(nil, nil, nil, string.format(
    '{"rows": [{"sepal_length": %.1f, "sepal_width": %.1f, "petal_length": %.1f, "petal_width": %.1f}]}',
    4 + 3 * math.random(), 2 + 2 * math.random(), 1 + 5 * math.random(), 2.5 * math.random()))
end
""")
script.flush()

lines = ["| predictions | loaded and unloaded | resident, MB | native scopes | arrays | programs |", "| --- | --- | --- | --- | --- | --- |"]


def look(done):
    natives = open_natives()
    lines.append(f"| {predicted():,.0f} | {done} | {resident():,.0f} | " + " | ".join(str(each) for each in natives) + " |")
    print(lines[-1], flush=True)


load_and_unload(5)
print("\n".join(lines))
look(5)
for part in range(PARTS):
    cycling = threading.Thread(target=load_and_unload, args=(cycles // PARTS,))
    cycling.start()
    until = predicted() + predictions / PARTS
    while predicted() < until or cycling.is_alive():
        output = subprocess.run(["wrk", "-t1", "-c16", "-d2", "-s", script.name, f"{url}/v1/models/iris-mlp:predict"],
                                capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in output or "Socket errors" in output:
            raise SystemExit(output)
    cycling.join()
    look(5 + cycles // PARTS * (part + 1))
