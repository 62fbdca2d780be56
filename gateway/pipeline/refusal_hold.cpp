// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/refusal_hold.h"

#include <utility>
#include <variant>
#include <vector>

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostHeld = std::size_t{256} * 1024; // of thoughts; more than that is an answer

class RefusalHold final : public StreamPass {
public:
    RefusalHold(std::unique_ptr<StreamPass> pass, std::unique_ptr<dialect::EventDecoder> reader,
                std::string provider)
        : m_pass(std::move(pass)), m_reader(std::move(reader)), m_provider(std::move(provider))
    {
    }

    void take(const SseEvent& event, std::string& out) override
    {
        m_pass->take(event, out);
        if (m_reader) {
            m_events.clear();
            m_reader->read(event, m_events);
            look();
        }
        follow(out);
    }

    void close(std::string& out) override
    {
        m_pass->close(out);
        if (m_reader) {
            m_events.clear();
            m_reader->close(m_events);
            look();
        }
        follow(out);
    }

    [[nodiscard]] bool waits() const override { return m_pass->waits(); }
    [[nodiscard]] std::vector<Guarding::Ask> asks() const override { return m_pass->asks(); }
    void goOn(std::string& out) override
    {
        m_pass->goOn(out);
        follow(out);
    }
    void fail(const Error& error, std::string& out) override { m_pass->fail(error, out); }
    [[nodiscard]] bool heard() const override { return m_pass->committed(); }
    [[nodiscard]] Usage usage() const override { return m_pass->usage(); }
    [[nodiscard]] Usage reported() const override { return m_pass->reported(); }
    [[nodiscard]] std::size_t answerChars() const override { return m_pass->answerChars(); }
    [[nodiscard]] std::string answerText() const override { return m_pass->answerText(); }

private:
    void look()
    {
        for (const Event& event : m_events) {
            if (m_refuses || m_answers) return;
            if (const auto* block = std::get_if<BlockStarted>(&event)) {
                m_isText = block->kind == BlockKind::Text;
                m_answers = block->kind == BlockKind::ToolCall;
            } else if (const auto* text = std::get_if<TextDelta>(&event)) {
                m_refuses = text->refusal;
                m_answers = !m_refuses && m_isText && !text->text.empty();
            } else if (const auto* finished = std::get_if<Finished>(&event)) {
                m_refuses = finished->finish == Finish::ContentFilter;
                m_answers = !m_refuses;
            } else if (std::holds_alternative<ImageGiven>(event)) {
                m_answers = true;
            }
        }
    }

    void follow(std::string& out)
    {
        m_ended = m_pass->ended();
        m_failure = m_pass->failure();
        if (m_refuses) {
            out.clear();
            // To its end, where most providers tell what they take for it.
            const bool over = m_ended || m_failure || m_pass->answerChars() > kMostHeld;
            if (over) m_failure = refusedContent(m_provider);
            return;
        }
        m_answers = m_answers || m_ended || out.size() > kMostHeld;
        if (m_answers) m_reader.reset();
        m_committed = m_answers && m_pass->committed();
    }

    std::unique_ptr<StreamPass> m_pass;
    std::unique_ptr<dialect::EventDecoder> m_reader; // null: it is plain that it answers
    std::string m_provider;
    std::vector<Event> m_events;
    bool m_isText = false; // the block that is open
    bool m_answers = false;
    bool m_refuses = false;
};

} // namespace

Error refusedContent(const std::string& provider)
{
    Error refused = upstreamError(Code::UpstreamRefused, Retry::NextTarget,
                                  provider + " refused to answer what was said.");
    refused.contentRefused = true;
    return refused;
}

std::unique_ptr<StreamPass> holdingRefusals(std::unique_ptr<StreamPass> pass,
                                            const dialect::Dialect& provider, std::string providerName)
{
    return std::make_unique<RefusalHold>(std::move(pass), provider.eventDecoder(), std::move(providerName));
}

} // namespace gateway::pipeline
