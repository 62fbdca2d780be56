// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

namespace gateway::catalog {

/// What a provider says it does with prompts, and where and when that was read.
struct StatedPolicy {
    DataPolicy policy;
    std::string source;
    std::string date;
};

/// A provider as the user picks it from a list; a configuration is begun with its values.
struct Preset {
    std::string id;
    std::string name;
    std::string kind;
    std::string baseUrl; // Empty where the user has to say it.
    std::vector<std::string> keyPrefixes;
    std::vector<std::string> env; // Variables in which a key is commonly kept.
    std::string docs;
    std::string keysUrl;
    bool local = false;
    std::optional<StatedPolicy> dataPolicy;
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
    /// its rows in the catalog. A trailing slash, `/v1` or `/v1beta` does not count, nor does letter case.
    const Preset* findByBaseUrl(std::string_view baseUrl) const;

    /// Ids of the presets whose keys begin like this one; the longest prefix wins (`sk-ant-` over `sk-`), and
    /// where several providers share it all are named. Empty where nobody's does. Keeps nothing of the key.
    std::vector<std::string_view> recognizeKey(std::string_view key) const;

    const std::vector<Preset>& all() const { return m_presets; }

private:
    std::vector<Preset> m_presets;
};

} // namespace gateway::catalog
