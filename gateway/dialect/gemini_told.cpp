// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/gemini_told.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_set>
#include <utility>

#include "dialect/citations.h"
#include "dialect/logprobs.h"

namespace gateway::dialect::gemini {
namespace {

// A few bytes may refer to a page many times.
constexpr std::size_t kMaxGrounded = 1024;
constexpr std::size_t kMaxAddress = 8192;
// Of the text that is told once more with what it relies on, each time and in all of an answer.
constexpr std::int64_t kMaxSegment = 4096;
constexpr std::size_t kMaxSupports = std::size_t{1} << 20;

TokenLogprob readToken(const Fields& candidate)
{
    return {candidate.text("token"), logprobOf(candidate.raw("logProbability"))};
}

void writeToken(JsonWriter& json, const TokenLogprob& token)
{
    json.beginObject().key("token").string(token.token);
    json.key("logProbability").number(token.logprob).endObject();
}

/// Web pages, and what else has an address. A place among the chunks that has none stays empty.
std::vector<Citation> readChunks(std::string_view chunks)
{
    std::vector<Citation> read;
    forEachElement(chunks, [&read](std::string_view value, JsonKind) {
        Citation& citation = read.emplace_back();
        const Fields chunk(value);
        for (const char* kind : {"web", "retrievedContext", "maps"}) {
            const Fields source = chunk.object(kind);
            std::string url = source.text("uri");
            if (url.empty() || url.size() > kMaxAddress) continue;
            citation = {std::move(url), source.text("title").substr(0, kMaxAddress), {}};
            break;
        }
        return read.size() < kMaxGrounded;
    });
    return read;
}

std::string keyOf(const Grounded& grounded)
{
    return std::to_string(grounded.part) + ' ' + std::to_string(grounded.begin) + ' ' +
           std::to_string(grounded.end) + ' ' + grounded.citation.url;
}

void addSupport(const Fields& support, const std::vector<Citation>& chunks, std::vector<Grounded>& into)
{
    const Fields segment = support.object("segment");
    Grounded grounded;
    grounded.begin = segment.integer("startIndex").value_or(0); // 0 is left out
    grounded.end = segment.integer("endIndex").value_or(-1);
    grounded.part = segment.integer("partIndex").value_or(0);
    if (grounded.begin < 0 || grounded.end < grounded.begin) grounded.begin = grounded.end = -1;
    forEachElement(support.array("groundingChunkIndices"), [&](std::string_view value, JsonKind) {
        const std::int64_t index = jsonInteger(value).value_or(-1);
        if (index < 0 || index >= static_cast<std::int64_t>(chunks.size())) return true;
        grounded.citation = chunks[static_cast<std::size_t>(index)];
        if (!grounded.citation.url.empty()) into.push_back(grounded);
        return into.size() < kMaxGrounded;
    });
}

/// A text of the answer and where it begins in all of it, in bytes.
struct Piece {
    std::int64_t begin = 0;
    TextPart* part = nullptr;
    PlacedText text = {};
};

std::vector<Piece> piecesOf(std::vector<Part>& parts)
{
    std::vector<Piece> pieces;
    std::int64_t begin = 0;
    for (Part& part : parts) {
        auto* text = std::get_if<TextPart>(&part);
        if (!text) continue;
        pieces.push_back({begin, text});
        begin += static_cast<std::int64_t>(text->text.size());
    }
    return pieces;
}

} // namespace

std::vector<TokenLogprob> readLogprobs(const Fields& candidate)
{
    std::vector<TokenLogprob> tokens;
    if (candidate.kind("logprobsResult") != JsonKind::Object) return tokens;
    const Fields result = candidate.object("logprobsResult");
    forEachElement(result.array("chosenCandidates"), [&tokens](std::string_view value, JsonKind) {
        tokens.push_back(readToken(Fields(value)));
        return tokens.size() < kMaxTokens;
    });
    std::size_t place = 0;
    forEachElement(result.array("topCandidates"), [&](std::string_view value, JsonKind) {
        if (place == tokens.size()) return false;
        std::vector<TokenLogprob>& top = tokens[place++].top;
        forEachElement(Fields(value).array("candidates"), [&top](std::string_view one, JsonKind) {
            top.push_back(readToken(Fields(one)));
            return top.size() < kMostTopLogprobs;
        });
        return true;
    });
    return tokens;
}

void writeLogprobs(JsonWriter& json, const std::vector<TokenLogprob>& tokens)
{
    if (tokens.empty()) return;
    double sum = 0;
    for (const TokenLogprob& token : tokens)
        sum += token.logprob;
    json.key("avgLogprobs").number(sum / static_cast<double>(tokens.size()));
    json.key("logprobsResult").beginObject().key("topCandidates").beginArray();
    for (const TokenLogprob& token : tokens) {
        json.beginObject().key("candidates").beginArray();
        for (const TokenLogprob& likely : token.top)
            writeToken(json, likely);
        json.endArray().endObject();
    }
    json.endArray().key("chosenCandidates").beginArray();
    for (const TokenLogprob& token : tokens)
        writeToken(json, token);
    json.endArray().endObject();
}

std::vector<Grounded> readGrounding(const Fields& metadata)
{
    const std::vector<Citation> chunks = readChunks(metadata.array("groundingChunks"));
    std::vector<Grounded> all;
    forEachObject(metadata.array("groundingSupports"), [&](const Fields& support) {
        if (all.size() < kMaxGrounded) addSupport(support, chunks, all);
    });
    for (const Citation& chunk : chunks) {
        if (!chunk.url.empty()) all.push_back({chunk});
    }
    std::vector<Grounded> once;
    std::unordered_set<std::string> keys;
    std::unordered_set<std::string> relied;
    for (Grounded& one : all) {
        if (one.begin < 0 && relied.count(one.citation.url) != 0) continue;
        if (!keys.insert(keyOf(one)).second) continue;
        if (one.begin >= 0) relied.insert(one.citation.url);
        once.push_back(std::move(one));
    }
    return once;
}

Citation citationIn(PlacedText& text, const Grounded& grounded, std::int64_t before)
{
    Citation citation = grounded.citation;
    if (grounded.begin >= before)
        setPlace(citation, text.codePointAt(grounded.begin - before),
                 text.codePointAt(grounded.end - before));
    return citation;
}

void addGrounding(std::vector<Grounded> grounding, const std::vector<std::int64_t>& partBegins,
                  std::vector<Part>& parts)
{
    std::vector<Piece> pieces = piecesOf(parts);
    if (pieces.empty()) return;
    for (Grounded& one : grounding) {
        const bool known = one.part >= 0 && one.part < static_cast<std::int64_t>(partBegins.size());
        if (!known || one.end > (std::int64_t{1} << 40)) one.begin = -1;
        if (one.begin >= 0) {
            one.begin += partBegins[static_cast<std::size_t>(one.part)];
            one.end += partBegins[static_cast<std::size_t>(one.part)];
        }
        const auto next =
            std::upper_bound(pieces.begin(), pieces.end(), one.begin,
                             [](std::int64_t begin, const Piece& piece) { return begin < piece.begin; });
        Piece& piece = next == pieces.begin() ? *next : *std::prev(next);
        if (piece.text.text().empty()) piece.text.append(piece.part->text);
        piece.part->citations.push_back(citationIn(piece.text, one, piece.begin));
    }
}

void GroundingWriter::add(PlacedText& text, const Citation& citation, std::int64_t before, std::int64_t part)
{
    const auto [place, added] =
        m_places.try_emplace(citation.url, static_cast<std::int64_t>(m_places.size()));
    if (added) {
        JsonWriter json(m_chunks.append(m_chunks.empty() ? "" : ","));
        json.beginObject().key("web").beginObject().key("uri").string(citation.url);
        json.key("title").string(citation.title.empty() ? citation.url : citation.title);
        json.endObject().endObject();
    }
    const auto size = static_cast<std::int64_t>(text.text().size());
    const std::int64_t begin = citation.start ? text.byteAt(*citation.start) : 0;
    const std::int64_t end = citation.end ? text.byteAt(*citation.end) : size;
    const bool told = citation.start && end - begin <= kMaxSegment && m_supports.size() < kMaxSupports;
    JsonWriter json(m_supports.append(m_supports.empty() ? "" : ","));
    json.beginObject().key("segment").beginObject();
    if (part > 0) json.key("partIndex").integer(part);
    json.key("startIndex").integer(before + begin).key("endIndex").integer(before + end);
    if (told)
        json.key("text").string(
            std::string_view(text.text())
                .substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
    json.endObject().key("groundingChunkIndices").beginArray().integer(place->second).endArray().endObject();
}

std::string GroundingWriter::metadata() const
{
    return "{\"groundingChunks\":[" + m_chunks + "],\"groundingSupports\":[" + m_supports + "]}";
}

} // namespace gateway::dialect::gemini
