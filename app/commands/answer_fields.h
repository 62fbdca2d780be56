// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <QByteArray>

#include "app/commands/output.h"

namespace app {

/// What an answer cannot be without, by which it is told from another program's.
struct NeededMember {
    enum class Kind : std::uint8_t { Undecided, Text, Truth, Number, Entries }; // Entries: a list of objects
    const char* name = "";
    Kind kind = Kind::Undecided;
};

[[nodiscard]] bool isThere(const NeededMember& needed, const Json& answer);

/// `text` with another text where the key stood.
[[nodiscard]] std::string masked(std::string_view text, std::string_view key);
/// An answer without the key, however that is spelled in it. Discarded: it is no JSON, has the key as a name,
/// or is nested deeper than can be worked with.
[[nodiscard]] Json parseAnswer(const QByteArray& body, std::string_view key);

/// A member of an answer of the administration; empty, 0 or false where it is not there or of another kind.
[[nodiscard]] std::string textIn(const Json& object, std::string_view name);
[[nodiscard]] std::int64_t numberIn(const Json& object, std::string_view name);
[[nodiscard]] bool truthIn(const Json& object, std::string_view name);
/// Dollars as the answer has them, for people.
[[nodiscard]] std::string dollarsIn(const Json& object, std::string_view name);
/// A moment of the answer in local time.
[[nodiscard]] std::string timeIn(const Json& object, std::string_view name);
/// An empty one where there is none.
[[nodiscard]] Json listIn(const Json& object, std::string_view name);

} // namespace app
