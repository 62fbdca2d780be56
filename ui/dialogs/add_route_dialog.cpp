// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/add_route_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "models/route_templates.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {

AddRouteDialog::AddRouteDialog(const Question& question, QWidget* parent)
    : RouteNameDialog(question, parent)
    , m_template(new ComboBox(tr("Begin with"), "templateComboBox"))
    , m_sentence(makeParagraph({}, "muted"))
{
    m_template->addItem(tr("An empty route"), QString());
    for (const RouteTemplate& each : routeTemplates()) {
        m_template->addItem(each.name, each.id);
    }
    QHBoxLayout* line = row(14);
    line->addWidget(makeFieldLabel(tr("&Begin with"), m_template));
    line->addWidget(m_template, 1);
    fields()->insertLayout(0, line);
    fields()->insertWidget(1, m_sentence);
    connect(m_template, &QComboBox::currentIndexChanged, this, &AddRouteDialog::showTemplate);
    setTabOrder(m_template, nameEdit());
    showTemplate();
}

QString AddRouteDialog::templateId() const
{
    return m_template->currentData().toString();
}

void AddRouteDialog::showTemplate()
{
    QString sentence = tr("One target, left for you to choose.");
    for (const RouteTemplate& each : routeTemplates()) {
        if (each.id == templateId()) sentence = each.sentence;
    }
    m_sentence->setText(sentence);
    m_template->setAccessibleDescription(sentence);
    if (nameEdit()->isModified()) return; // A name of the user's own stays.
    setName(freeRouteName(question().config, templateId().isEmpty() ? tr("auto") : templateId(),
                          question().others));
}

} // namespace ui
