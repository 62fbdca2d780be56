# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the programs that the benchmark compares, each in its own folder below a temporary one."""
import hashlib
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
VIRTUAL_KEY = "tp-" + "B" * 43
PINNED = (os.cpu_count() or 1) >= 2 and shutil.which("taskset") is not None
SERVER_CPU, LOAD_CPU = "0", "1"
READY_SECONDS = 30


def pinned(cpu, command):
    return ["taskset", "-c", cpu, *map(str, command)] if PINNED else [str(part) for part in command]


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server:
    """A running program, the URL its requests go to and what these must carry."""

    def __init__(self, name, process, url, ready_ms, model_prefix="", headers=()):
        self.name, self.process, self.url, self.ready_ms = name, process, url, ready_ms
        self.model_prefix, self.headers = model_prefix, list(headers)

    def processes(self):
        """The process and its descendants."""
        children = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    stat = pathlib.Path("/proc", entry, "stat").read_text()
                except OSError:
                    continue
                children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry))
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            todo += children.get(pid, [])
        return found

    def cpu_seconds(self):
        """Of all threads; in nanoseconds where the kernel tells, as its clock ticks are too coarse for short runs."""
        total = 0.0
        for pid in self.processes():
            try:
                tasks = list(pathlib.Path("/proc", str(pid), "task").iterdir())
                total += sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
            except (OSError, ValueError, IndexError):
                fields = pathlib.Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return total

    def rss_mb(self):
        total = 0
        for pid in self.processes():
            for line in pathlib.Path("/proc", str(pid), "status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        return total / 1024

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)


def spawn(command, folder, environment=None, piped=True):
    log = open(folder / "errors.log", "ab")
    with log:
        return subprocess.Popen(command, stdout=subprocess.PIPE if piped else log, stderr=log,
                                stdin=subprocess.DEVNULL, cwd=folder, env=environment)


def failed(process, folder, what):
    process.kill()
    process.wait(5)
    tail = (folder / "errors.log").read_text(errors="replace")[-2000:]
    return RuntimeError(f"{what} did not become ready\n{tail}")


def ready_line(process, folder, what):
    """Waits for `NAME: ready on URL` and returns the URL."""
    readable, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
    line = process.stdout.readline().decode() if readable else ""
    if ": ready on " not in line:
        raise failed(process, folder, what)
    return line.rsplit(" ", 1)[1].strip()


def wait_for_port(process, folder, port, what):
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.001)
    raise failed(process, folder, what)


def start_upstream(tools, folder):
    process = spawn(pinned(LOAD_CPU, [tools / "fake_upstream", "--port", "0", "--no-record"]), folder)
    url = ready_line(process, folder, "fake_upstream")
    return Server("direct", process, url, 0)


NGINX_CONF = """
daemon off;
{user}
worker_processes 1;
worker_rlimit_nofile 16384;
pid {folder}/nginx.pid;
error_log {folder}/errors.log error;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_max_body_size 64m;
  client_body_buffer_size 2m;
  keepalive_requests 10000000;
  upstream provider {{
    server 127.0.0.1:{upstream};
    keepalive 1024;
    keepalive_requests 10000000;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 300s;
    }}
  }}
}}
"""


def start_nginx(upstream, folder):
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    port = free_port()
    # As root its worker would become `nobody`, who may not write to the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    conf = folder / "nginx.conf"
    conf.write_text(NGINX_CONF.format(user=user, folder=folder, port=port, upstream=upstream.url.rsplit(":", 1)[1]))
    began = time.monotonic()
    process = spawn(pinned(SERVER_CPU, [program, "-p", folder, "-c", conf, "-e", folder / "errors.log"]), folder, piped=False)
    wait_for_port(process, folder, port, "nginx")
    ready_ms = (time.monotonic() - began) * 1000
    return Server("nginx", process, f"http://127.0.0.1:{port}", ready_ms)


def turnpiked_config(upstream):
    """Everything on that a request passes in daily use: key, price, log."""
    price = {"input": 2.5, "output": 10, "cache_read": 1.25, "cache_write": 3}
    models = ["mock", "mock:burst:100", "mock:paced:50:20", "mock:paced:4:3", "mock:hang-stream:3"]
    return {
        "version": 1,
        "server": {"require_key": True},
        "providers": {
            "lab": {
                "kind": "openai-compatible",
                "base_url": upstream.url + "/v1",
                "keys": [{"id": "bench", "secret": "env:TURNPIKE_BENCH_KEY"}],
                "models": {model: {"price": price, "context": 1000000} for model in models},
            },
            "claude": {
                "kind": "anthropic",
                "base_url": upstream.url,
                "keys": [{"id": "bench", "secret": "env:TURNPIKE_BENCH_KEY"}],
                "models": {model: {"price": price, "context": 1000000} for model in models},
            },
        },
        "keys": {"bench": {"sha256": hashlib.sha256(VIRTUAL_KEY.encode()).hexdigest(), "models": ["*"]}},
    }


def start_turnpiked(program, upstream, folder):
    config = folder / "config.json"
    config.write_text(json.dumps(turnpiked_config(upstream), indent=2))
    config.chmod(0o600)
    environment = dict(os.environ, TURNPIKE_BENCH_KEY="sk-bench", XDG_CONFIG_HOME=str(folder / "xdg-config"),
                       XDG_DATA_HOME=str(folder / "xdg-data"))
    command = [program, "--config", config, "--data", folder / "data", "--port", "0"]
    began = time.monotonic()
    process = spawn(pinned(SERVER_CPU, command), folder, environment)
    url = ready_line(process, folder, "turnpiked")
    ready_ms = (time.monotonic() - began) * 1000
    return Server("turnpiked", process, url, ready_ms, "lab/", [f"authorization: Bearer {VIRTUAL_KEY}"])


def install_portkey():
    """Whether npm gave it; the exact versions stand in package-lock.json."""
    start = HERE / "node_modules/@portkey-ai/gateway/build/start-server.js"
    if start.exists():
        return True
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=HERE, timeout=300, check=False, capture_output=True)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and start.exists()


def start_portkey(upstream, folder):
    script = HERE / "node_modules/@portkey-ai/gateway/build/start-server.js"
    port = free_port()
    environment = dict(os.environ, NODE_ENV="production")
    began = time.monotonic()
    process = spawn(pinned(SERVER_CPU, ["node", script, f"--port={port}", "--headless"]), folder, environment, piped=False)
    wait_for_port(process, folder, port, "portkey")
    ready_ms = (time.monotonic() - began) * 1000
    headers = ["authorization: Bearer sk-bench", "x-portkey-provider: openai",
               f"x-portkey-custom-host: {upstream.url}/v1"]
    return Server("portkey", process, f"http://127.0.0.1:{port}", ready_ms, "", headers)
