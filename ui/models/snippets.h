// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include <QString>

#include "gateway/snapshot.h"

/// Text to paste into a shell or a program. But for keyExportLine(), none of it ever holds a key: it is named
/// as $TURNPIKE_KEY.
namespace ui {

enum class SnippetKind : std::uint8_t { Curl, Python, ClaudeCode };
inline constexpr std::array kSnippetKinds{SnippetKind::Curl, SnippetKind::Python, SnippetKind::ClaudeCode};

[[nodiscard]] QString snippetName(SnippetKind kind);
[[nodiscard]] QString snippetText(SnippetKind kind, const QString& baseUrl);
[[nodiscard]] QString openAiBaseUrlLine(const QString& baseUrl);
[[nodiscard]] QString anthropicBaseUrlLine(const QString& baseUrl);
/// "export TURNPIKE_KEY='tp-…'", for the moment in which a key is shown.
[[nodiscard]] QString keyExportLine(const QString& key);
/// A logged request as a command; its body where it was stored, else a short one for the same model.
[[nodiscard]] QString requestAsCurl(const gateway::LogRow& row, const QString& baseUrl);

} // namespace ui
