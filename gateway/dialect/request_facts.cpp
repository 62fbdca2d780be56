// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/request_facts.h"

#include <algorithm>
#include <string>

#include "base/byte_search.h"
#include "base/json_text.h"
#include "dialect/json_object.h"

namespace gateway::dialect {
namespace {

constexpr std::size_t kMaxModelBytes = 256;
constexpr std::size_t kMaxFallbackModels = 32;

bool isModelByte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           std::string_view("_.:/@+-").find(byte) != std::string_view::npos;
}

std::optional<Error> readModel(const JsonDocument& document, const PathFacts& path, RequestFacts& facts)
{
    const JsonMember* model = document.find("model");
    if (!path.model.empty()) {
        if (model) facts.modelSpan = model->value;
        facts.model = path.model;
        facts.needsEdit = !model || textOf(model->value) != path.model;
        if (isModelName(facts.model)) return std::nullopt;
        return invalidRequest("The model in the path has to be 1 to 256 letters, digits and _ . : / @ + -, "
                              "without '..'.",
                              "model");
    }
    if (!model || model->kind != JsonKind::String) {
        return invalidRequest("'model' is required and has to be a string.", "model");
    }
    facts.modelSpan = model->value;
    facts.model = textOf(model->value);
    if (!isModelName(facts.model)) {
        return invalidRequest("'model' has to be 1 to 256 letters, digits and _ . : / @ + -, without '..'.",
                              "model");
    }
    return std::nullopt;
}

std::optional<Error> readFallbacks(const JsonDocument& document, RequestFacts& facts)
{
    const JsonMember* models = document.find("models");
    if (!models || models->kind == JsonKind::Null) return std::nullopt;
    bool good = models->kind == JsonKind::Array;
    forEachElement(models->value, [&](std::string_view value, JsonKind) {
        std::string name = textOf(value);
        good = good && isModelName(name) && facts.fallbackModels.size() < kMaxFallbackModels;
        facts.fallbackModels.push_back(std::move(name));
        return good;
    });
    if (good) return std::nullopt;
    return invalidRequest("'models' has to be a list of at most 32 model names.", "models");
}

/// Other gateways let a body say where it goes and with which key; whoever writes prompts could then send
/// keys and prompts wherever they like.
std::optional<Error> refuseDestination(const JsonDocument& document)
{
    for (const char* key : {"api_base", "base_url", "api_key"}) {
        const JsonMember* member = document.find(key);
        if (member && member->kind != JsonKind::Null)
            return invalidRequest("'" + std::string(key) +
                                      "' is not accepted in a request: providers and their keys are set in "
                                      "the configuration only.",
                                  key);
    }
    return std::nullopt;
}

} // namespace

Error invalidRequest(std::string message, std::string param)
{
    return clientError(Code::InvalidRequest, std::move(message), std::move(param));
}

std::string_view rawMember(const JsonDocument& document, std::string_view key)
{
    const JsonMember* member = document.find(key);
    return member ? member->value : std::string_view();
}

bool isModelName(std::string_view name)
{
    return !name.empty() && name.size() <= kMaxModelBytes && name.find("..") == std::string_view::npos &&
           std::all_of(name.begin(), name.end(), isModelByte);
}

Result<bool> booleanMember(const JsonMember* member, std::string_view param, bool fallback)
{
    if (!member || member->kind == JsonKind::Null) return fallback;
    if (member->kind == JsonKind::True) return true;
    if (member->kind == JsonKind::False) return false;
    return invalidRequest("'" + std::string(param) + "' has to be true or false.", std::string(param));
}

Result<std::optional<std::int64_t>> tokenLimit(const JsonDocument& document, std::string_view key)
{
    const JsonMember* member = document.find(key);
    if (!member || member->kind == JsonKind::Null) return std::optional<std::int64_t>();
    const auto limit = jsonInteger(member->value);
    if (limit && *limit > 0) return limit;
    return invalidRequest("'" + std::string(key) + "' has to be a positive whole number.", std::string(key));
}

bool memberIs(std::string_view value, std::string_view key, std::string_view text)
{
    return jsonKindOf(value) == JsonKind::Object && textOf(memberValue(value, key)) == text;
}

bool wantsEffort(std::string_view effort)
{
    return jsonKindOf(effort) == JsonKind::String && textOf(effort) != "none";
}

bool hasElements(const JsonDocument& document, std::string_view key)
{
    const JsonMember* member = document.find(key);
    bool any = false;
    if (member) {
        forEachElement(member->value, [&any](std::string_view, JsonKind) {
            any = true;
            return false;
        });
    }
    return any;
}

bool hasBlock(const JsonDocument& document, std::string_view type)
{
    const JsonMember* messages = document.find("messages");
    if (!messages) return false;
    // Most bodies hold no such word at all, and looking for it is far cheaper than walking the blocks.
    if (!holdsQuoted(messages->value, type)) return false;
    bool found = false;
    const auto visitBlock = [&](std::string_view block, JsonKind) {
        if (textOf(memberValue(block, "type")) == type) {
            found = true;
            return false;
        }
        forEachElement(memberValue(block, "content"), [&](std::string_view inner, JsonKind) {
            found = found || textOf(memberValue(inner, "type")) == type;
            return !found;
        });
        return !found;
    };
    forEachElement(messages->value, [&](std::string_view message, JsonKind) {
        forEachElement(memberValue(message, "content"), visitBlock);
        return !found;
    });
    return found;
}

Result<RequestFacts> modelFacts(const JsonDocument& document, const PathFacts& path, bool streams)
{
    RequestFacts facts;
    if (auto problem = refuseDestination(document)) return *std::move(problem);
    if (auto problem = readModel(document, path, facts)) return *std::move(problem);
    if (auto problem = readFallbacks(document, facts)) return *std::move(problem);
    const Result<bool> stream = booleanMember(document.find("stream"), "stream", streams);
    if (!stream) return stream.error();
    facts.stream = *stream;
    facts.hasTools = hasElements(document, "tools");
    return facts;
}

Result<RequestFacts> embeddingFacts(const JsonDocument& document, const PathFacts& path)
{
    Result<RequestFacts> facts = modelFacts(document, path);
    if (facts) facts->stream = false;
    return facts;
}

Result<RequestFacts> sharedFacts(const JsonDocument& document, const PathFacts& path)
{
    Result<RequestFacts> facts = modelFacts(document, path);
    if (!facts) return facts;
    const JsonMember* messages = document.find("messages");
    if (!messages || messages->kind != JsonKind::Array || !hasElements(document, "messages")) {
        return invalidRequest("'messages' is required and has to be a list of at least one message.",
                              "messages");
    }
    return facts;
}

} // namespace gateway::dialect
