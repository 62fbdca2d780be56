# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the fake upstream for each thing it can be told to do, and lets the load generator count.

Usage: support_programs_test.py FAKE_UPSTREAM LOAD
"""
import gzip
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest

FAKE_UPSTREAM, LOAD = sys.argv[1:3]
TOOLS_OPENAI = [{"type": "function", "function": {"name": "weather", "parameters": {}}}]
TOOLS_ANTHROPIC = [{"name": "weather", "input_schema": {}}, {"name": "clock", "input_schema": {}}]


class Reply:
    """What came on the wire until the answer was whole or the connection ended."""

    def __init__(self, sock):
        self.raw, self.ended, self.reset = bytearray(), False, False
        try:
            while not self.whole():
                piece = sock.recv(65536)
                if not piece:
                    self.ended = True
                    break
                self.raw += piece
        except ConnectionResetError:
            self.reset = True
        except socket.timeout:
            pass
        self.raw = bytes(self.raw)
        self.head, _, self.rest = self.raw.partition(b"\r\n\r\n")
        self.status = int(self.head[9:12]) if self.head.startswith(b"HTTP/1.1 ") and self.head[9:12].isdigit() else 0

    def whole(self):
        end = self.raw.find(b"\r\n\r\n")
        if end < 0 or self.raw[9:10] == b"1":
            return False
        for line in self.raw[:end].lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return len(self.raw) >= end + 4 + int(line.split(b":")[1])
        return self.raw.endswith(b"0\r\n\r\n")

    @property
    def body(self):
        if b"transfer-encoding: chunked" not in self.head:
            return self.rest
        pieces, at = [], 0
        while (end := self.rest.find(b"\r\n", at)) >= 0:
            size = int(self.rest[at:end], 16)
            if size == 0:
                break
            pieces.append(self.rest[end + 2:end + 2 + size])
            at = end + 2 + size + 2
        return b"".join(pieces)

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def events(self):
        """Pairs of the event's name and its data."""
        pairs = []
        for block in self.body.decode().replace("\r\n", "\n").split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and line[0] != ":")
            if "data" in fields:
                pairs.append((fields.get("event"), fields["data"]))
        return pairs


