# SPDX-License-Identifier: GPL-3.0-or-later
"""What a translation costs turnpiked over passing the same conversation through unchanged."""
import json
import statistics
import subprocess

from servers import LOAD_CPU, pinned
from workloads import conversation

# A client's dialect, the provider it is answered by, and what each chunk of the stream holds once.
DIRECTIONS = [
    ("openai", "lab", '"content":"w'),
    ("openai", "claude", '"content":"w'),
    ("anthropic", "claude", '"text":"w'),
    ("anthropic", "lab", '"text":"w'),
    ("responses", "lab", '"delta":"w'),
    ("gemini", "lab", '"text":"w'),
    ("ollama", "lab", '"content":"w'),
]
UNCHANGED = {"openai": ("openai", "lab"), "anthropic": ("anthropic", "claude")}


def gemini_turns(messages):
    roles = {"assistant": "model"}
    return [{"role": roles.get(each["role"], "user"), "parts": [{"text": each["content"]}]} for each in messages]


def path_and_body(dialect, model, messages, stream):
    system, turns = messages[0]["content"], messages[1:]
    if dialect == "openai":
        return "/v1/chat/completions", {"model": model, "messages": messages, "stream": stream}
    if dialect == "anthropic":
        return "/v1/messages", {"model": model, "max_tokens": 1000, "system": system, "messages": turns, "stream": stream}
    if dialect == "responses":
        return "/v1/responses", {"model": model, "instructions": system, "input": turns, "store": False, "stream": stream}
    if dialect == "ollama":
        return "/api/chat", {"model": model, "messages": messages, "stream": stream}
    verb = "streamGenerateContent?alt=sse" if stream else "generateContent"
    body = {"systemInstruction": {"parts": [{"text": system}]}, "contents": gemini_turns(turns)}
    return f"/v1beta/models/{model}:{verb}", body


def run(bench, server, direction, size, scenario, stream, arguments):
    dialect, provider, mark = direction
    path, body = path_and_body(dialect, f"{provider}/{scenario}", conversation(size), stream)
    file = bench.folder / f"translation-{dialect}-{provider}-{size}-{stream}.json"
    file.write_text(json.dumps(body))
    command = [bench.load, "--url", server.url + path, "--body", file, *arguments]
    for header in server.headers:
        command += ["--header", header]
    command += ["--stream", "--mark", mark] if stream else []
    before = server.cpu_seconds()
    done = subprocess.run(pinned(LOAD_CPU, command), stdout=subprocess.PIPE, timeout=320, check=False)
    figures = json.loads(done.stdout) if done.stdout else {"errors": 1, "first_error": "no answer", "requests": 0}
    if figures["errors"]:
        bench.problems.append(f"{dialect} to {provider}: {figures['errors']} errors, first: {figures.get('first_error')}")
    figures["cpu"] = server.cpu_seconds() - before
    return figures


def costs(bench, server, direction):
    """CPU microseconds for a body of 100 KB with a plain answer, and for a chunk of a burst."""
    requests, streams = (40, 20) if bench.quick else (300, 200)
    large = run(bench, server, direction, 100_000, "mock", False, ["--connections", 1, "--requests", requests])
    burst = run(bench, server, direction, 2048, "mock:burst:100", True,
                ["--connections", 16, "--requests", streams, "--expect-chunks", 100])
    return large["cpu"] * 1e6 / max(1, large["requests"]), burst["cpu"] * 1e6 / max(1, burst["chunks"])


def measure(bench, server, rounds):
    """{(dialect, provider): (body, body ratio, chunk, chunk ratio)}, medians over the rounds."""
    seen = {direction[:2]: [] for direction in DIRECTIONS}
    for _ in range(rounds):
        one = {direction[:2]: costs(bench, server, direction) for direction in DIRECTIONS}
        for key, (body, chunk) in one.items():
            same = one[UNCHANGED.get(key[0], ("openai", "lab"))]
            seen[key].append((body, body / same[0], chunk, chunk / same[1]))
    return {key: tuple(map(statistics.median, zip(*values))) for key, values in seen.items()}


def print_table(result):
    print("\n| client to provider | 100 KB body (us) | chunk in bursts (us) |\n|---|---|---|")
    names = {"lab": "openai", "claude": "anthropic"}
    for (dialect, provider), (body, body_ratio, chunk, chunk_ratio) in result.items():
        print(f"| {dialect} to {names[provider]} | {body:,.0f} ({body_ratio:.2f}x) | {chunk:.2f} ({chunk_ratio:.2f}x) |")
