// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalog_change_model.h"

#include <algorithm>

#include <QHash>

#include "models/format.h"
#include "models/model_text.h"

namespace ui {
namespace {

using Change = gateway::CatalogChange;
using Kind = Change::Kind;

constexpr Kind kKinds[] = {Kind::Deprecation, Kind::Price,    Kind::Context,
                           Kind::Ability,     Kind::NewModel, Kind::Undecided};

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

QString groupText(Kind kind)
{
    switch (kind) {
    case Kind::NewModel:
        return CatalogChangeModel::tr("New models");
    case Kind::Price:
        return CatalogChangeModel::tr("Prices, in dollars per million tokens");
    case Kind::Context:
        return CatalogChangeModel::tr("Sizes, in tokens");
    case Kind::Ability:
        return CatalogChangeModel::tr("Abilities");
    case Kind::Deprecation:
        return CatalogChangeModel::tr("Switched off");
    case Kind::Undecided:
        break;
    }
    return CatalogChangeModel::tr("Others");
}

/// A field or a kind of content, as the catalog names it.
QString nameText(const QString& field)
{
    static const QHash<QString, QString> kNames{
        {QStringLiteral("input"), CatalogChangeModel::tr("input")},
        {QStringLiteral("output"), CatalogChangeModel::tr("output")},
        {QStringLiteral("cache_read"), CatalogChangeModel::tr("cache read")},
        {QStringLiteral("cache_write"), CatalogChangeModel::tr("cache write")},
        {QStringLiteral("cache_write_1h"), CatalogChangeModel::tr("cache write, 1 h")},
        {QStringLiteral("reasoning"), CatalogChangeModel::tr("thinking")},
        {QStringLiteral("tiers"), CatalogChangeModel::tr("steps by size")},
        {QStringLiteral("context"), CatalogChangeModel::tr("context")},
        {QStringLiteral("max_output"), CatalogChangeModel::tr("longest answer")},
        {QStringLiteral("tools"), CatalogChangeModel::tr("tools")},
        {QStringLiteral("json_schema"), CatalogChangeModel::tr("JSON schema")},
        {QStringLiteral("deprecated"), CatalogChangeModel::tr("last day")},
        {QStringLiteral("in"), CatalogChangeModel::tr("takes")},
        {QStringLiteral("out"), CatalogChangeModel::tr("makes")},
        {QStringLiteral("text"), CatalogChangeModel::tr("text")},
        {QStringLiteral("image"), CatalogChangeModel::tr("pictures")},
        {QStringLiteral("pdf"), CatalogChangeModel::tr("PDF")},
        {QStringLiteral("audio"), CatalogChangeModel::tr("sound")},
        {QStringLiteral("video"), CatalogChangeModel::tr("film")}};
    QString plain = field;
    return kNames.value(field, plain.replace(QLatin1Char('_'), QLatin1Char(' ')));
}

QString fieldText(const Change& change)
{
    return change.field.empty() ? CatalogChangeModel::tr("the model") : nameText(qs(change.field));
}

/// "> 200000: input 2.5, output 15; > …", as the engine lists them.
QString stepsText(const QString& listed)
{
    QStringList steps;
    for (const QString& step : listed.split(QStringLiteral("; "))) {
        bool number = false;
        const qlonglong above = step.section(QStringLiteral(": "), 0, 0).mid(2).toLongLong(&number);
        if (!number) return listed;
        QStringList prices;
        for (const QString& price : step.section(QStringLiteral(": "), 1).split(QStringLiteral(", ")))
            prices.append(CatalogChangeModel::tr("%1 %2", "which price, how much")
                              .arg(nameText(price.section(QLatin1Char(' '), 0, -2)),
                                   priceText(parseDollars(price.section(QLatin1Char(' '), -1)))));
        steps.append(CatalogChangeModel::tr("over %1 tokens: %2")
                         .arg(formatCount(above), prices.join(CatalogChangeModel::tr(", "))));
    }
    return steps.join(CatalogChangeModel::tr("; "));
}

QString valueText(const Change& change, const std::string& value)
{
    if (value.empty()) return change.kind == Kind::NewModel ? QString() : QStringLiteral("–");
    if (change.field == "tiers") return stepsText(qs(value));
    if (change.field == "in" || change.field == "out") {
        QStringList names = qs(value).split(QStringLiteral(", "));
        std::transform(names.begin(), names.end(), names.begin(), nameText);
        return names.join(CatalogChangeModel::tr(", "));
    }
    if (change.kind == Kind::Price) return priceText(parseDollars(qs(value)));
    if (change.kind == Kind::Deprecation) return dayText(value);
    if (value == "true") return CatalogChangeModel::tr("yes");
    if (value == "false") return CatalogChangeModel::tr("no");
    bool number = false;
    const qlonglong count = qs(value).toLongLong(&number);
    return number ? formatCount(count) : qs(value);
}

QString cellText(const Change& change, int column)
{
    switch (column) {
    case CatalogChangeModel::Model:
        return qs(change.model);
    case CatalogChangeModel::Provider:
        return qs(change.provider);
    case CatalogChangeModel::What:
        return change.kind == Kind::NewModel ? CatalogChangeModel::tr("new") : fieldText(change);
    case CatalogChangeModel::Before:
        return valueText(change, change.before);
    case CatalogChangeModel::After:
        return valueText(change, change.after);
    case CatalogChangeModel::Note:
        return change.overridden ? CatalogChangeModel::tr("yours stays") : QString();
    default:
        return {};
    }
}

} // namespace

int CatalogChangeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int CatalogChangeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CatalogChangeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Line& line = m_lines[static_cast<std::size_t>(index.row())];
    const bool names = line.count > 0;
    if (role == GroupRole) return names;
    if (role == Qt::TextAlignmentRole) return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && !names && index.column() == Note && m_changes[line.change].overridden)
        return tr("Your configuration says its own, which stays in force.");
    if (role != Qt::DisplayRole) return {};
    if (!names) return cellText(m_changes[line.change], index.column());
    return index.column() == Model ? tr("%1: %2").arg(groupText(line.group), formatCount(line.count))
                                   : QString();
}

