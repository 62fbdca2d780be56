// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/presets.h"

#include <algorithm>
#include <utility>

#include "base/json_cursor.h"
#include "base/strings.h"
#include "catalog/data_file.h"
#include "catalog/preset_row.h"

namespace gateway::catalog {

namespace {

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

/// Whether the text is the pattern with something that has no slash in it for every {word}.
bool matches(std::string_view pattern, std::string_view text)
{
    const auto open = pattern.find('{');
    if (open == std::string_view::npos) return text == pattern;
    const auto close = pattern.find('}', open);
    if (close == std::string_view::npos || !text.starts_with(pattern.substr(0, open))) return false;
    const std::string_view rest = pattern.substr(close + 1);
    text.remove_prefix(open);
    const std::size_t longest = std::min(text.find('/'), text.size());
    for (std::size_t length = 1; length <= longest; ++length) {
        if (matches(rest, text.substr(length))) return true;
    }
    return false;
}

} // namespace

Result<Presets> Presets::parse(std::string_view text)
{
    auto file = openDataFile(text, "providers");
    if (!file) return badPresets("not a list of providers of schema 1");
    Presets presets;
    presets.m_source = std::move(file->source);
    presets.m_date = std::move(file->date);
    presets.m_presets.reserve(file->count);
    std::string_view wrong;
    forEachElement(file->rows, [&](std::string_view row, JsonKind) {
        Preset preset;
        wrong = readPresetRow(row, preset);
        if (wrong.empty() && presets.find(preset.id)) wrong = "the id is there twice";
        if (wrong.empty()) presets.m_presets.push_back(std::move(preset));
        return wrong.empty();
    });
    if (wrong.empty()) return presets;
    return badPresets("providers[" + std::to_string(presets.m_presets.size()) +
                      "] is not a provider: " + shortened(wrong, 80));
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
    const auto isWanted = [&wanted](const std::string& url) { return matches(comparable(url), wanted); };
    const auto found = std::find_if(m_presets.begin(), m_presets.end(), [&](const Preset& preset) {
        return isWanted(preset.baseUrl) ||
               std::any_of(preset.otherUrls.begin(), preset.otherUrls.end(), isWanted);
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
