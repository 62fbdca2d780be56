// SPDX-License-Identifier: GPL-3.0-or-later
// npm `openai` (chat, Responses, completions, embeddings) and `@anthropic-ai/sdk` against every protocol of a provider: the
// turns that all of them must carry. What is special about two of them stands in the files of these SDKs.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
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

const description = "The weather of a city";
const dataUrl = `data:image/png;base64,${pixel}`;

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());
beforeEach(() => servers.forget());

const openai = () => new OpenAI({ baseURL: `${servers.url}/v1`, apiKey: clientKey, maxRetries: 0 });
const anthropic = () => new Anthropic({ baseURL: servers.url, apiKey: clientKey, maxRetries: 0 });

/** What the tests need of each API; `turn` sends what came before and gives text, calls, why it ended and its usage. */
const apis = {
  chat: {
    errors: OpenAI,
    limits: { stop: "stop", calls: "tool_calls", length: "length" },
    async turn(model, { messages = hello, stream, tools, format }) {
      const body = {
        model,
        messages: [{ role: "system", content: "Be brief." }, ...messages],
        max_completion_tokens: 50,
        tools: tools && [
          { type: "function", function: { name: "weather", description, parameters: citySchema } },
        ],
        response_format: format && {
          type: "json_schema",
          json_schema: { name: "place", strict: true, schema: citySchema },
        },
      };
      const answer = stream
        ? await openai()
            .chat.completions.stream({ ...body, stream_options: { include_usage: true } })
            .finalChatCompletion()
        : await openai().chat.completions.create(body);
      const [{ message, finish_reason: end }] = answer.choices;
      const calls = (message.tool_calls ?? []).map((call) => ({
        id: call.id,
        name: call.function.name,
        input: JSON.parse(call.function.arguments),
      }));
      const { prompt_tokens: input, completion_tokens: output } = answer.usage;
      return { text: message.content, calls, end, usage: [input, output], said: [message] };
    },
    results: (calls) =>
      calls.map(({ id, input }) => ({ role: "tool", tool_call_id: id, content: `sunny in ${input.city}` })),
    image: { type: "image_url", image_url: { url: dataUrl } },
  },
  Responses: {
    errors: OpenAI,
    limits: { stop: "completed", calls: "completed", length: "incomplete" },
    async turn(model, { messages = hello, stream, tools, format }) {
      const body = {
        model,
        input: messages,
        instructions: "Be brief.",
        store: false,
        max_output_tokens: 50,
        tools: tools && [
          { type: "function", name: "weather", description, strict: true, parameters: citySchema },
        ],
        text: format && { format: { type: "json_schema", name: "place", strict: true, schema: citySchema } },
      };
      const { responses } = openai();
      const answer = stream ? await responses.stream(body).finalResponse() : await responses.create(body);
      const calls = answer.output
        .filter((item) => item.type === "function_call")
        .map((item) => ({ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }));
      const { input_tokens: input, output_tokens: output } = answer.usage;
      return {
        text: answer.output_text,
        calls,
        end: answer.status,
        usage: [input, output],
        said: answer.output,
      };
    },
    results: (calls) =>
      calls.map(({ id, input }) => ({
        type: "function_call_output",
        call_id: id,
        output: `sunny in ${input.city}`,
      })),
    image: { type: "input_image", image_url: dataUrl, detail: "auto" },
  },
  Messages: {
    errors: Anthropic,
    limits: { stop: "end_turn", calls: "tool_use", length: "max_tokens" },
    async turn(model, { messages = hello, stream, tools, format }) {
      const body = {
        model,
        messages,
        system: "Be brief.",
        max_tokens: 50,
        tools: tools && [{ name: "weather", description, input_schema: citySchema }],
        output_config: format && { format: { type: "json_schema", schema: citySchema } },
      };
      const api = anthropic().messages;
      const answer = stream ? await api.stream(body).finalMessage() : await api.create(body);
      const { usage } = answer;
      const input = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;
      return {
        text: answer.content.map((block) => block.text ?? "").join(""),
        calls: answer.content.filter((block) => block.type === "tool_use"),
        end: answer.stop_reason,
        usage: [input, usage.output_tokens],
        said: [{ role: "assistant", content: answer.content }],
      };
    },
    results: (calls) => [
      {
        role: "user",
        content: calls.map(({ id, input }) => ({
          type: "tool_result",
          tool_use_id: id,
          content: `sunny in ${input.city}`,
        })),
      },
    ],
    image: { type: "image", source: { type: "base64", media_type: "image/png", data: pixel } },
  },
};

