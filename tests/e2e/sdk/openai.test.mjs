// SPDX-License-Identifier: GPL-3.0-or-later
// npm `openai` against both upstream dialects: `lab` speaks its own, `ant` is translated.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import OpenAI from "openai";
import { collected, greeting, hello, pixel, signature, sunny, thought } from "./samples.mjs";
import { clientKey, countingFetch, providerKey, startServers } from "./servers.mjs";

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

function openai(options = {}) {
  return new OpenAI({ baseURL: `${servers.url}/v1`, apiKey: clientKey, maxRetries: 0, ...options });
}

/** What a client keeps of a stream with thinking; the SDK's own helper does not know these members. */
function joinedMessage(chunks) {
  const message = { role: "assistant", content: textOf(chunks), reasoning_content: "" };
  for (const { delta } of chunks.flatMap((chunk) => chunk.choices)) {
    message.reasoning_content += delta.reasoning_content ?? "";
    for (const detail of delta.reasoning_details ?? []) {
      message.reasoning_details ??= [{ type: "reasoning.text", text: "" }];
      message.reasoning_details[0].text += detail.text ?? "";
      if (detail.signature) message.reasoning_details[0].signature = detail.signature;
    }
  }
  return message;
}

const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");

for (const provider of ["lab", "ant"]) {
  // What each reports for the same prompt; see the fake upstream's README.
  const cost = provider === "lab" ? 0.000096 : 0.0000975;
  const create = (body, options) =>
    openai().chat.completions.create(
      { messages: hello, ...body, model: `${provider}/${body.model ?? "mock"}` },
      options,
    );

  describe(`openai SDK, provider ${provider}`, () => {
    test("answers plainly, with usage and cost", async () => {
      const { data, response, request_id } = await create({ max_completion_tokens: 50 }).withResponse();
      assert.equal(data.object, "chat.completion");
      assert.equal(data.choices[0].message.role, "assistant");
      assert.equal(data.choices[0].message.content, greeting);
      assert.equal(data.choices[0].finish_reason, "stop");
      assert.equal(data.usage.prompt_tokens, 16);
      assert.equal(data.usage.completion_tokens, 7);
      assert.equal(data.usage.total_tokens, 23);
      assert.equal(data.usage.prompt_tokens_details.cached_tokens, 4);
      assert.equal(response.headers.get("x-turnpike-provider"), provider);
      assert.equal(response.headers.get("x-turnpike-model"), "mock");
      assert.equal(response.headers.get("x-turnpike-attempts"), "1");
      assert.equal(Number(response.headers.get("x-turnpike-cost-usd")), cost);
      assert.ok(request_id);
    });

    test("never shows the provider the client's key", async () => {
      await create({});
      const [call] = await servers.record();
      assert.ok(!JSON.stringify(call).includes(clientKey));
      assert.equal(
        provider === "lab" ? call.headers.authorization : call.headers["x-api-key"],
        provider === "lab" ? `Bearer ${providerKey}` : providerKey,
      );
      assert.equal(call.target, provider === "lab" ? "/v1/chat/completions" : "/v1/messages");
      assert.equal(call.json.model, "mock");
    });

    test("streams chunks, with usage and cost where asked for", async () => {
      const chunks = await collected(await create({ stream: true, stream_options: { include_usage: true } }));
      assert.equal(chunks[0].choices[0].delta.role, "assistant");
      assert.equal(textOf(chunks), greeting);
      assert.ok(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length >= 5, "one chunk per piece");
      assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
      assert.equal(chunks.filter((chunk) => chunk.choices[0]?.finish_reason).length, 1);
      const last = chunks.at(-1);
      assert.deepEqual(last.choices, []);
      assert.equal(last.usage.prompt_tokens, 16);
      assert.equal(last.usage.completion_tokens, 7);
      assert.equal(last.usage.cost, cost);
    });

    test("streams no usage that was not asked for, and logs it all the same", async () => {
      const { data, request_id } = await create({ stream: true }).withResponse();
      const chunks = await collected(data);
      assert.equal(textOf(chunks), greeting);
      assert.ok(chunks.every((chunk) => !chunk.usage && chunk.choices.length === 1));
      const row = await servers.row((each) => each.id === request_id);
      assert.equal(row.provider, provider);
      assert.equal(row.stream, true);
      assert.equal(row.status, 200);
      assert.equal(row.usage.output_tokens, 7);
      assert.equal(row.usage.cache_read_tokens, 4);
      assert.equal(row.cost_usd, cost);
      assert.equal(row.dialect, "openai");
    });

    test("takes OpenRouter's way to ask for usage, which the provider is not shown", async () => {
      const chunks = await collected(await create({ stream: true, usage: { include: true } }));
      assert.equal(chunks.at(-1).usage.completion_tokens, 7);
      assert.equal(chunks.at(-1).usage.cost, cost);
      const plain = await create({ usage: { include: true } });
      assert.equal(plain.choices[0].message.content, greeting);
      for (const { json } of await servers.record()) assert.equal(json.usage, undefined);
    });

    test("the stream helper builds the same answer", async () => {
      const stream = openai().chat.completions.stream({
        model: `${provider}/mock`,
        messages: hello,
        stream_options: { include_usage: true },
      });
      let heard = "";
      stream.on("content", (delta) => (heard += delta));
      const completion = await stream.finalChatCompletion();
      assert.equal(heard, greeting);
      assert.equal(completion.choices[0].message.content, greeting);
      assert.equal(completion.choices[0].finish_reason, "stop");
      assert.equal((await stream.totalUsage()).completion_tokens, 7);
    });

    for (const stream of [false, true]) {
      const manner = stream ? "streamed" : "plain";

      test(`runs a tool and returns its result, ${manner}`, async () => {
        const asked = [];
        const runner = openai().chat.completions.runTools({
          model: `${provider}/mock`,
          messages: hello,
          stream,
          tools: [
            {
              ...weather,
              function: {
                ...weather.function,
                parse: JSON.parse,
                function: ({ city }) => (asked.push(city), `{"weather":"sunny in ${city}"}`),
              },
            },
          ],
        });
        assert.equal(await runner.finalContent(), sunny);
        assert.deepEqual(asked, ["Paris"]);
        const [first, second] = await servers.record();
        assert.equal(
          provider === "lab" ? first.json.tools[0].function.name : first.json.tools[0].name,
          "weather",
        );
        const result = second.json.messages.at(-1);
        const call = second.json.messages.at(-2);
        if (provider === "lab") {
          assert.equal(result.role, "tool");
          assert.equal(result.tool_call_id, call.tool_calls[0].id);
        } else {
          assert.equal(result.role, "user");
          assert.equal(result.content[0].type, "tool_result");
          const use = call.content.find((block) => block.type === "tool_use");
          assert.equal(result.content[0].tool_use_id, use.id);
          assert.deepEqual(use.input, { city: "Paris" });
        }
        assert.ok(JSON.stringify(result).includes("sunny in Paris"));
      });
    }

    test("runs parallel tools whose results go back together", async () => {
      const asked = [];
      const runner = openai().chat.completions.runTools({
        model: `${provider}/mock:tools-parallel`,
        messages: hello,
        stream: true,
        tools: [
          {
            ...weather,
            function: {
              ...weather.function,
              parse: JSON.parse,
              function: ({ city }) => (asked.push(city), `sunny in ${city}`),
            },
          },
        ],
      });
      assert.equal(await runner.finalContent(), sunny);
      assert.deepEqual(asked, ["Paris", "Rome"]);
      const { messages } = (await servers.record()).at(-1).json;
      if (provider === "lab") {
        assert.deepEqual(
          messages.slice(-2).map((each) => each.role),
          ["tool", "tool"],
        );
      } else {
        const blocks = messages.at(-1).content;
        assert.deepEqual(
          blocks.map((block) => block.type),
          ["tool_result", "tool_result"],
        );
        assert.equal(new Set(blocks.map((block) => block.tool_use_id)).size, 2);
      }
    });

    test("streams tool arguments in fragments, by index", async () => {
      const chunks = await collected(
        await create({ model: "mock:tools-parallel", tools: [weather], stream: true }),
      );
      const deltas = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
      for (const [index, city] of [
        [0, "Paris"],
        [1, "Rome"],
      ]) {
        const own = deltas.filter((delta) => delta.index === index);
        assert.equal(own[0].function.name, "weather");
        assert.ok(own[0].id);
        assert.ok(
          own.slice(1).every((delta) => !delta.id && !delta.function.name),
          "named once",
        );
        assert.ok(own.filter((delta) => delta.function.arguments).length >= 3, "in fragments");
        assert.deepEqual(JSON.parse(own.map((delta) => delta.function.arguments ?? "").join("")), { city });
      }
      assert.equal(chunks.findLast((chunk) => chunk.choices[0]).choices[0].finish_reason, "tool_calls");
    });

    test("plain parallel calls come whole", async () => {
      const { choices } = await create({
        model: "mock:tools-parallel",
        tools: [weather],
        tool_choice: "required",
      });
      assert.equal(choices[0].finish_reason, "tool_calls");
      assert.equal(choices[0].message.content, null);
      assert.deepEqual(
        choices[0].message.tool_calls.map((call) => JSON.parse(call.function.arguments).city),
        ["Paris", "Rome"],
      );
      const [{ json }] = await servers.record();
      assert.deepEqual(json.tool_choice, provider === "lab" ? "required" : { type: "any" });
    });

    test("leaving a stream cancels the provider's call", async () => {
      const model = "mock:paced:2000:10";
      const stream = await create({ model, stream: true });
      let seen = 0;
      for await (const chunk of stream) {
        assert.ok(chunk.choices);
        if (++seen === 5) break; // the SDK aborts its request here
      }
      const after = await servers.cancelledAfter(model, Date.now());
      assert.ok(after < 1000, `cancelled after ${after} ms`);
    });

    test("aborting a plain call cancels the provider's call", async () => {
      const model = "mock:silent";
      const controller = new AbortController();
      const call = create({ model }, { signal: controller.signal });
      const rejected = assert.rejects(call, OpenAI.APIUserAbortError);
      await servers.called(model);
      const moment = Date.now();
      controller.abort();
      await rejected;
      const after = await servers.cancelledAfter(model, moment);
      assert.ok(after < 1000, `cancelled after ${after} ms`);
    });

    test("the gateway repeats a failed call unseen", async () => {
      const counting = countingFetch();
      const { data, response } = await openai({ fetch: counting })
        .chat.completions.create({ model: `${provider}/mock:flaky:1:503`, messages: hello })
        .withResponse();
      assert.equal(data.choices[0].message.content, greeting);
      assert.equal(response.headers.get("x-turnpike-attempts"), "2");
      assert.equal(counting.tries, 1);
      assert.equal((await servers.record()).length, 2);
    });

    test("the SDK repeats what the gateway could not save", async () => {
      const counting = countingFetch();
      const chunks = await collected(
        await openai({ fetch: counting, maxRetries: 2 }).chat.completions.create({
          model: `${provider}/mock:flaky:3:503`,
          messages: hello,
          stream: true,
        }),
      );
      assert.equal(textOf(chunks), greeting);
      assert.equal(counting.tries, 2);
      assert.equal((await servers.record()).length, 4);
    });

    test("a provider's 400 arrives as BadRequestError, tried once", async () => {
      const counting = countingFetch();
      const call = openai({ fetch: counting, maxRetries: 2 }).chat.completions.create({
        model: `${provider}/mock:status:400`,
        messages: hello,
      });
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.match(error.message, /The fake upstream answers 400/);
        assert.equal(error.type, "invalid_request_error");
        return true;
      });
      assert.equal(counting.tries, 1);
      assert.equal((await servers.record()).length, 1);
    });

    test("a provider's 429 keeps its retry-after, and the SDK obeys it", async () => {
      const counting = countingFetch();
      const call = openai({ fetch: counting, maxRetries: 1 }).chat.completions.create({
        model: `${provider}/mock:status:429:1`,
        messages: hello,
      });
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof OpenAI.RateLimitError);
        assert.equal(error.headers.get("retry-after"), "1");
        return true;
      });
      assert.equal(counting.tries, 2);
      const calls = await servers.record();
      assert.equal(calls.length, 2, "the gateway does not wait that long itself");
      assert.ok(calls[1].started_ms - calls[0].started_ms >= 950);
    });

    test("a stream that fails in the middle throws after its text", async () => {
      for (const model of ["mock:error-stream:6", "mock:cut-stream:6", "mock:reset-stream:6"]) {
        const stream = await create({ model, stream: true });
        let text = "";
        await assert.rejects(
          async () => {
            for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
          },
          (error) => error instanceof OpenAI.APIError && error.code !== undefined,
        );
        assert.ok(text.startsWith("Hello"), `${model} gave "${text}"`);
      }
    });

    for (const stream of [false, true]) {
      test(`thinking comes with its signature and goes back with it, ${stream ? "streamed" : "plain"}`, async () => {
        const answer = await create({ model: "mock:thinking", reasoning_effort: "low", stream });
        const message = stream ? joinedMessage(await collected(answer)) : answer.choices[0].message;
        assert.equal(message.content, greeting);
        assert.equal(message.reasoning_content, thought);
        if (provider === "lab") return; // its dialect has no signatures
        await create({ messages: [...hello, message, { role: "user", content: "Again" }] });
        const replayed = (await servers.record()).at(-1).json.messages[1];
        assert.deepEqual(replayed.content, [
          { type: "thinking", thinking: thought, signature },
          { type: "text", text: greeting },
        ]);
      });
    }

    test("sends images and system text", async () => {
      const url = `data:image/png;base64,${pixel}`;
      const messages = [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url } },
          ],
        },
      ];
      await create({ messages });
      const [{ json }] = await servers.record();
      if (provider === "lab") {
        assert.deepEqual(json.messages, messages);
      } else {
        assert.ok(JSON.stringify(json.system).includes("Be brief."));
        const image = json.messages[0].content[1];
        assert.deepEqual(image.source, { type: "base64", media_type: "image/png", data: pixel });
        assert.ok(json.max_tokens > 0);
      }
    });

    test("asks for JSON of a schema", async () => {
      const schema = {
        type: "object",
        properties: { a: { type: "string" } },
        required: ["a"],
        additionalProperties: false,
      };
      await create({
        response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
      });
      const [{ json }] = await servers.record();
      const sent =
        provider === "lab" ? json.response_format.json_schema.schema : json.output_config.format.schema;
      assert.deepEqual(sent, schema);
    });

    test("a length limit and a refusal are told", async () => {
      assert.equal((await create({ model: "mock:length" })).choices[0].finish_reason, "length");
      const refused = (await create({ model: "mock:refusal" })).choices[0];
      assert.match(refused.message.refusal ?? refused.message.content, /I cannot help with that/);
    });

    test("carries text that is cut inside its characters", async () => {
      for (const model of ["mock:split-utf8", "mock:crlf", "mock:comments", "mock:cut:1"]) {
        const text = textOf(await collected(await create({ model, stream: true })));
        assert.equal(text, model === "mock:split-utf8" ? "Grüße, 世界 🌍 naïve café" : greeting);
      }
    });
  });
}

