// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrail_masks.h"

#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/problem_grid.h"

namespace ui {

GuardrailMasks::GuardrailMasks(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 12, 16, 14}, 10);
    all->addWidget(makeLabel(tr("How it is masked, by kind"), "h2"));
}

void GuardrailMasks::setRule(const gateway::CheckDescription& check, const gateway::GuardrailConfig& rule)
{
    m_maskAs = rule.maskAs;
    const std::vector<std::string> kinds = maskKinds(check, rule);
    if (kinds != m_kinds || m_body == nullptr) {
        m_kinds = kinds;
        rebuild();
    }
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        const QString style = QString::fromStdString(maskStyleOf(m_maskAs, m_kinds[i]));
        m_boxes[i]->setCurrentData(style, style);
    }
    const bool masks = rule.action == "mask" || rule.action == "rewrite";
    setVisible(masks && check.places && !m_kinds.empty());
}

void GuardrailMasks::rebuild()
{
    if (m_body != nullptr) {
        m_body->hide();
        m_body->deleteLater(); // It may be its own field that asked for this.
    }
    m_boxes.clear();
    m_body = new QWidget;
    m_body->setProperty("role", QStringLiteral("clear"));
    m_grid = new ProblemGrid(m_body);
    m_grid->setContentsMargins(0, 0, 0, 0);
    for (const std::string& kind : m_kinds) {
        const QString name = QString::fromStdString(kind);
        auto* box = new ComboBox(tr("How %1 is masked").arg(name), "guardrailKindMaskComboBox");
        box->addItem(tr("As any other"), QString());
        for (const std::string& style : gateway::maskStyles()) {
            box->addItem(QString::fromStdString(style), QString::fromStdString(style));
        }
        m_grid->addField(name, box, ProblemGrid::Side::Both);
        connect(box, &QComboBox::currentIndexChanged, this, [this, box, kind] {
            m_maskAs = withMaskStyle(m_maskAs, kind, box->currentData().toString().toStdString());
            emit edited();
        });
        m_boxes.push_back(box);
    }
    layout()->addWidget(m_body);
}

bool GuardrailMasks::setProblem(const QString& field, const QString& text)
{
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        const QString kind = QString::fromStdString(m_kinds[i]);
        if (field != kind && field != QStringLiteral("[\"%1\"]").arg(kind)) continue;
        m_grid->setProblem(m_boxes[i], text);
        return true;
    }
    return false;
}

void GuardrailMasks::clearProblems()
{
    if (m_grid != nullptr) m_grid->clearProblems();
}

} // namespace ui
