// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

#include "exchange/quirks.h"

namespace gateway::catalog {

/// What a provider says it does with the prompts of ordinary requests, and where and when that was read.
/// What it keeps of abuse or faults for longer stands on that page; what it does not say is left open.
struct StatedPolicy {
    DataPolicy policy;
    std::string source;
    std::string date;
};

/// Where the key of a request goes.
enum class KeyField : std::uint8_t { Undecided, Bearer, XApiKey, ApiKey, XGoogApiKey, None };

/// A provider as the user picks it from a list; a configuration is begun with its values.
struct Preset {
    std::string id;
    std::string name;
    std::string kind;
    std::string baseUrl; // Empty where the user has to say it, with {words} where a part of it. Of a local
                         // server: where it listens unless told otherwise.
    std::vector<std::string> otherUrls;   // Further addresses of the same models: regions, other wire shapes.
    KeyField keyField = KeyField::Bearer; // "auth"; absent: bearer.
    std::vector<std::string> keyPrefixes;
    std::vector<std::string> env; // Variables in which a key is commonly kept.
    std::string docs;
    std::string keysUrl;
    bool local = false;
    std::optional<StatedPolicy> dataPolicy;
    Quirks quirks;
};

/// The presets in the order they are shown. Immutable, so any thread may read it; pointers and views it gives
/// live as long as it does.
class Presets {
public:
    Presets() = default;

    /// Reads the text of providers.json; a row that cannot be right fails the whole text.
    static Result<Presets> parse(std::string_view text);

    const Preset* find(std::string_view id) const;

    /// The preset whose models a provider with this base URL serves; how an OpenAI-compatible provider finds
    /// its rows in the catalog. A trailing slash, `/v1` or `/v1beta` does not count, nor does letter case; a
    /// {word} stands for anything without a slash.
    const Preset* findByBaseUrl(std::string_view baseUrl) const;

    /// Ids of the presets whose keys begin like this one; the longest prefix wins (`sk-ant-` over `sk-`), and
    /// where several providers share it all are named. Empty where nobody's does. Keeps nothing of the key.
    std::vector<std::string_view> recognizeKey(std::string_view key) const;

    const std::vector<Preset>& all() const { return m_presets; }
    /// What the facts are from and of which day, where the row does not say so itself.
    const std::string& source() const { return m_source; }
    const std::string& date() const { return m_date; }

private:
    std::vector<Preset> m_presets;
    std::string m_source;
    std::string m_date;
};

} // namespace gateway::catalog
