// SPDX-License-Identifier: GPL-3.0-or-later
// npm `@google/genai` against each protocol of a provider; `gem` speaks its own.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { ApiError, FunctionCallingConfigMode, GoogleGenAI, Type } from "@google/genai";
import {
  city,
  citySchema,
  collected,
  embedding,
  greeting,
  paths,
  pixel,
  providers,
  sunny,
  thought,
} from "./samples.mjs";
import { clientKey, providerKey, startServers } from "./servers.mjs";

const weather = {
  name: "weather",
  description: "The weather of a city",
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ["city"] },
};

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());
beforeEach(() => servers.forget());

const google = (options = {}) =>
  new GoogleGenAI({ apiKey: clientKey, httpOptions: { baseUrl: servers.url }, ...options });

const textOf = (chunks) => chunks.map((chunk) => chunk.text ?? "").join("");

for (const provider of providers) {
  const ask = (body = {}) => ({ contents: "Hello", ...body, model: `${provider}/${body.model ?? "mock"}` });
  const generate = (body) => google().models.generateContent(ask(body));
  const generateStream = (body) => google().models.generateContentStream(ask(body));

  describe(`Google Gen AI SDK, provider ${provider}`, () => {
    test("answers plainly, at each version of the API", async () => {
      for (const apiVersion of ["v1", "v1beta"]) {
        const answer = await google({ apiVersion }).models.generateContent(
          ask({ config: { systemInstruction: "Be brief.", maxOutputTokens: 50, temperature: 0.5 } }),
        );
        assert.equal(answer.text, greeting);
        assert.equal(answer.candidates[0].finishReason, "STOP");
        assert.equal(answer.candidates[0].content.role, "model");
        assert.equal(answer.usageMetadata.promptTokenCount, 16);
        assert.equal(answer.usageMetadata.candidatesTokenCount, 7);
      }
      const [call] = await servers.record();
      assert.match(call.target, paths[provider]);
      assert.ok(call.body.includes("Be brief."));
      assert.ok(JSON.stringify(call.headers).includes(providerKey));
      assert.ok(!JSON.stringify(call).includes(clientKey));
    });

    test("streams, with usage at the end", async () => {
      const chunks = await collected(await generateStream());
      assert.equal(textOf(chunks), greeting);
      assert.ok(chunks.filter((chunk) => chunk.text).length >= 5, "one chunk per piece");
      const last = chunks.at(-1);
      assert.equal(last.candidates[0].finishReason, "STOP");
      assert.equal(last.usageMetadata.promptTokenCount, 16);
      assert.equal(last.usageMetadata.candidatesTokenCount, 7);
    });

    for (const stream of [false, true]) {
      const manner = stream ? "streamed" : "plain";

      test(`a chat runs a tool and answers from its result, ${manner}`, async () => {
        const chat = google().chats.create({
          model: `${provider}/mock`,
          config: { tools: [{ functionDeclarations: [weather] }] },
        });
        const send = async (message) =>
          stream
            ? collected(await chat.sendMessageStream({ message }))
            : [await chat.sendMessage({ message })];
        const calls = (await send("Hello")).flatMap((each) => each.functionCalls ?? []);
        assert.equal(calls.length, 1);
        assert.equal(calls[0].name, "weather");
        assert.deepEqual(calls[0].args, { city: "Paris" });
        const { id, name } = calls[0];
        const answer = await send([
          { functionResponse: { id, name, response: { output: "sunny in Paris" } } },
        ]);
        assert.equal(textOf(answer), sunny);
        const [first, second] = await servers.record();
        assert.ok(first.body.includes("The weather of a city"));
        assert.ok(second.body.includes("sunny in Paris"));
      });

      test(`runs a tool by itself, ${manner}`, async () => {
        const asked = [];
        const tool = {
          tool: async () => ({ functionDeclarations: [weather] }),
          callTool: async (calls) =>
            calls.map(({ id, name, args }) => {
              asked.push(args.city);
              return { functionResponse: { id, name, response: { output: `sunny in ${args.city}` } } };
            }),
        };
        const body = { model: "mock:tools-parallel", config: { tools: [tool] } };
        const text = stream
          ? textOf(await collected(await generateStream(body)))
          : (await generate(body)).text;
        assert.ok(text.endsWith(sunny), text);
        assert.deepEqual(asked, ["Paris", "Rome"]);
        const body2 = (await servers.record()).at(-1).body;
        assert.ok(body2.includes("sunny in Paris") && body2.includes("sunny in Rome"));
      });

      test(`answers JSON of a schema, ${manner}`, async () => {
        const uppercase = {
          type: Type.OBJECT,
          properties: { city: { type: Type.STRING } },
          required: ["city"],
        };
        for (const schema of [{ responseJsonSchema: citySchema }, { responseSchema: uppercase }]) {
          const body = { model: "mock:json", config: { responseMimeType: "application/json", ...schema } };
          const text = stream
            ? textOf(await collected(await generateStream(body)))
            : (await generate(body)).text;
          assert.deepEqual(JSON.parse(text), city);
          const sent = (await servers.record()).at(-1).body;
          assert.ok(sent.includes('"city"'), "the provider is told the schema");
        }
      });

      test(`errors have their status, ${manner}`, async () => {
        for (const [status, said] of [
          [400, 400],
          [429, 429],
          [503, 503],
        ]) {
          const body = { model: `mock:status:${status}` };
          const call = stream ? generateStream(body) : generate(body);
          await assert.rejects(call, (error) => {
            assert.ok(error instanceof ApiError);
            assert.equal(error.status, said);
            assert.match(error.message, /The fake upstream answers/);
            return true;
          });
        }
      });

      test(`a length limit is told, ${manner}`, async () => {
        const body = { model: "mock:length" };
        const last = stream ? (await collected(await generateStream(body))).at(-1) : await generate(body);
        assert.equal(last.candidates[0].finishReason, "MAX_TOKENS");
      });

      test(`thoughts come as parts of their own, ${manner}`, async () => {
        if (provider === "oai") return; // its own chat API tells no thoughts
        const body = { model: "mock:thinking", config: { thinkingConfig: { includeThoughts: true } } };
        const chunks = stream ? await collected(await generateStream(body)) : [await generate(body)];
        const parts = chunks.flatMap((chunk) => chunk.candidates[0].content?.parts ?? []);
        assert.equal(
          parts
            .filter((part) => part.thought)
            .map((part) => part.text)
            .join(""),
          thought,
        );
        assert.equal(
          parts
            .filter((part) => !part.thought)
            .map((part) => part.text ?? "")
            .join(""),
          greeting,
        );
      });
    }

    test("sends images", async () => {
      const contents = [{ inlineData: { mimeType: "image/png", data: pixel } }, { text: "What is this?" }];
      assert.equal((await generate({ contents })).text, greeting);
      assert.ok((await servers.record())[0].body.includes(pixel));
    });

    test("can forbid its tools and force them", async () => {
      const withMode = (mode) => ({
        config: {
          tools: [{ functionDeclarations: [weather] }],
          toolConfig: { functionCallingConfig: { mode } },
        },
      });
      assert.equal((await generate(withMode(FunctionCallingConfigMode.ANY))).functionCalls.length, 1);
      if (provider === "oll") return; // Ollama knows no tool choice
      assert.equal((await generate(withMode(FunctionCallingConfigMode.NONE))).text, greeting);
    });

    test("a stream that fails in the middle throws after its text", async () => {
      for (const model of ["mock:error-stream:4", "mock:cut-stream:4"]) {
        let text = "";
        await assert.rejects(async () => {
          for await (const chunk of await generateStream({ model })) text += chunk.text ?? "";
        }, `${model} gave "${text}"`);
      }
    });

    test("counts tokens", async () => {
      const { totalTokens } = await google().models.countTokens(ask());
      assert.ok(totalTokens > 0);
    });

    if (embedding.includes(provider))
      test("embeds one text and several", async () => {
        for (const contents of ["Hello", ["Hello", "World"]]) {
          const { embeddings } = await google().models.embedContent(ask({ contents }));
          assert.equal(embeddings.length, [contents].flat().length);
          for (const { values } of embeddings) assert.deepEqual(values, [1, -0.5, 0.25]);
        }
      });
  });
}

describe("Google Gen AI SDK, the gateway itself", () => {
  test("lists models and finds one", async () => {
    const names = [];
    for await (const model of await google().models.list()) names.push(model.name);
    for (const name of ["models/smart", "models/gem/mock", "models/sandbox/echo"])
      assert.ok(names.includes(name), `${name} in ${names}`);
    assert.equal((await google().models.get({ model: "smart" })).name, "models/smart");
    assert.equal((await google().models.get({ model: "gem/mock" })).name, "models/gem/mock");
  });

  test("a wrong key, an unknown model and a refused provider's key", async () => {
    const stranger = new GoogleGenAI({ apiKey: "tp-wrong", httpOptions: { baseUrl: servers.url } });
    const hello = (client, model) => client.models.generateContent({ model, contents: "Hello" });
    for (const [call, status, code] of [
      [() => hello(stranger, "gem/mock"), 401, "invalid_api_key"],
      [() => hello(google(), "smarrt"), 404, "model_not_found"],
      [() => hello(google(), "locked/mock"), 502, "provider_auth_failed"],
    ]) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof ApiError);
        assert.equal(error.status, status);
        assert.equal(JSON.parse(error.message).error.details[0].reason, code);
        return true;
      });
    }
  });
});
