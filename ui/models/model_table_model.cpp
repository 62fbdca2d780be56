// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_table_model.h"

#include <algorithm>

#include <QDateTime>

#include "models/format.h"
#include "models/model_text.h"
#include "models/when_done.h"

namespace ui {
namespace {

constexpr std::int64_t kWeekMicros = 7LL * 24 * 3600 * 1'000'000;

bool isFigure(int column)
{
    switch (column) {
    case ModelTableModel::Context:
    case ModelTableModel::MaxOutput:
    case ModelTableModel::Input:
    case ModelTableModel::Output:
    case ModelTableModel::Cache:
    case ModelTableModel::Requests:
        return true;
    default:
        return false;
    }
}

int alignmentOf(int column)
{
    if (column == ModelTableModel::Exposed) return Qt::AlignCenter;
    return isFigure(column) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter;
}

bool sameModel(const gateway::ModelRow& a, const gateway::ModelRow& b)
{
    return a.provider == b.provider && a.model == b.model;
}

QString cacheText(const gateway::ModelPrices& prices)
{
    if (!prices.cacheRead && !prices.cacheWrite) return priceText({});
    return priceText(prices.cacheRead) + QStringLiteral(" / ") + priceText(prices.cacheWrite);
}

QString abilityToolTip(int abilities)
{
    QStringList lines;
    for (const AbilityText& text : abilityTexts()) {
        if ((abilities & text.ability) != 0) lines.append(text.name + QStringLiteral(": ") + text.meaning);
    }
    return lines.join(QLatin1Char('\n'));
}

QString exactToolTip(const std::optional<std::int64_t>& tokens)
{
    if (!tokens) return ModelTableModel::tr("Not known");
    return ModelTableModel::tr("%1 tokens").arg(formatCount(*tokens));
}

QString toolTip(const gateway::ModelRow& row, int column)
{
    switch (column) {
    case ModelTableModel::Name:
        return fullName(row);
    case ModelTableModel::Context:
        return exactToolTip(row.context);
    case ModelTableModel::MaxOutput:
        return exactToolTip(row.maxOutput);
    case ModelTableModel::Input:
    case ModelTableModel::Output:
        return priceSourceText(row) == QStringLiteral("–") ? ModelTableModel::tr("No price is known.")
                                                           : QString();
    case ModelTableModel::Abilities:
        return abilityToolTip(abilitiesOf(row));
    case ModelTableModel::Exposed:
        return row.hidden ? ModelTableModel::tr("Hidden: not in the lists that clients get")
                          : ModelTableModel::tr("Exposed: in the lists that clients get");
    case ModelTableModel::Source:
        return QString::fromStdString(row.source);
    case ModelTableModel::Requests:
        return ModelTableModel::tr("By the name of the model, whichever provider answered");
    default:
        return {};
    }
}

} // namespace

ModelTableModel::ModelTableModel(GatewayLink& link, QObject* parent)
    : QAbstractTableModel(parent), m_link(link)
{
    connect(&link, &GatewayLink::configChanged, this, [this] {
        if (m_state != State::Undecided) read();
    });
}

int ModelTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int ModelTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ModelTableModel::display(const gateway::ModelRow& row, int column) const
{
    switch (column) {
    case Name:
        return clientName(row);
    case Provider:
        return QString::fromStdString(row.provider.text);
    case Context:
        return tokensText(row.context);
    case MaxOutput:
        return tokensText(row.maxOutput);
    case Input:
        return priceText(row.prices.input);
    case Output:
        return priceText(row.prices.output);
    case Cache:
        return cacheText(row.prices);
    case Abilities:
        return abilityNames(abilitiesOf(row));
    case Source:
        return priceSourceText(row);
    case Requests: {
        const auto requests = requestsOf(row);
        return requests ? formatCount(*requests) : QStringLiteral("–");
    }
    default:
        return {};
    }
}

QVariant ModelTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const gateway::ModelRow& row = m_table.rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return display(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::TextAlignmentRole:
        return alignmentOf(index.column());
    case Qt::CheckStateRole:
        if (index.column() != Exposed) return {};
        return static_cast<int>(row.hidden ? Qt::Unchecked : Qt::Checked);
    case Qt::AccessibleTextRole: // What a screen reader says of a cell that shows a picture only.
        if (index.column() != Exposed) return {};
        return row.hidden ? tr("hidden") : tr("exposed");
    case AbilitiesRole:
        return abilitiesOf(row);
    default:
        return {};
    }
}