describe("openai SDK, the gateway itself", () => {
  test("a wrong key is one try and an AuthenticationError", async () => {
    const counting = countingFetch();
    const client = openai({ apiKey: "tp-wrong", fetch: counting, maxRetries: 3 });
    await assert.rejects(client.chat.completions.create({ model: "lab/mock", messages: hello }), (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError);
      assert.equal(error.code, "invalid_api_key");
      assert.equal(error.headers.get("x-should-retry"), "false");
      assert.ok(error.requestID);
      return true;
    });
    assert.equal(counting.tries, 1);
    assert.equal((await servers.record()).length, 0);
  });

  test("a model nobody has is one try and a NotFoundError with near names", async () => {
    const counting = countingFetch();
    const client = openai({ fetch: counting, maxRetries: 3 });
    await assert.rejects(client.chat.completions.create({ model: "smarrt", messages: hello }), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.code, "model_not_found");
      assert.match(error.message, /smart/);
      return true;
    });
    assert.equal(counting.tries, 1);
  });

  test("a missing member is a BadRequestError that names it", async () => {
    await assert.rejects(openai().chat.completions.create({ model: "lab/mock", messages: [] }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.param, "messages");
      return true;
    });
  });

  test("a provider that refuses its key is no AuthenticationError of the client", async () => {
    await assert.rejects(
      openai().chat.completions.create({ model: "locked/mock", messages: hello }),
      (error) => {
        assert.equal(error.status, 502);
        assert.equal(error.code, "provider_auth_failed");
        assert.match(error.message, /locked/);
        assert.ok(!error.message.includes("sk-bad-key"));
        return true;
      },
    );
  });

  test("a route falls over to a provider of the other dialect", async () => {
    for (const stream of [false, true]) {
      const { data, response } = await openai()
        .chat.completions.create({ model: "smart", messages: hello, stream })
        .withResponse();
      const text = stream ? textOf(await collected(data)) : data.choices[0].message.content;
      assert.equal(text, greeting);
      assert.equal(response.headers.get("x-turnpike-route"), "smart");
      assert.equal(response.headers.get("x-turnpike-provider"), "ant");
    }
  });

  test("lists models and finds one", async () => {
    const ids = [];
    for await (const model of openai().models.list()) {
      assert.equal(model.object, "model");
      ids.push(model.id);
    }
    for (const id of ["smart", "lab/mock", "ant/mock", "sandbox/echo"])
      assert.ok(ids.includes(id), `${id} in ${ids}`);
    assert.equal((await openai().models.retrieve("smart")).id, "smart");
    assert.equal((await openai().models.retrieve("lab/mock")).owned_by, "lab");
    await assert.rejects(openai().models.retrieve("nowhere"), OpenAI.NotFoundError);
  });

  test("the sandbox echoes, plain and streamed, and costs nothing", async () => {
    const { data, response } = await openai()
      .chat.completions.create({ model: "sandbox/echo", messages: hello })
      .withResponse();
    assert.equal(data.choices[0].message.content, "[simulated] Hello");
    assert.ok(data.usage.completion_tokens > 0);
    assert.equal(Number(response.headers.get("x-turnpike-cost-usd")), 0);
    const stream = openai().chat.completions.stream({ model: "sandbox/slow", messages: hello });
    assert.equal(await stream.finalContent(), "[simulated] Hello");
  });

  test("the sandbox calls a tool", async () => {
    const tool = {
      ...weather,
      function: { ...weather.function, parse: JSON.parse, function: () => "sunny" },
    };
    for (const stream of [false, true]) {
      const runner = openai().chat.completions.runTools({
        model: "sandbox/tools",
        messages: hello,
        stream,
        tools: [tool],
      });
      assert.match(await runner.finalContent(), /the tool has answered/);
    }
  });

  test("the sandbox fails every second call, and a repeat helps", async () => {
    for (let i = 0; i < 4; ++i) {
      const answer = await openai({ maxRetries: 2 }).chat.completions.create({
        model: "sandbox/flaky",
        messages: hello,
      });
      assert.equal(answer.choices[0].message.content, "[simulated] Hello");
    }
  });

  test("many streams at once each get their own answer", async () => {
    const client = openai();
    const texts = await Promise.all(
      Array.from({ length: 40 }, async (_, i) =>
        textOf(
          await collected(
            await client.chat.completions.create({
              model: i % 2 ? `lab/mock:paced:${i + 1}:1` : `ant/mock:paced:${i + 1}:1`,
              messages: hello,
              stream: true,
            }),
          ),
        ),
      ),
    );
    texts.forEach((text, i) => assert.equal(text.trim().split(" ").length, i + 1));
  });
});
