// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/guardrails_model.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDataStream>
#include <QIODevice>
#include <QMimeData>

#include "models/format.h"

namespace ui {
namespace {

constexpr const char* kRowsFormat = "application/x-qabstractitemmodeldatalist";

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::Guardrails)
};

QString stageArrow(const std::string& on)
{
    const bool both = on.find("both") != std::string::npos;
    const bool before =
        both || on.find("request") != std::string::npos || on.find("tool_results") != std::string::npos;
    const bool after =
        both || on.find("response") != std::string::npos || on.find("tool_calls") != std::string::npos;
    if (before && after) return QStringLiteral("↔");
    return before ? QStringLiteral("→") : QStringLiteral("←");
}

} // namespace

QString guardrailActionText(const std::string& action)
{
    if (action == "mask") return Text::tr("Mask");
    if (action == "block") return Text::tr("Block");
    if (action == "flag") return Text::tr("Flag");
    if (action == "rewrite") return Text::tr("Rewrite");
    if (action == "reroute") return Text::tr("Keep local");
    if (action == "ask") return Text::tr("Ask me");
    return QString::fromStdString(action);
}

QString guardrailModeText(const std::string& mode)
{
    if (mode == "observe") return Text::tr("Observe");
    if (mode == "enforce") return Text::tr("Enforce");
    return QString::fromStdString(mode);
}

std::string freeGuardrailName(const std::vector<std::string>& taken, const std::string& wanted)
{
    std::string name = wanted;
    for (int i = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++i) {
        name = wanted + '-' + std::to_string(i);
    }
    return name;
}

gateway::GuardrailConfig newGuardrail(const gateway::CheckDescription& check)
{
    gateway::GuardrailConfig rule;
    rule.id = gateway::GuardrailId(check.id);
    rule.check = check.id;
    rule.on = check.onRequest ? "request" : "response";
    rule.mode = "observe";
    rule.scope.emplace();
    return rule;
}

GuardrailsModel::GuardrailsModel(GatewayLink& link, QObject* parent)
    : QAbstractListModel(parent), m_link(link)
{
    connect(&link, &GatewayLink::configChanged, this, &GuardrailsModel::readConfig);
    readConfig();
}

void GuardrailsModel::readConfig()
{
    const auto config = m_link.config();
    beginResetModel();
    m_entries.read(config->guardrails);
    for (int row = 0; row < m_entries.size(); ++row) {
        const gateway::GuardrailConfig* saved = m_entries.savedAt(row);
        if (saved == nullptr) continue;
        gateway::GuardrailConfig draft = *m_entries.draftAt(row);
        draft.enabled = saved->enabled; // The list switches it at once.
        m_entries.setDraft(row, draft);
    }
    endResetModel();
}

int GuardrailsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_entries.size();
}

QString GuardrailsModel::titleOf(const std::string& check) const
{
    for (const gateway::CheckDescription& each : m_checks) {
        if (each.id == check) return QString::fromStdString(each.title);
    }
    return QString::fromStdString(check);
}

void GuardrailsModel::setHits(std::map<std::string, std::uint64_t> hits)
{
    if (m_hits == hits) return;
    m_hits = std::move(hits);
    if (rowCount() > 0) emit dataChanged(index(0), index(rowCount() - 1));
}

QString GuardrailsModel::hitsText(const Entry& entry) const
{
    if (!m_hits || !entry.saved) return {};
    const auto found = m_hits->find(entry.saved->id.text);
    const std::uint64_t hits = found == m_hits->end() ? 0 : found->second;
    return Text::tr("%1 in 24 h").arg(formatCount(static_cast<std::int64_t>(hits)));
}

