// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/provider_detail.h"

#include <algorithm>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "models/provider_list_model.h"
#include "models/provider_text.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/dot.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kMostKeyRows = 6;

} // namespace

ProviderDetail::ProviderDetail(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {20, 16, 20, 16}, 14);
    buildHead(all);
    m_resultBox = makeFrame("inset");
    auto* inside = new QHBoxLayout(m_resultBox);
    inside->setContentsMargins(12, 9, 12, 9);
    inside->setSpacing(10);
    m_resultPicture = new QLabel;
    m_result = makeParagraph({});
    m_result->setAccessibleDescription(QStringLiteral("test-result"));
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    inside->addWidget(m_resultPicture, 0, Qt::AlignTop);
    inside->addWidget(m_result, 1);
    m_resultBox->hide();
    all->addWidget(m_resultBox);
    all->addWidget(makeLine());
    buildFacts(all);
    all->addWidget(makeLine());
    buildKeys(all);
    all->addStretch();
    QHBoxLayout* foot = row(8);
    QPushButton* remove =
        makeButton(tr("Remove provider"), "danger", QStringLiteral("trash-2"), "removeProviderButton");
    connect(remove, &QPushButton::clicked, this, &ProviderDetail::removeWanted);
    foot->addStretch();
    foot->addWidget(remove);
    all->addLayout(foot);
}

void ProviderDetail::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(10);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(3);
    m_name = makeElided("h1");
    QHBoxLayout* line = row(7);
    m_dot = new Dot;
    m_state = makeElided("muted");
    m_state->setAccessibleDescription(QStringLiteral("provider-state"));
    line->addWidget(m_dot);
    line->addWidget(m_state, 1);
    texts->addWidget(m_name);
    texts->addLayout(line);
    head->addLayout(texts, 1);
    m_test = makeButton(tr("Test"), "ghost", QStringLiteral("plug"), "testButton");
    m_test->setToolTip(tr("Asks the provider for its list of models; this is free"));
    connect(m_test, &QPushButton::clicked, this, &ProviderDetail::testWanted);
    head->addWidget(m_test);
    all->addLayout(head);
}

void ProviderDetail::buildFacts(QVBoxLayout* all)
{
    auto* grid = new QGridLayout;
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
    m_policy = add(tr("Your data"), "data-policy", nullptr);
    all->addLayout(grid);
}

void ProviderDetail::buildKeys(QVBoxLayout* all)
{
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Keys"), "h2"));
    head->addStretch();
    m_removeKey = makeButton(tr("Remove key"), "plain", QStringLiteral("trash-2"), "removeKeyButton");
    QPushButton* add = makeButton(tr("Add key"), "ghost", QStringLiteral("plus"), "addKeyButton");
    head->addWidget(m_removeKey);
    head->addWidget(add);
    all->addLayout(head);

    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("keysTable"));
    m_table->setModel(&m_keys);
    setUpTable(m_table, tr("Keys"));
    m_table->horizontalHeader()->setSectionResizeMode(ProviderKeysModel::Weight,
                                                      QHeaderView::ResizeToContents);
    all->addWidget(m_table);
    m_noKeys =
        makeParagraph(tr("No key. A server on this computer often needs none; a company's does."), "muted");
    all->addWidget(m_noKeys);

    connect(add, &QPushButton::clicked, this, &ProviderDetail::addKeyWanted);
    const auto chosen = [this] { return m_table->selectionModel()->selectedRows(); };
    const auto enable = [this, chosen] { m_removeKey->setEnabled(!chosen().isEmpty()); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, enable);
    connect(&m_keys, &QAbstractItemModel::modelReset, this, enable);
    connect(m_removeKey, &QPushButton::clicked, this, [this, chosen] {
        if (!chosen().isEmpty()) emit removeKeyWanted(m_keys.idAt(chosen().front().row()));
    });
    enable();
}

void ProviderDetail::setProvider(const gateway::ProviderConfig& provider,
                                 const gateway::ProviderHealth& health)
{
    const bool other = provider.id != m_provider.id;
    m_provider = provider;
    if (other) {
        m_resultBox->hide();
        m_test->setEnabled(true);
    }
    m_name->setText(QString::fromStdString(provider.id.text));
    m_dot->setToken(healthToken(health));
    const QString problem = QString::fromStdString(health.problem);
    m_state->setText(problem.isEmpty() ? healthText(health)
                                       : healthText(health) + QStringLiteral(". ") + problem);
    m_state->setToolTip(m_state->text());
    m_kind->setText(provider.local ? tr("%1, on this computer").arg(kindText(provider.kind))
                                   : kindText(provider.kind));
    m_url->setText(provider.baseUrl.empty() ? tr("the provider's own")
                                            : QString::fromStdString(provider.baseUrl));
    m_url->setToolTip(m_url->text());
    m_policy->setText(policyText(provider.dataPolicy));
    m_keys.setProvider(provider, health);
    fitKeys();
}

void ProviderDetail::fitKeys()
{
    const int rows = m_keys.rowCount();
    m_table->setVisible(rows > 0);
    m_noKeys->setVisible(rows == 0);
    m_removeKey->setVisible(rows > 0);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            std::min(rows, kMostKeyRows) * m_table->verticalHeader()->defaultSectionSize() +
                            2);
}

void ProviderDetail::showTesting()
{
    m_test->setEnabled(false);
    setLabelIcon(m_resultPicture, QStringLiteral("timer"), "muted", 16);
    m_result->setText(tr("Asking for the list of models…"));
    m_resultBox->show();
}

void ProviderDetail::showTest(const gateway::ProviderTest& test)
{
    showResult(testText(test), test.ok);
}

void ProviderDetail::showResult(const QString& text, bool good)
{
    m_test->setEnabled(true);
    setLabelIcon(m_resultPicture, good ? QStringLiteral("circle-check") : QStringLiteral("circle-x"),
                 good ? "success" : "danger", 16);
    m_result->setText(text);
    m_resultBox->show();
}

} // namespace ui
