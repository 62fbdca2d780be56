// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/encoder.h"

#include <algorithm>
#include <cmath>

#include "meaning/kernels.h"

namespace gateway::meaning {

namespace {

constexpr std::size_t kHeads = 4;
constexpr float kNormLeast = 1e-6F, kLengthLeast = 1e-12F;

using Rows = std::vector<float>; // of one width, one behind the other

Rows multiplied(const Matrix& matrix, const Rows& rows)
{
    const std::size_t count = rows.size() / matrix.rows;
    Rows out(count * matrix.columns);
    multiply(matrix, rows.data(), count, out.data());
    return out;
}

/// What the pieces stand for, twice, and where they stand.
Rows placed(const Model& model, const std::vector<std::uint32_t>& ids)
{
    constexpr std::size_t kHalf = Model::kWidth / 2;
    Rows rows(ids.size() * Model::kWidth);
    for (std::size_t place = 0; place < ids.size(); ++place) {
        float* row = rows.data() + place * Model::kWidth;
        const std::int8_t* embedding = model.embeddings + ids[place] * Model::kWidth;
        const float twice = 2 * model.embeddingScales[ids[place]];
        for (std::size_t i = 0; i < Model::kWidth; ++i)
            row[i] = twice * static_cast<float>(embedding[i]);
        for (std::size_t i = 0; i < kHalf; ++i) {
            const float angle = static_cast<float>(place) * model.timing[i];
            row[i] += std::sin(angle);
            row[kHalf + i] += std::cos(angle);
        }
    }
    return rows;
}

Rows normed(const Norm& norm, const Rows& rows)
{
    const std::size_t width = norm.factors.size();
    Rows out(rows.size());
    for (std::size_t start = 0; start < rows.size(); start += width) {
        const float *row = rows.data() + start, *end = row + width;
        float mean = 0, spread = 0;
        for (const float* each = row; each != end; ++each)
            mean += *each;
        mean /= static_cast<float>(width);
        for (const float* each = row; each != end; ++each)
            spread += (*each - mean) * (*each - mean);
        const float by = 1 / std::sqrt(spread / static_cast<float>(width) + kNormLeast);
        for (std::size_t i = 0; i < width; ++i)
            out[start + i] = (row[i] - mean) * by * norm.factors[i] + norm.added[i];
    }
    return out;
}

void add(const Rows& more, Rows& rows)
{
    addScaled(1, more.data(), rows.data(), rows.size());
}

void soften(float* row, std::size_t count)
{
    const float most = *std::max_element(row, row + count);
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += row[i] = std::exp(row[i] - most);
    for (std::size_t i = 0; i < count; ++i)
        row[i] /= sum;
}

/// Each row of `all` holds a query, a key and a value of that width.
Rows attended(const Rows& all, std::size_t width)
{
    const std::size_t count = all.size() / (3 * width), part = width / kHeads;
    const float by = 1 / std::sqrt(static_cast<float>(part));
    Rows out(count * width), keys(part * count), shares(count);
    for (std::size_t head = 0; head < kHeads; ++head) {
        const float* begin = all.data() + head * part;
        for (std::size_t place = 0; place < count; ++place) {
            for (std::size_t i = 0; i < part; ++i)
                keys[i * count + place] = begin[place * 3 * width + width + i];
        }
        for (std::size_t place = 0; place < count; ++place) {
            const float* query = begin + place * 3 * width;
            std::fill(shares.begin(), shares.end(), 0.0F);
            for (std::size_t i = 0; i < part; ++i)
                addScaled(by * query[i], keys.data() + i * count, shares.data(), count);
            soften(shares.data(), count);
            float* to = out.data() + place * width + head * part;
            for (std::size_t other = 0; other < count; ++other)
                addScaled(shares[other], begin + other * 3 * width + 2 * width, to, part);
        }
    }
    return out;
}

Rows throughLayer(const Layer& layer, const Rows& rows)
{
    const std::size_t width = layer.before.factors.size();
    Rows past = layer.past ? multiplied(*layer.past, rows) : rows;
    add(multiplied(layer.out, attended(multiplied(layer.attention, normed(layer.before, rows)), width)),
        past);
    Rows wide = multiplied(layer.wide, normed(layer.beforeFeed, past));
    for (float& each : wide)
        each = std::max(each, 0.0F);
    add(multiplied(layer.narrow, wide), past);
    return past;
}

} // namespace

Vector encoded(const Model& model, const std::vector<std::uint32_t>& ids)
{
    Vector vector{};
    if (ids.empty()) return vector;
    Rows rows = placed(model, ids);
    for (const Layer& layer : model.layers)
        rows = throughLayer(layer, rows);
    Rows mean(Model::kInner);
    for (std::size_t place = 0; place < ids.size(); ++place)
        addScaled(1 / static_cast<float>(ids.size()), rows.data() + place * Model::kInner, mean.data(),
                  Model::kInner);
    const Rows last = multiplied(model.last, mean);
    float length = 0;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        vector[i] = std::tanh(last[i]);
        length += vector[i] * vector[i];
    }
    const float by = 1 / std::sqrt(std::max(length, kLengthLeast));
    for (float& each : vector)
        each *= by;
    return vector;
}

} // namespace gateway::meaning
