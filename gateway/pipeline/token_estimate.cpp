// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/token_estimate.h"

#include <algorithm>
#include <cstddef>

#include "base/byte_search.h"
#include "base/strings.h"
#include "exchange/usage.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kLongText = 2048;   // shorter ones are not worth a look
constexpr std::size_t kSampleBytes = 256; // of a text, from its middle

bool isBase64(char byte)
{
    return isAsciiAlnum(byte) || byte == '+' || byte == '/' || byte == '-' || byte == '_' || byte == '=';
}

/// No prose goes on for so long without a space.
bool looksEncoded(std::string_view text)
{
    const std::string_view sample = text.substr(text.size() / 2 - kSampleBytes / 2, kSampleBytes);
    return std::all_of(sample.begin(), sample.end(), isBase64);
}

} // namespace

std::int64_t estimatedTokens(std::string_view json)
{
    if (json.size() <= kLongText) return roughTokens(json.size());
    std::size_t encoded = 0;
    std::int64_t attachments = 0;
    const char* const last = json.data() + json.size();
    std::size_t begin = json.find('"');
    while (begin != std::string_view::npos) {
        const char* at = findEither<'"', '\\'>(json.data() + ++begin, last);
        while (at != last && *at == '\\')
            at = findEither<'"', '\\'>(at + std::min<std::ptrdiff_t>(2, last - at), last);
        const auto end = static_cast<std::size_t>(at - json.data());
        const std::string_view text = json.substr(begin, end - begin);
        if (text.size() >= kLongText && looksEncoded(text)) {
            encoded += text.size();
            ++attachments;
        }
        begin = end < json.size() ? json.find('"', end + 1) : std::string_view::npos;
    }
    return roughTokens(json.size() - encoded) + attachments * kAttachmentTokens;
}

} // namespace gateway::pipeline
