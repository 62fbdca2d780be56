// SPDX-License-Identifier: GPL-3.0-or-later
// What the scripted provider says and is told, and the shape its streams have.
import assert from "node:assert/strict";

export const greeting = "Hello from the fake upstream.";
export const thought = "The user greets me. I greet back.";
export const signature = "RmFrZVNpZ25hdHVyZQ==";
export const sunny = "The tool said it is sunny.";
export const hello = [{ role: "user", content: "Hello" }];
export const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

/** What `mock:json` answers, and the schema that it fits. */
export const city = { city: "Paris" };
export const citySchema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

/** The providers of servers.mjs, one for each protocol that a provider can speak. */
export const providers = ["lab", "oai", "ant", "gem", "oll", "coh"];
/** Those whose protocol has embeddings. */
export const embedding = ["lab", "oai", "gem", "oll", "coh"];
/** Where each of them is asked for an answer; `lab` knows nothing of Responses. */
export const paths = {
  lab: /^\/v1\/chat\/completions$/,
  oai: /^\/v1\/(chat\/completions|responses)$/,
  ant: /^\/v1\/messages$/,
  gem: /^\/v1beta\/models\/[^/]+:(generateContent|streamGenerateContent\?alt=sse)$/,
  oll: /^\/api\/chat$/,
  coh: /^\/v2\/chat$/,
};

/** One message_start, blocks opened and closed in order, one message_delta, one message_stop. */
export function assertInOrder(events) {
  const seen = events.filter((event) => event.type !== "ping");
  assert.equal(seen[0].type, "message_start");
  assert.equal(seen.at(-2).type, "message_delta");
  assert.equal(seen.at(-1).type, "message_stop");
  let open = null;
  let next = 0;
  for (const event of seen.slice(1, -2)) {
    if (event.type === "content_block_start") {
      assert.equal(open, null);
      assert.equal(event.index, next++);
      open = event.index;
    } else {
      assert.ok(["content_block_delta", "content_block_stop"].includes(event.type), event.type);
      assert.equal(event.index, open);
      if (event.type === "content_block_stop") open = null;
    }
  }
  assert.equal(open, null);
}

/** All that a stream gives. */
export async function collected(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}
