// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/provider_overview.h"

#include <algorithm>

#include <QAbstractTableModel>
#include <QDateTime>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include "models/format.h"
#include "models/provider_keys_model.h"
#include "models/provider_list_model.h"
#include "models/provider_text.h"
#include "pages/tab_layout.h"
#include "widgets/build.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

QString keysText(const gateway::ProviderConfig& provider, const gateway::ProviderHealth& health)
{
    if (provider.keys.empty())
        return provider.local ? ProviderOverview::tr("none, and none needed") : ProviderOverview::tr("none");
    const int ready = readyKeys(health, QDateTime::currentMSecsSinceEpoch() * 1000);
    return ProviderOverview::tr("%1 of %2 ready").arg(ready).arg(provider.keys.size());
}

} // namespace

/// The last errors: when, and what.
class ProviderOverview::ErrorsModel : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const std::vector<gateway::LogRow>& rows)
    {
        const bool same = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                     [](const auto& a, const auto& b) { return a.id.value == b.id.value; });
        if (same) return; // Keeps the selection.
        beginResetModel();
        m_rows = rows;
        endResetModel();
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : 2;
    }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
        const gateway::LogRow& row = m_rows[static_cast<std::size_t>(index.row())];
        const QString message =
            QString::fromStdString(row.errorMessage.empty() ? row.errorCode : row.errorMessage);
        if (role == Qt::ToolTipRole) return message;
        if (role != Qt::DisplayRole) return {};
        if (index.column() == 0) return formatInstant(row.id.microseconds(), QDateTime::currentDateTime());
        return QStringLiteral("%1  %2").arg(row.status).arg(message.simplified());
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
        return section == 0 ? ProviderOverview::tr("Time") : ProviderOverview::tr("Error");
    }
    [[nodiscard]] std::int64_t idAt(int row) const
    {
        return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].id.value : 0;
    }

private:
    std::vector<gateway::LogRow> m_rows;
};

ProviderOverview::ProviderOverview(GatewayLink& link, QWidget* parent)
    : QWidget(parent), m_activity(link), m_model(new ErrorsModel(this))
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 14);
    buildFacts(all);
    buildFigures(all);
    buildErrors(all);
    all->addStretch();
    connect(&m_activity, &ProviderActivity::changed, this, &ProviderOverview::showActivity);
    showActivity();
}

void ProviderOverview::buildFacts(QVBoxLayout* all)
{
    auto* grid = new QGridLayout;
    grid->setContentsMargins(kTabIndent, 0, kTabIndent, 0);
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    const auto add = [grid](const QString& name, const char* key, const char* role) {
        QLabel* value = makeElided(role);
        value->setAccessibleDescription(QLatin1String(key));
        const int line = grid->rowCount();
        grid->addWidget(makeLabel(name, "muted"), line, 0);
        grid->addWidget(value, line, 1);
        return value;
    };
    m_kind = add(tr("Speaks"), "kind", nullptr);
    m_url = add(tr("Base URL"), "provider-url", "mono");
    m_keys = add(tr("Keys"), "keys-ready", nullptr);
    m_policy = add(tr("Your data"), "data-policy", nullptr);
    all->addLayout(grid);
}

void ProviderOverview::buildFigures(QVBoxLayout* all)
{
    all->addLayout(indented(makeLabel(tr("Last 24 hours"), "h2")));
    auto* box = makeFrame("inset");
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(14, 10, 14, 10);
    line->setSpacing(12);
    const auto add = [line](const QString& name, const char* key) {
        auto* texts = new QVBoxLayout;
        texts->setSpacing(2);
        QLabel* value = makeLabel({}, "h2");
        value->setAccessibleDescription(QLatin1String(key));
        value->setAccessibleName(name);
        texts->addWidget(makeLabel(name, "muted"));
        texts->addWidget(value);
        line->addLayout(texts, 1);
        return value;
    };
    m_requests = add(tr("Requests"), "provider-requests");
    m_failures = add(tr("Errors"), "provider-errors");
    m_p50 = add(tr("Median"), "provider-p50");
    m_p95 = add(tr("p95"), "provider-p95");
    m_p50->setToolTip(tr("Half of the newest requests that went well took no longer"));
    m_p95->setToolTip(tr("95 of 100 of the newest requests that went well took no longer"));
    all->addLayout(indented(box));
}

