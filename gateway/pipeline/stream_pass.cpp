// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/stream_pass.h"

#include <algorithm>

#include "base/json_text.h"
#include "dialect/content_text.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxHeldBack =
    std::size_t{256} * 1024; // before the first event; comments of a slow provider

// Some encoders repeat all of an answer at its end; as much as a plain one may have.
constexpr std::size_t kMaxTranslated = std::size_t{64} << 20;
constexpr std::size_t kMostAnswer = std::size_t{256} * 1024; // kept to be counted
constexpr std::size_t kBlockBytes = 512;                     // what is written around one that is empty
constexpr std::size_t kTokenBytes = 64; // of one token's likelihood as JSON, beside its text
constexpr std::size_t kBytePiece = 6;   // a byte there is a number, too: "255, "

std::size_t sizeOf(const TokenLogprob& token)
{
    return kTokenBytes + kBytePiece * (token.token.size() + token.bytes.size());
}

std::size_t sizeOf(const TextDelta& delta)
{
    std::size_t size = delta.text.size();
    for (const TokenLogprob& token : delta.logprobs) {
        size += sizeOf(token);
        for (const TokenLogprob& likely : token.top)
            size += sizeOf(likely);
    }
    return size;
}

/// About what an event adds to what an encoder keeps.
std::size_t sizeOf(const Event& event)
{
    if (const auto* text = std::get_if<TextDelta>(&event)) return sizeOf(*text);
    if (const auto* cited = std::get_if<Cited>(&event))
        return kBlockBytes + cited->citation.url.size() + cited->citation.title.size() +
               cited->citation.text.size();
    if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) return arguments->json.size();
    if (const auto* signature = std::get_if<SignatureDelta>(&event))
        return signature->signature.size() + signature->redacted.size();
    if (const auto* given = std::get_if<ImageGiven>(&event)) return given->image.base64.size();
    if (const auto* block = std::get_if<BlockStarted>(&event))
        return kBlockBytes + block->toolId.size() + block->toolName.size();
    return 0;
}

Error truncated()
{
    return upstreamError(Code::UpstreamTruncated, Retry::NextTarget,
                         "The provider ended its stream before the answer was complete.");
}

/// Of an answer that was left in its middle: whatever was told by then, more may be charged. Some providers
/// count its output only at the end, and say 1 or nothing before.
Usage soFar(Usage usage, std::size_t answerChars)
{
    if (!usage.known) return usage;
    usage.outputTokens = std::max(usage.outputTokens, roughTokens(answerChars));
    usage.estimated = true;
    return usage;
}

class PassThrough : public StreamPass {
public:
    PassThrough(const dialect::Dialect& dialect, dialect::MeterOptions options,
                dialect::CompletionContext context)
        : m_dialect(dialect), m_context(std::move(context)), m_meter(dialect.meter(std::move(options)))
    {
    }

    void take(const SseEvent& event, std::string& out) override
    {
        const auto reading = m_meter->read(event);
        if (reading.failed) {
            // Told to the client in our words: the provider's may hold its key.
            m_failure = m_meter->failure();
            return;
        }
        const bool dropped = reading.act == dialect::StreamMeter::Act::Drop;
        if (!m_committed && !event.hasData && out.size() > kMaxHeldBack) return;
        if (reading.act == dialect::StreamMeter::Act::Replace)
            out.append(reading.replacement);
        else if (reading.act == dialect::StreamMeter::Act::Cut)
            appendAround(event.raw, reading.cut, out);
        else if (!dropped)
            out.append(event.raw);
        m_committed = m_committed || (event.hasData && !dropped);
        m_ended = m_ended || reading.ended;
    }

    void close(std::string& out) override
    {
        if (m_ended || m_failure) return;
        if (!m_meter->finished()) {
            m_failure = truncated();
            return;
        }
        out.append(m_meter->missingEnd());
        m_ended = true;
    }

    void fail(const Error& error, std::string& out) override
    {
        m_context.soFar = m_meter->soFar();
        out.append(m_dialect.encodeStreamError(error, m_context));
    }