for (const [name, api] of Object.entries(apis)) {
  for (const provider of providers) {
    const turn = (options, scenario = "mock") => api.turn(`${provider}/${scenario}`, options);

    describe(`${name}, provider ${provider}`, () => {
      for (const stream of [false, true]) {
        const manner = stream ? "streamed" : "plain";

        test(`answers with usage, ${manner}`, async () => {
          const answer = await turn({ stream });
          assert.equal(answer.text, greeting);
          assert.equal(answer.end, api.limits.stop);
          assert.deepEqual(answer.usage, [16, 7]);
          const [call] = await servers.record();
          assert.match(call.target, paths[provider]);
          assert.ok(call.body.includes("Be brief."));
          assert.ok(JSON.stringify(call.headers).includes(providerKey));
          assert.ok(!JSON.stringify(call).includes(clientKey));
        });

        test(`calls tools in parallel and answers from their results, ${manner}`, async () => {
          const first = await turn({ stream, tools: true }, "mock:tools-parallel");
          assert.equal(first.end, api.limits.calls);
          assert.deepEqual(
            first.calls.map((call) => [call.name, call.input]),
            [
              ["weather", { city: "Paris" }],
              ["weather", { city: "Rome" }],
            ],
          );
          assert.equal(new Set(first.calls.map((call) => call.id)).size, 2);
          const messages = [...hello, ...first.said, ...api.results(first.calls)];
          const second = await turn({ stream, tools: true, messages });
          assert.equal(second.text, sunny);
          const bodies = (await servers.record()).map((call) => call.body);
          assert.ok(bodies[0].includes(description));
          assert.ok(bodies[1].includes("sunny in Paris") && bodies[1].includes("sunny in Rome"));
        });

        test(`answers JSON of a schema, ${manner}`, async () => {
          assert.deepEqual(JSON.parse((await turn({ stream, format: true }, "mock:json")).text), city);
          assert.ok((await servers.record())[0].body.includes('"city"'), "the provider is told the schema");
        });

        test(`errors have their class and status, ${manner}`, async () => {
          for (const [status, kind] of [
            [400, api.errors.BadRequestError],
            [404, api.errors.NotFoundError],
            [429, api.errors.RateLimitError],
            [503, api.errors.InternalServerError],
          ]) {
            await assert.rejects(turn({ stream }, `mock:status:${status}`), (error) => {
              assert.ok(error instanceof kind, String(error));
              assert.equal(error.status, status);
              assert.match(error.message, /The fake upstream answers/);
              return true;
            });
          }
        });

        test(`a length limit is told, ${manner}`, async () => {
          assert.equal((await turn({ stream }, "mock:length")).end, api.limits.length);
        });
      }

      test("sends images", async () => {
        await turn({ messages: [{ role: "user", content: [api.image] }] });
        assert.ok((await servers.record())[0].body.includes(pixel));
      });

      test("a stream that fails in the middle throws", async () => {
        for (const scenario of ["mock:error-stream:5", "mock:cut-stream:5"])
          await assert.rejects(turn({ stream: true }, scenario), api.errors.APIError, scenario);
      });
    });
  }
}

for (const provider of providers) {
  const model = `${provider}/mock`;

  test(`openai SDK, completions, provider ${provider}`, async () => {
    const body = { model, prompt: "Hello", max_tokens: 50 };
    const plain = await openai().completions.create(body);
    assert.equal(plain.object, "text_completion");
    assert.equal(plain.choices[0].text, greeting);
    assert.equal(plain.choices[0].finish_reason, "stop");
    assert.equal(plain.usage.completion_tokens, 7);
    const chunks = await collected(await openai().completions.create({ ...body, stream: true }));
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.text ?? "").join(""), greeting);
    await assert.rejects(
      openai().completions.create({ ...body, model: `${model}:status:429` }),
      OpenAI.RateLimitError,
    );
  });

  if (embedding.includes(provider))
    test(`openai SDK, embeddings, provider ${provider}`, async () => {
      for (const format of [{}, { encoding_format: "float" }]) {
        const { data } = await openai().embeddings.create({ model, input: ["Hello", "World"], ...format });
        assert.deepEqual(
          data.map((each) => each.embedding),
          [
            [1, -0.5, 0.25],
            [1, -0.5, 0.25],
          ],
        );
      }
    });
  else
    test(`openai SDK, embeddings, provider ${provider} has none`, async () => {
      await assert.rejects(openai().embeddings.create({ model, input: "Hello" }), OpenAI.BadRequestError);
    });

  test(`@anthropic-ai/sdk counts tokens, provider ${provider}`, async () => {
    const { input_tokens: tokens } = await anthropic().messages.countTokens({ model, messages: hello });
    assert.ok(tokens > 0);
  });
}
