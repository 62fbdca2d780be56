// SPDX-License-Identifier: GPL-3.0-or-later
// node write_vocabularies.mjs FOLDER OUTPUT: makes of js-tiktoken's ranks in FOLDER/node_modules what
// gateway/accounting/vocabulary.h reads. All numbers are little-endian words of 32 bits.
//   "TPTOK001", classes, o200k_base, cl100k_base
//   classes: count, then that many ranges of characters: first << 3 | class, up to the next range
//   vocabulary: tokens, slots, bytes; where each token ends; hash table of tokens (all ones: empty); their bytes
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, output] = process.argv.slice(2);
const kEmpty = 0xffffffff;
const classes = [/^[\p{Lu}\p{Lt}]$/u, /^\p{Ll}$/u, /^[\p{Lm}\p{Lo}]$/u, /^\p{M}$/u, /^\p{N}$/u, /^\p{White_Space}$/u];

function words(numbers) {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, place) => bytes.writeUInt32LE(number, place * 4));
  return bytes;
}

function classRanges() {
  const ranges = [];
  let last = -1;
  for (let code = 0; code <= 0x10ffff; ++code) {
    const surrogate = code >= 0xd800 && code <= 0xdfff;
    const found = surrogate ? -1 : classes.findIndex((each) => each.test(String.fromCodePoint(code)));
    if (found + 1 !== last) ranges.push(code * 8 + found + 1);
    last = found + 1;
  }
  return Buffer.concat([words([ranges.length]), words(ranges)]);
}

function hashOf(bytes) {
  let hash = 2166136261;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  return hash;
}

function vocabulary(name) {
  const text = readFileSync(join(folder, "node_modules/js-tiktoken/dist/ranks", `${name}.js`), "utf8");
  const { bpe_ranks } = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  const tokens = [];
  for (const line of bpe_ranks.split("\n").filter(Boolean)) {
    const [, first, ...list] = line.split(" ");
    list.forEach((token, place) => (tokens[Number(first) + place] = Buffer.from(token, "base64")));
  }
  const all = Array.from(tokens, (token) => token ?? Buffer.alloc(0));
  let slots = 1;
  while (slots < all.length * 2) slots *= 2;
  const table = new Array(slots).fill(kEmpty);
  const ends = [];
  let end = 0;
  all.forEach((token, rank) => {
    ends.push((end += token.length));
    if (token.length === 0) return;
    let slot = hashOf(token) & (slots - 1);
    while (table[slot] !== kEmpty) slot = (slot + 1) & (slots - 1);
    table[slot] = rank;
  });
  // A multiple of four keeps what follows in place.
  const bytes = Buffer.concat([...all, Buffer.alloc((4 - (end % 4)) % 4)]);
  return Buffer.concat([words([all.length, slots, bytes.length]), words(ends), words(table), bytes]);
}

writeFileSync(output, Buffer.concat([Buffer.from("TPTOK001"), classRanges(), vocabulary("o200k_base"), vocabulary("cl100k_base")]));
