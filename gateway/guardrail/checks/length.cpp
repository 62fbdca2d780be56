// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class LengthCheck final : public Check {
public:
    LengthCheck(std::int64_t bytes, std::int64_t tokens) : m_bytes(bytes), m_tokens(tokens) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const auto bytes = static_cast<std::int64_t>(subject.textBytes);
        if (m_bytes > 0 && bytes > m_bytes)
            return {true, "the text is longer than " + std::to_string(m_bytes) + " bytes"};
        // Four bytes are about a token where nobody has counted.
        const std::int64_t tokens = subject.tokens > 0 ? subject.tokens : bytes / 4;
        if (m_tokens > 0 && tokens > m_tokens)
            return {true, "it has more than " + std::to_string(m_tokens) + " tokens"};
        return {};
    }

private:
    std::int64_t m_bytes, m_tokens;
};

Result<std::unique_ptr<Check>> makeLength(const Parameters& parameters)
{
    return std::unique_ptr<Check>(
        new LengthCheck(parameters.number("max_bytes"), parameters.number("max_tokens")));
}

} // namespace

const CheckKind& lengthKind()
{
    static const CheckKind kind{
        "length",
        "Length",
        "Fails where a request or an answer is longer than it may be.",
        {{"max_bytes", Parameter::Type::Number, "Bytes of text at most (0: any)", "0", {}, 0, 1000000000},
         {"max_tokens", Parameter::Type::Number, "Tokens at most, about (0: any)", "0", {}, 0, 1000000000}},
        false,
        true,
        true,
        makeLength};
    return kind;
}

} // namespace gateway::guardrail
