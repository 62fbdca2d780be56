// SPDX-License-Identifier: GPL-3.0-or-later
// npm `ollama` against each protocol of a provider; `oll` speaks its own.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { Ollama } from "ollama";
import {
  city,
  citySchema,
  collected,
  embedding,
  greeting,
  hello,
  paths,
  pixel,
  providers,
  sunny,
  thought,
} from "./samples.mjs";
import { clientKey, providerKey, startServers } from "./servers.mjs";

const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());
beforeEach(() => servers.forget());

const ollama = (key = clientKey) =>
  new Ollama({ host: servers.url, headers: { authorization: `Bearer ${key}` } });

const textOf = (parts) => parts.map((part) => part.message.content).join("");

for (const provider of providers) {
  const ask = (body = {}) => ({ messages: hello, ...body, model: `${provider}/${body.model ?? "mock"}` });
  /** The parts of an answer: one where it is plain. */
  const chat = async (body = {}) => {
    const answer = await ollama().chat(ask(body));
    return body.stream ? collected(answer) : [answer];
  };

  describe(`ollama SDK, provider ${provider}`, () => {
    for (const stream of [false, true]) {
      const manner = stream ? "streamed" : "plain";

      test(`answers with counts, ${manner}`, async () => {
        const messages = [{ role: "system", content: "Be brief." }, ...hello];
        const parts = await chat({ stream, messages, options: { temperature: 0.5, num_predict: 50 } });
        assert.equal(textOf(parts), greeting);
        if (stream) assert.ok(parts.length >= 6, "one line per piece");
        const last = parts.at(-1);
        assert.equal(last.done, true);
        assert.equal(last.done_reason, "stop");
        assert.equal(last.prompt_eval_count, 16);
        assert.equal(last.eval_count, 7);
        const [call] = await servers.record();
        assert.match(call.target, paths[provider]);
        assert.ok(call.body.includes("Be brief."));
        assert.ok(JSON.stringify(call.headers).includes(providerKey));
        assert.ok(!JSON.stringify(call).includes(clientKey));
      });

      test(`runs tools and answers from their results, ${manner}`, async () => {
        const messages = [...hello];
        const first = await chat({ stream, messages, tools: [weather], model: "mock:tools-parallel" });
        const calls = first.flatMap((part) => part.message.tool_calls ?? []);
        assert.deepEqual(
          calls.map((call) => [call.function.name, call.function.arguments.city]),
          [
            ["weather", "Paris"],
            ["weather", "Rome"],
          ],
        );
        messages.push({ role: "assistant", content: textOf(first), tool_calls: calls });
        for (const { function: call } of calls)
          messages.push({ role: "tool", tool_name: call.name, content: `sunny in ${call.arguments.city}` });
        assert.equal(textOf(await chat({ stream, messages, tools: [weather] })), sunny);
        const { body } = (await servers.record()).at(-1);
        assert.ok(body.includes("sunny in Paris") && body.includes("sunny in Rome"));
      });

      test(`answers JSON of a schema, ${manner}`, async () => {
        const parts = await chat({ stream, model: "mock:json", format: citySchema });
        assert.deepEqual(JSON.parse(textOf(parts)), city);
        assert.ok((await servers.record())[0].body.includes('"city"'), "the provider is told the schema");
      });

      test(`errors have their status, ${manner}`, async () => {
        for (const status of [400, 404, 429, 503]) {
          await assert.rejects(chat({ stream, model: `mock:status:${status}` }), (error) => {
            assert.equal(error.name, "ResponseError");
            assert.equal(error.status_code, status);
            assert.match(error.message, /The fake upstream answers/);
            return true;
          });
        }
      });

      test(`a length limit is told, ${manner}`, async () => {
        assert.equal((await chat({ stream, model: "mock:length" })).at(-1).done_reason, "length");
      });

      test(`thinking comes apart from the text, ${manner}`, async () => {
        const parts = await chat({ stream, model: "mock:thinking", think: true });
        assert.equal(parts.map((part) => part.message.thinking ?? "").join(""), thought);
        assert.equal(textOf(parts), greeting);
      });

      test(`goes on from a prompt, ${manner}`, async () => {
        const answer = await ollama().generate({ model: `${provider}/mock`, prompt: "Hello", stream });
        const parts = stream ? await collected(answer) : [answer];
        assert.equal(parts.map((part) => part.response).join(""), greeting);
        assert.equal(parts.at(-1).done, true);
      });
    }

    test("sends images", async () => {
      await chat({ messages: [{ role: "user", content: "What is this?", images: [pixel] }] });
      assert.ok((await servers.record())[0].body.includes(pixel));
    });

    test("a stream that fails in the middle throws", async () => {
      for (const model of ["mock:error-stream:4", "mock:cut-stream:4"])
        await assert.rejects(chat({ stream: true, model }), model);
    });

    test("leaving a stream cancels the provider's call", async () => {
      const model = "mock:paced:2000:10";
      const client = ollama();
      const stream = await client.chat(ask({ model, stream: true }));
      let seen = 0;
      await assert.rejects(async () => {
        for await (const part of stream) if (part.message && ++seen === 5) client.abort();
      });
      await servers.cancelledAfter(model, Date.now());
    });

    if (embedding.includes(provider))
      test("embeds", async () => {
        const answer = await ollama().embed({ model: `${provider}/mock`, input: ["Hello", "World"] });
        assert.deepEqual(answer.embeddings, [
          [1, -0.5, 0.25],
          [1, -0.5, 0.25],
        ]);
      });
  });
}

describe("ollama SDK, the gateway itself", () => {
  test("lists models and shows one", async () => {
    const names = (await ollama().list()).models.map((model) => model.name);
    for (const name of ["smart:latest", "oll/mock:latest", "sandbox/echo:latest"])
      assert.ok(names.includes(name), `${name} in ${names}`);
    const answer = await ollama().chat({ model: "oll/mock:latest", messages: hello });
    assert.equal(answer.message.content, greeting);
    const shown = await ollama().show({ model: "smart" });
    assert.ok(shown.capabilities.includes("completion") && shown.capabilities.includes("tools"));
    assert.deepEqual((await ollama().ps()).models, []);
    assert.match((await ollama().version()).version, /^\d+\.\d+\.\d+/);
  });

  test("a wrong key, an unknown model and a refused provider's key", async () => {
    for (const [key, model, status] of [
      ["tp-wrong", "oll/mock", 401],
      [clientKey, "smarrt", 404],
      [clientKey, "locked/mock", 502],
    ])
      await assert.rejects(ollama(key).chat({ model, messages: hello }), {
        name: "ResponseError",
        status_code: status,
      });
  });
});
