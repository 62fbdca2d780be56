// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/completion_events.h"

#include <utility>

namespace gateway::dialect {

namespace {

/// Puts events together, one after the other.
class Collector {
public:
    void operator()(const Started& started)
    {
        m_completion.id = started.id;
        m_completion.model = started.model;
    }
    void operator()(const BlockStarted& block)
    {
        switch (block.kind) {
        case BlockKind::ToolCall:
            m_completion.parts.emplace_back(ToolCallPart{block.toolId, block.toolName, {}});
            break;
        case BlockKind::Thinking:
            m_completion.parts.emplace_back(ThinkingPart{});
            break;
        default:
            m_completion.parts.emplace_back(TextPart{});
        }
    }
    void operator()(const TextDelta& delta)
    {
        if (auto* text = last<TextPart>()) {
            text->text += delta.text;
            text->logprobs.insert(text->logprobs.end(), delta.logprobs.begin(), delta.logprobs.end());
            m_completion.refused = m_completion.refused || delta.refusal;
        } else if (auto* thinking = last<ThinkingPart>()) {
            thinking->text += delta.text;
        }
    }
    void operator()(const Cited& cited)
    {
        if (auto* text = last<TextPart>()) text->citations.push_back(cited.citation);
    }
    void operator()(const ArgumentsDelta& delta)
    {
        if (auto* call = last<ToolCallPart>()) call->argumentsJson += delta.json;
    }
    void operator()(const SignatureDelta& delta)
    {
        auto* thinking = last<ThinkingPart>();
        if (!thinking) return;
        thinking->signature += delta.signature;
        thinking->redacted += delta.redacted;
    }
    void operator()(const BlockEnded&)
    {
        auto* call = last<ToolCallPart>();
        if (call && call->argumentsJson.empty()) call->argumentsJson = "{}";
    }
    void operator()(const ImageGiven& given) { m_completion.parts.emplace_back(given.image); }
    void operator()(const UsageReported& reported) { m_completion.usage = reported.usage; }
    void operator()(const Finished& finished)
    {
        m_completion.finish = finished.finish;
        m_completion.stopSequence = finished.stopSequence;
    }
    void operator()(const Ended&) {}
    void operator()(const Failed&) {}

    [[nodiscard]] Completion take() { return std::move(m_completion); }

private:
    template <class Kind>
    Kind* last()
    {
        return m_completion.parts.empty() ? nullptr : std::get_if<Kind>(&m_completion.parts.back());
    }

    Completion m_completion;
};

/// Writes the parts of an answer as blocks.
class Scatterer {
public:
    Scatterer(std::vector<Event>& events, bool refused) : m_events(events), m_refused(refused) {}

    void operator()(const TextPart& part)
    {
        begin(BlockKind::Text);
        m_events.emplace_back(TextDelta{part.text, part.logprobs, m_refused});
        for (const Citation& each : part.citations)
            m_events.emplace_back(Cited{each});
        end();
    }
    void operator()(const ThinkingPart& part)
    {
        begin(BlockKind::Thinking);
        if (!part.text.empty()) m_events.emplace_back(TextDelta{part.text});
        if (!part.signature.empty() || !part.redacted.empty())
            m_events.emplace_back(SignatureDelta{part.signature, part.redacted});
        end();
    }
    void operator()(const ToolCallPart& part)
    {
        begin(BlockKind::ToolCall, part.id, part.name);
        m_events.emplace_back(ArgumentsDelta{part.argumentsJson});
        end();
    }
    void operator()(const ImagePart& part) { m_events.emplace_back(ImageGiven{m_index++, part}); }
    // Answers have none of these.
    void operator()(const DocumentPart&) {}
    void operator()(const ToolResultPart&) {}

private:
    void begin(BlockKind kind, std::string id = {}, std::string name = {})
    {
        m_events.emplace_back(BlockStarted{m_index, kind, std::move(id), std::move(name)});
    }
    void end() { m_events.emplace_back(BlockEnded{m_index++}); }

    std::vector<Event>& m_events;
    bool m_refused;
    int m_index = 0;
};

} // namespace

Completion completionOf(std::span<const Event> events)
{
    Collector collector;
    for (const Event& each : events)
        std::visit(collector, each);
    return collector.take();
}

std::vector<Event> eventsOf(const Completion& completion)
{
    std::vector<Event> events;
    events.emplace_back(Started{completion.id, completion.model});
    Scatterer scatterer(events, completion.refused);
    for (const Part& part : completion.parts)
        std::visit(scatterer, part);
    events.emplace_back(UsageReported{completion.usage});
    events.emplace_back(Finished{completion.finish, completion.stopSequence});
    events.emplace_back(Ended{});
    return events;
}

} // namespace gateway::dialect
