"""Servers beside each other: the same models, the same requests, one after the other in turns.

Each round asks each server with 1, 8 and 64 connections for some seconds, in an order that changes from round to round. The
table has medians over the rounds. Before anything is measured, the servers' answers are compared.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import time

import models

LUA = """
local bodies = {}
for path in io.lines("%s") do
  local file = io.open(path, "rb"); bodies[#bodies + 1] = file:read("*a"); file:close()
end
local i = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "%s"
function request() i = i %% #bodies + 1; return wrk.format(nil, nil, nil, bodies[i]) end
"""
MICROSECONDS = {"us": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000}


class Server:
    """A server that runs: its processes, and the address of each model."""

    def __init__(self, name, command, addresses, environment=None, folder=None):
        self.name, self.addresses = name, addresses
        self.log = open(pathlib.Path(folder) / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.log", "w")
        self.process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=self.log, stderr=self.log,
                                        cwd=pathlib.Path(__file__).parent, start_new_session=True)

    def wait(self, url):
        for _ in range(240):
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} has ended; see {self.log.name}")
            try:
                return models.call(url)
            except (OSError, RuntimeError):
                time.sleep(0.5)
        raise SystemExit(f"{self.name} does not answer; see {self.log.name}")

    def stop(self):
        try:
            os.killpg(self.process.pid, 15)
            self.process.wait(30)
        except ProcessLookupError:
            pass  # it has ended by itself
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)


def label(answer, classes):
    """The class that an answer names, in whatever form."""
    answer = json.loads(answer)
    if "predictions" in answer:
        return str(answer["predictions"][0]["label"])
    if "outputs" in answer:
        row = answer["outputs"][0]["data"]
        return classes[max(range(len(row)), key=row.__getitem__)]
    return classes[answer["label"]]


def microseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * MICROSECONDS[unit]


def measure(address, script, connections, seconds):
    output = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "60s", "--latency", "-s", script, address],
                            capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{address} failed:\n{output}")
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]),
            *(microseconds(re.search(rf"\n +{share}%\s+(\S+)", output)[1]) for share in (50, 99)))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--jar", required=True)
    options.add_argument("--java", default="java")
    options.add_argument("--python", required=True, help="has torch, fastapi, uvicorn, torchserve, torch-model-archiver")
    options.add_argument("--triton-python", help="has nvidia-pytriton and torch; left out where it is missing")
    options.add_argument("--mnist", required=True, help="an archive of pictures")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--models", default=",".join(models.MODELS))
    options.add_argument("--port", type=int, default=18100)
    options.add_argument("--table", required=True)
    chosen = options.parse_args()
    names = chosen.models.split(",")
    port, python, bin_folder = chosen.port, chosen.python, pathlib.Path(chosen.python).parent
    servers = []
    folder = pathlib.Path(chosen.table).absolute().parent / "serving/run"  # stays, for the servers' logs
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        run(chosen, names, port, python, bin_folder, folder, servers)
    finally:
        for server in servers:
            server.stop()


def run(chosen, names, port, python, bin_folder, folder, servers):
    hearth = f"http://localhost:{port}"
    servers.append(Server(
        "Hearth",
        [chosen.java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", os.path.abspath(chosen.jar)],
        {name: f"{hearth}/v1/models/{name}:predict" for name in names},
        {"HEARTH_PORT": str(port), "HEARTH_GRPC_PORT": "", "HEARTH_DATA_DIR": str(folder / "data")}, folder))
    servers[0].wait(f"{hearth}/v2/health/ready")
    programs = folder / "programs"
    programs.mkdir()
    for name in names:
        models.train(hearth, name)
        (programs / f"{name}.pt").write_bytes(models.program(hearth, name))

    for workers in (1, 2):
        at = f"http://localhost:{port + workers}"
        servers.append(Server(
            f"FastAPI, {workers} worker{'s' if workers > 1 else ''}",
            [python, "-m", "uvicorn", "fastapi_app:app", "--port", str(port + workers), "--workers", str(workers), "--no-access-log",
             "--log-level", "warning"],
            {name: f"{at}/{name}" for name in names}, {"MODELS": str(programs)}, folder))
        servers[-1].wait(f"{at}/openapi.json")

    store = folder / "store"
    store.mkdir()
    for name in names:
        subprocess.run([bin_folder / "torch-model-archiver", "--model-name", name, "--version", "1.0", "--serialized-file",
                        programs / f"{name}.pt", "--handler", "torchserve_handler.py", "--export-path", store],
                       check=True, cwd=pathlib.Path(__file__).parent)
    settings = folder / "torchserve.properties"
    settings.write_text("".join(f"{key}={value}\n" for key, value in {
        "inference_address": f"http://127.0.0.1:{port + 3}", "management_address": f"http://127.0.0.1:{port + 4}",
        "metrics_address": f"http://127.0.0.1:{port + 5}", "default_workers_per_model": 2, "load_models": "all",
        "disable_token_authorization": "true", "disable_system_metrics": "true", "model_store": store}.items()))
    servers.append(Server(
        "TorchServe, 2 workers",
        [bin_folder / "torchserve", "--start", "--foreground", "--ncs", "--disable-token-auth", "--model-store", store, "--ts-config", settings],
        {name: f"http://localhost:{port + 3}/predictions/{name}" for name in names},
        {"LOG_LOCATION": str(folder), "METRICS_LOCATION": str(folder), "PATH": f"{bin_folder}:{os.environ['PATH']}",
         "TS_CONFIG_FILE": str(settings)}, folder))
    servers[-1].wait(f"http://localhost:{port + 3}/ping")

    if chosen.triton_python and "iris-mlp" in names:
        servers.append(Server("Triton (PyTriton)", [chosen.triton_python, "pytriton_app.py", programs, str(port + 6)],
                              {"iris-mlp": f"http://localhost:{port + 6}/v2/models/iris-mlp/infer"}, {}, folder))
        servers[-1].wait(f"http://localhost:{port + 6}/v2/models/iris-mlp/ready")

    archive = pathlib.Path(chosen.mnist).read_bytes()
    scripts, samples = {}, {}
    for name in names:
        asked = models.rows(name, archive)
        for server in servers:
            if name not in server.addresses:
                continue
            bodies = asked
            if server.name.startswith("Triton"):
                bodies = [(kind, json.dumps({"inputs": [{"name": "rows", "shape": [1, 4], "datatype": "FP64",
                          "data": [json.loads(body)["rows"][0][column] for column in models.COLUMNS]}]}).encode()) for kind, body in asked]
            place = folder / f"requests-{name}-{server.name.split(',')[0].split(' ')[0]}"
            place.mkdir(exist_ok=True)
            paths = []
            for i, (_, body) in enumerate(bodies):
                (place / str(i)).write_bytes(body)
                paths.append(str(place / str(i)))
            (place / "list").write_text("\n".join(paths) + "\n")
            (place / "wrk.lua").write_text(LUA % (place / "list", bodies[0][0]))
            scripts[name, server.name] = place / "wrk.lua"
            samples[name, server.name] = bodies
        compare_answers(name, servers, samples)

    results = {}
    for server in servers:  # Everything is compiled and loaded before it counts.
        for name in server.addresses:
            for connections in (1, 64):
                measure(server.addresses[name], scripts[name, server.name], connections, 5)
    order = random.Random(1)
    for _ in range(chosen.rounds):
        for name in names:
            for connections in (1, 8, 64):
                turn = [server for server in servers if name in server.addresses]
                order.shuffle(turn)
                for server in turn:
                    results.setdefault((name, connections, server.name), []).append(
                        measure(server.addresses[name], scripts[name, server.name], connections, chosen.seconds))
    write(chosen.table, results)


def compare_answers(name, servers, samples):
    classes = ["setosa", "versicolor", "virginica"] if name == "iris-mlp" else [str(digit) for digit in range(10)]
    for i in range(16):
        found = {server.name: label(models.call(server.addresses[name], samples[name, server.name][i][1],
                                                samples[name, server.name][i][0]), classes)
                 for server in servers if name in server.addresses}
        if len(set(found.values())) != 1:
            raise SystemExit(f"{name}: the servers say different things: {found}")


def write(path, results):
    lines = ["| model | connections | server | requests a second | p50, ms | p99, ms | Hearth's throughput, times |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    for (name, connections, server), measured in results.items():
        rate, half, most = (statistics.median(column) for column in zip(*measured))
        # Ratios of each round, since what else the machine does changes from round to round.
        ratio = statistics.median(ours[0] / theirs[0] for ours, theirs in zip(results[name, connections, "Hearth"], measured))
        lines.append(f"| {name} | {connections} | {server} | {rate:,.0f} | {half / 1000:.2f} | {most / 1000:.2f} | {ratio:.2f} |")
    text = "\n".join(sorted(lines[2:], key=lambda line: (line.split("|")[1], int(line.split("|")[2]), line.split("|")[3] != " Hearth ")))
    pathlib.Path(path).write_text("\n".join(lines[:2]) + "\n" + text + "\n")
    print(pathlib.Path(path).read_text())


if __name__ == "__main__":
    main()
