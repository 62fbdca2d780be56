// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/model_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace gateway::meaning {

namespace {

constexpr std::string_view kMagic = "TPMEAN01";
constexpr std::size_t kMostPieces = 1'000'000;

/// Reads on until something is not as it should be; from then on everything is empty.
class ModelReader {
public:
    explicit ModelReader(std::string_view bytes) : m_rest(bytes) {}

    [[nodiscard]] bool good() const { return m_good; }
    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }

    std::string_view take(std::size_t size)
    {
        m_good = m_good && size <= m_rest.size();
        if (!m_good) return {};
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }

    std::uint32_t word()
    {
        std::uint32_t value = 0;
        const std::string_view bytes = take(sizeof value);
        if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }

    template <class Number>
    std::vector<Number> numbers(std::size_t count)
    {
        const std::string_view bytes = take(count * sizeof(Number));
        std::vector<Number> values(bytes.size() / sizeof(Number));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }

    std::vector<float> floats(std::size_t count)
    {
        auto values = numbers<float>(count);
        const bool areAll =
            std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
        m_good = m_good && areAll;
        return values;
    }

    /// Written behind its own size.
    std::vector<float> vector(std::size_t count)
    {
        expect(count);
        return floats(count);
    }

    Norm norm(std::size_t width)
    {
        Norm norm;
        norm.factors = vector(width);
        norm.added = vector(width);
        return norm;
    }

    Matrix matrix(std::size_t rows, std::size_t columns)
    {
        Matrix matrix;
        matrix.rows = rows;
        matrix.columns = columns;
        expect(rows);
        expect(columns);
        matrix.scales = floats(columns);
        matrix.weights = bytesOf(rows * columns);
        matrix.added = vector(columns);
        return matrix;
    }

    /// Of 8 bit each; what follows begins at a multiple of four.
    const std::int8_t* bytesOf(std::size_t count)
    {
        const std::string_view bytes = take((count + 3) / 4 * 4);
        return reinterpret_cast<const std::int8_t*>(bytes.data());
    }

    void expect(std::size_t value) { m_good = m_good && word() == value; }
    void demand(bool good) { m_good = m_good && good; }

private:
    std::string_view m_rest;
    bool m_good = true;
};

Pieces readPieces(ModelReader& reader)
{
    const std::size_t count = reader.word(), size = reader.word();
    reader.demand(count > 0 && count <= kMostPieces);
    Pieces pieces;
    if (!reader.good()) return pieces;
    pieces.ends = reader.numbers<std::uint32_t>(count);
    pieces.scores = reader.floats(count);
    pieces.ids = reader.numbers<std::uint32_t>(count);
    pieces.text = reader.take(size);
    reader.demand(reader.good() && std::is_sorted(pieces.ends.begin(), pieces.ends.end()) &&
                  pieces.ends.back() <= size);
    return pieces;
}

Layer readLayer(ModelReader& reader, std::size_t width)
{
    Layer layer;
    layer.before = reader.norm(width);
    layer.attention = reader.matrix(width, width * 3);
    layer.out = reader.matrix(width, Model::kInner);
    if (width != Model::kInner) layer.past = reader.matrix(width, Model::kInner);
    layer.beforeFeed = reader.norm(Model::kInner);
    layer.wide = reader.matrix(Model::kInner, Model::kFeed);
    layer.narrow = reader.matrix(Model::kFeed, Model::kInner);
    return layer;
}

} // namespace

std::optional<Model> readModel(std::string_view bytes)
{
    ModelReader reader(bytes);
    reader.demand(reader.take(kMagic.size()) == kMagic);
    Model model;
    model.pieces = readPieces(reader);
    const std::size_t rows = reader.word();
    reader.expect(Model::kWidth);
    reader.demand(rows > 0 && rows <= kMostPieces);
    if (!reader.good()) return std::nullopt;
    model.embeddingScales = reader.floats(rows);
    model.embeddings = reader.bytesOf(rows * Model::kWidth);
    model.timing = reader.vector(Model::kWidth / 2);
    model.layers = {readLayer(reader, Model::kWidth), readLayer(reader, Model::kInner)};
    model.last = reader.matrix(Model::kInner, Model::kInner);
    const auto isKnown = [rows](std::uint32_t id) { return id < rows; };
    reader.demand(std::all_of(model.pieces.ids.begin(), model.pieces.ids.end(), isKnown));
    if (!reader.good() || !reader.atEnd()) return std::nullopt;
    return model;
}

} // namespace gateway::meaning
