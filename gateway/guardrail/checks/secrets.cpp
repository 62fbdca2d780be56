// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "guardrail/check_kind.h"
#include "guardrail/secrets/secret_finder.h"

namespace gateway::guardrail {

namespace {

class SecretsCheck final : public Check {
public:
    SecretsCheck(std::vector<std::string> except, bool generic) : m_except(std::move(except))
    {
        if (!generic) m_except.insert(m_except.end(), {"generic_secret", "password"});
    }

    void find(std::string_view text, std::vector<Found>& into) const override
    {
        SecretFinder::shared().find(
            text,
            [this](std::string_view kind) {
                return std::find(m_except.begin(), m_except.end(), kind) == m_except.end();
            },
            into);
    }

    [[nodiscard]] std::size_t openSince(std::string_view text) const override
    {
        const std::size_t open = guardrail::openSince(text);
        constexpr std::size_t kMostHeld = 64;
        if (text.size() - open <= kMostHeld) return open;
        // A long word is held on only where a key may have begun in it.
        const std::string_view tail = text.substr(open);
        const bool mayBe = tail.starts_with("-----BEGIN") || SecretFinder::shared().mayFind(tail);
        return mayBe ? open : text.size() - kMostHeld;
    }

    [[nodiscard]] bool mayFind(std::string_view json) const override
    {
        return SecretFinder::shared().mayFind(json);
    }

private:
    std::vector<std::string> m_except;
};

Result<std::unique_ptr<Check>> makeSecrets(const Parameters& parameters)
{
    const std::vector<std::string_view> known = secretKinds();
    std::vector<std::string> except = parameters.texts("except");
    for (const std::string& each : except) {
        if (std::find(known.begin(), known.end(), each) == known.end())
            return clientError(Code::InvalidRequest,
                               "\"except\" names an unknown kind of secret: " + each + "." +
                                   didYouMean(each, {known.begin(), known.end()}),
                               "except");
    }
    return std::unique_ptr<Check>(new SecretsCheck(std::move(except), parameters.flag("entropy")));
}

} // namespace

const CheckKind& secretsKind()
{
    static const CheckKind kind{"secrets",
                                "Secrets",
                                "Finds keys and tokens of services, private keys, passwords in addresses, "
                                "and values that look like secrets.",
                                {{"except", Parameter::Type::Texts, "Leave out", "[]"},
                                 {"entropy", Parameter::Type::Flag,
                                  "Passwords and keys of unknown services, by their looks", "true"}},
                                true,
                                true,
                                true,
                                makeSecrets};
    return kind;
}

} // namespace gateway::guardrail
