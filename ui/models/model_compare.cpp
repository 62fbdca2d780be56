// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_compare.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "models/model_text.h"

namespace ui {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

using Wide = __int128;

QString providerText(const gateway::ModelRow& row)
{
    return QString::fromStdString(row.provider.text);
}

QString kindTextOf(const gateway::ModelRow& row)
{
    return modeText(row.mode);
}

QString deprecatedText(const gateway::ModelRow& row)
{
    return row.deprecated.empty() ? QStringLiteral("–") : dayText(row.deprecated);
}

} // namespace

std::optional<std::int64_t> costOf(const gateway::ModelPrices& prices, const ExampleRequest& request)
{
    if (request.inputTokens < 0 || request.outputTokens < 0) return std::nullopt;
    if ((request.inputTokens > 0 && !prices.input) || (request.outputTokens > 0 && !prices.output))
        return std::nullopt;
    const Wide millionths = Wide{request.inputTokens} * prices.input.value_or(0) +
                            Wide{request.outputTokens} * prices.output.value_or(0);
    const Wide nanos = (millionths + kMillion / 2) / kMillion;
    if (nanos < 0 || nanos > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(nanos);
}

ModelCompare::ModelCompare(std::vector<gateway::ModelRow> models, QObject* parent)
    : QAbstractTableModel(parent), m_models(std::move(models))
{
    addTexts(tr("Provider"), providerText);
    addTexts(tr("Kind"), kindTextOf);
    for (const auto& [name, figure] : {std::pair{tr("Context"), &gateway::ModelRow::context},
                                       {tr("Longest answer"), &gateway::ModelRow::maxOutput}}) {
        Line line{name, {}, {}};
        Figures figures;
        for (const gateway::ModelRow& model : m_models) {
            line.values.push_back(tokensText(model.*figure));
            figures.push_back(model.*figure);
        }
        line.best = bestOf(figures, Better::More);
        m_lines.push_back(std::move(line));
    }
    addPrices(tr("Input, $/M"), &gateway::ModelPrices::input);
    addPrices(tr("Output, $/M"), &gateway::ModelPrices::output);
    addPrices(tr("Cache read, $/M"), &gateway::ModelPrices::cacheRead);
    addPrices(tr("Cache write, $/M"), &gateway::ModelPrices::cacheWrite);
    for (const AbilityText& ability : abilityTexts()) {
        Line line{ability.name, {}, {}};
        for (const gateway::ModelRow& model : m_models) {
            const bool can = (abilitiesOf(model) & ability.ability) != 0;
            line.values.push_back(!model.known ? QStringLiteral("–") : can ? tr("yes") : tr("no"));
        }
        line.best.assign(m_models.size(), false);
        m_lines.push_back(std::move(line));
    }
    addTexts(tr("Switched off"), deprecatedText);
    m_lines.push_back(costLine());
}

void ModelCompare::addTexts(const QString& name, QString (*text)(const gateway::ModelRow&))
{
    Line line{name, {}, std::vector<bool>(m_models.size(), false)};
    for (const gateway::ModelRow& model : m_models) {
        line.values.push_back(text(model));
    }
    m_lines.push_back(std::move(line));
}

void ModelCompare::addPrices(const QString& name, gateway::ModelPrices::Nanos gateway::ModelPrices::*price)
{
    Line line{name, {}, {}};
    Figures figures;
    for (const gateway::ModelRow& model : m_models) {
        line.values.push_back(priceText(model.prices.*price));
        figures.push_back(model.prices.*price);
    }
    line.best = bestOf(figures, Better::Less);
    m_lines.push_back(std::move(line));
}

ModelCompare::Line ModelCompare::costLine() const
{
    Line line{tr("This request"), {}, {}};
    Figures figures;
    for (const gateway::ModelRow& model : m_models) {
        const auto cost = costOf(model.prices, m_request);
        line.values.push_back(cost ? QLatin1Char('$') + exactDollars(*cost) : priceText(cost));
        figures.push_back(cost);
    }
    line.best = bestOf(figures, Better::Less);
    return line;
}

std::vector<bool> ModelCompare::bestOf(const Figures& figures, Better better)
{
    std::vector<bool> best(figures.size(), false);
    std::vector<std::int64_t> known;
    for (const auto& figure : figures) {
        if (figure) known.push_back(*figure);
    }
    if (known.size() < 2) return best;
    const auto [least, most] = std::minmax_element(known.begin(), known.end());
    if (*least == *most) return best;
    const std::int64_t wanted = better == Better::Less ? *least : *most;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        best[i] = figures[i] == wanted;
    }
    return best;
}

int ModelCompare::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int ModelCompare::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_models.size()) + 1;
}

QVariant ModelCompare::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Line& line = m_lines[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole) return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (index.column() == 0) return role == Qt::DisplayRole ? QVariant(line.name) : QVariant();
    const auto model = static_cast<std::size_t>(index.column() - 1);
    const bool best = line.best[model];
    if (role == BestRole) return best;
    if (role == Qt::DisplayRole)
        return best ? line.values[model] + QStringLiteral("  ✓") : line.values[model];
    if (role == Qt::AccessibleTextRole && best) return tr("%1, best").arg(line.values[model]);
    if (role == Qt::ToolTipRole && best) return tr("The best of these");
    return {};
}

QVariant ModelCompare::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (section == 0) return role == Qt::DisplayRole ? QVariant(tr("Fact")) : QVariant();
    const gateway::ModelRow& model = m_models[static_cast<std::size_t>(section - 1)];
    if (role == Qt::DisplayRole) return clientName(model);
    if (role == Qt::ToolTipRole) return fullName(model);
    return {};
}

void ModelCompare::setRequest(const ExampleRequest& request)
{
    m_request = request;
    m_lines.back() = costLine();
    emit dataChanged(index(rowCount() - 1, 1), index(rowCount() - 1, columnCount() - 1));
}

} // namespace ui
