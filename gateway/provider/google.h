// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "provider/kind.h"

/// What Google's two ways to its models share, and the keys that its cloud gives to programs.
namespace gateway::provider::google {

/// ":generateContent" and its sisters, with the query that makes a stream one of events.
[[nodiscard]] std::string verb(const CallShape& call);
/// A model's name as it may stand in a path.
[[nodiscard]] std::string pathText(std::string_view model);

/// True for the JSON file of a service account.
[[nodiscard]] bool isAccountFile(std::string_view key);
/// The call that exchanges such a file for an access token: a JWT signed with its private key (RFC 7523),
/// good for an hour. Error: the file is not complete or its key cannot be read.
[[nodiscard]] Result<TokenCall> accountTokenCall(const Secret& key, std::int64_t now);
[[nodiscard]] Result<Token> accountToken(std::string_view answer);

} // namespace gateway::provider::google