void ProviderOverview::buildErrors(QVBoxLayout* all)
{
    all->addLayout(indented(makeLabel(tr("Last errors"), "h2")));
    m_note = makeParagraph({}, "muted");
    m_note->setAccessibleDescription(QStringLiteral("errors-note"));
    all->addLayout(indented(m_note));
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("providerErrorsTable"));
    m_table->setModel(m_model);
    setUpTable(m_table, tr("Last errors"));
    m_table->horizontalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Fixed);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // The tab scrolls.
    m_table->setToolTip(tr("Enter or a double click opens the request"));
    all->addWidget(m_table);
    connect(m_table, &QTableView::activated, this, &ProviderOverview::openCurrent);
    connect(m_table, &QTableView::clicked, this, &ProviderOverview::openCurrent);
}

void ProviderOverview::setProvider(const gateway::ProviderConfig& provider,
                                   const gateway::ProviderHealth& health)
{
    m_kind->setText(provider.local ? tr("%1, on this computer").arg(kindText(provider.kind))
                                   : kindText(provider.kind));
    setLook(m_url, "role", provider.baseUrl.empty() ? QString() : QStringLiteral("mono"));
    m_url->setText(provider.baseUrl.empty() ? tr("the provider's own")
                                            : QString::fromStdString(provider.baseUrl));
    m_keys->setText(keysText(provider, health));
    m_policy->setText(policyText(provider.dataPolicy));
    m_activity.setProvider(provider.id);
}

void ProviderOverview::showActivity()
{
    using State = ProviderActivity::State;
    const State state = m_activity.state();
    const bool ready = state == State::Ready;
    const QString none = QStringLiteral("—");
    m_requests->setText(ready ? formatCount(static_cast<std::int64_t>(m_activity.requests())) : none);
    m_failures->setText(ready ? formatCount(static_cast<std::int64_t>(m_activity.failures())) : none);
    m_p50->setText(ready && m_activity.p50() > 0 ? formatDuration(m_activity.p50()) : none);
    m_p95->setText(ready && m_activity.p95() > 0 ? formatDuration(m_activity.p95()) : none);
    m_model->setRows(ready ? m_activity.errors() : std::vector<gateway::LogRow>());
    const int rows = m_model->rowCount();
    m_table->setVisible(rows > 0);
    int timeWidth = 0; // The rest of the line is the message's.
    for (int each = 0; each < rows; ++each) {
        timeWidth = std::max(timeWidth, neededCellWidth(*m_table, m_model->index(each, 0)));
    }
    m_table->setColumnWidth(0, timeWidth);
    m_table->setFixedHeight(rows * m_table->verticalHeader()->defaultSectionSize() + 2);
    m_note->setVisible(rows == 0);
    if (state == State::Failed) {
        m_note->setText(tr("The request log cannot be read at the moment. F5 tries again."));
    } else if (!ready) {
        m_note->setText(tr("Reading the request log…"));
    } else {
        m_note->setText(m_activity.requests() == 0
                            ? tr("No request came to this provider in the last 24 hours.")
                            : tr("None: every request of the last 24 hours went well."));
    }
}

void ProviderOverview::openCurrent()
{
    if (const std::int64_t id = m_model->idAt(m_table->currentIndex().row()); id != 0) emit requestWanted(id);
}

void ProviderOverview::showEvent(QShowEvent* event)
{
    m_activity.setAwake(true);
    QWidget::showEvent(event);
}

void ProviderOverview::hideEvent(QHideEvent* event)
{
    m_activity.setAwake(false);
    QWidget::hideEvent(event);
}

} // namespace ui
