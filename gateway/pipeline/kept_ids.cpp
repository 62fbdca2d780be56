// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/kept_ids.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/json_object.h"
#include "dialect/span_edit.h"

namespace gateway::pipeline {

namespace {

constexpr char kMark = '~';
constexpr std::size_t kMaxId = 256;
constexpr std::array<std::string_view, 7> kIds{
    "id", "first_id", "last_id", "input_file_id", "output_file_id", "error_file_id", "remixed_from_video_id"};

bool isIdByte(char byte)
{
    return isAsciiAlnum(byte) || byte == '-' || byte == '_' || byte == '.';
}

bool isIdText(std::string_view text)
{
    return !text.empty() && text.size() <= kMaxId && text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), isIdByte);
}

/// Of a valid text: where the bytes end that stand before `at`, blanks left out.
std::size_t beforeBlanks(std::string_view json, std::size_t at)
{
    while (at > 0 && std::string_view(" \t\r\n").find(json[at - 1]) != std::string_view::npos)
        --at;
    return at;
}

/// Where the string begins whose closing quotation mark is right before `end`, if it is an id's or a key's:
/// those have no escapes.
std::optional<std::size_t> plainStringBefore(std::string_view json, std::size_t end)
{
    if (end < 2 || json[end - 1] != '"') return std::nullopt;
    std::size_t at = end - 1;
    const std::size_t least = at - std::min(at, 2 * kMaxId + 1);
    while (at > least && (isIdByte(json[at - 1]) || json[at - 1] == kMark))
        --at;
    if (at == 0 || json[at - 1] != '"' || (at > 1 && json[at - 2] == '\\')) return std::nullopt;
    return at - 1;
}

/// A colon comes after the blanks at `at`.
bool isKey(std::string_view json, std::size_t at)
{
    const std::size_t next = json.find_first_not_of(" \t\r\n", at);
    return next != std::string_view::npos && json[next] == ':';
}

/// A string in a list and whether the list is `file_ids`; so that a long list is gone back over once only.
struct ListedString {
    std::size_t begin = std::string_view::npos;
    bool namesFile = false;
};

/// The string that begins there is the value of `file_id`, or one of those in `file_ids`. `former`: of those
/// before it in the text, the last that was asked about.
bool namesFile(std::string_view json, std::size_t begin, const ListedString& former)
{
    std::size_t at = beforeBlanks(json, begin);
    bool listed = false;
    while (at > 0 && (json[at - 1] == ',' || json[at - 1] == '[')) {
        listed = true;
        const bool first = json[at - 1] == '[';
        at = beforeBlanks(json, at - 1);
        if (first) break;
        const auto before = plainStringBefore(json, at);
        if (!before) return false;
        if (*before == former.begin) return former.namesFile;
        at = beforeBlanks(json, *before);
    }
    if (at == 0 || json[at - 1] != ':') return false;
    at = beforeBlanks(json, at - 1);
    const auto key = plainStringBefore(json, at);
    return key && json.substr(*key, at - *key) == (listed ? "\"file_ids\"" : "\"file_id\"");
}

std::string objectWithIds(std::string_view object, const std::vector<JsonMember>& members,
                          std::string_view provider, std::string_view base)
{
    dialect::SpanEdit edit(object, members);
    for (const std::string_view key : kIds) {
        const std::string id = dialect::textOf(edit.value(key));
        if (isIdText(id)) edit.set(key, jsonQuoted(keptId(id, provider)));
    }
    if (edit.value("results_url").starts_with('"')) {
        const std::string id = dialect::textOf(edit.value("id"));
        edit.set("results_url", jsonQuoted(std::string(base) + "/v1/messages/batches/" + id + "/results"));
    }
    return edit.text();
}

} // namespace

std::optional<KeptId> readKeptId(std::string_view text)
{
    const std::size_t mark = text.find(kMark);
    KeptId id{std::string(text.substr(0, mark)), {}};
    if (!isIdText(id.native)) return std::nullopt;
    if (mark == std::string_view::npos) return id;
    id.provider = text.substr(mark + 1);
    if (!isIdText(id.provider)) return std::nullopt;
    return id;
}

std::string keptId(std::string_view native, std::string_view provider)
{
    return std::string(native) + kMark + std::string(provider);
}

std::optional<KeptReferences> withNativeFileIds(std::string_view json, const IsProvider& isProvider)
{
    KeptReferences references;
    std::size_t done = 0;
    ListedString former;
    // Most bodies have no such byte, and finding it is far cheaper than walking the members.
    for (std::size_t mark = json.find(kMark); mark != std::string_view::npos;
         mark = json.find(kMark, mark + 1)) {
        std::size_t close = mark + 1;
        while (close < json.size() && isIdByte(json[close]))
            ++close;
        if (close == json.size() || json[close] != '"' || isKey(json, close + 1)) continue;
        const auto begin = plainStringBefore(json, close + 1);
        if (!begin || *begin > mark) continue;
        const auto id = readKeptId(json.substr(*begin + 1, close - *begin - 1));
        if (!id || id->provider.empty()) continue;
        former = {*begin, namesFile(json, *begin, former)};
        // Others' ids may have the mark, too.
        if (!former.namesFile || !isProvider(id->provider)) continue;
        if (references.provider.empty()) {
            references.provider = id->provider;
            references.body.reserve(json.size());
        } else if (references.provider != id->provider) {
            references.other = id->provider;
            return references;
        }
        references.body.append(json, done, mark - done);
        done = close;
    }
    if (references.provider.empty()) return std::nullopt;
    references.body.append(json, done);
    return references;
}

std::string withKeptIds(std::string_view json, const JsonDocument& document, std::string_view provider,
                        std::string_view base)
{
    const JsonMember* list = document.find("data");
    if (!list || list->kind != JsonKind::Array) return objectWithIds(json, document.members, provider, base);
    std::string elements = "[";
    forEachElement(list->value, [&](std::string_view value, JsonKind kind) {
        if (elements.size() > 1) elements += ',';
        if (kind != JsonKind::Object) {
            elements += value;
            return;
        }
        std::vector<JsonMember> members;
        forEachMember(value, [&members](const JsonMember& member) { members.push_back(member); });
        elements += objectWithIds(value, members, provider, base);
    });
    elements += ']';
    const std::string whole = dialect::withMember(json, "data", std::move(elements));
    std::vector<JsonMember> members;
    forEachMember(whole, [&members](const JsonMember& member) { members.push_back(member); });
    return objectWithIds(whole, members, provider, base);
}

} // namespace gateway::pipeline
