// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/preset_row.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/json_cursor.h"
#include "catalog/data_file.h"

namespace gateway::catalog {

namespace {

constexpr std::array<std::string_view, 10> kKinds{
    "openai", "openai-responses", "anthropic", "openai-compatible", "gemini", "vertex", "bedrock",
    "azure",  "cohere",           "ollama"};

constexpr std::array<std::pair<std::string_view, KeyField>, 5> kKeyFields{
    {{"bearer", KeyField::Bearer},
     {"x-api-key", KeyField::XApiKey},
     {"api-key", KeyField::ApiKey},
     {"x-goog-api-key", KeyField::XGoogApiKey},
     {"none", KeyField::None}}};

constexpr std::array<std::string_view, 9> kRequired{"id",  "name", "kind",     "base_url", "key_prefixes",
                                                    "env", "docs", "keys_url", "local"};

constexpr std::array<std::string_view, 2> kMaxTokensFields{"max_tokens", "max_completion_tokens"};
constexpr std::array<std::string_view, 2> kReasoningFields{"reasoning_content", "reasoning"};
constexpr std::array<std::string_view, 1> kSeedFields{"random_seed"};

/// Fields of OpenAI's chat request that a server may refuse; without one of them a request still means
/// almost what it meant.
constexpr std::array<std::string_view, 17> kDroppable{"audio",
                                                      "frequency_penalty",
                                                      "logit_bias",
                                                      "logprobs",
                                                      "metadata",
                                                      "modalities",
                                                      "n",
                                                      "parallel_tool_calls",
                                                      "prediction",
                                                      "presence_penalty",
                                                      "seed",
                                                      "service_tier",
                                                      "stop",
                                                      "store",
                                                      "top_logprobs",
                                                      "user",
                                                      "verbosity"};

template <std::size_t count>
bool isAmong(const std::array<std::string_view, count>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <std::size_t count>
bool readOneOf(const std::array<std::string_view, count>& names, std::string_view value, std::string& into)
{
    return readText(value, into) && isAmong(names, into);
}

/// Lower case and without a slash at its end, so that two addresses are the same one only when they look so.
bool isBaseUrl(std::string_view url)
{
    const bool known = url.starts_with("https://") || url.starts_with("http://127.0.0.1:");
    const std::string_view host = url.substr(0, url.find('/', std::string_view("https://").size()));
    const bool lower = std::none_of(host.begin(), host.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return known && lower && !url.ends_with('/') && url.find_first_of(" ?#@\\") == std::string_view::npos;
}

bool readBaseUrl(std::string_view value, std::string& into)
{
    return readText(value, into) && (into.empty() || isBaseUrl(into));
}

bool readBaseUrls(std::string_view value, std::vector<std::string>& into)
{
    return readTexts(value, into) && std::all_of(into.begin(), into.end(), isBaseUrl);
}

bool readKeyField(std::string_view value, KeyField& into)
{
    std::string name;
    if (!readText(value, name)) return false;
    const auto found = std::find_if(kKeyFields.begin(), kKeyFields.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    if (found == kKeyFields.end()) return false;
    into = found->second;
    return true;
}

bool readPolicyField(const JsonMember& member, StatedPolicy& stated)
{
    if (isNamed(member, "trains_on_data"))
        return readTruth(member.value, stated.policy.trainsOnData.emplace());
    if (isNamed(member, "region")) return readName(member.value, stated.policy.region);
    if (isNamed(member, "source")) return readName(member.value, stated.source);
    if (isNamed(member, "date")) return readText(member.value, stated.date) && isDay(stated.date);
    std::int64_t days = 0;
    const bool read = isNamed(member, "retention_days") && readCount(member.value, days) &&
                      days <= std::numeric_limits<int>::max();
    if (read) stated.policy.retentionDays = static_cast<int>(days);
    return read;
}

bool readPolicy(std::string_view value, std::optional<StatedPolicy>& stated)
{
    if (jsonKindOf(value) != JsonKind::Object) return false;
    stated.emplace();
    bool read = true;
    forEachMember(value, [&](const JsonMember& member) { return read = readPolicyField(member, *stated); });
    // A claim that nobody can look up is none.
    return read && !stated->source.empty() && !stated->date.empty();
}

bool readQuirk(const JsonMember& member, Quirks& quirks)
{
    if (isNamed(member, "max_tokens_field"))
        return readOneOf(kMaxTokensFields, member.value, quirks.maxTokensField);
    if (isNamed(member, "reasoning_field"))
        return readOneOf(kReasoningFields, member.value, quirks.reasoningField);
    if (isNamed(member, "seed_field")) return readOneOf(kSeedFields, member.value, quirks.seedField);
    if (isNamed(member, "no_stream_options")) return readTruth(member.value, quirks.noStreamOptions);
    if (isNamed(member, "no_developer_role")) return readTruth(member.value, quirks.noDeveloperRole);
    if (isNamed(member, "no_json_schema")) return readTruth(member.value, quirks.noJsonSchema);
    if (isNamed(member, "rerank_data")) return readTruth(member.value, quirks.rerankData);
    return isNamed(member, "drop") && readTexts(member.value, quirks.drop) &&
           std::all_of(quirks.drop.begin(), quirks.drop.end(),
                       [](const std::string& field) { return isAmong(kDroppable, field); });
}

bool readQuirks(std::string_view value, Quirks& quirks)
{
    bool read = jsonKindOf(value) == JsonKind::Object;
    forEachMember(value, [&](const JsonMember& member) { return read = readQuirk(member, quirks); });
    return read;
}

using PresetFieldReader = bool (*)(std::string_view value, Preset& preset);

constexpr std::array<std::pair<std::string_view, PresetFieldReader>, 13> kPresetFields{
    {{"id", [](std::string_view value, Preset& preset) { return readName(value, preset.id); }},
     {"name", [](std::string_view value, Preset& preset) { return readName(value, preset.name); }},
     {"kind", [](std::string_view value, Preset& preset) { return readOneOf(kKinds, value, preset.kind); }},
     {"base_url", [](std::string_view value, Preset& preset) { return readBaseUrl(value, preset.baseUrl); }},
     {"other_urls",
      [](std::string_view value, Preset& preset) { return readBaseUrls(value, preset.otherUrls); }},
     {"auth", [](std::string_view value, Preset& preset) { return readKeyField(value, preset.keyField); }},
     {"key_prefixes",
      [](std::string_view value, Preset& preset) { return readTexts(value, preset.keyPrefixes); }},
     {"env", [](std::string_view value, Preset& preset) { return readTexts(value, preset.env); }},
     {"docs", [](std::string_view value, Preset& preset) { return readText(value, preset.docs); }},
     {"keys_url", [](std::string_view value, Preset& preset) { return readText(value, preset.keysUrl); }},
     {"local", [](std::string_view value, Preset& preset) { return readTruth(value, preset.local); }},
     {"data_policy",
      [](std::string_view value, Preset& preset) { return readPolicy(value, preset.dataPolicy); }},
     {"quirks", [](std::string_view value, Preset& preset) { return readQuirks(value, preset.quirks); }}}};

bool readField(const JsonMember& member, Preset& preset)
{
    const auto field = std::find_if(kPresetFields.begin(), kPresetFields.end(),
                                    [&](const auto& entry) { return entry.first == member.key; });
    return field != kPresetFields.end() && field->second(member.value, preset);
}

} // namespace

std::string_view readPresetRow(std::string_view row, Preset& preset)
{
    std::string_view wrong;
    if (jsonKindOf(row) != JsonKind::Object) return row;
    forEachMember(row, [&](const JsonMember& member) {
        if (!readField(member, preset)) wrong = member.key.empty() ? "?" : member.key;
        return wrong.empty();
    });
    if (!wrong.empty()) return wrong;
    const auto missing = std::find_if(kRequired.begin(), kRequired.end(), [row](std::string_view name) {
        return memberValue(row, name).empty();
    });
    return missing == kRequired.end() ? std::string_view() : *missing;
}

} // namespace gateway::catalog
