"""Switches an alias back and forth, by one process and the other in turn, while clients ask both without a pause.

    python3 switching.py URL OTHER_URL SWITCHES

Prints a table; ends with 1 if an answer failed, if a process answered with the former version to what it was asked after its own
switch, or if the other one did so later than it may: 250 ms, and for the version that it has to load first the time of that, for
which what the first switch took is allowed. A quarter of a second is allowed for who asks and who answers on a busy machine.
"""

import http.client
import json
import random
import statistics
import sys
import threading
import time
import urllib.request

CLIENTS = 4
MODEL = "switched"
ROW = json.dumps({"rows": [[5.1, 3.5, 1.4, 0.2]]})
FOLLOWS_WITHIN = 0.25 + 0.25


def call(url, path, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def train(url):
    """Two versions that answer otherwise."""
    header = "sepal_length,sepal_width,petal_length,petal_width,species\n"
    rows = ["5.1,3.5,1.4,0.2,setosa\n", "6.3,2.9,5.6,1.8,virginica\n"] * 40
    boundary = "switching"
    form = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="flowers.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{header}{''.join(rows)}\r\n--{boundary}--\r\n"
    )
    upload = urllib.request.Request(
        url + "/v1/datasets", form.encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    )
    with urllib.request.urlopen(upload) as answer:
        dataset = json.load(answer)["id"]
    for seed in (1, 2):
        specification = {
            "name": MODEL,
            "dataset": dataset,
            "target": "species",
            "model": {"layers": [{"type": "Linear", "out_features": 2}]},
            "loss": "CrossEntropyLoss",
            "optimizer": {"type": "Adam", "lr": 0.05},
            "epochs": 10,
            "seed": seed,
        }
        run = call(url, "/v1/runs", specification)["id"]
        while (state := call(url, f"/v1/runs/{run}")["state"]) not in ("succeeded", "failed", "cancelled"):
            time.sleep(0.1)
        assert state == "succeeded", state


class Client(threading.Thread):
    """Asks one process for what the alias stands for, again and again, and notes when it asked and what came."""

    def __init__(self, url, stop):
        super().__init__(daemon=True)
        self.host, self.stop = url.removeprefix("http://"), stop
        self.answers, self.failures = [], []

    def run(self):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        while not self.stop.is_set():
            asked = time.monotonic()
            try:
                connection.request("POST", f"/v1/models/{MODEL}@prod:predict", ROW, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                body = answer.read()
                if answer.status == 200:
                    self.answers.append((asked, json.loads(body)["version"]))
                else:
                    self.failures.append((asked, f"{answer.status} {body[:200]}"))
            except OSError as e:
                self.failures.append((asked, repr(e)))
                connection.close()


def settled(clients, version, since):
    """Whether each client has had an answer of the version to what it asked since then."""
    return all(each.answers and each.answers[-1][0] > since and each.answers[-1][1] == version for each in clients)


def main(urls, switches):
    train(urls[0])
    setting = f"/v1/models/{MODEL}/aliases/prod"
    call(urls[0], setting, {"version": 1}, "PUT")
    stop = threading.Event()
    clients = {url: [Client(url, stop) for _ in range(CLIENTS)] for url in urls}
    everybody = [client for each in clients.values() for client in each]
    for client in everybody:
        client.start()
    while not settled(everybody, 1, 0):
        time.sleep(0.01)
    chance = random.Random(1)
    begun, changes = time.monotonic(), []
    for i in range(switches):
        version, url, other = 2 - i % 2, urls[i % 2], urls[1 - i % 2]
        before = time.monotonic()
        call(url, setting, {"version": version}, "PUT")
        after = time.monotonic()
        changes.append((version, url, other, before, after))
        while not settled(everybody, version, after):
            if time.monotonic() - after > 30:
                sys.exit(f"after 30 s not all clients get version {version}")
            time.sleep(0.005)
        # Not in step with those who look every 250 ms.
        time.sleep(chance.uniform(0.1, 0.35))
    stop.set()
    for client in everybody:
        client.join()
    took = time.monotonic() - begun

    stale, follows = 0, []
    for number, (version, url, other, _, after) in enumerate(changes):
        end = changes[number + 1][3] if number + 1 < len(changes) else float("inf")
        former = lambda each: [t for client in clients[each] for t, v in client.answers if after < t < end and v != version]
        stale += len(former(url))
        follows.append(max((t - after for t in former(other)), default=0.0))
    failures = [failure for client in everybody for failure in client.failures]
    answers = sum(len(client.answers) for client in everybody)
    puts = [after - before for _, _, _, before, after in changes]
    ms = lambda seconds: f"{1000 * seconds:.0f} ms"
    print("| two processes, one database | |\n| --- | --- |")
    print(f"| switches, by one and the other in turn | {switches} |")
    print(f"| answers to {CLIENTS} clients of each process | {answers:,} in {took:.1f} s |")
    print(f"| failed | {len(failures)} |")
    print(f"| of the former version, from the process that had switched | {stale} |")
    print(f"| the other process went on with the former version for so long after the answer to the switch | median {ms(statistics.median(follows[1:]))}, at most {ms(max(follows[1:]))} |")
    print(f"| … the first time, when it had to load the new one | {ms(follows[0])} |")
    print(f"| a switch took | median {ms(statistics.median(puts[1:]))}, at most {ms(max(puts[1:]))}; the first, which loaded, {ms(puts[0])} |")
    for failure in failures[:5]:
        print(failure, file=sys.stderr)
    late = max(follows[1:]) > FOLLOWS_WITHIN or follows[0] > FOLLOWS_WITHIN + puts[0]
    return 1 if failures or stale or late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:3], int(sys.argv[3])))
