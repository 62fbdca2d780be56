// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "guardrail/check_kind.h"
#include "guardrail/language_of.h"
#include "meaning/embedder.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostExamples = 200;
constexpr std::size_t kLeastWords = 4, kMostWords = 60; // of what is told at once
constexpr std::size_t kMostSentences = 32;              // a few milliseconds each
constexpr std::size_t kMostReasonText = 60;

using Vectors = std::vector<meaning::Vector>;

bool endsSentence(std::string_view text, std::size_t at)
{
    if (text[at] == '\n') return true;
    const bool isMark = text[at] == '.' || text[at] == '!' || text[at] == '?';
    return isMark && (at + 1 == text.size() || static_cast<unsigned char>(text[at + 1]) <= ' ');
}

/// The text's sentences, short ones with the next and long ones in parts; of a long text its beginning and
/// its end.
std::vector<std::string_view> sentencesOf(std::string_view text)
{
    std::vector<std::string_view> sentences;
    const auto keep = [&sentences](std::string_view sentence) {
        if (sentences.size() == kMostSentences)
            sentences.erase(sentences.begin() + static_cast<std::ptrdiff_t>(kMostSentences / 2));
        sentences.push_back(sentence);
    };
    std::size_t begin = 0, words = 0;
    bool inWord = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool isSpace = static_cast<unsigned char>(text[at]) <= ' ';
        words += !isSpace && !inWord ? 1 : 0;
        inWord = !isSpace;
        const bool isLong = isSpace && words >= kMostWords;
        if (!isLong && (words < kLeastWords || !endsSentence(text, at))) continue;
        keep(text.substr(begin, at + 1 - begin));
        begin = at + 1;
        words = 0;
        inWord = false;
    }
    if (words > 0) keep(text.substr(begin));
    return sentences;
}

struct Nearest {
    float likeness = -1;
    std::size_t place = 0;
};

Nearest nearest(const meaning::Vector& vector, const Vectors& examples)
{
    Nearest found;
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const float each = meaning::likeness(vector, examples[i]);
        if (each > found.likeness) found = {each, i};
    }
    return found;
}

class TopicsCheck final : public Check {
public:
    TopicsCheck(std::vector<std::string> deny, std::vector<std::string> allow, float threshold)
        : m_deny(std::move(deny)), m_allow(std::move(allow)), m_threshold(threshold)
    {
    }

    [[nodiscard]] std::optional<Inquiry> inquiry(const Subject& subject) const override
    {
        if (trimmed(subject.text).empty()) return std::nullopt;
        Inquiry inquiry;
        inquiry.body = subject.text;
        return inquiry;
    }

    [[nodiscard]] Result<Opinion> ponder(std::string_view text,
                                         const meaning::Embedder& embedder) const override
    {
        const std::string_view language = languageOf(text);
        if (embedder.hasModel() && !language.empty() && language != "en")
            return gatewayError(Code::Internal, "Topics can be told of English texts only.");
        const Examples& examples = known(embedder);
        float nearAllowed = -1;
        for (const std::string_view sentence : sentencesOf(text)) {
            const meaning::Vector vector = embedder.embed(sentence);
            const Nearest denied = nearest(vector, examples.deny), allowed = nearest(vector, examples.allow);
            if (denied.likeness >= m_threshold && denied.likeness > allowed.likeness)
                return Opinion{true, "it is about what it should not be about, such as \"" +
                                         shortened(m_deny[denied.place], kMostReasonText) + "\""};
            nearAllowed = std::max(nearAllowed, allowed.likeness);
        }
        if (m_allow.empty() || nearAllowed >= m_threshold) return Opinion();
        return Opinion{true, "it is about nothing that it should be about"};
    }

private:
    struct Examples {
        Vectors deny, allow;
    };

    /// Told when they are asked for first: a configuration is read where nobody may wait.
    [[nodiscard]] const Examples& known(const meaning::Embedder& embedder) const
    {
        std::call_once(m_once, [&] {
            for (const std::string& each : m_deny)
                m_examples.deny.push_back(embedder.embed(each));
            for (const std::string& each : m_allow)
                m_examples.allow.push_back(embedder.embed(each));
        });
        return m_examples;
    }

    std::vector<std::string> m_deny, m_allow;
    float m_threshold;
    mutable std::once_flag m_once;
    mutable Examples m_examples;
};

Result<std::unique_ptr<Check>> makeTopics(const Parameters& parameters)
{
    auto deny = parameters.texts("deny"), allow = parameters.texts("allow");
    if (deny.empty() && allow.empty())
        return clientError(Code::InvalidRequest,
                           "Write at least one example of what is not wanted (`deny`) or wanted (`allow`).",
                           "deny");
    for (const auto& [list, name] : {std::pair(&deny, "deny"), std::pair(&allow, "allow")}) {
        const bool isEmpty = std::any_of(list->begin(), list->end(),
                                         [](const std::string& each) { return trimmed(each).empty(); });
        if (isEmpty || list->size() > kMostExamples)
            return clientError(Code::InvalidRequest,
                               "`" + std::string(name) + "` takes up to 200 examples, none of them empty.",
                               name);
    }
    const float threshold = static_cast<float>(parameters.number("threshold")) / 100;
    return std::unique_ptr<Check>(new TopicsCheck(std::move(deny), std::move(allow), threshold));
}

} // namespace

const CheckKind& topicsKind()
{
    static const CheckKind kind = [] {
        Parameter deny{"deny", Parameter::Type::Texts, "Not about these (examples)", "[]"};
        deny.help = "A few sentences as they would be said, or a description, for each topic.";
        Parameter allow{"allow", Parameter::Type::Texts, "Only about these (examples)", "[]"};
        allow.help = "Empty: about anything.";
        Parameter threshold{"threshold", Parameter::Type::Number, "Likeness from which on, in percent", "60"};
        threshold.least = 20;
        threshold.most = 95;
        CheckKind made{
            "topics",
            "Topics",
            "Fails where an English text is about what it should not be about, told by its meaning "
            "on this machine.",
            {deny, allow, threshold},
            false,
            true,
            true,
            makeTopics};
        made.asks = made.ponders = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
