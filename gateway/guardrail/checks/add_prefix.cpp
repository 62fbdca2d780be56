// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class AddPrefixCheck final : public Check {
public:
    struct Rules {
        std::string prefix;
        MessageOf message = MessageOf::Last;
        bool addsToExisting = true, onlyIfEmpty = false;
    };
    explicit AddPrefixCheck(Rules rules) : m_rules(std::move(rules)) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const bool isPrompt = subject.requestType == "completions"; // one text, whoever says it
        if (!isPrompt && subject.requestType != "chat") return {};
        const bool isLast =
            isPrompt || m_rules.message == MessageOf::Last || m_rules.message == subject.lastIs;
        const std::string_view text =
            isLast ? subject.text : subject.firstOf[static_cast<std::size_t>(m_rules.message)];
        if (text.starts_with(m_rules.prefix)) return {};
        const bool isThere = isLast || !text.empty();
        if (isThere && !isPrompt && m_rules.onlyIfEmpty) return {};
        if (!isPrompt && (!isThere || !m_rules.addsToExisting)) return added(isThere);
        Opinion opinion{true, "a prefix is put before the message", m_rules.prefix + std::string(text)};
        if (!isLast) opinion.insteadOf = m_rules.message;
        return opinion;
    }

private:
    /// As a message of its own: the system's first, a user's before what users say, or behind it all.
    [[nodiscard]] Opinion added(bool isThere) const
    {
        if (m_rules.message != MessageOf::System && m_rules.message != MessageOf::User) return {};
        Opinion opinion{true, "a message is added"};
        opinion.add =
            AddedMessage{m_rules.message, isThere || m_rules.message == MessageOf::System, m_rules.prefix};
        return opinion;
    }

    Rules m_rules;
};

MessageOf messageOf(std::string_view role)
{
    if (role == "system") return MessageOf::System;
    if (role == "user") return MessageOf::User;
    return role == "assistant" ? MessageOf::Assistant : MessageOf::Last;
}

Result<std::unique_ptr<Check>> makeAddPrefix(const Parameters& parameters)
{
    AddPrefixCheck::Rules rules{parameters.text("prefix"), messageOf(parameters.text("role")),
                                parameters.flag("add_to_existing"), parameters.flag("only_if_empty")};
    if (rules.prefix.empty())
        return clientError(Code::InvalidRequest, "Is empty: there is nothing to add.", "prefix");
    const bool mayAdd = rules.message == MessageOf::System || rules.message == MessageOf::User;
    if (!mayAdd && (!rules.addsToExisting || rules.onlyIfEmpty))
        return clientError(
            Code::InvalidRequest,
            "Only the system's or a user's message can be added: `role` has to be \"system\" or "
            "\"user\".",
            rules.addsToExisting ? "only_if_empty" : "add_to_existing");
    return std::unique_ptr<Check>(new AddPrefixCheck(std::move(rules)));
}

} // namespace

const CheckKind& addPrefixKind()
{
    static const CheckKind kind = [] {
        CheckKind made{"add_prefix",
                       "Prefix",
                       "With the action rewrite, puts a text before the last message, or the first of a "
                       "role; or adds a message.",
                       {{"prefix", Parameter::Type::Text, "Text"},
                        {"role",
                         Parameter::Type::Choice,
                         "Whose message",
                         R"("last")",
                         {"last", "system", "user", "assistant"}},
                        {"add_to_existing", Parameter::Type::Flag, "Into the message that is there", "true"},
                        {"only_if_empty", Parameter::Type::Flag, "Only where there is none", "false"}},
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
