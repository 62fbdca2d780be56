// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"
#include "gateway/secrets.h"

namespace gateway {

/// Whose configuration a file is, told by what stands in it.
enum class ImportKind : std::uint8_t { Undecided, LiteLlm, Portkey, Cloudflare, ClaudeCodeRouter };

/// "LiteLLM", "Portkey", ….
[[nodiscard]] std::string_view importKindName(ImportKind kind);

/// What became of one thing in the file. Holds no key: values are told only where they cannot be one.
struct ImportLine {
    std::string from;     // its path in the file; empty: said of the whole
    std::size_t line = 0; // 1-based
    std::string to;       // its path in the configuration; empty: not mapped
    std::string note;     // why not, or what to know about it
};

/// A key that the configuration now names. `value` is empty where the file did not hold it.
struct ImportedSecret {
    std::string name; // in the keychain
    std::string provider;
    Secret value;
};

struct Imported {
    ImportKind kind = ImportKind::Undecided;
    Config config;
    std::vector<ImportLine> lines; // in the order of the file
    std::vector<ImportedSecret> secrets;
};

/// Takes over a LiteLLM `config.yaml`, a Portkey config, a Cloudflare dynamic route or a claude-code-router
/// `config.json`: `current` with providers, routes and aliases added. Nothing that is there is changed; a
/// name that is taken gets a number. The result is as valid as `current` was. Pure; any thread. Errors: the
/// text is none of these, cannot be read, or is larger than 1 MiB.
[[nodiscard]] Result<Imported> importConfig(const Config& current, std::string_view text);

} // namespace gateway