QVariant ModelTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole) return alignmentOf(section);
    if (role == Qt::ToolTipRole) {
        if (section == Cache)
            return tr("Reading from and writing to the provider's cache, per million tokens");
        if (section == Input || section == Output) return tr("US dollars per million tokens");
        if (section == Requests) return tr("Requests in the last seven days");
        return {};
    }
    if (role != Qt::DisplayRole) return {};
    const QString names[ColumnCount] = {tr("Model"),   tr("Provider"), tr("Context"),   tr("Max out"),
                                        tr("In $/M"),  tr("Out $/M"),  tr("Cache $/M"), tr("Abilities"),
                                        tr("Exposed"), tr("Prices"),   tr("7 days")};
    return names[section];
}

void ModelTableModel::read()
{
    m_refreshing = false;
    wait(m_link.models());
}

void ModelTableModel::refreshLists()
{
    m_refreshing = true;
    wait(m_link.refreshModels());
}

void ModelTableModel::stopRefresh()
{
    if (!m_refreshing) return;
    m_refreshing = false;
    ++m_generation;
    setState(State::Ready);
}

void ModelTableModel::wait(const QFuture<gateway::ModelTable>& answer)
{
    const int generation = ++m_generation;
    setState(State::Loading);
    whenDone(
        answer, this,
        [this, generation](const gateway::ModelTable& table) {
            if (generation == m_generation) take(table);
        },
        [this, generation] {
            if (generation != m_generation) return;
            m_refreshing = false;
            setState(State::Failed);
        });
}

void ModelTableModel::take(const gateway::ModelTable& table)
{
    m_refreshing = false;
    const bool same =
        std::equal(table.rows.begin(), table.rows.end(), m_table.rows.begin(), m_table.rows.end(), sameModel);
    if (same) {
        m_table = table;
        if (!m_table.rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    } else {
        beginResetModel();
        m_table = table;
        endResetModel();
    }
    setState(State::Ready);
    readUsage();
}

void ModelTableModel::readUsage()
{
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    whenDone(m_link.usage({now - kWeekMicros, "target"}), this,
             [this](const std::vector<gateway::UsageRow>& rows) {
                 m_requests.clear();
                 m_weekTokens = {0, 0};
                 for (const gateway::UsageRow& row : rows) {
                     m_requests[QString::fromStdString(row.name)] = static_cast<std::int64_t>(row.requests);
                     m_weekTokens.first += row.inputTokens;
                     m_weekTokens.second += row.outputTokens;
                 }
                 m_usageRead = true;
                 if (!m_table.rows.empty())
                     emit dataChanged(index(0, Requests), index(rowCount() - 1, Requests));
             });
}

void ModelTableModel::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

const gateway::ModelRow* ModelTableModel::rowAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_table.rows[static_cast<std::size_t>(row)] : nullptr;
}

int ModelTableModel::rowOf(const gateway::ProviderId& provider, const std::string& model) const
{
    const auto found =
        std::find_if(m_table.rows.begin(), m_table.rows.end(), [&](const gateway::ModelRow& row) {
            return row.provider == provider && row.model == model;
        });
    return found == m_table.rows.end() ? -1 : static_cast<int>(found - m_table.rows.begin());
}

std::optional<std::int64_t> ModelTableModel::requestsOf(const gateway::ModelRow& row) const
{
    if (!m_usageRead) return std::nullopt;
    return m_requests.value(QString::fromStdString(row.provider.text + "/" + row.model), 0);
}

} // namespace ui