    [[nodiscard]] Usage usage() const override
    {
        return m_meter->finished() ? m_meter->usage() : soFar(m_meter->usage(), answerChars());
    }
    [[nodiscard]] Usage reported() const override { return m_meter->usage(); }
    [[nodiscard]] std::size_t answerChars() const override { return m_meter->answerChars(); }
    [[nodiscard]] std::string answerText() const override
    {
        // What is no JSON is counted as it stands.
        return unescapeJson(m_meter->answerJson()).value_or(m_meter->answerJson());
    }

private:
    static void appendAround(std::string_view raw, std::string_view cut, std::string& out)
    {
        const auto before = static_cast<std::size_t>(cut.data() - raw.data());
        out.append(raw.substr(0, before)).append(raw.substr(before + cut.size()));
    }

    const dialect::Dialect& m_dialect;
    dialect::CompletionContext m_context;
    std::unique_ptr<dialect::StreamMeter> m_meter;
};

class Translation : public StreamPass {
public:
    Translation(std::unique_ptr<dialect::EventDecoder> decoder,
                std::unique_ptr<dialect::EventEncoder> encoder, dialect::ToolNames toolNames,
                const dialect::Dialect& client, std::unique_ptr<EventGuard> guard)
        : m_client(client)
        , m_decoder(std::move(decoder))
        , m_encoder(std::move(encoder))
        , m_toolNames(std::move(toolNames))
        , m_keepAlive(client.keepAlive())
        , m_guard(std::move(guard))
    {
    }

    void take(const SseEvent& event, std::string& out) override
    {
        m_events.clear();
        m_decoder->read(event, m_events);
        // A provider that says only that it is still there: the client's own patience is measured, too.
        if ((!event.hasData || event.name == "ping") && m_committed && !m_ended) out.append(m_keepAlive);
        encode(out);
    }

    void close(std::string& out) override
    {
        if (m_ended || m_failure) return;
        m_events.clear();
        m_decoder->close(m_events);
        encode(out);
        if (!m_ended && !m_failure && !waits()) m_failure = truncated();
    }

    [[nodiscard]] bool waits() const override { return m_guard && m_guard->waits(); }
    [[nodiscard]] std::vector<Guarding::Ask> asks() const override { return m_guard->asks(); }
    void goOn(std::string& out) override
    {
        m_guarded.clear();
        m_guard->goOn(m_guarded);
        sendGuarded(out);
    }

    void fail(const Error& error, std::string& out) override { m_encoder->write(Failed{error}, out); }

    [[nodiscard]] Usage usage() const override
    {
        return m_finished || m_decoder->finished() ? m_usage : soFar(m_usage, answerChars());
    }
    [[nodiscard]] Usage reported() const override { return m_usage; }
    [[nodiscard]] std::size_t answerChars() const override { return m_answerChars; }
    [[nodiscard]] std::string answerText() const override { return m_answer; }

private:
    void encode(std::string& out)
    {
        for (Event& event : m_events) {
            if (m_ended || m_failure) return;
            if (const auto* failed = std::get_if<Failed>(&event)) {
                m_failure = failed->error;
                return;
            }
            if (const auto* reported = std::get_if<UsageReported>(&event)) m_usage = reported->usage;
            m_finished = m_finished || std::holds_alternative<Finished>(event);
            if (const auto* text = std::get_if<TextDelta>(&event)) addAnswer(text->text);
            if (const auto* arguments = std::get_if<ArgumentsDelta>(&event)) addAnswer(arguments->json);
            m_bytes += sizeOf(event);
            if (m_bytes > kMaxTranslated) {
                m_failure = upstreamError(Code::UpstreamResponseTooLarge, Retry::Never,
                                          "The provider's answer is larger than 64 MiB.");
                return;
            }
            m_toolNames.restore(event);
            if (!m_guard) {
                send(event, out);
                continue;
            }
            m_guarded.clear();
            m_guard->pass(std::move(event), m_guarded);
            sendGuarded(out);
        }
    }

    void sendGuarded(std::string& out)
    {
        for (const Event& each : m_guarded) {
            if (const auto* refused = std::get_if<Failed>(&each)) {
                m_failure = refused->error;
                return;
            }
            if (!m_ended) send(each, out);
        }
    }