class SupportPrograms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.process = subprocess.Popen([FAKE_UPSTREAM, "--port", "0"], stdout=subprocess.PIPE, text=True)
        line = cls.process.stdout.readline()
        assert line.startswith("fake_upstream: ready on http://127.0.0.1:"), line
        cls.port = int(line.rsplit(":", 1)[1])

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait(5)
        cls.process.stdout.close()

    def connect(self, timeout=5.0):
        sock = socket.create_connection(("127.0.0.1", self.port), timeout)
        self.addCleanup(sock.close)
        return sock

    def send(self, sock, path, body=None, headers=(), method=None):
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method or ('GET' if body is None else 'POST')} {path} HTTP/1.1", "host: test", *headers]
        if body is not None:
            lines.append(f"content-length: {len(data)}")
        sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + data)

    def ask(self, path, body=None, headers=(), method=None, timeout=5.0):
        with self.connect(timeout) as sock:
            self.send(sock, path, body, headers, method)
            return Reply(sock)

    def chat(self, model="mock", stream=False, timeout=5.0, **more):
        body = {"model": model, "messages": [{"role": "user", "content": "hi"}], "stream": stream, **more}
        return self.ask("/v1/chat/completions", body, timeout=timeout)

    def message(self, model="mock", stream=False, **more):
        body = {"model": model, "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}], "stream": stream, **more}
        return self.ask("/v1/messages", body)

    def test_openai_plain_and_stream(self):
        plain = self.chat().json
        self.assertEqual(plain["choices"][0]["message"]["content"], "Hello from the fake upstream.")
        self.assertEqual(plain["usage"]["prompt_tokens_details"]["cached_tokens"], 4)
        events = [data for _, data in self.chat(stream=True).events]
        self.assertEqual(events[-1], "[DONE]")
        chunks = [json.loads(data) for data in events[:-1]]
        self.assertEqual("".join(c["choices"][0]["delta"].get("content") or "" for c in chunks),
                         "Hello from the fake upstream.")
        self.assertEqual(chunks[-1]["choices"][0]["finish_reason"], "stop")
        self.assertNotIn("usage", chunks[0])
        counted = self.chat(stream=True, stream_options={"include_usage": True}).events
        self.assertEqual(json.loads(counted[-2][1])["choices"], [])
        self.assertEqual(json.loads(counted[-2][1])["usage"]["total_tokens"], 23)

    def test_anthropic_plain_and_stream(self):
        plain = self.message().json
        self.assertEqual(plain["content"], [{"type": "text", "text": "Hello from the fake upstream."}])
        self.assertEqual(plain["usage"]["cache_read_input_tokens"], 4)
        names = [name for name, _ in self.message(stream=True).events]
        self.assertEqual(names[:3], ["message_start", "content_block_start", "ping"])
        self.assertEqual(names[-3:], ["content_block_stop", "message_delta", "message_stop"])
        events = self.message("mock:thinking", True, tools=TOOLS_ANTHROPIC).events
        for name, data in events:
            self.assertEqual(json.loads(data)["type"], name)
        kinds = [json.loads(d)["content_block"]["type"] for n, d in events if n == "content_block_start"]
        self.assertEqual(kinds, ["thinking", "tool_use"])
        self.assertIn("signature_delta", "".join(d for _, d in events))

    def test_tools(self):
        call = self.chat(tools=TOOLS_OPENAI).json["choices"][0]
        self.assertEqual(call["finish_reason"], "tool_calls")
        self.assertEqual(call["message"]["tool_calls"][0]["function"], {"name": "weather", "arguments": '{"city":"Paris"}'})
        streamed = self.chat("mock:tools-parallel", True, tools=TOOLS_OPENAI).events[:-1]
        parts = {0: "", 1: ""}
        for _, data in streamed:
            for part in json.loads(data)["choices"][0]["delta"].get("tool_calls", []):
                parts[part["index"]] += part["function"]["arguments"]
        self.assertEqual(parts, {0: '{"city":"Paris"}', 1: '{"city":"Rome"}'})
        blocks = self.message("mock:tools-parallel", tools=TOOLS_ANTHROPIC).json["content"]
        self.assertEqual([(b["name"], b["input"]["city"]) for b in blocks], [("weather", "Paris"), ("clock", "Rome")])
        results = [{"role": "tool", "tool_call_id": "call_fake_1", "content": "sunny"}]
        after = self.chat(tools=TOOLS_OPENAI, messages=results).json["choices"][0]
        self.assertIn("sunny", after["message"]["content"])
        results = [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_fake_1", "content": "x"}]}]
        self.assertEqual(self.message(tools=TOOLS_ANTHROPIC, messages=results).json["stop_reason"], "end_turn")

    def test_other_dialects(self):
        text = "Hello from the fake upstream."
        tool = {"name": "weather", "description": "", "parameters": {}}
        gemini = {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}
        model = "/v1beta/models/mock%3Acall%3Await%3A7b7d:"
        plain = self.ask("/v1beta/models/mock:generateContent", gemini).json
        self.assertEqual(plain["candidates"][0]["content"]["parts"], [{"text": text}])
        call = self.ask(model + "generateContent", {**gemini, "tools": [{"functionDeclarations": [tool]}]}).json
        self.assertEqual(call["candidates"][0]["content"]["parts"][0]["functionCall"]["args"], {})
        events = self.ask("/v1beta/models/mock:streamGenerateContent?alt=sse", gemini).events
        self.assertEqual(json.loads(events[-1][1])["candidates"][0]["finishReason"], "STOP")

        chat = {"model": "mock", "messages": [{"role": "user", "content": "hi"}]}
        lines = [json.loads(line) for line in self.ask("/api/chat", chat).body.splitlines()]
        self.assertEqual("".join(line["message"]["content"] for line in lines), text)
        self.assertEqual([line["done"] for line in lines], [False] * 5 + [True])
        self.assertEqual(self.ask("/api/generate", {"model": "mock", "prompt": "hi", "stream": False}).json["response"], text)

        self.assertEqual(self.ask("/v2/chat", chat).json["message"]["content"], [{"type": "text", "text": text}])
        names = [name for name, _ in self.ask("/v2/chat", {**chat, "stream": True, "tools": TOOLS_OPENAI}).events]
        self.assertEqual(names[:3], ["message-start", "tool-plan-delta", "tool-call-start"])
        self.assertEqual(names[-3:], ["tool-call-end", "message-end", None])

        asked = {"model": "mock:thinking", "input": "hi", "stream": True, "tools": [tool]}
        events = [json.loads(data) for _, data in self.ask("/v1/responses", asked).events]
        self.assertEqual([e["sequence_number"] for e in events], list(range(len(events))))
        self.assertEqual([i["type"] for i in events[-1]["response"]["output"]], ["reasoning", "function_call"])
        asked["input"] = [{"type": "function_call_output", "call_id": "call_fake_1", "output": "x"}]
        answered = json.loads(self.ask("/v1/responses", asked).events[-1][1])["response"]["output"]
        self.assertIn("sunny", answered[-1]["content"][0]["text"])
        self.assertEqual(self.ask("/v1/completions", {"model": "mock", "prompt": "hi"}).json["choices"][0]["text"], text)

    def test_models_and_counting(self):
        self.assertEqual(self.ask("/v1/models").json["data"][0]["object"], "model")
        self.assertEqual(self.ask("/models").json["object"], "list")
        shaped = self.ask("/v1/models", headers=["anthropic-version: 2023-06-01"]).json
        self.assertEqual(shaped["data"][0]["type"], "model")
        self.assertEqual(self.ask("/v1/messages/count_tokens", {"model": "m", "messages": []}).json, {"input_tokens": 16})
        self.assertEqual(self.ask("/nothing").status, 404)
        self.assertEqual(self.ask("/scenario/status:503/v1/models").status, 503)
        refused = self.ask("/v1/models", headers=["authorization: Bearer sk-bad-key"])
        self.assertEqual((refused.status, refused.json["error"]["code"]), (401, "invalid_api_key"))

    def test_statuses(self):
        limited = self.chat("mock:status:429:2")
        self.assertEqual((limited.status, limited.json["error"]["code"]), (429, "rate_limit_exceeded"))
        self.assertIn(b"retry-after: 2\r\n", limited.head + b"\r\n")
        self.assertEqual(self.message("mock:status:529").json["error"]["type"], "overloaded_error")
        self.assertIn(b"<html>", self.chat("mock:html:502").body)
        self.assertEqual(self.chat("mock:empty:500").body, b"")
        self.assertEqual([self.chat("mock:flaky:2:503").status for _ in range(4)], [503, 503, 200, 200])
        redirect = self.chat("mock:redirect")
        self.assertEqual(redirect.status, 302)
        self.assertIn(b"location: /elsewhere", redirect.head)
        body = {"model": "mock:echo-key", "messages": []}
        self.assertIn("sk-secret", self.ask("/v1/chat/completions", body, ["authorization: Bearer sk-secret"]).json["error"]["message"])

    def test_broken_answers(self):
        self.assertEqual((self.chat("mock:reset").reset, self.chat("mock:close").ended), (True, True))
        self.assertTrue(self.chat("mock:close").raw == b"" and self.chat("mock:garbage").ended)
        self.assertNotIn(b"\r\n\r\n", self.chat("mock:cut-head").raw)
        self.assertTrue(self.chat("mock:cut-body").ended)
        self.assertEqual(self.chat("mock:bad-length").head.count(b"content-length"), 2)
        both = self.chat("mock:cl-and-te").head
        self.assertTrue(b"content-length" in both and b"transfer-encoding" in both)
        self.assertIn(b"\r\n\r\nzz\r\n", self.chat("mock:bad-chunk").raw)
        self.assertEqual(self.chat("mock:not-json").body[:4], b"This")
        self.assertEqual(self.chat("mock:wrong-shape").json["answer"], 42)
        self.assertGreater(len(self.chat("mock:big-header").head), 70000)
        self.assertEqual(self.chat("mock:many-headers:300").head.count(b"x-field-"), 300)
        self.assertTrue(self.chat("mock:status-line:HTTP/1.1_999_Odd").head.startswith(b"HTTP/1.1 999 Odd\r\n"))
        self.assertEqual(self.chat("mock:informational-switch", timeout=0.3).status, 101)
        self.assertEqual(self.chat("mock:interim:3", timeout=0.5).raw.count(b"103 Early"), 3)
        self.assertEqual(self.chat("mock:silent", timeout=0.3).raw, b"")

    def test_broken_streams(self):
        cut = self.chat("mock:cut-stream:3", True)
        self.assertEqual((len(cut.events), cut.ended), (3, True))
        reset = self.chat("mock:reset-stream:2", True)
        self.assertEqual((len(reset.events), reset.reset), (2, True))
        hung = self.chat("mock:hang-stream:4", True, timeout=0.3)
        self.assertEqual((len(hung.events), hung.ended), (4, False))
        self.assertIn('"error"', self.chat("mock:error-stream:2", True).events[2][1])
        self.assertEqual(self.message("mock:error-first", True).events[0][0], "error")
        self.assertNotIn("[DONE]", [d for _, d in self.chat("mock:no-done", True).events])
        self.assertNotIn('"finish_reason":"stop"', self.chat("mock:no-finish", True).body.decode())
        self.assertEqual(self.message("mock:no-done", True).events[-1][0], "message_delta")
        self.assertGreater(len(self.chat("mock:event-too-big", True).body), 8 * 1024 * 1024)

    def test_shapes_of_streams(self):
        whole = self.chat(stream=True).events
        for scenario in ("crlf", "comments", "cut:7"):
            with self.subTest(scenario):
                events = self.chat("mock:" + scenario, True).events
                self.assertEqual([d.replace("mock:" + scenario, "mock") for _, d in events], [d for _, d in whole])
        self.assertIn("世界", "".join(d for _, d in self.chat("mock:split-utf8", True).events))
        self.assertEqual(self.chat("mock:big:5000").json["choices"][0]["message"]["content"], "x" * 5000)
        start = time.monotonic()
        self.assertEqual(len(self.chat("mock:paced:5:40", True).events), 8)
        self.assertGreater(time.monotonic() - start, 0.15)
        self.assertEqual(self.chat("mock:length").json["choices"][0]["finish_reason"], "length")
        self.assertEqual(self.message("mock:refusal").json["stop_reason"], "refusal")
        self.assertEqual(self.message("mock:unknown-fields").json["x_unknown"], "kept")

    def test_content_codings(self):
        self.assertIn(b"Hello", gzip.decompress(self.chat("mock:gzip").body))
        self.assertIn(b"[DONE]", gzip.decompress(self.chat("mock:gzip", True).body))
        self.assertIn(b"content-encoding: br", self.chat("mock:br").head)
        bomb = self.chat("mock:gzip-bomb").body
        self.assertLess(len(bomb), 4 << 20)
        # Unpacking the whole GiB takes seconds: its begin and the size at its end say enough.
        with gzip.open(io.BytesIO(bomb)) as unpacked:
            self.assertEqual(unpacked.read(1 << 24).count(0), 1 << 24)
        self.assertEqual(int.from_bytes(bomb[-4:], "little"), 1 << 30)

    def test_one_connection(self):
        sock = self.connect()
        body = json.dumps({"model": "mock", "messages": []}).encode()
        request = b"POST /v1/chat/completions HTTP/1.1\r\nhost: t\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
        sock.sendall(request * 3)
        got = b""
        while got.count(b"HTTP/1.1 200") < 3 or not got.endswith(b"}"):
            got += sock.recv(65536)
        chunked = b"POST /v1/chat/completions HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\n"
        sock.sendall(chunked + b"5\r\n" + body[:5] + b"\r\n%x\r\n" % (len(body) - 5) + body[5:] + b"\r\n0\r\n\r\n")
        self.assertEqual(Reply(sock).json["model"], "mock")
        self.send(sock, "/v1/chat/completions", {"model": "mock:stale"})
        self.assertTrue(Reply(sock).ended)
        self.assertTrue(self.ask("/v1/models", headers=["connection: close"]).status == 200)

    def test_record(self):
        self.ask("/__requests", method="DELETE")
        self.chat("mock")
        sock = self.connect()
        self.send(sock, "/v1/chat/completions?a=b", {"model": "mock:hang-stream:2", "stream": True}, ["X-Mine: Yes"])
        self.assertIn(b"HTTP/1.1 200", sock.recv(4096))
        self.assertEqual([r["state"] for r in self.ask("/__requests").json], ["done", "open"])
        self.assertEqual(self.ask("/__connections").json["open"], 1)
        sock.close()
        deadline = time.monotonic() + 5
        while self.ask("/__count").json["cancelled"] == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        record = self.ask("/__requests").json[1]
        self.assertEqual((record["state"], record["method"], record["target"], record["model"]),
                         ("cancelled", "POST", "/v1/chat/completions?a=b", "mock:hang-stream:2"))
        self.assertIn(["X-Mine", "Yes"], record["headers"])
        self.assertEqual(json.loads(record["body"])["stream"], True)
        self.assertLess(abs(record["cancelled_ms"] - record["started_ms"]), 5000)
        self.assertEqual(self.ask("/__count").json, {"count": 2, "open": 0, "done": 1, "cancelled": 1})

    def load(self, model, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "body.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"model": model, "stream": "--stream" in arguments, "messages": []}, file)
            url = f"http://127.0.0.1:{self.port}/v1/chat/completions"
            done = subprocess.run([LOAD, "--url", url, "--body", path, *arguments],
                                  stdout=subprocess.PIPE, text=True, timeout=30, check=False)
            return json.loads(done.stdout)

    def test_load(self):
        plain = self.load("mock", "--connections", "4", "--requests", "200", "--warmup", "8")
        self.assertEqual((plain["requests"], plain["errors"]), (200, 0))
        streams = self.load("mock:paced:5:20", "--connections", "8", "--requests", "8", "--stream", "--expect-chunks", "6")
        self.assertEqual((streams["chunks"], streams["lost_chunks"], streams["active_most"]), (40, 8, 8))
        for model, mark, expected in (("burst:40", '"content":"w', 80), ("cut:3", '"content":" f', 4), ("split-utf8", "世界", 2)):
            count = self.load("mock:" + model, "--requests", "2", "--stream", "--mark", mark)["chunks"]
            self.assertEqual(count, expected, model)
        idle = self.load("mock:hang-stream:3", "--connections", "50", "--seconds", "0.3", "--stream", "--mark", '"content":"H')
        self.assertEqual((idle["active_most"], idle["open_at_end"], idle["errors"]), (50, 50, 0))
        self.assertEqual(self.load("mock:status:500", "--requests", "3")["errors"], 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
