// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/key_choice.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace gateway::imports {

namespace {

/// The variable that the text names; empty where it names none.
std::string_view variableIn(std::string_view text)
{
    for (const std::string_view prefix : {"os.environ/", "env."}) {
        if (text.starts_with(prefix)) return text.substr(prefix.size());
    }
    if (text.starts_with("${") && text.ends_with('}')) return text.substr(2, text.size() - 3);
    return text.starts_with('$') ? text.substr(1) : std::string_view();
}

} // namespace

KeyChoice keyInVariable(std::string_view name)
{
    KeyChoice choice;
    choice.kind = KeyChoice::Kind::Unreadable;
    if (auto ref = parseSecretRef("env:" + std::string(name))) {
        choice.kind = KeyChoice::Kind::Reference;
        choice.ref = std::move(ref.value());
    }
    return choice;
}

KeyChoice keyIn(std::string_view text)
{
    const std::string_view written = trimmed(text);
    KeyChoice choice;
    choice.kind = KeyChoice::Kind::None;
    if (written.empty()) return choice;
    if (const std::string_view variable = variableIn(written); !variable.empty())
        return keyInVariable(variable);
    choice.kind = KeyChoice::Kind::Unreadable;
    if (auto secret = secretIn(written)) {
        choice.kind = KeyChoice::Kind::Literal;
        choice.literal = std::move(*secret);
    }
    return choice;
}

KeyChoice awsKeyIn(std::string_view id, std::string_view secret)
{
    const KeyChoice left = keyIn(id), right = keyIn(secret);
    KeyChoice choice;
    choice.kind = KeyChoice::Kind::Elsewhere;
    if (left.kind != KeyChoice::Kind::Literal || right.kind != KeyChoice::Kind::Literal) return choice;
    std::string pair = std::string(left.literal.reveal()).append(":").append(right.literal.reveal());
    choice.kind = KeyChoice::Kind::Literal;
    choice.literal = Secret(pair);
    wipe(pair);
    return choice;
}

KeyChoice withoutStandIn(const KeyChoice& key)
{
    constexpr std::size_t kLongestWord = 10;
    const bool word = key.kind == KeyChoice::Kind::Literal && key.literal.reveal().size() <= kLongestWord;
    return word ? keyIn({}) : key;
}

bool sameKey(const KeyChoice& left, const KeyChoice& right)
{
    return left.kind == right.kind && left.ref == right.ref &&
           left.literal.reveal() == right.literal.reveal();
}

bool namesAKey(std::string_view name)
{
    constexpr std::array<std::string_view, 6> kParts = {"key",        "secret",        "password",
                                                        "passphrase", "authorization", "credential"};
    const std::string lower = lowered(name);
    return lower.ends_with("token") ||
           std::any_of(kParts.begin(), kParts.end(),
                       [&lower](std::string_view part) { return lower.find(part) != std::string::npos; });
}

} // namespace gateway::imports