QVariant CatalogChangeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    const QString names[ColumnCount] = {tr("Model"),  tr("Provider"), tr("What"),
                                        tr("Before"), tr("After"),    tr("Note")};
    return names[section];
}

Qt::ItemFlags CatalogChangeModel::flags(const QModelIndex& index) const
{
    const bool names = index.isValid() && m_lines[static_cast<std::size_t>(index.row())].count > 0;
    return names ? Qt::ItemFlags(Qt::ItemIsEnabled) : QAbstractTableModel::flags(index);
}

void CatalogChangeModel::setChanges(const std::vector<Change>& changes)
{
    m_changes = changes;
    group();
}

void CatalogChangeModel::setProviders(const std::set<std::string>& names)
{
    m_providers = names;
    group();
}

bool CatalogChangeModel::isShown(const Change& change) const
{
    return m_providers.empty() || m_providers.count(change.provider) > 0;
}

void CatalogChangeModel::group()
{
    beginResetModel();
    m_lines.clear();
    m_shown = 0;
    for (const Kind kind : kKinds) {
        const std::size_t head = m_lines.size();
        for (std::size_t i = 0; i < m_changes.size(); ++i) {
            if (m_changes[i].kind == kind && isShown(m_changes[i])) m_lines.push_back({kind, 0, i});
        }
        const int count = static_cast<int>(m_lines.size() - head);
        if (count > 0)
            m_lines.insert(m_lines.begin() + static_cast<std::ptrdiff_t>(head), Line{kind, count, 0});
        m_shown += count;
    }
    endResetModel();
}

std::set<std::string> catalogNames(const gateway::Config& config,
                                   const std::vector<gateway::ProviderPreset>& presets)
{
    std::set<std::string> names;
    for (const gateway::ProviderConfig& provider : config.providers) {
        names.insert(provider.kind);
        for (const gateway::ProviderPreset& preset : presets) {
            if (!provider.baseUrl.empty() && preset.baseUrl == provider.baseUrl) names.insert(preset.id);
        }
    }
    return names;
}

} // namespace ui
