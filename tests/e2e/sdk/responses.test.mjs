// SPDX-License-Identifier: GPL-3.0-or-later
// npm `openai` over the Responses API, against providers that do not speak it: all is translated, and kept here.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import OpenAI from "openai";
import { collected, greeting, pixel, sunny, thought } from "./samples.mjs";
import { clientKey, startServers } from "./servers.mjs";

const weather = {
  type: "function",
  name: "weather",
  description: "The weather of a city",
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());
beforeEach(() => servers.forget());

const responses = () =>
  new OpenAI({ baseURL: `${servers.url}/v1`, apiKey: clientKey, maxRetries: 0 }).responses;

for (const provider of ["lab", "ant"]) {
  const cost = provider === "lab" ? 0.000096 : 0.0000975;
  const ask = (body = {}) => ({ input: "Hello", ...body, model: `${provider}/${body.model ?? "mock"}` });

  describe(`openai SDK, Responses, provider ${provider}`, () => {
    test("answers plainly", async () => {
      const { data, response } = await responses().create(ask({ instructions: "Be kind." })).withResponse();
      assert.equal(data.object, "response");
      assert.equal(data.status, "completed");
      assert.equal(data.output_text, greeting);
      assert.equal(data.instructions, "Be kind.");
      assert.equal(data.usage.input_tokens, 16);
      assert.equal(data.usage.input_tokens_details.cached_tokens, 4);
      assert.equal(data.usage.output_tokens, 7);
      assert.equal(response.headers.get("x-turnpike-provider"), provider);
      assert.equal(Number(response.headers.get("x-turnpike-cost-usd")), cost);
    });

    test("streams every event in its order", async () => {
      const events = await collected(await responses().create(ask({ stream: true })));
      const types = events.map((event) => event.type.replace(/^response\./, ""));
      assert.deepEqual(
        types.filter((type, index) => type !== types[index - 1]),
        [
          ...["created", "in_progress", "output_item.added", "content_part.added", "output_text.delta"],
          ...["output_text.done", "content_part.done", "output_item.done", "completed"],
        ],
      );
      assert.deepEqual(
        events.map((event) => event.sequence_number),
        events.map((_, index) => index),
      );
      assert.equal(events.at(-1).response.usage.cost, cost);
    });

    test("the stream helper builds the same answer", async () => {
      const stream = responses().stream(ask());
      let heard = "";
      stream.on("response.output_text.delta", (event) => (heard += event.delta));
      const final = await stream.finalResponse();
      assert.equal(heard, greeting);
      assert.equal(final.output_text, greeting);
    });

    for (const stream of [false, true]) {
      const manner = stream ? "streamed" : "plain";
      const final = async (body) =>
        stream ? responses().stream(ask(body)).finalResponse() : responses().create(ask(body));

      test(`runs a tool and goes on from the kept answer, ${manner}`, async () => {
        const first = await final({ tools: [weather] });
        const call = first.output.find((item) => item.type === "function_call");
        assert.equal(call.name, "weather");
        assert.deepEqual(JSON.parse(call.arguments), { city: "Paris" });
        const second = await final({
          tools: [weather],
          previous_response_id: first.id,
          input: [{ type: "function_call_output", call_id: call.call_id, output: "sunny" }],
        });
        assert.equal(second.output_text, sunny);
        assert.equal(second.previous_response_id, first.id);
        const sent = (await servers.record()).at(-1).json;
        assert.equal(sent.messages.length, 3);
        assert.equal(sent.messages.at(-1).role, provider === "lab" ? "tool" : "user");
      });

      test(`runs parallel tools with the whole input sent again, ${manner}`, async () => {
        const input = [{ role: "user", content: "Hello" }];
        const first = await final({ model: "mock:tools-parallel", tools: [weather], input, store: false });
        const calls = first.output.filter((item) => item.type === "function_call");
        assert.equal(calls.length, 2);
        input.push(...first.output);
        for (const { call_id } of calls) input.push({ type: "function_call_output", call_id, output: "sunny" });
        const second = await final({ tools: [weather], input, store: false });
        assert.equal(second.output_text, sunny);
      });

      test(`is cut off, ${manner}`, async () => {
        const answer = await final({ model: "mock:length" });
        assert.equal(answer.status, "incomplete");
        assert.equal(answer.incomplete_details.reason, "max_output_tokens");
      });
    }

    test("shows reasoning, and gives it back next turn", async () => {
      const first = await responses().create(ask({ model: "mock:thinking", reasoning: { effort: "low" } }));
      const reasoning = first.output.find((item) => item.type === "reasoning");
      assert.equal(reasoning.summary[0].text, thought);
      await responses().create(ask({ previous_response_id: first.id }));
      const sent = (await servers.record()).at(-1).json;
      assert.ok(JSON.stringify(sent.messages).includes(thought));
    });

    test("sends images", async () => {
      const image = { type: "input_image", image_url: `data:image/png;base64,${pixel}`, detail: "auto" };
      await responses().create(ask({ input: [{ role: "user", content: [image] }] }));
      assert.ok((await servers.record())[0].body.includes(pixel));
    });

    test("says an error inside a stream", async () => {
      await assert.rejects(
        async () => collected(await responses().create(ask({ model: "mock:error-stream:2", stream: true }))),
        (error) => error instanceof OpenAI.APIError && /error/i.test(error.message),
      );
    });
  });
}

describe("kept answers", () => {
  const create = (body) => responses().create({ model: "lab/mock", input: "Hello", ...body });

  test("are read, listed and deleted by their id", async () => {
    const made = await create();
    assert.deepEqual(await responses().retrieve(made.id), made);
    const items = await collected(responses().inputItems.list(made.id));
    assert.equal(items.length, 1);
    assert.equal(items[0].content[0].text, "Hello");
    await assert.rejects(responses().cancel(made.id), { status: 400 });
    await responses().delete(made.id);
    await assert.rejects(responses().retrieve(made.id), { status: 404 });
    await assert.rejects(create({ previous_response_id: made.id }), { status: 400, param: "previous_response_id" });
  });

  test("are not kept where that is not wanted", async () => {
    const made = await create({ store: false });
    await assert.rejects(responses().retrieve(made.id), { status: 404 });
  });

  test("give single items by reference", async () => {
    const made = await create();
    await create({
      input: [
        { type: "item_reference", id: made.output[0].id },
        { role: "user", content: "And then?" },
      ],
    });
    assert.equal((await servers.record()).at(-1).json.messages[0].content, greeting);
  });

  test("custom and namespace tools come back as the client knows them", async () => {
    const custom = await create({ tools: [{ type: "custom", name: "apply_patch" }] });
    assert.equal(custom.output[0].type, "custom_tool_call");
    const tools = [{ type: "namespace", name: "agents", description: "Others", tools: [{ ...weather, strict: false }] }];
    const spaced = await create({ tools });
    assert.equal(spaced.output[0].name, "weather");
    assert.equal(spaced.output[0].namespace, "agents");
    assert.equal((await servers.record()).at(-1).json.tools[0].function.name, "agents__weather");
  });
});
