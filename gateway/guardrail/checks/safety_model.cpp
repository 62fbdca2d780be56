// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a model that was made to tell what is safe, as Llama Guard and its like: they answer "safe", or
// "unsafe" with the hazards' codes on the next line (the model cards of Llama Guard 3 and 4).
#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "guardrail/asked_model.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class SafetyModelCheck final : public Check {
public:
    SafetyModelCheck(std::string model, std::vector<std::string> hazards, std::chrono::milliseconds timeout)
        : m_model(std::move(model)), m_hazards(std::move(hazards)), m_timeout(timeout)
    {
    }

    [[nodiscard]] std::optional<Inquiry> inquiry(const Subject& subject) const override
    {
        if (subject.text.empty()) return std::nullopt;
        // Its own template of a conversation is the server's to put around the text.
        return chatInquiry(m_model, {}, subject.text, 40, m_timeout);
    }

    [[nodiscard]] Result<Opinion> read(int status, std::string_view reply) const override
    {
        const auto said = chatReply(status, reply);
        if (!said) return said.error();
        const std::string_view text = trimmed(*said);
        const auto line = text.find('\n');
        const std::string_view first = trimmed(text.substr(0, line));
        if (equalsIgnoreCase(first, "safe")) return Opinion();
        if (!equalsIgnoreCase(first, "unsafe"))
            return gatewayError(Code::Internal, R"(The safety model said neither "safe" nor "unsafe".)");
        std::string found;
        const std::string_view codes = line == std::string_view::npos ? "" : text.substr(line + 1);
        for (const std::string_view code : splitAt(codes, ',')) {
            const std::string_view name = trimmed(code);
            // What is no code is not passed on: a model may repeat what it read.
            const bool isCode = !name.empty() && name.size() <= 8 &&
                                std::all_of(name.begin(), name.end(), [](char c) { return isAsciiAlnum(c); });
            if (isCode && (m_hazards.empty() || contains(m_hazards, name)))
                found.append(found.empty() ? "" : ", ").append(name);
        }
        if (found.empty() && !m_hazards.empty()) return Opinion();
        return Opinion{true, found.empty() ? std::string("the safety model says it is unsafe")
                                           : "the safety model found " + found};
    }

private:
    std::string m_model;
    std::vector<std::string> m_hazards;
    std::chrono::milliseconds m_timeout;
};

Result<std::unique_ptr<Check>> makeSafetyModel(const Parameters& parameters)
{
    auto model = askedModel(parameters);
    if (!model) return model.error();
    return std::unique_ptr<Check>(
        new SafetyModelCheck(std::move(*model), parameters.texts("hazards"),
                             std::chrono::milliseconds(parameters.number("timeout_ms"))));
}

} // namespace

const CheckKind& safetyModelKind()
{
    static const CheckKind kind = [] {
        CheckKind made{"safety_model",
                       "Safety model",
                       "Asks a model made for it, such as Llama Guard, whether the text is safe.",
                       modelParameters({{"hazards",
                                         Parameter::Type::Texts,
                                         "Hazards",
                                         "[]",
                                         {},
                                         0,
                                         0,
                                         "Codes such as S1 or S11; empty: all."}}),
                       false,
                       true,
                       true,
                       makeSafetyModel};
        made.asks = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
