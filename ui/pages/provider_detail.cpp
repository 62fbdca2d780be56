// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/provider_detail.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include "models/provider_list_model.h"
#include "models/provider_text.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/dot.h"
#include "widgets/spinner.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kTableInset = 4; // The table's own padding puts its texts in line with the others.
constexpr int kIndent = 16;
constexpr int kLineHeight = 16; // The dot stands in the middle of the first line beside it.

QHBoxLayout* indented(QWidget* widget)
{
    QHBoxLayout* line = row(0);
    line->setContentsMargins(kIndent, 0, kIndent, 0);
    line->addWidget(widget);
    return line;
}

} // namespace

ProviderDetail::ProviderDetail(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {kTableInset, 16, kTableInset, 16}, 12);
    all->addLayout(indented(buildHead()));
    auto* scroll = new QScrollArea; // Many keys in a low window must not push the rest out of it.
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setProperty("role", QStringLiteral("clear"));
    auto* inside = column(content, {}, 14);
    inside->addLayout(indented(buildResult()));
    inside->addLayout(indented(makeLine()));
    buildFacts(inside);
    inside->addLayout(indented(makeLine()));
    buildKeys(inside);
    inside->addStretch();
    scroll->setWidget(content);
    all->addWidget(scroll, 1);
    QPushButton* remove =
        makeButton(tr("Remo&ve provider"), "danger", QStringLiteral("trash-2"), "removeProviderButton");
    connect(remove, &QPushButton::clicked, this, &ProviderDetail::removeWanted);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(kIndent, 0, kIndent, 0);
    foot->addStretch();
    foot->addWidget(remove);
    all->addLayout(foot);
}

QWidget* ProviderDetail::buildResult()
{
    m_resultBox = makeFrame("inset");
    auto* inside = new QHBoxLayout(m_resultBox);
    inside->setContentsMargins(12, 9, 12, 9);
    inside->setSpacing(10);
    m_resultPicture = new QLabel;
    m_spinner = new Spinner;
    m_result = makeParagraph({});
    m_result->setAccessibleDescription(QStringLiteral("test-result"));
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    inside->addWidget(m_resultPicture, 0, Qt::AlignTop);
    inside->addWidget(m_spinner, 0, Qt::AlignTop);
    inside->addWidget(m_result, 1);
    m_resultBox->hide();
    return m_resultBox;
}

QWidget* ProviderDetail::buildHead()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* head = new QHBoxLayout(holder);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(10);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(3);
    m_name = makeElided("h1");
    QHBoxLayout* line = row(7);
    m_dot = new Dot;
    m_dot->setFixedHeight(kLineHeight);
    m_state = makeParagraph({}, "muted"); // Its end may be what one has to know: never cut.
    m_state->setAccessibleDescription(QStringLiteral("provider-state"));
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line->addWidget(m_dot, 0, Qt::AlignTop);
    line->addWidget(m_state, 1);
    texts->addWidget(m_name);
    texts->addLayout(line);
    head->addLayout(texts, 1);
    m_test = makeButton(tr("&Test"), "ghost", QStringLiteral("plug"), "testButton");
    m_test->setToolTip(tr("Asks the provider for its list of models; this is free"));
    connect(m_test, &QPushButton::clicked, this, [this] {
        if (m_testing) {
            showResult(tr("Stopped."), QStringLiteral("info"), "muted");
            emit testStopped();
        } else {
            emit testWanted();
        }
    });
    head->addWidget(m_test, 0, Qt::AlignTop);
    return holder;
}

void ProviderDetail::buildFacts(QVBoxLayout* all)
{
    auto* grid = new QGridLayout;
    grid->setContentsMargins(kIndent, 0, kIndent, 0);
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
    head->setContentsMargins(kIndent, 0, kIndent, 0);
    head->addWidget(makeLabel(tr("Keys"), "h2"));
    head->addStretch();
    m_removeKey = makeButton(tr("&Remove key"), "plain", QStringLiteral("trash-2"), "removeKeyButton");
    QPushButton* add = makeButton(tr("Add &key"), "ghost", QStringLiteral("plus"), "addKeyButton");
    head->addWidget(m_removeKey);
    head->addWidget(add);
    all->addLayout(head);

    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("keysTable"));
    m_table->setModel(&m_keys);
    setUpTable(m_table, tr("Keys"));
    m_table->setTextElideMode(Qt::ElideMiddle); // A path's end tells more than its beginning.
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_fit = new ColumnFit(m_table);
    all->addWidget(m_table);
    m_noKeys =
        makeParagraph(tr("No key. A server on this computer often needs none; a company's does."), "muted");
    all->addLayout(indented(m_noKeys));

    connect(add, &QPushButton::clicked, this, &ProviderDetail::addKeyWanted);
    const auto chosen = [this] { return m_table->selectionModel()->selectedRows(); };
    const auto enable = [this, chosen] { m_removeKey->setEnabled(!chosen().isEmpty()); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, enable);
    connect(&m_keys, &QAbstractItemModel::modelReset, this, enable);
    connect(m_removeKey, &QPushButton::clicked, this, [this, chosen] {
        if (!chosen().isEmpty()) emit removeKeyWanted(m_keys.idAt(chosen().front().row()));
    });
    auto* remove = new QShortcut(QKeySequence::Delete, m_table);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, m_removeKey, &QPushButton::click);
    enable();
}

void ProviderDetail::setProvider(const gateway::ProviderConfig& provider,
                                 const gateway::ProviderHealth& health)
{
    const bool other = provider.id != m_provider.id;
    m_provider = provider;
    if (other) {
        m_resultBox->hide();
        setTesting(false);
    }
    m_name->setText(QString::fromStdString(provider.id.text));
    m_dot->setToken(healthToken(health));
    const QString problem = QString::fromStdString(health.problem);
    m_state->setText(problem.isEmpty() ? healthText(health)
                                       : healthText(health) + QStringLiteral(". ") + problem);
    m_kind->setText(provider.local ? tr("%1, on this computer").arg(kindText(provider.kind))
                                   : kindText(provider.kind));
    setLook(m_url, "role", provider.baseUrl.empty() ? QString() : QStringLiteral("mono"));
    m_url->setText(provider.baseUrl.empty() ? tr("the provider's own")
                                            : QString::fromStdString(provider.baseUrl));
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
    m_table->setColumnHidden(ProviderKeysModel::Weight, rows < 2); // Nothing to weigh one key against.
    m_fit->fit();
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * m_table->verticalHeader()->defaultSectionSize() + 2);
}

void ProviderDetail::showTesting()
{
    setTesting(true);
    m_result->setText(tr("Asking for the list of models…"));
    m_resultBox->show();
}

void ProviderDetail::setTesting(bool testing)
{
    m_testing = testing;
    m_spinner->setVisible(testing);
    m_resultPicture->setVisible(!testing);
    setButtonText(m_test, testing ? tr("S&top") : tr("&Test"));
    setButtonIcon(m_test, {testing ? QStringLiteral("x") : QStringLiteral("plug"), "text", "text", 16});
}

void ProviderDetail::showTest(const gateway::ProviderTest& test)
{
    showResult(testText(test), test.ok);
}

void ProviderDetail::showResult(const QString& text, bool good)
{
    showResult(text, good ? QStringLiteral("circle-check") : QStringLiteral("circle-x"),
               good ? "success" : "danger");
}

void ProviderDetail::showResult(const QString& text, const QString& icon, const char* token)
{
    setTesting(false);
    setLabelIcon(m_resultPicture, icon, token, 16);
    m_result->setText(text);
    m_resultBox->show();
}

} // namespace ui
