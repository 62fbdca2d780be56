// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/presets_model.h"

#include <algorithm>

#include <QCoreApplication>
#include <QStringList>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::Presets)
};

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

void rename(gateway::Config& config, const gateway::PresetId& from, const gateway::PresetId& to)
{
    if (from == to) return;
    for (const std::string& prefix : {std::string("preset/"), std::string("@preset/")}) {
        const std::string before = prefix + from.text, now = prefix + to.text;
        for (auto& [pattern, goal] : config.aliases) {
            if (goal == before) goal = now;
        }
        for (gateway::VirtualKeyConfig& key : config.keys) {
            std::replace(key.models.begin(), key.models.end(), before, now);
        }
    }
}

} // namespace

QString presetModelName(const gateway::PresetId& id)
{
    return QStringLiteral("preset/") + qs(id.text);
}

gateway::Config withoutPreset(gateway::Config config, const gateway::PresetId& id)
{
    std::erase_if(config.presets, [&id](const gateway::PresetConfig& preset) { return preset.id == id; });
    std::erase_if(config.aliases, [&id](const auto& alias) {
        return alias.second == "preset/" + id.text || alias.second == "@preset/" + id.text;
    });
    return config;
}

gateway::Config withPresetsOf(gateway::Config config, const gateway::Config& before)
{
    config.presets = before.presets;
    config.aliases = before.aliases;
    for (gateway::VirtualKeyConfig& key : config.keys) {
        if (const gateway::VirtualKeyConfig* old = before.findKey(key.id.text)) key.models = old->models;
    }
    return config;
}

PresetsModel::PresetsModel(GatewayLink& link, QObject* parent) : QAbstractListModel(parent), m_link(link)
{
    connect(&link, &GatewayLink::configChanged, this, &PresetsModel::readConfig);
    readConfig();
}

void PresetsModel::readConfig()
{
    const auto config = m_link.config();
    beginResetModel();
    m_entries.read(config->presets);
    endResetModel();
}

int PresetsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_entries.size();
}

QVariant PresetsModel::data(const QModelIndex& index, int role) const
{
    const Entry* entry = entryAt(index.row());
    if (entry == nullptr) return {};
    const gateway::PresetConfig& preset = entry->draft;
    const QString model = preset.model.empty() ? Text::tr("no model yet") : qs(preset.model);
    switch (role) {
    case Qt::DisplayRole:
        return qs(preset.id.text);
    case Qt::ToolTipRole:
        return qs(preset.description);
    case DetailRole:
        return model;
    case MarkRole:
        return entry->isChanged() ? QStringLiteral("•") : QString();
    case DotTokenRole:
        return entry->saved ? QStringLiteral("success") : QStringLiteral("muted");
    case Qt::AccessibleTextRole:
        return QStringList{presetModelName(preset.id), model,
                           entry->isChanged() ? Text::tr("not applied yet") : Text::tr("in force")}
            .join(QStringLiteral(", "));
    default:
        return {};
    }
}

const gateway::PresetConfig* PresetsModel::draftAt(int row) const
{
    return m_entries.draftAt(row);
}

const gateway::PresetConfig* PresetsModel::savedAt(int row) const
{
    return m_entries.savedAt(row);
}

bool PresetsModel::isChanged(int row) const
{
    return m_entries.isChanged(row);
}

int PresetsModel::rowOf(const gateway::PresetId& id) const
{
    return m_entries.rowOf(id);
}

gateway::PresetId PresetsModel::freeName(const std::string& wanted) const
{
    const auto isTaken = [this](const std::string& name) {
        return std::any_of(
            m_entries.entries().begin(), m_entries.entries().end(), [&name](const Entry& entry) {
                return entry.draft.id.text == name || (entry.saved && entry.saved->id.text == name);
            });
    };
    std::string name = wanted;
    for (int i = 2; isTaken(name); ++i) {
        name = wanted + '-' + std::to_string(i);
    }
    return gateway::PresetId(name);
}

gateway::Config PresetsModel::configWith(int row) const
{
    gateway::Config config = *m_link.config();
    const Entry* entry = entryAt(row);
    if (entry == nullptr) return config;
    if (!entry->saved) {
        config.presets.push_back(entry->draft);
        return config;
    }
    for (gateway::PresetConfig& preset : config.presets) {
        if (preset.id == entry->saved->id) preset = entry->draft;
    }
    rename(config, entry->saved->id, entry->draft.id);
    return config;
}

void PresetsModel::setDraft(int row, const gateway::PresetConfig& draft)
{
    if (entryAt(row) == nullptr) return;
    m_entries.setDraft(row, draft);
    emit dataChanged(index(row), index(row));
}

void PresetsModel::discard(int row)
{
    const Entry* entry = entryAt(row);
    if (entry == nullptr) return;
    if (entry->saved) {
        setDraft(row, gateway::PresetConfig(*entry->saved));
        return;
    }
    beginRemoveRows({}, row, row);
    m_entries.remove(row);
    endRemoveRows();
}

int PresetsModel::addNew(const gateway::PresetConfig& preset)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_entries.add(preset);
    endInsertRows();
    return row;
}

} // namespace ui
