// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
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
    /// Somewhere in the text.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    explicit Pattern(std::shared_ptr<const re2::RE2> compiled);

    std::shared_ptr<const re2::RE2> m_compiled;
};

} // namespace gateway
