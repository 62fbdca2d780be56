// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <unordered_set>

#include "dialect/content_text.h"
#include "dialect/gemini_model.h"
#include "dialect/gemini_parts.h"
#include "dialect/gemini_schema.h"
#include "dialect/gemini_turns.h"
#include "dialect/logprobs.h"
#include "dialect/request_facts.h"

namespace gateway::dialect::gemini {
namespace {

/// One request on its way into the canonical form. What only Google's own service understands (safety
/// settings, cached content, its own tools) is noted as dropped.
class RequestDecoder {
public:
    Result<Request> decode(const Fields& root, const PathFacts& path);

private:
    void readSystem(const Fields& root);
    void readTools(const Fields& root);
    void readTool(const Fields& declaration, std::size_t index);
    void readToolChoice(const Fields& root);
    void keepTools(const std::unordered_set<std::string>& names);
    void readSampling(const Fields& config);
    void readReasoningWish(const Fields& config);
    void readFormat(const Fields& config);
    void noteUnsayable(const Fields& root, const Fields& config);
    void drop(std::string_view name) { noteDropped(m_request.dropped, name); }
    void refuse(std::string message, std::string param);

    Request m_request;
    std::optional<Error> m_problem;
};

void RequestDecoder::refuse(std::string message, std::string param)
{
    if (!m_problem) m_problem = invalidRequest(std::move(message), std::move(param));
}

void RequestDecoder::readSystem(const Fields& root)
{
    Message system;
    system.role = Role::System;
    const auto read = [&system](std::string text) {
        if (!text.empty()) system.parts.emplace_back(TextPart{std::move(text), {}});
    };
    const Fields instruction = root.object("systemInstruction");
    // The SDKs make a content of it; the API takes a bare text from hand-written calls, too.
    read(root.text("systemInstruction"));
    read(instruction.text("text"));
    forEachObject(instruction.array("parts"), [&read](const Fields& part) { read(part.text("text")); });
    read(instruction.object("parts").text("text"));
    if (!system.parts.empty()) m_request.messages.push_back(std::move(system));
}

void RequestDecoder::readTool(const Fields& declaration, std::size_t index)
{
    const std::string param = "tools.functionDeclarations[" + std::to_string(index) + "].name";
    Tool tool;
    tool.name = declaration.text("name");
    tool.description = declaration.text("description");
    for (const char* form : {"parametersJsonSchema", "parameters"}) {
        if (tool.parametersJson.empty() && declaration.kind(form) == JsonKind::Object)
            tool.parametersJson = standardSchema(declaration.raw(form));
    }
    if (tool.name.empty()) refuse("'" + param + "' is required.", param);
    m_request.tools.push_back(std::move(tool));
}

void RequestDecoder::readTools(const Fields& root)
{
    forEachElement(root.array("tools"), [this](std::string_view value, JsonKind) {
        forEachMember(value, [this](const JsonMember& member) {
            if (isNamed(member, "functionDeclarations") || isNamed(member, "function_declarations")) {
                forEachObject(member.value,
                              [this](const Fields& one) { readTool(one, m_request.tools.size()); });
            } else if (member.kind != JsonKind::Null) {
                drop("tools." + unescapeJson(member.key).value_or(std::string()).substr(0, 64));
            }
        });
    });
}

/// The model may call these only; nobody else has such a wish, but leaving the others out says the same.
void RequestDecoder::keepTools(const std::unordered_set<std::string>& names)
{
    std::erase_if(m_request.tools, [&names](const Tool& tool) { return names.count(tool.name) == 0; });
}

void RequestDecoder::readToolChoice(const Fields& root)
{
    const Fields config = root.object("toolConfig").object("functionCallingConfig");
    const std::string mode = config.text("mode");
    std::unordered_set<std::string> names;
    forEachElement(config.array("allowedFunctionNames"),
                   [&names](std::string_view name, JsonKind) { names.insert(textOf(name)); });
    ToolChoice& choice = m_request.toolChoice;
    if (mode == "AUTO" || mode == "VALIDATED") choice.mode = ToolChoice::Mode::Auto;
    if (mode == "NONE") choice.mode = ToolChoice::Mode::None;
    if (mode == "ANY") choice.mode = ToolChoice::Mode::Required;
    if (names.empty() || (mode != "ANY" && mode != "VALIDATED")) return;
    if (mode == "ANY" && names.size() == 1) {
        choice.mode = ToolChoice::Mode::Named;
        choice.name = *names.begin();
    } else {
        keepTools(names);
    }
}

void RequestDecoder::readSampling(const Fields& config)
{
    m_request.maxTokens = config.integer("maxOutputTokens");
    if (m_request.maxTokens && *m_request.maxTokens <= 0)
        refuse("'generationConfig.maxOutputTokens' has to be a positive whole number.",
               "generationConfig.maxOutputTokens");
    m_request.temperature = config.number("temperature");
    m_request.topP = config.number("topP");
    // Old clients write it as 40.0.
    m_request.topK = config.integer("topK");
    m_request.seed = config.integer("seed");
    m_request.presencePenalty = config.number("presencePenalty");
    m_request.frequencyPenalty = config.number("frequencyPenalty");
    wishLogprobs(m_request, config.boolean("responseLogprobs").value_or(false), config.integer("logprobs"));
    forEachElement(config.array("stopSequences"),
                   [this](std::string_view value, JsonKind) { m_request.stop.push_back(textOf(value)); });
    std::erase(m_request.stop, std::string());
}

void RequestDecoder::readReasoningWish(const Fields& config)
{
    const Fields thinking = config.object("thinkingConfig");
    const auto budget = thinking.integer("thinkingBudget");
    Reasoning& reasoning = m_request.reasoning;
    reasoning.effort = effortOfLevel(thinking.text("thinkingLevel"));
    if (budget == 0) {
        reasoning = {Effort::None, std::nullopt, false};
    } else if (budget && *budget > 0) {
        reasoning.budgetTokens = budget;
    } else if (budget || thinking.boolean("includeThoughts").value_or(false)) {
        reasoning.adaptive = reasoning.effort == Effort::Undecided;
    }
}

void RequestDecoder::readFormat(const Fields& config)
{
    const std::string type = config.text("responseMimeType");
    std::string_view schema;
    for (const char* form : {"responseJsonSchema", "_responseJsonSchema", "responseSchema"}) {
        if (schema.empty() && config.kind(form) == JsonKind::Object) schema = config.raw(form);
    }
    const bool plain = type.empty() || type == "text/plain";
    if (plain && schema.empty()) return;
    if (!plain && type != "application/json") {
        drop("responseMimeType"); // one of an enumeration's values, as bare text
        return;
    }
    JsonWriter json(m_request.responseFormatJson);
    json.beginObject().key("type");
    if (schema.empty()) {
        json.string("json_object").endObject();
        return;
    }
    const AnswerSchema answer = answerSchema(schema);
    json.string("json_schema").key("json_schema").beginObject().key("name").string("answer");
    if (answer.strict) json.key("strict").boolean(true);
    json.key("schema").raw(answer.schema).endObject().endObject();
}

bool asksForMoreThanText(std::string_view modalities)
{
    bool more = false;
    forEachElement(modalities, [&more](std::string_view value, JsonKind) {
        const std::string name = textOf(value);
        more = more || (name != "TEXT" && name != "MODALITY_UNSPECIFIED");
    });
    return more;
}

void RequestDecoder::noteUnsayable(const Fields& root, const Fields& config)
{
    constexpr std::array kTop{"safetySettings", "cachedContent"};
    constexpr std::array kConfig{"speechConfig",   "imageConfig",    "mediaResolution",     "routingConfig",
                                 "responseFormat", "audioTimestamp", "modelSelectionConfig"};
    for (const char* name : kTop) {
        if (root.has(name) && compactJson(root.raw(name)) != "[]") drop(name);
    }
    for (const char* name : kConfig) {
        if (config.has(name)) drop(name);
    }
    if (config.integer("candidateCount").value_or(1) != 1) drop("candidateCount");
    if (asksForMoreThanText(config.array("responseModalities"))) drop("responseModalities");
}

Result<Request> RequestDecoder::decode(const Fields& root, const PathFacts& path)
{
    m_request.model = path.model;
    m_request.stream = path.stream;
    m_request.includeUsage = true; // every answer and every stream tells its usage
    readSystem(root);
    if (auto problem = readTurns(root.array("contents"), m_request)) return *std::move(problem);
    readTools(root);
    readToolChoice(root);
    const Fields config = root.object("generationConfig");
    readSampling(config);
    readReasoningWish(config);
    readFormat(config);
    noteUnsayable(root, config);
    if (m_problem) return *std::move(m_problem);
    return std::move(m_request);
}

} // namespace

Result<Request> decodeRequest(std::string_view body, const PathFacts& path)
{
    return RequestDecoder().decode(Fields(body), path);
}

} // namespace gateway::dialect::gemini
