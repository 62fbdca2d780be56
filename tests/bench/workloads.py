# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark sends, and the figures that come of it."""
import json
import subprocess
import time

from servers import LOAD_CPU, pinned

PATH = "/v1/chat/completions"
# Portkey needs some forty times the time of the others for each request.
SLOW_SHARE = {"portkey": 0.025}
LEAST_REQUESTS = 20


def conversation(size):
    """Messages of about `size` bytes as JSON, the first the system's."""
    turn = "The quick brown fox jumps over the lazy dog; then it rests.\n" * 16
    messages = [{"role": "system", "content": "You are a careful assistant."}]
    while len(json.dumps(messages)) + len(turn) < size:
        messages.append({"role": "user" if len(messages) % 2 else "assistant", "content": turn})
    return [*messages, {"role": "user", "content": "Say hello."}]


class Bench:
    """Runs the load generator against servers and reads their CPU time around it."""

    def __init__(self, load, folder, quick):
        self.load, self.folder, self.quick = load, folder, quick
        self.problems = []

    def body(self, server, model, size, stream):
        """A file with a conversation of about `size` bytes."""
        path = self.folder / f"{server.name}-{model.replace(':', '_')}-{size}.json"
        if not path.exists():
            path.write_text(json.dumps({"model": server.model_prefix + model, "messages": conversation(size),
                                        "stream": stream}))
        return path

    def requests(self, server, count):
        count = count // 5 if self.quick else count
        return max(LEAST_REQUESTS, int(count * SLOW_SHARE.get(server.name, 1)))

    def command(self, server, model, size, stream, arguments):
        command = [self.load, "--url", server.url + PATH, "--body", self.body(server, model, size, stream), *arguments]
        for header in server.headers:
            command += ["--header", header]
        return pinned(LOAD_CPU, command + (["--stream"] if stream else []))

    def run(self, server, model, size=2048, stream=False, **options):
        """The load generator's figures and the server's CPU seconds."""
        arguments = [part for name, value in options.items() for part in ("--" + name.replace("_", "-"), str(value))]
        command = self.command(server, model, size, stream, arguments)
        before = server.cpu_seconds()
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=320, check=False)
        figures = json.loads(done.stdout) if done.stdout else {"errors": 1, "first_error": "no answer", "requests": 0}
        figures["cpu"] = server.cpu_seconds() - before
        if figures["errors"]:
            problem = f"{server.name}: {model}: {figures['errors']} errors, first: {figures.get('first_error')}"
            self.problems.append(problem)
            print(problem, flush=True)
        return figures

    def per_request_us(self, figures):
        return figures["cpu"] * 1e6 / max(1, figures["requests"])


def warm_up(bench, server):
    """Connections, caches and, for Node, the compiler."""
    count = 1500 if server.name == "portkey" else 2000
    bench.run(server, "mock", connections=32, requests=count)
    bench.run(server, "mock:burst:100", stream=True, connections=4, requests=bench.requests(server, 100))


def small_requests(connections, count):
    def measure(bench, server):
        figures = bench.run(server, "mock", connections=connections, requests=bench.requests(server, count),
                            warmup=connections)
        # The warm-up's CPU is in the sum, so its requests are too.
        figures["requests"] += connections
        out = {f"cpu_us_c{connections}": bench.per_request_us(figures),
               f"rps_c{connections}": figures["requests_per_second"]}
        if connections == 1:
            out |= {"p50_us_c1": figures["p50_us"], "p99_us_c1": figures["p99_us"]}
        return out
    return measure


def large_requests(name, size, count):
    def measure(bench, server):
        figures = bench.run(server, "mock", size=size, connections=1, requests=bench.requests(server, count))
        return {f"cpu_us_{name}": bench.per_request_us(figures), f"p50_us_{name}": figures["p50_us"]}
    return measure


def burst_streams(bench, server):
    figures = bench.run(server, "mock:burst:100", stream=True, connections=16,
                        requests=bench.requests(server, 1000), expect_chunks=100)
    return {"cpu_us_chunk_burst": figures["cpu"] * 1e6 / max(1, figures["chunks"]), "lost_burst": figures["lost_chunks"]}


def paced_streams(connections):
    def measure(bench, server):
        figures = bench.run(server, "mock:paced:50:20", stream=True, connections=connections, requests=connections,
                            expect_chunks=50)
        return {f"cpu_us_chunk_paced{connections}": figures["cpu"] * 1e6 / max(1, figures["chunks"]),
                f"lost_paced{connections}": figures["lost_chunks"],
                f"active_paced{connections}": figures["active_most"]}
    return measure


def first_chunk(bench, server):
    figures = bench.run(server, "mock:paced:4:3", stream=True, connections=1, requests=40 if bench.quick else 200,
                        expect_chunks=4)
    return {"first_chunk_us": figures["first_chunk_p50_us"], "lost_first": figures["lost_chunks"]}


WORKLOADS = [
    small_requests(1, 5000),
    small_requests(64, 40_000),
    small_requests(256, 40_000),
    large_requests("100k", 100_000, 800),
    large_requests("1m", 1_000_000, 200),
    burst_streams,
    paced_streams(32),
    paced_streams(256),
    first_chunk,
]


def idle_streams(bench, server, count=1000):
    """Memory while `count` streams are open and nothing flows."""
    command = bench.command(server, "mock:hang-stream:3", 2048, True,
                            ["--connections", count, "--seconds", "4", "--mark", '"content":"H'])
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    time.sleep(3)
    rss = server.rss_mb()
    figures = json.loads(process.communicate(timeout=30)[0])
    if figures["open_at_end"] != count:
        bench.problems.append(f"{server.name}: only {figures['open_at_end']} of {count} idle streams were open")
    return {"rss_streams_mb": rss}
