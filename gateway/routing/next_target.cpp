// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/next_target.h"

#include <algorithm>

namespace gateway::routing {

namespace {

bool isWithin(const Target& target, std::size_t route)
{
    return std::any_of(target.within.begin(), target.within.end(),
                       [route](const Onward& each) { return each.route == route; });
}

bool leadsOn(const std::vector<int>& nextOn, const Error& error, int status)
{
    if (nextOn.empty()) return error.retry != Retry::Never;
    const auto listed = [&nextOn](int code) {
        return std::find(nextOn.begin(), nextOn.end(), code) != nextOn.end();
    };
    if (status >= 300) return listed(status);
    // No answer, or half of one. Portkey's gateway says 408 where ours says 504.
    return listed(httpStatus(error)) || (error.code == Code::UpstreamTimeout && listed(408));
}

} // namespace

bool opensCircuit(const StatusSet& failures, const Error& error, int status)
{
    if (error.source != Source::Upstream) return false;
    const int said = status >= 300 ? status : httpStatus(error);
    if (failures.empty()) return said >= 500;
    // Portkey's gateway says 408 where ours says 504.
    return failures.contains(said) || (error.code == Code::UpstreamTimeout && failures.contains(408));
}

bool NextTarget::skips(const Target& target) const
{
    return std::any_of(m_left.begin(), m_left.end(),
                       [&target](std::size_t route) { return isWithin(target, route); });
}

bool NextTarget::goesOn(const Target& failed, std::span<const Target> rest, const Error& error, int status)
{
    const auto remains = [&](auto&& wanted) {
        return std::any_of(rest.begin(), rest.end(),
                           [&](const Target& target) { return wanted(target) && !skips(target); });
    };
    const auto any = [](const Target&) { return true; };
    // What no provider has answered is no status that a route could speak of.
    if (failed.within.empty() || error.source != Source::Upstream)
        return error.retry != Retry::Never && remains(any);
    bool refused = false;
    for (const Onward& around : failed.within) {
        const bool leads = leadsOn(around.nextOn, error, status);
        if (leads && remains([&](const Target& target) { return isWithin(target, around.route); }))
            return true;
        // It has failed as a whole: what is around it decides.
        m_left.push_back(around.route);
        refused = !leads;
    }
    return !refused && remains(any);
}

} // namespace gateway::routing
