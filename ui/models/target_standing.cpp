// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/target_standing.h"

#include <algorithm>
#include <string>

#include <QCoreApplication>
#include <QDateTime>

#include "models/format.h"

namespace ui {
namespace {

using Circuit = gateway::TargetHealth::Circuit;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::TargetStanding)
};

/// The snapshot knows models by the names of their provider.
std::string listedModel(const gateway::Config& config, const std::string& provider, const std::string& model)
{
    const gateway::ProviderConfig* there = config.findProvider(provider);
    if (there == nullptr) return model;
    const auto found = std::find_if(there->models.begin(), there->models.end(), [&](const auto& each) {
        return !each.alias.empty() && each.alias == model;
    });
    return found == there->models.end() ? model : found->name;
}

TargetStanding standingOf(const gateway::ProviderHealth* provider)
{
    using State = gateway::ProviderHealth::State;
    if (provider == nullptr || provider->state == State::Undecided)
        return {TargetMark::Unknown, Text::tr("not tried yet")};
    if (provider->state != State::Ready) {
        const QString why = QString::fromStdString(provider->problem);
        return {TargetMark::Down, why.isEmpty() ? Text::tr("cannot be called now")
                                                : Text::tr("cannot be called now: %1").arg(why)};
    }
    if (provider->keysReady < provider->keysTotal)
        return {TargetMark::Partly, Text::tr("some of its keys are set aside")};
    return {TargetMark::Ready, Text::tr("ready")};
}

/// Two or more in a row are what opened the circuit; else it was their share.
QString whatHappened(const gateway::TargetHealth& target)
{
    const auto inARow = static_cast<int>(target.failuresInARow);
    if (inARow > 1) return Text::tr("%Ln request(s) in a row failed", nullptr, inARow);
    return Text::tr("%1% of the last requests failed").arg(target.errorPercent);
}

TargetStanding standingOf(const gateway::TargetHealth& target, TargetStanding provider)
{
    const QDateTime now = QDateTime::currentDateTime();
    const QString since = formatInstant(target.since, now), why = whatHappened(target);
    if (target.circuit == Circuit::Open)
        return {TargetMark::Aside,
                Text::tr("set aside since %1: %2; it comes last until it is tried again at %3")
                    .arg(since, why, formatInstant(target.until, now))};
    if (target.circuit == Circuit::HalfOpen)
        return {
            TargetMark::Trying,
            Text::tr("set aside at %1: %2; the next request finds out whether it is back").arg(since, why)};
    if (target.failuresInARow > 0)
        provider.text += QStringLiteral(", ") + Text::tr("but its last %Ln request(s) failed", nullptr,
                                                         static_cast<int>(target.failuresInARow));
    return provider;
}

} // namespace

TargetStanding targetStanding(const gateway::Config& config, const RouteState& state,
                              const std::string& provider, const std::string& model)
{
    const auto health = std::find_if(state.providers.begin(), state.providers.end(),
                                     [&](const auto& each) { return each.id.text == provider; });
    TargetStanding standing = standingOf(health == state.providers.end() ? nullptr : &*health);
    // Without its provider there is nothing to try.
    if (standing.mark == TargetMark::Down) return standing;
    const std::string listed = listedModel(config, provider, model);
    const auto found = std::find_if(state.targets.begin(), state.targets.end(), [&](const auto& each) {
        return each.provider.text == provider && each.model == listed;
    });
    return found == state.targets.end() ? standing : standingOf(*found, standing);
}

} // namespace ui
