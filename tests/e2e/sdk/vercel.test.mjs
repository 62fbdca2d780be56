// SPDX-License-Identifier: GPL-3.0-or-later
// npm `ai` with its providers, each a dialect of its own, against each protocol of a provider.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { APICallError, Output, embedMany, generateText, isStepCount, jsonSchema, streamText, tool } from "ai";
import {
  city,
  citySchema,
  embedding,
  greeting,
  paths,
  pixel,
  providers,
  signature,
  sunny,
  thought,
} from "./samples.mjs";
import { clientKey, providerKey, startServers } from "./servers.mjs";

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());
beforeEach(() => servers.forget());

const openai = (apiKey = clientKey) => createOpenAI({ apiKey, baseURL: `${servers.url}/v1` });
/** How each of its providers makes a model, with the base URL that its users write. */
const dialects = {
  responses: (name, key) => openai(key)(name),
  chat: (name, key) => openai(key).chat(name),
  anthropic: (name, apiKey = clientKey) => createAnthropic({ apiKey, baseURL: `${servers.url}/v1` })(name),
  google: (name, apiKey = clientKey) =>
    createGoogleGenerativeAI({ apiKey, baseURL: `${servers.url}/v1beta` })(name),
  openrouter: (name, apiKey = clientKey) =>
    createOpenRouter({ apiKey, baseURL: `${servers.url}/api/v1` })(name, { usage: { include: true } }),
};

/**
 * Whether thinking reaches the client. OpenAI's chat has no word for it, Anthropic's messages take none without a
 * signature, and OpenRouter's SDK reads a member that tells only what has to come back in the next turn.
 */
function tellsReasoning(dialect, provider) {
  if (dialect === "chat" || (provider === "oai" && dialect !== "responses")) return false;
  return (dialect !== "anthropic" && dialect !== "openrouter") || provider === "ant";
}

/** What a call comes to, plain or streamed; an error of a stream is thrown. */
async function finished(stream, options) {
  const settings = { maxRetries: 0, ...options };
  if (!stream) {
    const answer = await generateText(settings);
    return { ...pick(answer), text: answer.text, output: settings.output ? answer.output : undefined };
  }
  let problem;
  const answer = streamText({ ...settings, onError: ({ error }) => (problem ??= error) });
  let text = "";
  let pieces = 0;
  for await (const part of answer.textStream) ((text += part), ++pieces);
  if (problem) throw problem;
  const output = settings.output ? await answer.output : undefined;
  return {
    text: await answer.text,
    heard: text,
    pieces,
    output,
    usage: await answer.usage,
    finishReason: await answer.finishReason,
    steps: await answer.steps,
    reasoningText: await answer.reasoningText,
  };
}

function pick({ usage, finishReason, steps, reasoningText }) {
  return { usage, finishReason, steps, reasoningText };
}

function weather(asked) {
  return tool({
    description: "The weather of a city",
    inputSchema: jsonSchema(citySchema),
    execute: async ({ city }) => (asked.push(city), `sunny in ${city}`),
  });
}

