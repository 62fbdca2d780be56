// SPDX-License-Identifier: GPL-3.0-or-later
// The two processes every test here talks to: the scripted provider and turnpiked, each on a free port.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

export const clientKey = "tp-test-key-0123456789";
export const providerKey = "sk-canary-93f1c2d7a8b6";

const programs = process.env.TURNPIKE_BIN;
assert.ok(programs, "TURNPIKE_BIN names the folder of turnpiked and fake_upstream");

/** Asks until `probe` gives something true, which it returns. Each round is a real question, so there is no pause. */
async function until(probe, what, milliseconds = 10_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await probe();
    if (found) return found;
    assert.ok(Date.now() < end, `waited ${milliseconds} ms for ${what}`);
  }
}

/** Starts a program that says "NAME: ready on URL" on its first line. */
async function start(name, args, env) {
  const child = spawn(join(programs, name), args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (bytes) => (errors += bytes));
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    ended.then((code) => reject(new Error(`${name} ended with ${code} before it was ready: ${errors}`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve(line.split(" ready on ")[1]));
  });
  return {
    url,
    errors: () => errors,
    async stop() {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      const code = await ended;
      clearTimeout(late);
      return code;
    },
  };
}

function configuration(upstream, more) {
  const keys = (name) => [{ id: "main", secret: `env:${name}` }];
  const price = { input: 2, output: 10, cache_read: 0.5, cache_write: 2.5 };
  const models = { mock: { price }, "mock-large": { price } };
  // The wait a provider asks for is above max_backoff_ms, so that it reaches the client.
  const common = { retry: { attempts: 1, backoff_ms: 1, max_backoff_ms: 20 }, timeout: { idle_ms: 5000 } };
  const provider = (kind, path = "") => ({
    kind,
    base_url: upstream + path,
    keys: keys("TURNPIKE_TEST_PROVIDER_KEY"),
    models,
    ...common,
  });
  return {
    version: 1,
    providers: {
      lab: provider("openai-compatible", "/v1"),
      oai: provider("openai", "/v1"),
      ant: provider("anthropic"),
      gem: provider("gemini"),
      oll: provider("ollama"),
      coh: provider("cohere"),
      locked: {
        kind: "openai-compatible",
        base_url: `${upstream}/v1`,
        keys: keys("TURNPIKE_TEST_BAD_KEY"),
        ...common,
      },
    },
    routes: {
      // Fails at its first target and answers from the second, of the other dialect.
      smart: {
        targets: [
          { provider: "lab", model: "mock:status:503" },
          { provider: "ant", model: "mock" },
        ],
        retry: { attempts: 0 },
      },
    },
    keys: { test: { sha256: createHash("sha256").update(clientKey).digest("hex") } },
    ...more,
  };
}

/** `more` are further members of the configuration. */
export async function startServers(more = {}) {
  const folder = await mkdtemp(join(tmpdir(), "turnpike-sdk-"));
  const upstream = await start("fake_upstream", ["--port", "0"], process.env);
  const files = ["--config", join(folder, "config.json"), "--data", join(folder, "data")];
  await writeFile(files[1], JSON.stringify(configuration(upstream.url, more), null, 2));
  const env = {
    ...process.env,
    TURNPIKE_TEST_PROVIDER_KEY: providerKey,
    TURNPIKE_TEST_BAD_KEY: "sk-bad-key",
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
  };
  for (const name of Object.keys(env)) if (/^(https?|all)_proxy$/i.test(name)) delete env[name];
  const gateway = await start("turnpiked", ["serve", ...files, "--port", "0"], env).catch(async (problem) => {
    await upstream.stop();
    throw problem;
  });

  async function record() {
    const requests = await (await fetch(`${upstream.url}/__requests`)).json();
    return requests.map((each) => ({
      ...each,
      headers: Object.fromEntries(each.headers.map(([name, value]) => [name.toLowerCase(), value])),
      json: parsed(each.body),
    }));
  }
  return {
    url: gateway.url,
    /** What the provider was sent since the last forget(), oldest first; `json` is the body. */
    record,
    forget: () => fetch(`${upstream.url}/__requests`, { method: "DELETE" }),
    /** Waits until the provider has been called for `model`. */
    called: (model) =>
      until(
        async () => (await record()).some((each) => each.model === model),
        `the provider to be called for ${model}`,
      ),
    /** Milliseconds from `moment` until the provider saw its call for `model` given up. */
    async cancelledAfter(model, moment) {
      const call = await until(
        async () => (await record()).find((each) => each.model === model && each.state === "cancelled"),
        `the provider's call for ${model} to be cancelled`,
      );
      return call.cancelled_ms - moment;
    },
    /** The newest row of the request log that `fits`. */
    row: (fits) =>
      until(async () => {
        const { stdout } = await promisify(execFile)(
          join(programs, "turnpiked"),
          ["logs", "--format", "jsonl", ...files],
          { env, maxBuffer: 64 * 1024 * 1024 },
        );
        return stdout
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line))
          .findLast(fits);
      }, "a row of the request log"),
    async stop() {
      const code = await gateway.stop();
      await upstream.stop();
      await rm(folder, { recursive: true, force: true });
      assert.equal(code, 0, gateway.errors());
      assert.ok(!gateway.errors().includes(providerKey), "a provider's key was written to standard error");
    },
  };
}

function parsed(text) {
  return text ? JSON.parse(text) : null;
}

/** fetch that counts, for what an SDK tries by itself. */
export function countingFetch() {
  const counting = (...args) => {
    counting.tries += 1;
    return fetch(...args);
  };
  counting.tries = 0;
  return counting;
}
