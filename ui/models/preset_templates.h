// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>
#include <QStringList>

#include "gateway/config.h"
#include "gateway/snapshot.h"

namespace ui {

/// What a preset can begin as.
struct PresetTemplate {
    QString title;
    gateway::PresetConfig preset; // without a model
};
[[nodiscard]] std::vector<PresetTemplate> presetTemplates();

/// What serves a preset, for the user to choose from: routes, aliases, then provider/model.
[[nodiscard]] QStringList presetGoals(const gateway::Config& config, const gateway::ModelTable& models);

} // namespace ui
