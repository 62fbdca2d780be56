// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_text.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "dialect/content_text.h"
#include "dialect/json_object.h"
#include "dialect/logprobs.h"
#include "dialect/openai_chunks.h"
#include "dialect/openai_completions_parts.h"
#include "dialect/openai_parts.h"
#include "dialect/provider_error.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect::completions {
namespace {

/// Reads text_completion chunks: one block of text.
class StreamDecoder final : public openai::ChunkStream {
    void readChoice(const JsonObject& chunk, const JsonObject& choice, std::vector<Event>& out) override;

    bool m_open = false;
};

void StreamDecoder::readChoice(const JsonObject&, const JsonObject& choice, std::vector<Event>& out)
{
    std::string text = choice.text("text");
    std::vector<TokenLogprob> logprobs = readLogprobs(choice.object("logprobs"));
    if (!text.empty() || !logprobs.empty()) {
        if (!m_open) out.emplace_back(BlockStarted{0, BlockKind::Text, {}, {}});
        m_open = true;
        out.emplace_back(TextDelta{std::move(text), std::move(logprobs)});
    }
    const Finish reason = openai::finishNamed(choice.text("finish_reason"));
    if (reason == Finish::Undecided) return;
    if (m_open) out.emplace_back(BlockEnded{0});
    finish(reason == Finish::ToolCalls ? Finish::Stop : reason, out);
}

/// Writes text_completion chunks; of an answer the text alone, there is no place for more.
class StreamEncoder final : public EventEncoder {
public:
    StreamEncoder(const CompletionContext& context, CostOf costOf);
    void write(const Event& event, std::string& out) override;

private:
    void chunk(std::string& out, const TextDelta& delta, std::string_view finish = {});
    void finish(const Finished& finished, std::string& out);
    void end(std::string& out);

    CompletionContext m_context;
    CostOf m_costOf;
    std::string m_head;
    std::optional<Usage> m_usage;
    std::int64_t m_offset = 0; // code points so far
    bool m_inText = false;
    bool m_anyText = false;
    bool m_finished = false;
    bool m_over = false;
};

StreamEncoder::StreamEncoder(const CompletionContext& context, CostOf costOf)
    : m_context(context), m_costOf(std::move(costOf))
{
    m_head = "data: ";
    JsonWriter json(m_head);
    json.beginObject().key("id").string(completionId(context)).key("object").string("text_completion");
    json.key("created").integer(context.createdSeconds).key("model").string(context.model);
}

void StreamEncoder::chunk(std::string& out, const TextDelta& delta, std::string_view finish)
{
    out.append(m_head).append(",\"choices\":[");
    JsonWriter json(out);
    json.beginObject().key("text").string(delta.text).key("index").integer(0).key("logprobs");
    writeLogprobs(json, delta.logprobs, m_offset);
    m_offset += static_cast<std::int64_t>(utf8Length(delta.text));
    json.key("finish_reason");
    if (finish.empty()) {
        json.null();
    } else {
        json.string(finish);
    }
    json.endObject();
    out += "]}\n\n";
}

void StreamEncoder::finish(const Finished& finished, std::string& out)
{
    if (m_finished) return;
    m_finished = true;
    chunk(out, {}, finishName(finished.finish));
}

void StreamEncoder::end(std::string& out)
{
    finish({Finish::Stop, {}}, out);
    m_over = true;
    if (m_context.includeUsage && m_usage) {
        out.append(m_head).append(",\"choices\":[],\"usage\":");
        JsonWriter json(out);
        writeOpenAiUsage(json, *m_usage, m_costOf ? m_costOf(*m_usage) : std::nullopt);
        out += "}\n\n";
    }
    out += "data: [DONE]\n\n";
}

void StreamEncoder::write(const Event& event, std::string& out)
{
    if (m_over) return;
    if (const auto* failed = std::get_if<Failed>(&event)) {
        m_over = true;
        out += openai::encodeStreamError(failed->error);
    } else if (const auto* reported = std::get_if<UsageReported>(&event)) {
        m_usage = reported->usage;
    } else if (const auto* block = std::get_if<BlockStarted>(&event)) {
        m_inText = block->kind == BlockKind::Text;
        // As a whole answer has it: a blank line between two texts.
        if (m_inText && m_anyText) chunk(out, {"\n\n"});
    } else if (const auto* delta = std::get_if<TextDelta>(&event)) {
        if (!m_inText || (delta->text.empty() && delta->logprobs.empty())) return;
        m_anyText = true;
        chunk(out, *delta);
    } else if (const auto* finished = std::get_if<Finished>(&event)) {
        finish(*finished, out);
    } else if (std::holds_alternative<Ended>(event)) {
        end(out);
    }
}

} // namespace

std::string completionId(const CompletionContext& context)
{
    const std::string id = context.id.text();
    const std::size_t mark = id.find('_');
    return "cmpl-" + (mark == std::string::npos ? id : id.substr(mark + 1));
}

std::string_view finishName(Finish finish)
{
    return finish == Finish::ToolCalls ? "stop" : openai::finishName(finish);
}

Result<Completion> decodeCompletion(std::string_view body)
{
    const JsonObject root(body);
    if (root.kind("error") == JsonKind::Object) return streamFailure(root.raw("error"));
    std::string_view first;
    forEachElement(root.array("choices"), [&first](std::string_view choice, JsonKind) {
        first = choice;
        return false;
    });
    const JsonObject choice(first);
    if (choice.kind("text") != JsonKind::String) return unreadableAnswer("it has no choices with a text");
    Completion completion;
    completion.id = root.text("id");
    completion.model = root.text("model");
    if (std::string text = choice.text("text"); !text.empty())
        completion.parts.emplace_back(
            TextPart{std::move(text), {}, readLogprobs(choice.object("logprobs")), {}});
    completion.finish = openai::finishNamed(choice.text("finish_reason"));
    if (completion.finish == Finish::Undecided || completion.finish == Finish::ToolCalls)
        completion.finish = Finish::Stop;
    completion.usage = readOpenAiUsage(root.raw("usage"));
    return completion;
}

std::string encodeCompletion(const Completion& completion, const CompletionContext& context)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(completionId(context)).key("object").string("text_completion");
    json.key("created").integer(context.createdSeconds).key("model").string(context.model);
    json.key("choices").beginArray().beginObject().key("text").string(joinedText(completion.parts));
    json.key("index").integer(0).key("logprobs");
    writeLogprobs(json, joinedLogprobs(completion.parts), 0);
    json.key("finish_reason").string(finishName(completion.finish)).endObject().endArray();
    if (completion.usage.known) {
        json.key("usage");
        writeOpenAiUsage(json, completion.usage, context.cost);
    }
    json.endObject();
    return out;
}

std::unique_ptr<EventDecoder> eventDecoder()
{
    return std::make_unique<StreamDecoder>();
}

std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf)
{
    return std::make_unique<StreamEncoder>(context, std::move(costOf));
}

} // namespace gateway::dialect::completions
