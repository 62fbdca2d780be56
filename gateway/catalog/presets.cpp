// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/presets.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/strings.h"
#include "catalog/bounded_json.h"

namespace gateway::catalog {

namespace {

constexpr std::size_t kMaxPresets = 1000;
constexpr std::array<std::string_view, 3> kKinds{"openai", "anthropic", "openai-compatible"};

bool readTexts(const nlohmann::json& object, const char* name, std::vector<std::string>& texts)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_array()) return false;
    for (const auto& entry : *found) {
        const auto* text = entry.get_ptr<const std::string*>();
        // An empty prefix would recognize every key.
        if (!text || text->empty()) return false;
        texts.push_back(*text);
    }
    return true;
}

bool readPolicy(const nlohmann::json& object, std::optional<StatedPolicy>& stated)
{
    const auto found = object.find("data_policy");
    if (found == object.end()) return true;
    auto source = found->is_object() ? stringField(*found, "source") : std::nullopt;
    auto date = found->is_object() ? stringField(*found, "date") : std::nullopt;
    if (!source || !date) return false;
    stated.emplace();
    stated->policy.trainsOnData = boolField(*found, "trains_on_data");
    stated->source = *std::move(source);
    stated->date = *std::move(date);
    if (!found->contains("retention_days")) return true;
    const auto days = countField(*found, "retention_days");
    if (!days || *days > std::numeric_limits<int>::max()) return false;
    stated->policy.retentionDays = static_cast<int>(*days);
    return true;
}

bool isBaseUrl(std::string_view url)
{
    return url.empty() || url.starts_with("https://") || url.starts_with("http://127.0.0.1:");
}

std::optional<Preset> parsePreset(const nlohmann::json& row)
{
    if (!row.is_object()) return std::nullopt;
    Preset preset;
    for (const auto& [name, target] : {std::pair{"id", &preset.id},
                                       {"name", &preset.name},
                                       {"kind", &preset.kind},
                                       {"base_url", &preset.baseUrl},
                                       {"docs", &preset.docs},
                                       {"keys_url", &preset.keysUrl}}) {
        auto text = stringField(row, name);
        if (!text) return std::nullopt;
        *target = *std::move(text);
    }
    const auto local = boolField(row, "local");
    const bool known = std::find(kKinds.begin(), kKinds.end(), preset.kind) != kKinds.end();
    if (preset.id.empty() || !known || !isBaseUrl(preset.baseUrl) || !local) return std::nullopt;
    preset.local = *local;
    const bool read = readTexts(row, "key_prefixes", preset.keyPrefixes) &&
                      readTexts(row, "env", preset.env) && readPolicy(row, preset.dataPolicy);
    if (!read) return std::nullopt;
    return preset;
}

Error badPresets(std::string detail)
{
    return gatewayError(Code::Internal, "The list of providers cannot be read.", std::move(detail));
}

std::string comparable(std::string_view url)
{
    std::string text = lowered(url);
    const auto dropEnd = [&text](std::string_view end) {
        if (text.ends_with(end)) text.resize(text.size() - end.size());
    };
    dropEnd("/");
    dropEnd("/v1");
    dropEnd("/v1beta");
    return text;
}

} // namespace

Result<Presets> Presets::parse(std::string_view text)
{
    const auto root = parseBounded(text);
    if (!root) return badPresets("not a JSON object of schema 1");
    const auto rows = root->find("providers");
    if (rows == root->end() || !rows->is_array()) return badPresets("no list of providers");
    if (rows->size() > kMaxPresets) return badPresets("too many providers");
    Presets presets;
    for (const auto& row : *rows) {
        const std::string place = "providers[" + std::to_string(presets.m_presets.size()) + "]";
        auto preset = parsePreset(row);
        if (!preset) return badPresets(place + " is not a provider");
        if (presets.find(preset->id)) return badPresets(place + " is there twice");
        presets.m_presets.push_back(*std::move(preset));
    }
    return presets;
}

const Preset* Presets::find(std::string_view id) const
{
    const auto found = std::find_if(m_presets.begin(), m_presets.end(),
                                    [&](const Preset& preset) { return preset.id == id; });
    return found == m_presets.end() ? nullptr : &*found;
}

const Preset* Presets::findByBaseUrl(std::string_view baseUrl) const
{
    const std::string wanted = comparable(baseUrl);
    if (wanted.empty()) return nullptr;
    const auto found = std::find_if(m_presets.begin(), m_presets.end(), [&](const Preset& preset) {
        return comparable(preset.baseUrl) == wanted;
    });
    return found == m_presets.end() ? nullptr : &*found;
}

std::vector<std::string_view> Presets::recognizeKey(std::string_view key) const
{
    std::size_t longest = 0;
    std::vector<std::string_view> ids;
    for (const Preset& preset : m_presets) {
        std::size_t matched = 0;
        for (const std::string& prefix : preset.keyPrefixes) {
            // A prefix alone is no key yet: nothing is claimed while the user is still typing it.
            if (key.size() > prefix.size() && key.starts_with(prefix))
                matched = std::max(matched, prefix.size());
        }
        if (matched == 0 || matched < longest) continue;
        if (matched > longest) ids.clear();
        longest = matched;
        ids.push_back(preset.id);
    }
    return ids;
}

} // namespace gateway::catalog
