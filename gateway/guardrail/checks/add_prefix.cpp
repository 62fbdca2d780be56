// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class AddPrefixCheck final : public Check {
public:
    AddPrefixCheck(std::string prefix, MessageOf message) : m_prefix(std::move(prefix)), m_message(message) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const bool speaks = subject.requestType == "chat" || subject.requestType == "completions";
        const bool isLast = m_message == MessageOf::Last || m_message == subject.lastIs;
        const std::string_view text =
            isLast ? subject.text : subject.firstOf[static_cast<std::size_t>(m_message)];
        // A message that is not there is none to put it before; routes add messages.
        if (!speaks || text.starts_with(m_prefix) || (text.empty() && !isLast)) return {};
        Opinion opinion{true, "a prefix is put before the message", m_prefix + std::string(text)};
        if (!isLast) opinion.insteadOf = m_message;
        return opinion;
    }

private:
    std::string m_prefix;
    MessageOf m_message;
};

MessageOf messageOf(std::string_view role)
{
    if (role == "system") return MessageOf::System;
    if (role == "user") return MessageOf::User;
    return role == "assistant" ? MessageOf::Assistant : MessageOf::Last;
}

Result<std::unique_ptr<Check>> makeAddPrefix(const Parameters& parameters)
{
    std::string prefix = parameters.text("prefix");
    if (prefix.empty())
        return clientError(Code::InvalidRequest, "Is empty: there is nothing to add.", "prefix");
    return std::unique_ptr<Check>(new AddPrefixCheck(std::move(prefix), messageOf(parameters.text("role"))));
}

} // namespace

const CheckKind& addPrefixKind()
{
    static const CheckKind kind = [] {
        CheckKind made{
            "add_prefix",
            "Prefix",
            "With the action rewrite, puts a text before the last message, or the first of a role.",
            {{"prefix", Parameter::Type::Text, "Text"},
             {"role",
              Parameter::Type::Choice,
              "Whose message",
              R"("last")",
              {"last", "system", "user", "assistant"}}},
            false,
            true,
            false,
            makeAddPrefix};
        made.mends = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