    void send(const Event& event, std::string& out)
    {
        write(event, out);
        m_committed = m_committed || !std::holds_alternative<Started>(event);
        m_ended = std::holds_alternative<Ended>(event);
    }

    void addAnswer(std::string_view text)
    {
        m_answerChars += text.size();
        if (m_answer.size() < kMostAnswer) m_answer.append(text.substr(0, kMostAnswer - m_answer.size()));
    }

    void write(const Event& event, std::string& out)
    {
        const auto* given = std::get_if<ImageGiven>(&event);
        if (!given || m_client.answersWith(given->image)) {
            m_encoder->write(event, out);
            return;
        }
        m_encoder->write(BlockStarted{given->index, BlockKind::Text, {}, {}}, out);
        m_encoder->write(TextDelta{dialect::imageInWords(given->image)}, out);
        m_encoder->write(BlockEnded{given->index}, out);
    }

    const dialect::Dialect& m_client;
    std::unique_ptr<dialect::EventDecoder> m_decoder;
    std::unique_ptr<dialect::EventEncoder> m_encoder;
    dialect::ToolNames m_toolNames;
    std::string_view m_keepAlive;
    std::unique_ptr<EventGuard> m_guard; // null: nobody minds
    std::vector<Event> m_events, m_guarded;
    Usage m_usage;
    std::string m_answer; // the begin of it, so that a long one does not pile up here
    std::size_t m_answerChars = 0;
    std::size_t m_bytes = 0;
    bool m_finished = false; // why it ended was said, and with it the last count
};

/// Looks on.
class Watched : public StreamPass {
public:
    Watched(std::unique_ptr<StreamPass> pass, std::unique_ptr<dialect::EventDecoder> reader,
            std::unique_ptr<EventGuard> guard)
        : m_pass(std::move(pass)), m_reader(std::move(reader)), m_guard(std::move(guard))
    {
    }

    void take(const SseEvent& event, std::string& out) override
    {
        m_pass->take(event, out);
        m_events.clear();
        m_reader->read(event, m_events);
        follow();
    }
    void close(std::string& out) override
    {
        m_pass->close(out);
        m_events.clear();
        m_reader->close(m_events);
        follow();
    }
    void fail(const Error& error, std::string& out) override { m_pass->fail(error, out); }
    [[nodiscard]] bool heard() const override { return m_pass->heard(); }
    [[nodiscard]] Usage usage() const override { return m_pass->usage(); }
    [[nodiscard]] Usage reported() const override { return m_pass->reported(); }
    [[nodiscard]] std::size_t answerChars() const override { return m_pass->answerChars(); }
    [[nodiscard]] std::string answerText() const override { return m_pass->answerText(); }

private:
    void follow()
    {
        for (Event& event : m_events)
            m_guard->pass(std::move(event), m_seen);
        m_seen.clear();
        m_ended = m_pass->ended();
        m_failure = m_pass->failure();
        m_committed = m_pass->committed();
    }

    std::unique_ptr<StreamPass> m_pass;
    std::unique_ptr<dialect::EventDecoder> m_reader;
    std::unique_ptr<EventGuard> m_guard;
    std::vector<Event> m_events, m_seen;
};

} // namespace

std::unique_ptr<StreamPass> passThrough(const dialect::Dialect& dialect, dialect::MeterOptions options,
                                        dialect::CompletionContext context)
{
    return std::make_unique<PassThrough>(dialect, std::move(options), std::move(context));
}

std::unique_ptr<StreamPass> translation(const dialect::Dialect& provider,
                                        std::unique_ptr<dialect::EventEncoder> encoder,
                                        dialect::ToolNames toolNames, const dialect::Dialect& client,
                                        std::unique_ptr<EventGuard> guard)
{
    return std::make_unique<Translation>(provider.eventDecoder(), std::move(encoder), std::move(toolNames),
                                         client, std::move(guard));
}

std::unique_ptr<StreamPass> watched(std::unique_ptr<StreamPass> pass, const dialect::Dialect& provider,
                                    std::unique_ptr<EventGuard> guard)
{
    return std::make_unique<Watched>(std::move(pass), provider.eventDecoder(), std::move(guard));
}

} // namespace gateway::pipeline
