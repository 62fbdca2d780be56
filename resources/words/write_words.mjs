// SPDX-License-Identifier: GPL-3.0-or-later
// node write_words.mjs FOLDER OUTPUT: makes of WordNet 3.0 in FOLDER what gateway/cache/thesaurus.h reads: its single
// words in small letters and what is said of their first four senses. All numbers are little-endian, of 32 bits where
// nothing else is said.
//   "TPWORD01", words, relations, bytes
//   for each word, in the order of their bytes: where its text ends; where its relations end; a byte, its kinds
//   (1 noun, 2 verb, 4 adjective, 8 adverb); zeros up to a multiple of four
//   relations: a number times 16 and what it is: 0 to 3 a group of synonyms, by the place of that sense; 4 an opposite,
//   5 a word made of it or that it is made of, 6 the word that this is a form of, 7 the verb that this is a past form of,
//   8 who does it ("winner" of "win"), or what that one does
//   the words' bytes
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, output] = process.argv.slice(2);
const kKinds = { noun: 1, verb: 2, adj: 4, adv: 8 };
const kFiles = { n: "noun", v: "verb", a: "adj", s: "adj", r: "adv" };
const kSenses = 4;
const kOpposite = 4, kMade = 5, kForm = 6, kPast = 7, kDoer = 8;

const linesOf = (name) =>
  readFileSync(join(folder, name), "latin1").split("\n").filter((line) => line !== "" && !line.startsWith(" "));
const isSingle = (text) => /^[a-z]+$/.test(text);

// A group of synonyms: its words as they are written, and its pointers from one word of it to one of another.
function readGroup(line) {
  const fields = line.split(" | ")[0].trim().split(" ");
  const count = parseInt(fields[3], 16);
  const words = [];
  for (let i = 0; i < count; ++i) words.push(fields[4 + i * 2].replace(/\(.*\)$/, ""));
  let at = 4 + count * 2;
  const pointers = [];
  for (let left = parseInt(fields[at++], 10); left > 0; --left, at += 4) {
    const [sign, offset, kind, ends] = fields.slice(at, at + 4);
    if (ends === "0000") continue;
    pointers.push({ sign, group: kFiles[kind] + offset, from: parseInt(ends.slice(0, 2), 16) - 1,
                    to: parseInt(ends.slice(2), 16) - 1 });
  }
  return { words, pointers };
}

const groups = new Map();
const entries = new Map(); // word: kinds, relations
function entry(word) {
  if (!entries.has(word)) entries.set(word, { kinds: 0, relations: new Set() });
  return entries.get(word);
}

for (const [file, kind] of Object.entries(kKinds)) {
  for (const line of linesOf(`data.${file}`)) {
    const group = readGroup(line);
    groups.set(file + line.slice(0, 8), group);
    for (const word of group.words) if (isSingle(word)) entry(word).kinds |= kind;
  }
}

// The place that a group has among the senses of its word.
const places = new Map();
for (const file of Object.keys(kKinds)) {
  for (const line of linesOf(`index.${file}`)) {
    const fields = line.trim().split(" ");
    if (!entries.has(fields[0])) continue;
    const senses = fields.slice(-parseInt(fields[2], 10)).slice(0, kSenses);
    senses.forEach((offset, place) => places.set(`${fields[0]} ${file}${offset}`, place));
  }
}

// Of a verb and a noun: who does it is not what is done. Of an adjective: what has that quality, not what it is about.
function relationOf(left, leftFile, right, rightFile) {
  if (rightFile === "noun" && leftFile !== "noun") return relationOf(right, rightFile, left, leftFile);
  if (leftFile === "noun" && rightFile === "verb") {
    if (/(er|or)$/.test(left)) return kDoer;
    return /(ist|ee|ian|ant)$/.test(left) ? undefined : kMade;
  }
  if (leftFile === "noun" && rightFile === "adj") return /(ness|ty|th|ght|ce|cy)$/.test(left) ? kMade : undefined;
  return leftFile === "adv" || rightFile === "adv" ? kMade : undefined;
}

const groupNumbers = new Map();
for (const [key, group] of groups) {
  const file = key.slice(0, -8);
  const known = group.words.filter((word) => isSingle(word) && places.has(`${word} ${key}`));
  if (known.length > 1) {
    if (!groupNumbers.has(key)) groupNumbers.set(key, groupNumbers.size);
    for (const word of known) entry(word).relations.add(`${places.get(`${word} ${key}`)} ${groupNumbers.get(key)}`);
  }
  for (const { sign, group: target, from, to } of group.pointers) {
    const [word, other] = [group.words[from], groups.get(target)?.words[to]];
    if (!isSingle(word) || !other || !isSingle(other) || word === other) continue;
    const otherFile = target.slice(0, -8);
    if (sign === "!") entry(word).relations.add(`${kOpposite} ${other}`);
    const isMade = sign === "+" || (sign === "\\" && file === "adv");
    const isUsual = places.has(`${word} ${key}`) && places.has(`${other} ${target}`);
    const relation = relationOf(word, file, other, otherFile);
    if (!isMade || !isUsual || !relation) continue;
    entry(word).relations.add(`${relation} ${other}`);
    entry(other).relations.add(`${relation} ${word}`);
  }
}

// "bigger" is not a form of "big" here: it says something else.
for (const file of ["noun", "verb"]) {
  for (const line of linesOf(`${file}.exc`)) {
    const [form, ...bases] = line.trim().split(" ");
    for (const base of bases) {
      if (!isSingle(form) || !entries.has(base) || form === base) continue;
      const isPast = file === "verb" && !/(ing|s)$/.test(form);
      entry(form).relations.add(`${isPast ? kPast : kForm} ${base}`);
    }
  }
}

const words = [...entries.keys()].sort();
const numbers = new Map(words.map((word, place) => [word, place]));
const ends = Buffer.alloc(words.length * 4), relationEnds = Buffer.alloc(words.length * 4);
const kinds = Buffer.alloc(Math.ceil(words.length / 4) * 4);
const relations = [];
let end = 0;
words.forEach((word, place) => {
  const { kinds: kind, relations: of } = entries.get(word);
  const told = [...of].map((each) => {
    const [what, value] = each.split(" ");
    return (what < kOpposite ? Number(value) : numbers.get(value)) * 16 + Number(what);
  });
  relations.push(...told.sort((left, right) => left - right));
  ends.writeUInt32LE((end += word.length), place * 4);
  relationEnds.writeUInt32LE(relations.length, place * 4);
  kinds[place] = kind;
});
const body = Buffer.alloc(relations.length * 4);
relations.forEach((each, place) => body.writeUInt32LE(each, place * 4));
const sizes = Buffer.alloc(12);
[words.length, relations.length, end].forEach((each, place) => sizes.writeUInt32LE(each, place * 4));
writeFileSync(output, Buffer.concat([Buffer.from("TPWORD01"), sizes, ends, relationEnds, kinds, body,
                                     Buffer.from(words.join(""))]));
