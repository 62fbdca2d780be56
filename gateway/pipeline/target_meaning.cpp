// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <utility>
#include <vector>

#include "base/wall_clock.h"
#include "net/offload.h"
#include "pipeline/inline_config.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

std::vector<std::string> TargetExchange::reachedFrom(std::vector<std::string> names) const
{
    if (!m_wishes.config.empty()) {
        // A configuration that cannot be read is refused where it is obeyed.
        auto read = readPortkeyConfig(m_wishes.config, *m_runtime->config, {});
        names = read ? std::move(read->names) : std::vector<std::string>();
    }
    // What its key may not ask for it does not reach.
    if (m_key && m_key->routes.empty())
        std::erase_if(names, [this](const std::string& name) { return !mayUse(name); });
    return names;
}

net::Task<void> TargetExchange::compare(std::vector<std::string> names)
{
    noteMeaning(*m_runtime, routedRequest(), m_context.random, nowMicros(), names);
    if (!m_likenesses.areWanted()) co_return;
    co_await net::offload(m_context.pool, m_context.context, [this] {
        const RoutedRequest request = routedRequest();
        const Request* const conversation = request.conversation ? request.conversation() : nullptr;
        const std::string text = conversation ? lastUserText(*conversation) : std::string();
        m_likenesses.find(meaning::ownPhraseMaker().phrases(text));
        return true;
    });
}

} // namespace gateway::pipeline
