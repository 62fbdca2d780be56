// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrail_bench.h"

#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "dialogs/guardrail_replay_dialog.h"
#include "models/format.h"
#include "pages/guardrail_test_box.h"
#include "pages/guardrail_tests.h"
#include "widgets/build.h"
#include "widgets/flow_layout.h"
#include "widgets/segments.h"

namespace ui {

GuardrailBench::GuardrailBench(GatewayLink& link, QWidget* parent) : QFrame(parent), m_link(link)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 12, 16, 14}, 10);
    m_parts = new Segments(tr("What the draft is tried on"), {tr("Try it"), tr("Tests")});
    all->addWidget(m_parts, 0, Qt::AlignLeft);
    m_stack = new QStackedWidget;
    m_box = new GuardrailTestBox(link);
    m_tests = new GuardrailTests;
    m_stack->addWidget(m_box);
    m_stack->addWidget(m_tests);
    all->addWidget(m_stack, 1);
    auto* buttons = new QWidget;
    buttons->setProperty("role", QStringLiteral("clear"));
    auto* flow = new FlowLayout(8, 8, buttons);
    m_keep = makeButton(tr("&Keep as test"), "chip", {}, "keepGuardrailTestButton");
    m_replay = makeButton(tr("Run on last &1,000"), "chip", {}, "guardrailReplayButton");
    flow->addWidget(m_keep);
    flow->addWidget(m_replay);
    all->addWidget(buttons);
    connect(m_parts, &Segments::chosen, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_parts, &Segments::chosen, this, &GuardrailBench::showButtons);
    connect(m_box, &GuardrailTestBox::exceptionWanted, this, &GuardrailBench::exceptionWanted);
    connect(m_box, &GuardrailTestBox::tried, this, &GuardrailBench::showButtons);
    connect(m_tests, &GuardrailTests::edited, this, &GuardrailBench::testsEdited);
    connect(m_keep, &QPushButton::clicked, this, [this] { m_tests->add(m_box->test(m_id)); });
    connect(m_replay, &QPushButton::clicked, this, &GuardrailBench::replay);
    showButtons();
}

void GuardrailBench::setDraft(const gateway::Config& config, const gateway::GuardrailConfig& rule, bool valid)
{
    m_config = config;
    m_id = rule.id;
    m_valid = valid;
    m_box->setRules(config.guardrails, valid);
    m_tests->setDraft(config, rule, valid);
    const auto count = static_cast<std::int64_t>(rule.tests.size());
    m_parts->setChoiceText(1, count == 0 ? tr("Tests") : tr("Tests %1").arg(formatCount(count)));
    showButtons();
}

void GuardrailBench::showButtons()
{
    const gateway::GuardrailTest test = m_box->test(m_id);
    const QString refused = !m_valid            ? tr("Correct the draft first")
                            : !m_box->isReady() ? tr("It is being tried")
                                                : m_tests->refusal(test);
    m_keep->setVisible(m_stack->currentIndex() == 0);
    m_keep->setEnabled(refused.isEmpty());
    m_keep->setToolTip(!refused.isEmpty() ? refused
                       : test.expect == "hit"
                           ? tr("Keeps the text with the draft: this guardrail has to find something in it")
                           : tr("Keeps the text with the draft: this guardrail has to find nothing in it"));
    m_replay->setEnabled(m_valid);
    m_replay->setToolTip(
        m_valid ? tr("Shows what this draft would have found in the last 1,000 requests. Nothing is sent")
                : tr("Correct the draft first"));
}

void GuardrailBench::replay()
{
    auto* dialog = new GuardrailReplayDialog(m_link, m_config, m_id, window());
    connect(dialog, &GuardrailReplayDialog::exceptionWanted, this, &GuardrailBench::exceptionWanted);
    dialog->open();
}

} // namespace ui