QVariant GuardrailsModel::data(const QModelIndex& index, int role) const
{
    const Entry* entry = entryAt(index.row());
    if (entry == nullptr) return {};
    const gateway::GuardrailConfig& rule = entry->draft;
    const QString name = QString::fromStdString(rule.id.text);
    const QString action = guardrailActionText(rule.action);
    const QString mode = guardrailModeText(rule.mode);
    QString hits = hitsText(*entry);
    switch (role) {
    case Qt::DisplayRole:
        if (!hits.isEmpty()) hits.prepend(QStringLiteral(" · "));
        return QStringLiteral("%1%2\n%3 %4%5")
            .arg(name, entry->isChanged() ? QStringLiteral(" •") : QString(), stageArrow(rule.on), action,
                 hits);
    case ModeRole:
        return mode;
    case IsEnforcedRole:
        return rule.mode == "enforce";
    case Qt::CheckStateRole:
        return rule.enabled ? Qt::Checked : Qt::Unchecked;
    case Qt::ToolTipRole:
        return hits.isEmpty() ? titleOf(rule.check)
                              : Text::tr("%1: something found in %2").arg(titleOf(rule.check), hits);
    case Qt::AccessibleTextRole: {
        QStringList parts{name,
                          titleOf(rule.check),
                          action,
                          mode,
                          entry->isChanged() ? Text::tr("not applied yet") : Text::tr("in force"),
                          hits};
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    default:
        return {};
    }
}

bool GuardrailsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || entryAt(index.row()) == nullptr) return false;
    emit enabledWanted(index.row(), value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags GuardrailsModel::flags(const QModelIndex& index) const
{
    if (!index.isValid()) return Qt::ItemIsDropEnabled;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemIsDragEnabled;
}

bool GuardrailsModel::dropMimeData(const QMimeData* mime, Qt::DropAction action, int row, int columnNumber,
                                   const QModelIndex& parent)
{
    Q_UNUSED(columnNumber)
    if (action != Qt::MoveAction || parent.isValid() || !mime->hasFormat(QLatin1String(kRowsFormat)))
        return false;
    QByteArray bytes = mime->data(QLatin1String(kRowsFormat));
    QDataStream stream(&bytes, QIODevice::ReadOnly);
    int from = -1;
    stream >> from;
    const int last = rowCount() - 1;
    const int place = row < 0 ? rowCount() : row;
    if (entryAt(from) != nullptr)
        emit moveWanted(from, std::clamp(place > from ? place - 1 : place, 0, last));
    return false; // The configuration moves it; the view shall not remove the row.
}

const gateway::GuardrailConfig* GuardrailsModel::draftAt(int row) const
{
    return m_entries.draftAt(row);
}

bool GuardrailsModel::isChanged(int row) const
{
    return m_entries.isChanged(row);
}

bool GuardrailsModel::isNew(int row) const
{
    const Entry* entry = entryAt(row);
    return entry != nullptr && !entry->saved;
}

int GuardrailsModel::rowOf(const gateway::GuardrailId& id) const
{
    return m_entries.rowOf(id);
}

std::vector<std::string> GuardrailsModel::names() const
{
    std::vector<std::string> found;
    for (const Entry& entry : m_entries.entries()) {
        found.push_back(entry.draft.id.text);
        if (entry.saved) found.push_back(entry.saved->id.text);
    }
    return found;
}

gateway::Config GuardrailsModel::configWith(int row) const
{
    gateway::Config config = *m_link.config();
    const Entry* entry = entryAt(row);
    if (entry == nullptr) return config;
    if (!entry->saved) {
        config.guardrails.push_back(entry->draft);
        return config;
    }
    for (gateway::GuardrailConfig& rule : config.guardrails) {
        if (rule.id == entry->saved->id) rule = entry->draft;
    }
    for (gateway::RouteConfig& route : config.routes) {
        std::replace(route.guardrails.begin(), route.guardrails.end(), entry->saved->id.text,
                     entry->draft.id.text);
    }
    return config;
}

void GuardrailsModel::setDraft(int row, const gateway::GuardrailConfig& draft)
{
    if (entryAt(row) == nullptr) return;
    m_entries.setDraft(row, draft);
    emit dataChanged(index(row), index(row));
}

void GuardrailsModel::discard(int row)
{
    const Entry* entry = entryAt(row);
    if (entry == nullptr) return;
    if (entry->saved) {
        setDraft(row, gateway::GuardrailConfig(*entry->saved));
        return;
    }
    beginRemoveRows({}, row, row);
    m_entries.remove(row);
    endRemoveRows();
}

int GuardrailsModel::addNew(const gateway::GuardrailConfig& rule)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_entries.add(rule);
    endInsertRows();
    return row;
}

} // namespace ui
