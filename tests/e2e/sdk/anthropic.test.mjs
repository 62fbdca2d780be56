// SPDX-License-Identifier: GPL-3.0-or-later
// npm `@anthropic-ai/sdk` against both upstream dialects: `ant` speaks its own, `lab` is translated.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { assertInOrder, collected, greeting, hello, pixel, signature, sunny, thought } from "./samples.mjs";
import { clientKey, countingFetch, providerKey, startServers } from "./servers.mjs";

const weather = {
  name: "weather",
  description: "The weather of a city",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());
beforeEach(() => servers.forget());

function anthropic(options = {}) {
  return new Anthropic({ baseURL: servers.url, apiKey: clientKey, maxRetries: 0, ...options });
}

const textOf = (message) => message.content.map((block) => block.text ?? "").join("");

for (const provider of ["ant", "lab"]) {
  // What each reports for the same prompt; see the fake upstream's README. OpenAI's shape knows no writes to a cache.
  const cost = provider === "lab" ? 0.000096 : 0.0000975;
  const fresh = provider === "lab" ? 12 : 9;
  const body = (members = {}) => ({
    max_tokens: 100,
    messages: hello,
    ...members,
    model: `${provider}/${members.model ?? "mock"}`,
  });
  const create = (members, options) => anthropic().messages.create(body(members), options);

  describe(`anthropic SDK, provider ${provider}`, () => {
    test("answers plainly, with usage and cost", async () => {
      const { data, response } = await create({ system: "Be brief." }).withResponse();
      assert.equal(data.type, "message");
      assert.equal(data.role, "assistant");
      assert.deepEqual(data.content, [{ type: "text", text: greeting }]);
      assert.equal(data.stop_reason, "end_turn");
      assert.equal(data.stop_sequence, null);
      assert.equal(data.usage.input_tokens, fresh);
      assert.equal(data.usage.cache_read_input_tokens, 4);
      assert.equal(data.usage.output_tokens, 7);
      assert.equal(response.headers.get("x-turnpike-provider"), provider);
      assert.equal(Number(response.headers.get("x-turnpike-cost-usd")), cost);
      assert.ok(response.headers.get("x-request-id"));
    });

    test("never shows the provider the client's key, whichever way it comes", async () => {
      const ways = [
        { apiKey: clientKey },
        { apiKey: null, authToken: clientKey },
        { apiKey: null, authToken: null, defaultHeaders: { "x-api-key": clientKey } },
      ];
      for (const way of ways) {
        await servers.forget();
        await anthropic(way).messages.create(body());
        const [call] = await servers.record();
        assert.ok(!JSON.stringify(call).includes(clientKey));
        if (provider === "ant") {
          assert.equal(call.headers["x-api-key"], providerKey);
          assert.ok(call.headers["anthropic-version"]);
          assert.equal(call.target, "/v1/messages");
        } else {
          assert.equal(call.headers.authorization, `Bearer ${providerKey}`);
          assert.equal(call.target, "/v1/chat/completions");
        }
        assert.equal(call.json.model, "mock");
      }
    });

    test("streams events in their order, with usage and cost", async () => {
      const events = await collected(await create({ stream: true }));
      assertInOrder(events);
      const deltas = events.filter((event) => event.delta?.type === "text_delta");
      assert.ok(deltas.length >= 5, "one event per piece");
      assert.equal(deltas.map((event) => event.delta.text).join(""), greeting);
      const last = events.find((event) => event.type === "message_delta");
      assert.equal(last.delta.stop_reason, "end_turn");
      assert.equal(last.usage.output_tokens, 7);
      assert.equal(last.usage.cost, cost);
    });

    test("the stream helper builds the same answer, and it is logged", async () => {
      const stream = anthropic().messages.stream(body());
      let heard = "";
      stream.on("text", (delta) => (heard += delta));
      const message = await stream.finalMessage();
      assert.equal(heard, greeting);
      assert.equal(textOf(message), greeting);
      assert.equal(message.stop_reason, "end_turn");
      assert.equal(message.usage.output_tokens, 7);
      const id = stream.response.headers.get("x-request-id");
      const row = await servers.row((each) => each.id === id);
      assert.equal(row.dialect, "anthropic");
      assert.equal(row.provider, provider);
      assert.equal(row.usage.cache_read_tokens, 4);
      assert.equal(row.usage.output_tokens, 7);
      assert.equal(row.cost_usd, cost);
      assert.equal(row.cost_source, "computed");
    });

    for (const stream of [false, true]) {
      const manner = stream ? "streamed" : "plain";
      for (const parallel of [false, true]) {
        test(`runs ${parallel ? "parallel tools" : "a tool"} and returns the results, ${manner}`, async () => {
          const asked = [];
          const runner = anthropic().beta.messages.toolRunner({
            ...body({ model: parallel ? "mock:tools-parallel" : "mock" }),
            stream,
            // Threads are kept by Anthropic's servers, which the scripted provider is not; see the tests on them below.
            thread: provider === "ant" ? false : undefined,
            tools: [
              {
                ...weather,
                type: "custom",
                parse: (input) => input,
                run: ({ city }) => (asked.push(city), `sunny in ${city}`),
              },
            ],
          });
          assert.equal(textOf(await runner.runUntilDone()), sunny);
          const cities = parallel ? ["Paris", "Rome"] : ["Paris"];
          assert.deepEqual(asked, cities);
          const { messages, tools } = (await servers.record()).at(-1).json;
          assert.equal(provider === "ant" ? tools[0].name : tools[0].function.name, "weather");
          if (provider === "ant") {
            assert.deepEqual(
              messages.at(-1).content.map((block) => block.type),
              cities.map(() => "tool_result"),
            );
            return;
          }
          const calls = messages.find((each) => each.tool_calls).tool_calls;
          assert.deepEqual(
            calls.map((call) => JSON.parse(call.function.arguments).city),
            cities,
          );
          const results = messages.slice(-cities.length);
          assert.deepEqual(
            results.map((each) => each.role),
            cities.map(() => "tool"),
          );
          assert.deepEqual(
            results.map((each) => each.tool_call_id),
            calls.map((call) => call.id),
          );
          assert.ok(JSON.stringify(results[0].content).includes("sunny in Paris"));
        });
      }
    }

    test("streams tool arguments in fragments", async () => {
      const stream = anthropic().messages.stream(
        body({ model: "mock:tools-parallel", tools: [weather], tool_choice: { type: "any" } }),
      );
      let fragments = 0;
      stream.on("inputJson", () => (fragments += 1));
      const events = [];
      stream.on("streamEvent", (event) => events.push(event));
      const message = await stream.finalMessage();
      assertInOrder(events);
      assert.ok(fragments >= 6, `${fragments} fragments`);
      assert.equal(message.stop_reason, "tool_use");
      assert.deepEqual(
        message.content.map((block) => [block.type, block.name, block.input]),
        [
          ["tool_use", "weather", { city: "Paris" }],
          ["tool_use", "weather", { city: "Rome" }],
        ],
      );
      assert.notEqual(message.content[0].id, message.content[1].id);
      const [{ json }] = await servers.record();
      assert.deepEqual(json.tool_choice, provider === "ant" ? { type: "any" } : "required");
    });

    test("sends a failed tool's result with an image", async () => {
      const source = { type: "base64", media_type: "image/png", data: pixel };
      const messages = [
        ...hello,
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } }],
        },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "toolu_1",
              is_error: true,
              content: [
                { type: "text", text: "Broken" },
                { type: "image", source },
              ],
            },
            { type: "text", text: "Go on." },
          ],
        },
      ];
      assert.equal((await create({ messages, tools: [weather] })).stop_reason !== null, true);
      const [{ json }] = await servers.record();
      if (provider === "ant") {
        assert.deepEqual(json.messages, messages);
        return;
      }
      const result = json.messages.find((each) => each.role === "tool");
      assert.equal(result.tool_call_id, "toolu_1");
      assert.ok(JSON.stringify(result.content).includes("Broken"));
      assert.ok(JSON.stringify(json.messages).includes(`data:image/png;base64,${pixel}`));
      assert.ok(JSON.stringify(json.messages.at(-1)).includes("Go on."));
    });

    test("leaving a stream cancels the provider's call", async () => {
      for (const leave of [(stream) => stream.controller.abort(), (stream) => stream.abort()]) {
        const model = "mock:paced:2000:10";
        await servers.forget();
        const helper = leave.toString().includes("controller")
          ? await create({ model, stream: true })
          : anthropic().messages.stream(body({ model }));
        let seen = 0;
        let moment = 0;
        try {
          for await (const event of helper) {
            assert.ok(event.type);
            if (++seen === 6) {
              moment = Date.now();
              leave(helper);
            }
          }
        } catch (error) {
          assert.ok(error instanceof Anthropic.APIUserAbortError);
        }
        assert.ok(seen < 200);
        const after = await servers.cancelledAfter(model, moment);
        assert.ok(after < 1000, `cancelled after ${after} ms`);
      }
    });

    test("aborting a plain call cancels the provider's call", async () => {
      const model = "mock:silent";
      const controller = new AbortController();
      const rejected = assert.rejects(
        create({ model }, { signal: controller.signal }),
        Anthropic.APIUserAbortError,
      );
      await servers.called(model);
      const moment = Date.now();
      controller.abort();
      await rejected;
      const after = await servers.cancelledAfter(model, moment);
      assert.ok(after < 1000, `cancelled after ${after} ms`);
    });

    test("the gateway repeats a failed call unseen", async () => {
      const counting = countingFetch();
      const client = anthropic({ fetch: counting });
      const { data, response } = await client.messages
        .create(body({ model: "mock:flaky:1:529" }))
        .withResponse();
      assert.equal(textOf(data), greeting);
      assert.equal(response.headers.get("x-turnpike-attempts"), "2");
      assert.equal(counting.tries, 1);
      assert.equal((await servers.record()).length, 2);
    });

    test("the SDK repeats what the gateway could not save", async () => {
      const counting = countingFetch();
      const client = anthropic({ fetch: counting, maxRetries: 2 });
      const message = await client.messages.stream(body({ model: "mock:flaky:3:503" })).finalMessage();
      assert.equal(textOf(message), greeting);
      assert.equal(counting.tries, 2);
      assert.equal((await servers.record()).length, 4);
    });

    test("a provider's 400 arrives as BadRequestError, tried once", async () => {
      const counting = countingFetch();
      const client = anthropic({ fetch: counting, maxRetries: 2 });
      await assert.rejects(client.messages.create(body({ model: "mock:status:400" })), (error) => {
        assert.ok(error instanceof Anthropic.BadRequestError);
        assert.equal(error.error.type, "error");
        assert.equal(error.error.error.type, "invalid_request_error");
        assert.match(error.error.error.message, /The fake upstream answers 400/);
        return true;
      });
      assert.equal(counting.tries, 1);
      assert.equal((await servers.record()).length, 1);
    });

    test("a provider's 429 keeps its retry-after, and the SDK obeys it", async () => {
      const counting = countingFetch();
      const client = anthropic({ fetch: counting, maxRetries: 1 });
      await assert.rejects(client.messages.create(body({ model: "mock:status:429:1" })), (error) => {
        assert.ok(error instanceof Anthropic.RateLimitError);
        assert.equal(error.headers.get("retry-after"), "1");
        assert.equal(error.error.error.type, "rate_limit_error");
        return true;
      });
      assert.equal(counting.tries, 2);
      const calls = await servers.record();
      assert.equal(calls.length, 2, "the gateway does not wait that long itself");
      assert.ok(calls[1].started_ms - calls[0].started_ms >= 950);
    });

    test("an overloaded provider is an overloaded_error", async () => {
      await assert.rejects(create({ model: "mock:status:529" }), (error) => {
        assert.ok(error instanceof Anthropic.InternalServerError);
        assert.equal(error.status, 503);
        assert.equal(error.error.error.type, "overloaded_error");
        assert.equal(error.error.error.code, "upstream_overloaded");
        return true;
      });
    });

    test("a stream that fails in the middle throws after its text", async () => {
      for (const model of ["mock:error-stream:6", "mock:cut-stream:6", "mock:reset-stream:6"]) {
        const stream = anthropic().messages.stream(body({ model }));
        let text = "";
        stream.on("text", (delta) => (text += delta));
        await assert.rejects(stream.finalMessage(), (error) => {
          assert.ok(error instanceof Anthropic.APIError, String(error));
          assert.equal(error.error.type, "error");
          return true;
        });
        assert.ok(text.startsWith("Hello"), `${model} gave "${text}"`);
      }
    });

    for (const stream of [false, true]) {
      test(`thinking comes with its signature and goes back with it, ${stream ? "streamed" : "plain"}`, async () => {
        const asked = body({
          model: "mock:thinking",
          max_tokens: 4000,
          thinking: { type: "enabled", budget_tokens: 2000 },
        });
        const message = stream
          ? await anthropic().messages.stream(asked).finalMessage()
          : await anthropic().messages.create(asked);
        assert.equal(textOf(message), greeting);
        const [{ json }] = await servers.record();
        if (provider === "lab") {
          assert.ok(json.reasoning_effort);
          // Without a signature a thinking block would be refused when it is sent back to Anthropic.
          assert.ok(message.content.every((block) => block.type !== "thinking" || block.signature));
          return;
        }
        assert.deepEqual(json.thinking, asked.thinking);
        const blocks = [
          { type: "thinking", thinking: thought, signature },
          { type: "text", text: greeting },
        ];
        assert.deepEqual(message.content, blocks);
        await create({ messages: [...hello, { role: "assistant", content: message.content }, ...hello] });
        assert.deepEqual((await servers.record()).at(-1).json.messages[1].content, blocks);
      });
    }

    test("sends images, documents and cached system text", async () => {
      const source = { type: "base64", media_type: "image/png", data: pixel };
      const system = [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }];
      const messages = [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", source },
          ],
        },
      ];
      await create({
        system,
        messages,
        stop_sequences: ["END"],
        temperature: 0.5,
        metadata: { user_id: "me" },
      });
      const [{ json }] = await servers.record();
      if (provider === "ant") {
        assert.deepEqual(json.system, system);
        assert.deepEqual(json.messages, messages);
        assert.deepEqual(json.metadata, { user_id: "me" });
        return;
      }
      assert.equal(json.messages[0].role, "system");
      assert.ok(JSON.stringify(json.messages[0].content).includes("Be brief."));
      assert.equal(json.messages[1].content[1].image_url.url, `data:image/png;base64,${pixel}`);
      assert.deepEqual(json.stop, ["END"]);
      assert.equal(json.temperature, 0.5);
      assert.equal(json.max_tokens, 100);
      assert.ok(!JSON.stringify(json).includes("cache_control"));
    });

    test("a message thread is Anthropic's to keep, elsewhere the SDK sends the whole conversation", async () => {
      const thread = anthropic().beta.messages.thread({
        ...body({ messages: [] }),
        system: "Be brief.",
        unsupportedRequestBehavior: "continue_unthreaded",
      });
      await thread.send({ role: "user", content: "One" });
      await thread.send({ role: "user", content: "Two" });
      const calls = await servers.record();
      assert.equal(calls.length, 2);
      if (provider === "ant") {
        assert.deepEqual(
          calls.map((call) => call.json.thread),
          [{ type: "create" }, { type: "continue", previous_message_id: "msg_fake" }],
        );
        assert.ok(calls.every((call) => call.headers["anthropic-beta"].includes("message-threads")));
        return;
      }
      assert.deepEqual(
        calls.map((call) => call.json.messages.map((each) => each.role)),
        [
          ["system", "user"],
          ["system", "user", "assistant", "user"],
        ],
      );
      await assert.rejects(
        anthropic().beta.messages.create({ ...body(), thread: { type: "create" } }),
        (error) => {
          assert.equal(error.status, 400);
          assert.equal(error.error.error.details.error_code, "thread_unsupported_request");
          return true;
        },
      );
    });

    test("counts tokens", async () => {
      const count = await anthropic().messages.countTokens({
        model: `${provider}/mock`,
        messages: hello,
        tools: [weather],
      });
      if (provider === "ant") {
        assert.equal(count.input_tokens, 16);
        const [call] = await servers.record();
        assert.equal(call.target, "/v1/messages/count_tokens");
        assert.equal(call.json.model, "mock");
      } else {
        assert.ok(count.input_tokens > 0, "an estimate, as this provider has no such call");
        assert.equal((await servers.record()).length, 0);
      }
    });

    test("a length limit and a refusal are told", async () => {
      assert.equal((await create({ model: "mock:length" })).stop_reason, "max_tokens");
      assert.match(textOf(await create({ model: "mock:refusal" })), /I cannot help with that/);
    });

    test("carries text that is cut inside its characters", async () => {
      for (const model of ["mock:split-utf8", "mock:crlf", "mock:comments", "mock:cut:1"]) {
        const text = await anthropic().messages.stream(body({ model })).finalText();
        assert.equal(text, model === "mock:split-utf8" ? "Grüße, 世界 🌍 naïve café" : greeting);
      }
    });
  });
}

