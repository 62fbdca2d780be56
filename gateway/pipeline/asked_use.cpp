// SPDX-License-Identifier: GPL-3.0-or-later
// What a request tells of its use before it is answered: what is put aside for it, and what it is charged
// when its client leaves.
#include <algorithm>
#include <cstdint>

#include "base/json_cursor.h"
#include "dialect/json_object.h"
#include "pipeline/ledger.h"
#include "pipeline/target_exchange.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kUnsaidLength = 4096;    // of a model whose largest answer nobody knows
constexpr std::int64_t kImageTokens = 6300;     // of a large picture in high quality
constexpr std::int64_t kMostAnswers = 128;      // that OpenAI gives to one request
constexpr std::int64_t kSoundBytesPerMilli = 4; // of speech, tightly packed
constexpr std::int64_t kMillisPerSoundToken = 100;
constexpr std::int64_t kUnsaidFilmSeconds = 12;
constexpr std::int64_t kMostFilmSeconds = 3600;

bool makesImages(Operation operation)
{
    return operation == Operation::MakeImage || operation == Operation::EditImage ||
           operation == Operation::VaryImage;
}

bool hears(Operation operation)
{
    return operation == Operation::Transcribe || operation == Operation::TranslateSpeech;
}

/// Forms have numbers as texts, and some clients write them so in JSON, too.
std::optional<std::int64_t> numberIn(std::string_view value)
{
    if (const auto number = jsonInteger(value)) return number;
    const std::string text = dialect::textOf(value);
    return text.empty() ? std::nullopt : jsonInteger(text);
}

std::int64_t charactersIn(std::string_view value)
{
    const bool quoted = value.starts_with('"');
    return static_cast<std::int64_t>(value.size()) - (quoted ? 2 : 0);
}

} // namespace

std::string_view TargetExchange::asked(std::string_view name)
{
    const RoutedRequest request = routedRequest();
    const JsonMember* const member = request.body ? request.body->find(name) : nullptr;
    return member ? member->value : std::string_view();
}

Usage TargetExchange::askedUse()
{
    const Operation operation = m_endpoint.operation;
    Usage usage;
    usage.known = usage.estimated = true;
    if (makesImages(operation)) {
        usage.inputTokens = roughTokens(asked("prompt").size());
        usage.images = std::clamp<std::int64_t>(numberIn(asked("n")).value_or(1), 1, kMostAnswers);
    } else if (operation == Operation::Speak) {
        usage.characters = charactersIn(asked("input"));
        usage.inputTokens = roughTokens(static_cast<std::size_t>(usage.characters));
    } else if (hears(operation)) {
        const auto bytes = std::max<std::uint64_t>(m_body.size(), m_head.contentLength);
        usage.milliseconds = static_cast<std::int64_t>(bytes) / kSoundBytesPerMilli;
        usage.inputTokens = usage.audioInputTokens = usage.milliseconds / kMillisPerSoundToken;
    } else if (operation == Operation::Video) {
        const std::int64_t seconds = numberIn(asked("seconds")).value_or(kUnsaidFilmSeconds);
        usage.milliseconds = std::clamp<std::int64_t>(seconds, 1, kMostFilmSeconds) * 1000;
    } else {
        usage.inputTokens = estimatedTokens(m_body);
        usage.requests = operation == Operation::Rerank ? 1 : 0;
    }
    return usage;
}

Usage TargetExchange::mostUse(const TargetFacts& facts)
{
    Usage usage = askedUse();
    const Operation operation = m_endpoint.operation;
    const std::int64_t known = facts.row ? facts.row->maxOutput.value_or(0) : 0;
    const auto longest = [known](std::int64_t otherwise) { return known > 0 ? known : otherwise; };
    if (makesImages(operation)) {
        usage.outputTokens = usage.imageOutputTokens = longest(kImageTokens) * usage.images;
    } else if (operation == Operation::Speak) {
        usage.outputTokens = usage.audioOutputTokens = longest(kUnsaidLength);
    } else if (hears(operation)) {
        usage.outputTokens = longest(kUnsaidLength);
    } else if (operation == Operation::Chat) {
        const dialect::RequestFacts* const said = routedRequest().facts;
        std::int64_t length = longest(kUnsaidLength);
        if (said && said->maxTokens) length = std::clamp<std::int64_t>(*said->maxTokens, 0, length);
        // Gemini's name for the first of them stands among its other settings.
        const auto gemini = numberIn(memberValue(asked("generationConfig"), "candidateCount"));
        std::int64_t answers = gemini.value_or(1);
        for (const std::string_view name : {"n", "best_of"})
            answers = std::max(answers, numberIn(asked(name)).value_or(1));
        usage.outputTokens = length * std::clamp<std::int64_t>(answers, 1, kMostAnswers);
    }
    return usage;
}

void TargetExchange::leaveCall(const Attempt& attempt)
{
    if (!attempt.call || attempt.row.status >= 300 || attempt.call->times().sent == 0) return;
    // What has come whole is being settled, maybe on another thread, and who lost a race has its price.
    if (attempt.received || isLost(attempt)) return;
    if (m_recorded || m_endpoint.operation == Operation::CountTokens || !isPaidFor()) return;
    // A client may leave twice: by closing, and by what it no longer reads.
    if (std::any_of(m_leftCalls.begin(), m_leftCalls.end(),
                    [&attempt](const LeftCall& left) { return left.place == attempt.place; }))
        return;
    const Usage use = askedUse();
    const Cost cost = priceOf(attempt, use);
    if (cost.source != CostSource::Unknown) m_leftCalls.push_back({attempt.place, use, cost});
}

void TargetExchange::noteLeftCalls()
{
    // What was settled without a price is known better by what was asked.
    std::erase_if(m_leftCalls,
                  [this](const LeftCall& left) { return left.place == m_settledPlace && !m_unpriced; });
    if (m_leftCalls.empty()) return;
    // Calls at the same time were asked the same, which counts once.
    const LeftCall& last = m_leftCalls.back();
    if (m_row.costSource.empty()) {
        noteUse(m_row, last.use, last.cost);
        m_row.costNanos = m_unusedNanos;
    } else {
        addUse(m_row, last.use);
    }
    m_row.costSource = sourceName(CostSource::Estimated);
    for (const LeftCall& left : m_leftCalls) {
        m_row.costNanos += left.cost.amount.nanos();
        m_row.attempts[left.place].costNanos += left.cost.amount.nanos();
    }
}

} // namespace gateway::pipeline
