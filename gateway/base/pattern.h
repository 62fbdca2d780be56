// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/result.h"

namespace re2 {
class RE2;
}

namespace gateway {

/// A regular expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax): whoever wrote it and
/// whatever it is matched against, that takes time linear in the text. Cheap to copy; any thread.
class Pattern {
public:
    /// Error: what is wrong with it, or that it is too large.
    [[nodiscard]] static Result<Pattern> parse(std::string_view text);
    /// One of this program's own: of bytes, whatever they say (\x80 to \xff are what is not ASCII), and the
    /// longest of the first matches. May be larger.
    [[nodiscard]] static Result<Pattern> ofBytes(std::string_view text);
    /// Somewhere in the text.
    [[nodiscard]] bool matches(std::string_view text) const;
    /// The first match from `from` on: the part of `text`, which may be empty. What is before `from` is
    /// looked back at. Nothing: there is none.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view text, std::size_t from = 0) const;

private:
    explicit Pattern(std::shared_ptr<const re2::RE2> compiled);

    std::shared_ptr<const re2::RE2> m_compiled;
};

} // namespace gateway