describe("anthropic SDK, the gateway itself", () => {
  test("a wrong key is one try and an AuthenticationError", async () => {
    const counting = countingFetch();
    const client = anthropic({ apiKey: "tp-wrong", fetch: counting, maxRetries: 3 });
    await assert.rejects(
      client.messages.create({ model: "ant/mock", max_tokens: 9, messages: hello }),
      (error) => {
        assert.ok(error instanceof Anthropic.AuthenticationError);
        assert.equal(error.error.error.type, "authentication_error");
        assert.equal(error.error.error.code, "invalid_api_key");
        assert.equal(error.headers.get("x-should-retry"), "false");
        assert.ok(error.error.request_id);
        return true;
      },
    );
    assert.equal(counting.tries, 1);
    assert.equal((await servers.record()).length, 0);
  });

  test("a model nobody has is one try and a NotFoundError with near names", async () => {
    const counting = countingFetch();
    const client = anthropic({ fetch: counting, maxRetries: 3 });
    await assert.rejects(
      client.messages.create({ model: "smarrt", max_tokens: 9, messages: hello }),
      (error) => {
        assert.ok(error instanceof Anthropic.NotFoundError);
        assert.equal(error.error.error.type, "not_found_error");
        assert.equal(error.error.error.code, "model_not_found");
        assert.match(error.error.error.message, /smart/);
        return true;
      },
    );
    assert.equal(counting.tries, 1);
  });

  test("a provider that refuses its key is no AuthenticationError of the client", async () => {
    await assert.rejects(
      anthropic().messages.create({ model: "locked/mock", max_tokens: 9, messages: hello }),
      (error) => {
        assert.equal(error.status, 502);
        assert.equal(error.error.error.code, "provider_auth_failed");
        assert.ok(!error.message.includes("sk-bad-key"));
        return true;
      },
    );
  });

  test("a route falls over to its second provider", async () => {
    const { data, response } = await anthropic()
      .messages.create({ model: "smart", max_tokens: 9, messages: hello })
      .withResponse();
    assert.equal(textOf(data), greeting);
    assert.equal(response.headers.get("x-turnpike-provider"), "ant");
    assert.equal(
      await anthropic().messages.stream({ model: "smart", max_tokens: 9, messages: hello }).finalText(),
      greeting,
    );
  });

  test("lists models in Anthropic's shape and finds one", async () => {
    const ids = [];
    for await (const model of anthropic().models.list({ limit: 1000 })) {
      assert.equal(model.type, "model");
      assert.ok(model.display_name);
      assert.ok(!Number.isNaN(Date.parse(model.created_at)));
      ids.push(model.id);
    }
    for (const id of ["smart", "lab/mock", "ant/mock", "sandbox/echo"])
      assert.ok(ids.includes(id), `${id} in ${ids}`);
    assert.equal((await anthropic().models.retrieve("smart")).type, "model");
    assert.equal((await anthropic().models.retrieve("ant/mock")).id, "ant/mock");
    await assert.rejects(anthropic().models.retrieve("nowhere"), Anthropic.NotFoundError);
  });

  test("the sandbox echoes, plain and streamed", async () => {
    const message = await anthropic().messages.create({
      model: "sandbox/echo",
      max_tokens: 9,
      messages: hello,
    });
    assert.equal(textOf(message), "[simulated] Hello");
    const slow = anthropic().messages.stream({ model: "sandbox/slow", max_tokens: 9, messages: hello });
    assert.equal(await slow.finalText(), "[simulated] Hello");
  });

  test("the sandbox calls a tool", async () => {
    for (const stream of [false, true]) {
      const runner = anthropic().beta.messages.toolRunner({
        model: "sandbox/tools",
        max_tokens: 9,
        messages: hello,
        stream,
        tools: [{ ...weather, type: "custom", parse: (input) => input, run: () => "sunny" }],
      });
      assert.match(textOf(await runner.runUntilDone()), /the tool has answered/);
    }
  });

  test("the sandbox fails every second call, and a repeat helps", async () => {
    for (let i = 0; i < 4; ++i) {
      const message = await anthropic({ maxRetries: 2 }).messages.create({
        model: "sandbox/flaky",
        max_tokens: 9,
        messages: hello,
      });
      assert.equal(textOf(message), "[simulated] Hello");
    }
  });

  test("many streams at once each get their own answer", async () => {
    const client = anthropic();
    const texts = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        client.messages
          .stream({ model: `${i % 2 ? "lab" : "ant"}/mock:paced:${i + 1}:1`, max_tokens: 9, messages: hello })
          .finalText(),
      ),
    );
    texts.forEach((text, i) => assert.equal(text.trim().split(" ").length, i + 1));
  });
});