for (const [dialect, make] of Object.entries(dialects)) {
  for (const provider of providers) {
    const model = (name = "mock") => make(`${provider}/${name}`);

    describe(`AI SDK, ${dialect}, provider ${provider}`, () => {
      for (const stream of [false, true]) {
        const manner = stream ? "streamed" : "plain";
        const ask = (name, options) => finished(stream, { model: model(name), prompt: "Hello", ...options });

        test(`answers with usage, ${manner}`, async () => {
          const answer = await ask("mock", { instructions: "Be brief.", maxOutputTokens: 50 });
          assert.equal(answer.text, greeting);
          if (stream) assert.ok(answer.pieces >= 5, "one part per piece");
          assert.equal(answer.finishReason, "stop");
          assert.equal(answer.usage.inputTokens, 16);
          assert.equal(answer.usage.outputTokens, 7);
          const [call] = await servers.record();
          assert.match(call.target, paths[provider]);
          assert.ok(call.body.includes("Be brief."));
          assert.ok(JSON.stringify(call.headers).includes(providerKey));
          assert.ok(!JSON.stringify(call).includes(clientKey));
        });

        test(`runs tools and answers from their results, ${manner}`, async () => {
          const asked = [];
          const answer = await ask("mock:tools-parallel", {
            tools: { weather: weather(asked) },
            stopWhen: isStepCount(3),
          });
          assert.equal(answer.text, sunny);
          assert.deepEqual(asked, ["Paris", "Rome"]);
          assert.equal(answer.steps.length, 2);
          assert.equal(answer.steps[0].finishReason, "tool-calls");
          const calls = await servers.record();
          assert.equal(calls.length, 2);
          assert.ok(calls[0].body.includes("The weather of a city"));
          assert.ok(calls[1].body.includes("sunny in Paris") && calls[1].body.includes("sunny in Rome"));
        });

        test(`calls a tool after thinking, and takes its thoughts back, ${manner}`, async () => {
          const answer = await ask("mock:thinking", {
            tools: { weather: weather([]) },
            stopWhen: isStepCount(3),
            providerOptions: { google: { thinkingConfig: { includeThoughts: true } } },
          });
          assert.equal(answer.text, sunny);
          assert.equal(answer.steps.length, 2);
          const [, second] = await servers.record();
          // A plain chat client keeps no member that it does not know.
          if (["ant", "gem"].includes(provider) && dialect !== "chat")
            assert.ok(second.body.includes(signature), "what was signed comes back");
        });

        test(`answers an object of a schema, ${manner}`, async () => {
          const answer = await ask("mock:json", {
            output: Output.object({ schema: jsonSchema(citySchema) }),
          });
          assert.deepEqual(answer.output, city);
          assert.ok((await servers.record())[0].body.includes('"city"'), "the provider is told the schema");
        });

        test(`errors have their status, ${manner}`, async () => {
          for (const status of [400, 429, 503]) {
            await assert.rejects(ask(`mock:status:${status}`), (error) => {
              assert.ok(APICallError.isInstance(error), String(error));
              assert.equal(error.statusCode, status);
              assert.match(error.message, /The fake upstream answers/);
              return true;
            });
          }
        });

        test(`a length limit is told, ${manner}`, async () => {
          assert.equal((await ask("mock:length")).finishReason, "length");
        });
      }

      test("shows reasoning where the dialect has it", async () => {
        if (!tellsReasoning(dialect, provider)) return;
        // Google's API gives thoughts only where they are asked for.
        const providerOptions = { google: { thinkingConfig: { includeThoughts: true } } };
        const answer = await finished(true, {
          model: model("mock:thinking"),
          prompt: "Hello",
          providerOptions,
        });
        assert.equal(answer.reasoningText, thought);
      });

      test("sends images", async () => {
        const content = [
          { type: "text", text: "What is this?" },
          { type: "file", data: Buffer.from(pixel, "base64"), mediaType: "image/png" },
        ];
        await generateText({ model: model(), messages: [{ role: "user", content }], maxRetries: 0 });
        assert.ok((await servers.record())[0].body.includes(pixel));
      });

      test("a stream that fails in the middle says so", async () => {
        await assert.rejects(finished(true, { model: model("mock:error-stream:4"), prompt: "Hello" }));
      });
    });
  }

  test(`AI SDK, ${dialect}: a wrong key, an unknown model and a refused provider's key`, async () => {
    for (const [key, name, status] of [
      ["tp-wrong", "lab/mock", 401],
      [clientKey, "smarrt", 404],
      [clientKey, "locked/mock", 502],
    ])
      await assert.rejects(finished(false, { model: make(name, key), prompt: "Hello" }), {
        statusCode: status,
      });
  });
}

for (const provider of embedding) {
  test(`AI SDK embeds, provider ${provider}`, async () => {
    const name = `${provider}/mock`;
    const google = createGoogleGenerativeAI({ apiKey: clientKey, baseURL: `${servers.url}/v1beta` });
    for (const model of [openai().embeddingModel(name), google.embeddingModel(name)]) {
      const { embeddings } = await embedMany({ model, values: ["Hello", "World"], maxRetries: 0 });
      assert.deepEqual(embeddings, [
        [1, -0.5, 0.25],
        [1, -0.5, 0.25],
      ]);
    }
  });
}
