// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/phrase.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "meaning/letters.h"
#include "meaning/normal_form.h"
#include "meaning/own_embedder.h"

namespace gateway::meaning {

namespace {

// Found by trying on CLINC150, where others near them do as well.
constexpr float kMeaning = 1, kLetters = 0.4F, kPieces = 0.5F;
constexpr float kUsual = 1e-3F; // a piece of this chance counts half

constexpr std::size_t kMostAtOnce = 120;        // pieces
constexpr std::size_t kWindow = 80, kStep = 60; // words
constexpr std::size_t kMostWindows = 4;
constexpr std::size_t kEndBytes = std::size_t{16} << 10; // that are looked at, at either end of a text

void lengthen(std::vector<float>& vector, float to)
{
    const float length = std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0F));
    if (length <= 0) return;
    for (float& each : vector)
        each *= to / length;
}

bool isBlank(char each)
{
    return static_cast<unsigned char>(each) <= ' ';
}

/// Where each word begins.
std::vector<std::size_t> wordsOf(std::string_view text)
{
    std::vector<std::size_t> words;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!isBlank(text[at]) && (at == 0 || isBlank(text[at - 1]))) words.push_back(at);
    }
    return words;
}

/// All of the text; the last one ends with it.
std::vector<std::string_view> windowsIn(std::string_view text)
{
    const std::vector<std::size_t> words = wordsOf(text);
    std::vector<std::string_view> windows;
    for (std::size_t first = 0; first < words.size(); first += kStep) {
        const bool isLast = first + kWindow >= words.size();
        const std::size_t begin =
            isLast ? words[words.size() - std::min(kWindow, words.size())] : words[first];
        windows.push_back(
            text.substr(begin, isLast ? std::string_view::npos : words[first + kWindow] - begin));
        if (isLast) break;
    }
    return windows;
}

/// What is said in the middle of a long text is mostly what it is about, not what is asked.
std::vector<std::string_view> windowsOf(std::string_view text)
{
    std::vector<std::string_view> windows;
    if (text.size() <= 2 * kEndBytes) {
        windows = windowsIn(text);
    } else {
        std::size_t end = text.size() - kEndBytes;
        while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U && end + 1 < text.size())
            ++end;
        windows = windowsIn(text.substr(0, kEndBytes));
        const std::vector<std::string_view> last = windowsIn(text.substr(end));
        windows.insert(windows.end(), last.begin(), last.end());
    }
    if (windows.size() > kMostWindows) {
        constexpr auto kHalf = static_cast<std::ptrdiff_t>(kMostWindows / 2);
        windows.erase(windows.begin() + kHalf, windows.end() - kHalf);
    }
    return windows;
}

} // namespace

float likeness(const Phrase& left, const Phrase& right)
{
    if (left.size() != right.size()) return 0;
    return std::inner_product(left.begin(), left.end(), right.begin(), 0.0F);
}

Phrase middleOf(const std::vector<Phrase>& phrases)
{
    Phrase middle;
    for (const Phrase& each : phrases) {
        if (middle.empty()) middle.resize(each.size());
        std::transform(middle.begin(), middle.end(), each.begin(), middle.begin(), std::plus<>());
    }
    lengthen(middle, 1);
    return middle;
}

PhraseMaker::PhraseMaker(const Embedder& embedder) : m_embedder(embedder)
{
    if (!embedder.hasModel()) return;
    const Pieces& pieces = embedder.model().pieces;
    m_rarities.resize(embedder.model().tokens());
    for (std::size_t place = 0; place < pieces.size(); ++place)
        m_rarities[pieces.ids[place]] = kUsual / (kUsual + std::exp(pieces.scores[place]));
}

Phrase PhraseMaker::phrase(std::string_view text) const
{
    if (std::all_of(text.begin(), text.end(), isBlank)) return {};
    const std::vector<std::uint32_t> ids = m_embedder.pieces(text);
    if (ids.empty()) return {};
    Phrase phrase;
    phrase.reserve(2 * kDimensions + Model::kWidth);
    const auto add = [&phrase](const Vector& vector, float by) {
        for (const float each : vector)
            phrase.push_back(each * by);
    };
    add(m_embedder.embed(ids), kMeaning);
    add(byLetters(normalForm(text.substr(0, kEndBytes))), kLetters);
    std::vector<float> sum = piecesTogether(ids);
    lengthen(sum, kPieces);
    phrase.insert(phrase.end(), sum.begin(), sum.end());
    lengthen(phrase, 1);
    return phrase;
}

std::vector<float> PhraseMaker::piecesTogether(const std::vector<std::uint32_t>& ids) const
{
    const Model& model = m_embedder.model();
    std::vector<float> sum(Model::kWidth);
    for (const std::uint32_t id : ids) {
        const std::int8_t* embedding = model.embeddings + id * Model::kWidth;
        const float by = m_rarities[id] * model.embeddingScales[id];
        for (std::size_t i = 0; i < Model::kWidth; ++i)
            sum[i] += by * static_cast<float>(embedding[i]);
    }
    return sum;
}

std::vector<Phrase> PhraseMaker::phrases(std::string_view text) const
{
    std::vector<Phrase> phrases;
    const auto add = [&](std::string_view part) {
        Phrase made = phrase(part);
        if (!made.empty()) phrases.push_back(std::move(made));
    };
    if (text.size() <= kEndBytes && m_embedder.pieces(text).size() <= kMostAtOnce) {
        add(text);
        return phrases;
    }
    for (const std::string_view window : windowsOf(text))
        add(window);
    return phrases;
}

const PhraseMaker& ownPhraseMaker()
{
    static const PhraseMaker maker(ownEmbedder());
    return maker;
}

} // namespace gateway::meaning
