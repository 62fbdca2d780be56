// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrail_tests.h"

#include <algorithm>
#include <cstddef>

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "models/when_done.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/flow_layout.h"
#include "widgets/result_box.h"

namespace ui {
namespace {

constexpr std::size_t kMostTests = 200;
constexpr std::size_t kMostBytes = 16'384; // of a text
constexpr qsizetype kShown = 200;          // characters of a text in the list
constexpr int kLeastHeight = 96;
constexpr int kIconSize = 16;

/// Other drafts that differ in nothing but their tests find the same.
gateway::GuardrailConfig withoutTests(gateway::GuardrailConfig rule)
{
    rule.tests.clear();
    return rule;
}

} // namespace

GuardrailTests::GuardrailTests(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    m_empty = makeParagraph(tr("None yet. Try a text and press “Keep as test”: from then on it is expected "
                               "that something is found in it, or nothing."),
                            "muted");
    all->addWidget(m_empty);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("guardrailTestsList"));
    m_list->setAccessibleName(tr("Tests of this guardrail"));
    m_list->setMinimumHeight(kLeastHeight);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    all->addWidget(m_list, 1);
    m_result = new ResultBox(QStringLiteral("guardrail-tests-result"));
    all->addWidget(m_result);
    auto* buttons = new QWidget;
    buttons->setProperty("role", QStringLiteral("clear"));
    auto* flow = new FlowLayout(8, 8, buttons);
    m_run = makeButton(tr("&Run all"), "chip", QStringLiteral("play"), "runGuardrailTestsButton");
    m_run->setToolTip(tr("Runs all tests by the draft; nothing is sent"));
    m_turn = makeButton(tr("Expect the &other"), "chip", {}, "turnGuardrailTestButton");
    m_turn->setToolTip(tr("Expects that nothing is found where something was expected, or the reverse"));
    m_remove = makeButton(tr("Re&move"), "chip", {}, "removeGuardrailTestButton");
    m_remove->setToolTip(tr("Removes the chosen test from the draft"));
    for (QPushButton* button : {m_run, m_turn, m_remove}) {
        flow->addWidget(button);
    }
    all->addWidget(buttons);
    all->addStretch();
    auto* key = new QShortcut(QKeySequence::Delete, m_list);
    key->setContext(Qt::WidgetShortcut);
    connect(key, &QShortcut::activated, this, &GuardrailTests::remove);
    connect(m_run, &QPushButton::clicked, this, &GuardrailTests::run);
    connect(m_turn, &QPushButton::clicked, this, &GuardrailTests::turn);
    connect(m_remove, &QPushButton::clicked, this, &GuardrailTests::remove);
    connect(m_list, &QListWidget::currentRowChanged, this, &GuardrailTests::showButtons);
    connect(&Theme::instance(), &Theme::changed, this, &GuardrailTests::showStates);
    rebuild();
}

void GuardrailTests::setDraft(const gateway::Config& config, const gateway::GuardrailConfig& rule, bool valid)
{
    const bool same = withoutTests(rule) == withoutTests(m_rule) && valid == m_valid;
    const bool sameTests = rule.tests == m_rule.tests && rule.id == m_rule.id;
    m_config = config;
    m_rule = rule;
    m_valid = valid;
    if (!same || !sameTests) {
        ++m_generation;
        m_running = false;
        m_results = {};
        m_result->hide();
    }
    if (!sameTests) rebuild();
    showStates();
}

void GuardrailTests::rebuild()
{
    const int before = m_list->currentRow();
    m_list->clear();
    for (const gateway::GuardrailTest& test : m_rule.tests) {
        const QString text = QString::fromStdString(test.text);
        auto* item = new QListWidgetItem(m_list);
        item->setToolTip(plainToolTip(text.left(kShown)));
    }
    m_list->setCurrentRow(std::min(before, m_list->count() - 1));
    m_empty->setVisible(m_rule.tests.empty());
    m_list->setVisible(!m_rule.tests.empty());
}

void GuardrailTests::showStates()
{
    for (int row = 0; row < m_list->count(); ++row) {
        const auto place = static_cast<std::size_t>(row);
        const gateway::GuardrailTest& test = m_rule.tests[place];
        const QString direction = test.on == "response" ? tr("Answer") : tr("Request");
        const QString expected = test.expect == "hit" ? tr("something is found") : tr("nothing is found");
        const bool known = place < m_results.passed.size();
        const bool passed = known && m_results.passed[place];
        const QString state = !known ? tr("not run") : passed ? tr("passed") : tr("failed");
        const QString text = QString::fromStdString(test.text).simplified().left(kShown);
        QListWidgetItem* item = m_list->item(row);
        item->setText(QStringLiteral("%1\n%2: %3 · %4").arg(text, direction, expected, state));
        const char* picture = !known ? "info" : passed ? "circle-check" : "circle-x";
        const char* token = !known ? "muted" : passed ? "success" : "danger";
        item->setIcon(iconPixmap(QLatin1String(picture), Theme::instance().color(token), kIconSize));
    }
    showButtons();
}

void GuardrailTests::showButtons()
{
    const bool any = m_list->currentRow() >= 0;
    m_run->setEnabled(m_valid && !m_rule.tests.empty() && !m_running);
    m_turn->setEnabled(any);
    m_remove->setEnabled(any);
}

QString GuardrailTests::refusal(const gateway::GuardrailTest& test) const
{
    if (test.text.empty()) return tr("There is no text yet");
    if (test.text.size() > kMostBytes) return tr("The text is too long to be kept: at most 16 KiB");
    if (m_rule.tests.size() >= kMostTests) return tr("There are 200 tests: remove one first");
    const bool known =
        std::any_of(m_rule.tests.begin(), m_rule.tests.end(), [&test](const gateway::GuardrailTest& each) {
            return each.text == test.text && each.on == test.on;
        });
    return known ? tr("It is a test already") : QString();
}

void GuardrailTests::add(const gateway::GuardrailTest& test)
{
    if (!refusal(test).isEmpty()) return;
    auto tests = m_rule.tests;
    tests.push_back(test);
    give(tests);
}

void GuardrailTests::turn()
{
    auto tests = m_rule.tests;
    const int row = m_list->currentRow();
    if (row < 0) return;
    std::string& expect = tests[static_cast<std::size_t>(row)].expect;
    expect = expect == "hit" ? "pass" : "hit";
    give(tests);
}

void GuardrailTests::remove()
{
    auto tests = m_rule.tests;
    const int row = m_list->currentRow();
    if (row < 0) return;
    tests.erase(tests.begin() + row);
    give(tests);
}

void GuardrailTests::give(const std::vector<gateway::GuardrailTest>& tests)
{
    emit edited(tests);
}

void GuardrailTests::run()
{
    const std::uint64_t generation = ++m_generation;
    m_running = true;
    showButtons();
    m_result->showProgress(tr("Running the tests…"));
    whenDone(startGuardrailTests(m_config, m_rule.id), this,
             [this, generation](const GuardrailTestResults& results) {
                 if (generation != m_generation) return; // It is about what stood there before.
                 m_running = false;
                 m_results = results;
                 const auto passed = std::count(results.passed.begin(), results.passed.end(), true);
                 const auto all = static_cast<qsizetype>(results.passed.size());
                 if (results.problem.isEmpty()) {
                     m_result->showResult(tr("%1 of %2 passed").arg(passed).arg(all), passed == all);
                 } else {
                     m_result->showResult(results.problem, false);
                 }
                 showStates();
             });
}

} // namespace ui
