// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "dialect/content_text.h"
#include "dialect/gemini_parts.h"
#include "dialect/gemini_turns.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::gemini {
namespace {

/// Reads turns one after another and knows which calls have no result yet.
class TurnReader {
public:
    explicit TurnReader(Request& request) : m_request(request) {}
    void read(const Fields& content);

private:
    void readPart(const Fields& part, Message& into);
    void readSigned(const Fields& part, Message& into);
    void addSignature(std::optional<ThinkingPart> signature, bool thought, Message& into);
    void readCallPart(const Fields& part, Message& into);
    void readMedia(const Fields& part, std::vector<Part>& into);
    void readResult(const Fields& response, Message& into);
    [[nodiscard]] std::string answeredCall(const std::string& id, const std::string& name);

    struct Call {
        std::string id;
        bool answered = false;
    };
    struct Waiting {
        std::vector<std::size_t> calls;
        std::size_t next = 0;
    };
    /// Calls by a name of theirs: a conversation may hold a million, so none is looked for one by one.
    using Index = std::unordered_map<std::string, Waiting>;
    [[nodiscard]] const Call* takeOpen(Index& index, const std::string& name);

    Request& m_request;
    std::vector<Call> m_calls;
    Index m_byId, m_byName;
};

/// SDKs in some languages send the alphabet for URLs, which only Google reads.
std::string plainBase64(std::string text)
{
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    while (text.size() % 4 > 1)
        text += '=';
    return text;
}

/// Files that only Google's servers can read, and whose address says nothing to others.
bool isGooglesFile(std::string_view uri)
{
    return !(uri.starts_with("https://") || uri.starts_with("http://")) ||
           uri.starts_with("https://generativelanguage.googleapis.com/");
}

void TurnReader::readMedia(const Fields& part, std::vector<Part>& into)
{
    const Fields data = part.object("inlineData");
    const Fields file = part.object("fileData");
    const std::string type = (data.empty() ? file : data).text("mimeType");
    std::string base64 = plainBase64(data.text("data"));
    std::string uri = file.text("fileUri");
    if (base64.empty() && isGooglesFile(uri)) {
        noteDropped(m_request.dropped, data.empty() ? "fileData" : "inlineData");
    } else if (type.starts_with("image/")) {
        into.emplace_back(ImagePart{type, std::move(base64), std::move(uri), {}});
    } else {
        into.emplace_back(DocumentPart{type, std::move(base64), std::move(uri),
                                       (data.empty() ? file : data).text("displayName")});
    }
}

/// Text of a result; `response` is an object whose shape is up to the tool, but for two documented names.
std::pair<std::string, bool> resultText(const Fields& response, std::string_view raw)
{
    std::size_t members = 0;
    forEachMember(raw, [&members](const JsonMember&) { ++members; });
    for (const char* name : {"output", "result", "error"}) {
        const bool error = std::string_view(name) == "error";
        if (members == 1 && response.kind(name) == JsonKind::String) return {response.text(name), error};
    }
    return {raw.empty() ? std::string() : compactJson(raw), response.has("error")};
}

const TurnReader::Call* TurnReader::takeOpen(Index& index, const std::string& name)
{
    const auto found = index.find(name);
    if (found == index.end()) return nullptr;
    Waiting& waiting = found->second;
    while (waiting.next < waiting.calls.size()) {
        Call& call = m_calls[waiting.calls[waiting.next++]];
        if (!std::exchange(call.answered, true)) return &call;
    }
    return nullptr;
}

std::string TurnReader::answeredCall(const std::string& id, const std::string& name)
{
    const Call* call = id.empty() ? nullptr : takeOpen(m_byId, id);
    if (!call) call = takeOpen(m_byName, name);
    if (call) return call->id;
    return id.empty() ? name : id;
}

void TurnReader::readResult(const Fields& response, Message& into)
{
    ToolResultPart result;
    result.callId = answeredCall(response.text("id"), response.text("name"));
    auto [text, failed] = resultText(response.object("response"), response.raw("response"));
    result.isError = failed;
    if (!text.empty()) result.content.emplace_back(TextPart{std::move(text), {}});
    std::vector<Part> media;
    forEachObject(response.array("parts"), [&](const Fields& part) { readMedia(part, media); });
    for (Part& part : media) {
        if (auto* image = std::get_if<ImagePart>(&part))
            result.content.emplace_back(std::move(*image));
        else
            noteDropped(m_request.dropped, "functionResponse.parts");
    }
    into.parts.emplace_back(std::move(result));
}

void TurnReader::readCallPart(const Fields& part, Message& into)
{
    ToolCallPart call = readCall(part.object("functionCall"));
    // The same in every turn, so that a provider's cache of the prompt stays good.
    if (call.id.empty()) call.id = "call_" + std::to_string(m_calls.size());
    m_byId[call.id].calls.push_back(m_calls.size());
    m_byName[call.name].calls.push_back(m_calls.size());
    m_calls.push_back({call.id});
    into.parts.emplace_back(std::move(call));
}

/// Thoughts come as several parts, of which the last one signs them all.
void TurnReader::addSignature(std::optional<ThinkingPart> signature, bool thought, Message& into)
{
    if (!signature) return;
    auto* last = into.parts.empty() ? nullptr : std::get_if<ThinkingPart>(&into.parts.back());
    if (thought && last && last->signature.empty() && last->redacted.empty()) {
        last->signature = std::move(signature->signature);
        last->redacted = std::move(signature->redacted);
    } else {
        into.parts.emplace_back(std::move(*signature));
    }
}

void TurnReader::readSigned(const Fields& part, Message& into)
{
    std::optional<ThinkingPart> signature = readSignature(part.text("thoughtSignature"));
    if (part.has("functionCall")) {
        addSignature(std::move(signature), false, into);
        readCallPart(part, into);
        return;
    }
    std::string text = part.text("text");
    if (part.boolean("thought").value_or(false)) {
        auto* last = into.parts.empty() ? nullptr : std::get_if<ThinkingPart>(&into.parts.back());
        if (last && last->signature.empty() && last->redacted.empty())
            last->text += text;
        else if (!text.empty())
            into.parts.emplace_back(ThinkingPart{std::move(text), {}, {}});
        addSignature(std::move(signature), true, into);
        return;
    }
    addSignature(std::move(signature), false, into);
    if (!text.empty()) into.parts.emplace_back(TextPart{std::move(text), {}});
}

void TurnReader::readPart(const Fields& part, Message& into)
{
    if (part.has("functionResponse")) {
        readResult(part.object("functionResponse"), into);
    } else if (part.has("inlineData") || part.has("fileData")) {
        readMedia(part, into.parts);
    } else if (part.has("text") || part.has("functionCall") || part.has("thoughtSignature")) {
        readSigned(part, into);
    } else if (part.has("executableCode") || part.has("codeExecutionResult")) {
        noteDropped(m_request.dropped, "executableCode");
    } else if (!part.empty()) {
        noteDropped(m_request.dropped, "contents.parts");
    }
}

void TurnReader::read(const Fields& content)
{
    const std::string role = content.text("role");
    Message read;
    read.role = role == "model" ? Role::Assistant : role == "system" ? Role::System : Role::User;
    forEachObject(content.array("parts"), [&](const Fields& part) { readPart(part, read); });
    // A single part may stand without a list around it.
    if (content.kind("parts") == JsonKind::Object) readPart(content.object("parts"), read);
    const bool answers = !read.parts.empty() && std::holds_alternative<ToolResultPart>(read.parts.front());
    auto& messages = m_request.messages;
    // Some clients send each result of parallel calls in a turn of its own.
    const bool joins = answers && !messages.empty() && messages.back().role == Role::User &&
                       !messages.back().parts.empty() &&
                       std::holds_alternative<ToolResultPart>(messages.back().parts.back());
    if (joins)
        std::move(read.parts.begin(), read.parts.end(), std::back_inserter(messages.back().parts));
    else
        messages.push_back(std::move(read));
}

} // namespace

std::optional<Error> readTurns(std::string_view contents, Request& into)
{
    TurnReader reader(into);
    std::size_t index = 0;
    std::optional<Error> problem;
    forEachElement(contents, [&](std::string_view value, JsonKind) {
        const Fields content(value);
        const std::string role = content.text("role");
        const std::string param = "contents[" + std::to_string(index++) + "].role";
        if (!role.empty() && role != "user" && role != "model" && role != "function" && role != "system")
            problem = invalidRequest("'" + param + "' has to be user or model.", param);
        else
            reader.read(content);
        return !problem;
    });
    if (index == 0)
        problem =
            invalidRequest("'contents' is required and has to be a list of at least one turn.", "contents");
    return problem;
}

} // namespace gateway::dialect::gemini
