// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway {

/// Wire shapes. A client speaks one, a provider speaks one or several.
enum class DialectId : std::uint8_t {
    Undecided,
#define DIALECT(id, name, factory) id,
#include "exchange/dialects.def"
#undef DIALECT
    OpenAiRealtime, // of sockets, whose events pass as they are: there is no Dialect for it
};

/// What a call asks for, whatever its dialect.
enum class Operation : std::uint8_t {
    Undecided,
    Chat,
    CountTokens,
    Embed,
    // Passed on in the words of whoever has them, never translated:
    Moderate,
    MakeImage,
    EditImage,
    VaryImage,
    Speak,
    Transcribe,
    TranslateSpeech,
    Rerank,
    Video, // making one, and what becomes of it
    File,
    Batch,
    Response // one that was made, by its id
};

[[nodiscard]] std::string_view dialectName(DialectId id); // "openai", "anthropic"

} // namespace gateway
