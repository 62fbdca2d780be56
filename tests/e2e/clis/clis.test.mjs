// SPDX-License-Identifier: GPL-3.0-or-later
// Claude Code, Codex and Gemini CLI, without a terminal, against each protocol of a provider: the scripted model calls one
// of the tool's own functions, the tool really runs it, and the model answers from what it is sent.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { paths, providers, sunny } from "../sdk/samples.mjs";
import { clientKey, startServers } from "../sdk/servers.mjs";

const modules = fileURLToPath(new URL("node_modules", import.meta.url));
const word = "quillwort-4471";
const prompt = "Which word is in word.txt?";

const claude = (...args) => ({
  program: join(modules, "@anthropic-ai/claude-code/cli-wrapper.cjs"),
  args: ["-p", prompt, "--allowedTools", "Read", ...args],
  env: (url) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: clientKey,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
  }),
  files: () => ({}),
  call: (folder) => ["Read", { file_path: join(folder, "word.txt") }],
});

const codex = (config, call) => ({
  program: join(modules, "@openai/codex/bin/codex.js"),
  args: ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", prompt],
  env: () => ({ TURNPIKE_KEY: clientKey, CODEX_API_KEY: clientKey }),
  files: (url) => ({ ".codex/config.toml": config(url) }),
  call: call ?? ((folder) => ["exec_command", { cmd: `cat ${join(folder, "word.txt")}` }]),
});

const ownProvider = (model) => (url) => `
model = "${model}"
model_provider = "turnpike"
[model_providers.turnpike]
name = "Turnpike"
base_url = "${url}/v1"
env_key = "TURNPIKE_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`;

const patch = `*** Begin Patch\n*** Add File: patched.txt\n+${word}\n*** End Patch\n`;

/** What is run, and against which providers; a `call` is a tool's name and arguments. */
const runs = {
  "Claude Code": { ...claude("--model", "claude-sonnet-4-5"), providers },
  // It then asks with system messages in the middle of the others.
  "Claude Code with its default model": { ...claude(), providers: ["ant", "lab", "gem"] },
  Codex: { ...codex(ownProvider("gpt-5-codex-mini")), providers },
  // It then asks for a WebSocket first.
  "Codex with its built-in provider": {
    ...codex((url) => `model = "gpt-5-codex-mini"\nopenai_base_url = "${url}/v1"\n`),
    providers: ["oai", "ant"],
  },
  // The tool has a grammar instead of a schema; other protocols know only functions.
  "Codex with a custom tool": {
    ...codex(ownProvider("gpt-5.5"), () => ["apply_patch", { input: patch }]),
    providers: ["lab", "ant", "gem"],
    written: "patched.txt",
  },
  "Gemini CLI": {
    program: join(modules, "@google/gemini-cli/bundle/gemini.js"),
    args: ["-p", prompt, "-m", "gemini-3.5-flash", "--approval-mode", "yolo", "--skip-trust"],
    env: (url) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: clientKey }),
    files: () => ({
      ".gemini/settings.json": JSON.stringify({
        security: { auth: { selectedType: "gemini-api-key" } },
        privacy: { usageStatisticsEnabled: false },
        general: { disableAutoUpdate: true },
      }),
    }),
    call: (folder) => ["read_file", { file_path: join(folder, "word.txt") }],
    providers,
  },
};

/** Runs a program of Node.js in a home of its own to its end. */
async function finished(program, args, folder, env) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: join(folder, "home"),
      LANG: "C.UTF-8",
      TERM: "dumb",
      NO_COLOR: "1",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (bytes) => (output += bytes));
  child.stderr.on("data", (bytes) => (errors += bytes));
  const late = setTimeout(() => child.kill("SIGKILL"), 100_000);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(late);
  return { code, output, errors };
}

/** A folder with the file to be read, and a home with the tool's own files. */
async function prepared(run, url, folder) {
  await writeFile(join(folder, "word.txt"), `${word}\n`);
  await mkdir(join(folder, "home"));
  for (const [path, text] of Object.entries(run.files(url))) {
    await mkdir(dirname(join(folder, "home", path)), { recursive: true });
    await writeFile(join(folder, "home", path), text);
  }
}

for (const [name, run] of Object.entries(runs)) {
  describe(name, { concurrency: 2 }, () => {
    for (const provider of run.providers) {
      test(`runs a tool and answers from its result, provider ${provider}`, async (context) => {
        const folder = await mkdtemp(join(tmpdir(), "turnpike-cli-"));
        context.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
        const [call, args] = run.call(folder);
        const script = `mock:call:${call}:${Buffer.from(JSON.stringify(args)).toString("hex")}`;
        const servers = await startServers({ aliases: { "*": `${provider}/${script}` } });
        context.after(() => servers.stop());
        await prepared(run, servers.url, folder);

        const { code, output, errors } = await finished(run.program, run.args, folder, run.env(servers.url));
        const calls = (await servers.record()).filter((each) => paths[provider].test(each.target));
        const seen = `${output}\n${errors}\n${calls.map((each) => each.target).join("\n")}`;
        assert.equal(code, 0, seen);
        assert.ok(output.includes(sunny), seen);
        assert.ok(calls.length >= 2, seen);
        if (run.written) assert.equal(await readFile(join(folder, run.written), "utf8"), `${word}\n`, seen);
        else assert.ok(calls.at(-1).body.includes(word), `the model is sent what was read: ${seen}`);
        assert.ok(!calls.some((each) => JSON.stringify(each.headers).includes(clientKey)));
      });
    }
  });
}
