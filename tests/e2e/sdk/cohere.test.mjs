// SPDX-License-Identifier: GPL-3.0-or-later
// npm `cohere-ai` against each protocol of a provider; `coh` speaks its own.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { Cohere, CohereClientV2, CohereError } from "cohere-ai";
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

const cohere = (token = clientKey) => new CohereClientV2({ token, environment: servers.url, maxRetries: 0 });

/** The whole answer that the events of a stream make. */
function joined(events) {
  const answer = { message: { content: [{ type: "text", text: "" }], toolCalls: [] } };
  for (const event of events) {
    const { message } = event.delta ?? {};
    if (event.type === "content-delta") answer.message.content[0].text += message.content.text ?? "";
    if (event.type === "tool-call-start")
      answer.message.toolCalls[event.index] = structuredClone(message.toolCalls);
    if (event.type === "tool-call-delta")
      answer.message.toolCalls[event.index].function.arguments += message.toolCalls.function.arguments;
    if (event.type === "message-end") Object.assign(answer, event.delta);
  }
  answer.message.toolCalls = answer.message.toolCalls.filter(Boolean);
  return answer;
}

const textOf = (answer) => answer.message.content[0].text;

for (const provider of providers) {
  const ask = (body = {}) => ({ messages: hello, ...body, model: `${provider}/${body.model ?? "mock"}` });

  describe(`cohere-ai SDK, provider ${provider}`, () => {
    for (const stream of [false, true]) {
      const manner = stream ? "streamed" : "plain";
      const chat = async (body) =>
        stream ? joined(await collected(await cohere().chatStream(ask(body)))) : cohere().chat(ask(body));

      test(`answers with usage, ${manner}`, async () => {
        const messages = [{ role: "system", content: "Be brief." }, ...hello];
        const answer = await chat({ messages, maxTokens: 50, temperature: 0.5 });
        assert.equal(textOf(answer), greeting);
        assert.equal(answer.finishReason, "COMPLETE");
        assert.equal(answer.usage.tokens.outputTokens, 7);
        assert.equal(answer.usage.tokens.inputTokens, 16);
        const [call] = await servers.record();
        assert.match(call.target, paths[provider]);
        assert.ok(call.body.includes("Be brief."));
        assert.ok(JSON.stringify(call.headers).includes(providerKey));
        assert.ok(!JSON.stringify(call).includes(clientKey));
      });

      test(`runs tools and answers from their results, ${manner}`, async () => {
        const messages = [...hello];
        const first = await chat({ messages, tools: [weather], model: "mock:tools-parallel" });
        assert.equal(first.finishReason, "TOOL_CALL");
        const { toolCalls } = first.message;
        assert.deepEqual(
          toolCalls.map((call) => [call.function.name, JSON.parse(call.function.arguments).city]),
          [
            ["weather", "Paris"],
            ["weather", "Rome"],
          ],
        );
        messages.push({ role: "assistant", toolCalls });
        for (const call of toolCalls)
          messages.push({
            role: "tool",
            toolCallId: call.id,
            content: `sunny in ${JSON.parse(call.function.arguments).city}`,
          });
        assert.equal(textOf(await chat({ messages, tools: [weather] })), sunny);
        const { body } = (await servers.record()).at(-1);
        assert.ok(body.includes("sunny in Paris") && body.includes("sunny in Rome"));
      });

      test(`answers JSON of a schema, ${manner}`, async () => {
        const answer = await chat({
          model: "mock:json",
          responseFormat: { type: "json_object", jsonSchema: citySchema },
        });
        assert.deepEqual(JSON.parse(textOf(answer)), city);
        assert.ok((await servers.record())[0].body.includes('"city"'), "the provider is told the schema");
      });

      test(`errors have their class and status, ${manner}`, async () => {
        for (const [status, kind] of [
          [400, Cohere.BadRequestError],
          [404, Cohere.NotFoundError],
          [429, Cohere.TooManyRequestsError],
          [503, Cohere.ServiceUnavailableError],
        ]) {
          await assert.rejects(chat({ model: `mock:status:${status}` }), (error) => {
            assert.ok(error instanceof kind && error instanceof CohereError, error.constructor.name);
            assert.equal(error.statusCode, status);
            assert.match(JSON.stringify(error.body), /The fake upstream answers/);
            return true;
          });
        }
      });

      test(`a length limit is told, ${manner}`, async () => {
        assert.equal((await chat({ model: "mock:length" })).finishReason, "MAX_TOKENS");
      });
    }

    test("sends images", async () => {
      const content = [
        { type: "text", text: "What is this?" },
        { type: "image_url", imageUrl: { url: `data:image/png;base64,${pixel}` } },
      ];
      await cohere().chat(ask({ messages: [{ role: "user", content }] }));
      assert.ok((await servers.record())[0].body.includes(pixel));
    });

    test("a stream's events open and close what they tell", async () => {
      const types = (await collected(await cohere().chatStream(ask()))).map((event) => event.type);
      assert.deepEqual(
        types.filter((type, index) => type !== types[index - 1]),
        ["message-start", "content-start", "content-delta", "content-end", "message-end"],
      );
    });

    test("a stream that fails in the middle ends with an error", async () => {
      const events = await collected(await cohere().chatStream(ask({ model: "mock:error-stream:4" })));
      assert.equal(events.at(-1).type, "message-end");
      assert.equal(events.at(-1).delta.finishReason, "ERROR");
    });

    if (embedding.includes(provider))
      test("embeds", async () => {
        const answer = await cohere().embed({
          model: `${provider}/mock`,
          texts: ["Hello", "World"],
          inputType: "search_document",
          embeddingTypes: ["float"],
        });
        assert.deepEqual(answer.embeddings.float, [
          [1, -0.5, 0.25],
          [1, -0.5, 0.25],
        ]);
      });
  });
}

describe("cohere-ai SDK, the gateway itself", () => {
  test("lists models and finds one", async () => {
    const names = (await cohere().models.list({ pageSize: 1000 })).models.map((model) => model.name);
    for (const name of ["smart", "coh/mock", "sandbox/echo"])
      assert.ok(names.includes(name), `${name} in ${names}`);
    assert.equal((await cohere().models.get("smart")).name, "smart");
  });

  test("a wrong key, an unknown model and a refused provider's key", async () => {
    for (const [key, model, kind, statusCode] of [
      ["tp-wrong", "coh/mock", Cohere.UnauthorizedError, 401],
      [clientKey, "smarrt", Cohere.NotFoundError, 404],
      [clientKey, "locked/mock", CohereError, 502],
    ])
      await assert.rejects(cohere(key).chat({ model, messages: hello }), (error) => {
        assert.ok(error instanceof kind);
        assert.equal(error.statusCode, statusCode);
        return true;
      });
  });
});
