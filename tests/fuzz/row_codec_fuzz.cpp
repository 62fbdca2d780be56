// SPDX-License-Identifier: GPL-3.0-or-later
// Properties: no bytes make the reader crash; what it accepts encodes to what reads back as the same row,
// also into a row that was used before; a row of any content decodes to itself.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fuzz_require.h"
#include "log_store/row_codec.h"

using namespace gateway;
using namespace gateway::log_store;

namespace {

auto fieldsOf(const AttemptRow& row)
{
    return std::tie(row.provider, row.model, row.keyId, row.status, row.error, row.startedAfter, row.connect,
                    row.firstByte, row.total, row.costNanos);
}

auto textsOf(const LogRow& row)
{
    return std::tie(row.key, row.client, row.dialect, row.requestedModel, row.route, row.provider, row.model,
                    row.errorCode, row.errorMessage, row.costSource, row.cache, row.metadataJson, row.session,
                    row.trace, row.requestBody, row.responseBody, row.tags, row.dropped, row.program,
                    row.folder, row.repository, row.serviceTier, row.priceVersion, row.decisionJson,
                    row.guardrailsJson, row.rewritesJson, row.once);
}

auto numbersOf(const LogRow& row)
{
    return std::tie(row.id.value, row.stream, row.status, row.inputTokens, row.outputTokens,
                    row.cacheReadTokens, row.cacheWriteTokens, row.reasoningTokens, row.costNanos,
                    row.savedNanos, row.firstToken, row.total, row.overhead, row.routedNanos,
                    row.cacheWriteHourTokens, row.audioInputTokens, row.audioOutputTokens,
                    row.imageInputTokens, row.imageOutputTokens, row.images, row.milliseconds, row.characters,
                    row.units, row.searches);
}

bool isSame(const LogRow& left, const LogRow& right)
{
    return textsOf(left) == textsOf(right) && numbersOf(left) == numbersOf(right) &&
           std::equal(left.attempts.begin(), left.attempts.end(), right.attempts.begin(),
                      right.attempts.end(),
                      [](const auto& a, const auto& b) { return fieldsOf(a) == fieldsOf(b); });
}

std::string encoded(const LogRow& row)
{
    std::string bytes;
    encodeRow(row, bytes);
    return bytes;
}

void requireRoundTrip(const LogRow& row)
{
    const std::string bytes = encoded(row);
    const auto again = decodeRow(bytes);
    FUZZ_REQUIRE(again && isSame(*again, row));
    FUZZ_REQUIRE(encoded(*again) == bytes);

    std::string detail;
    encodeDetail(row, detail);
    LogRow columns = row;
    columns.attempts.clear();
    columns.dropped.clear();
    for (std::int64_t* number :
         {&columns.cacheWriteHourTokens, &columns.audioInputTokens, &columns.audioOutputTokens,
          &columns.imageInputTokens, &columns.imageOutputTokens, &columns.images, &columns.milliseconds,
          &columns.characters, &columns.units, &columns.searches})
        *number = 0;
    for (std::string* text :
         {&columns.metadataJson, &columns.trace, &columns.folder, &columns.serviceTier, &columns.priceVersion,
          &columns.decisionJson, &columns.guardrailsJson, &columns.rewritesJson})
        text->clear();
    FUZZ_REQUIRE(decodeDetail(detail, columns) && isSame(columns, row));
}

/// Takes values from the input until there is no more of it; then all are empty.
class Pieces {
public:
    explicit Pieces(std::string_view bytes) : m_rest(bytes) {}

    void take(std::int64_t& number)
    {
        const std::string_view bytes = part(std::min<std::size_t>(byte(), 8));
        std::memcpy(&number, bytes.data(), bytes.size());
    }
    void take(int& number)
    {
        std::int64_t wide = 0;
        take(wide);
        number = static_cast<int>(wide & 0x7fff'ffff); // no status is negative
    }
    void take(bool& flag) { flag = (byte() & 1) != 0; }
    void take(std::string& text) { text = part(byte()); }
    void take(std::vector<std::string>& list)
    {
        list.resize(byte() % 5);
        for (std::string& text : list)
            take(text);
    }
    void take(AttemptRow& row)
    {
        std::apply([this](const auto&... field) { (takeInto(field), ...); }, fieldsOf(row));
    }
    void take(LogRow& row)
    {
        std::apply([this](const auto&... field) { (takeInto(field), ...); }, textsOf(row));
        std::apply([this](const auto&... field) { (takeInto(field), ...); }, numbersOf(row));
        row.id.value = std::max<std::int64_t>(1, row.id.value);
        row.attempts.resize(byte() % 5);
        for (AttemptRow& attempt : row.attempts)
            take(attempt);
    }

private:
    template <class T>
    void takeInto(const T& field)
    {
        take(const_cast<T&>(field)); // of a row that is not const itself
    }
    std::size_t byte() { return m_rest.empty() ? 0 : static_cast<unsigned char>(part(1).front()); }
    std::string_view part(std::size_t size)
    {
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(taken.size());
        return taken;
    }

    std::string_view m_rest;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    LogRow made;
    Pieces(bytes).take(made);
    requireRoundTrip(made);

    const auto read = decodeRow(bytes);
    FUZZ_REQUIRE(decodeRowInto(bytes, made) == read.has_value());
    if (!read) return 0;
    FUZZ_REQUIRE(isSame(made, *read)); // nothing of the row before is left
    FUZZ_REQUIRE(read->id.value > 0 && read->attempts.size() <= kMaxAttempts);
    FUZZ_REQUIRE(read->tags.size() <= kMaxListItems && read->dropped.size() <= kMaxListItems);
    requireRoundTrip(*read);
    return 0;
}
