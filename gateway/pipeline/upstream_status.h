// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "gateway/error.h"

#include "dialect/dialect.h"
#include "routing/rules.h"
#include "upstream/reply_head.h"

namespace gateway::pipeline {

/// A provider's answer that is no success, as our error (contract, section 7). `sameDialect`: its body can be
/// passed on as it is. `secrets` are taken out of everything that is kept of it.
struct RefusedReply {
    const upstream::ReplyHead& head;
    std::string_view body;
    std::string_view provider;
    const dialect::Dialect& dialect;
    bool sameDialect = false;
    bool anyShape = false; // JSON is passed on even if it is no error of that dialect
};
[[nodiscard]] Error refusedReply(const RefusedReply& reply, const routing::RetryRules& rules,
                                 const std::vector<std::string_view>& secrets);

/// What the client is told when no target answered: the one candidate's own error; of several the last one's
/// if all share a status, else all_targets_failed.
[[nodiscard]] Error finalError(std::vector<Error> failures);

} // namespace gateway::pipeline
