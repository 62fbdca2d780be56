// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pattern.h"

#include <re2/re2.h>
#include <string>
#include <utility>

namespace gateway {

namespace {

constexpr std::int64_t kMaxMemory = 1 << 20; // of one, compiled
constexpr std::size_t kMaxText = 4096;

} // namespace

Pattern::Pattern(std::shared_ptr<const re2::RE2> compiled) : m_compiled(std::move(compiled)) {}

Result<Pattern> Pattern::parse(std::string_view text)
{
    if (text.size() > kMaxText)
        return clientError(Code::InvalidRequest, "The regular expression is longer than 4096 bytes.");
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxMemory);
    auto compiled = std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!compiled->ok())
        return clientError(Code::InvalidRequest,
                           "The regular expression is not valid: " + compiled->error() + ".");
    return Pattern(std::move(compiled));
}

Result<Pattern> Pattern::ofBytes(std::string_view text)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_longest_match(true);
    auto compiled = std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!compiled->ok())
        return clientError(Code::InvalidRequest,
                           "The regular expression is not valid: " + compiled->error() + ".");
    return Pattern(std::move(compiled));
}

bool Pattern::matches(std::string_view text) const
{
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *m_compiled);
}

std::optional<std::string_view> Pattern::find(std::string_view text, std::size_t from) const
{
    re2::StringPiece found;
    if (from > text.size() || !m_compiled->Match(re2::StringPiece(text.data(), text.size()), from,
                                                 text.size(), re2::RE2::UNANCHORED, &found, 1))
        return std::nullopt;
    return std::string_view(found.data(), found.size());
}

} // namespace gateway
