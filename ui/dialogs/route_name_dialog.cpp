// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/route_name_dialog.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "models/route_edit.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kWidth = 460;
constexpr int kMostTyped = 64;

} // namespace

RouteNameDialog::RouteNameDialog(const Question& question, QWidget* parent)
    : FormDialog(question.title, question.acceptText, parent), m_question(question), m_name(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    m_name->setObjectName(QStringLiteral("routeNameEdit"));
    m_name->setAccessibleName(tr("Name"));
    m_name->setMaxLength(kMostTyped);
    m_name->setProperty("mono", true);
    QHBoxLayout* line = row(14);
    line->addWidget(makeFieldLabel(tr("&Name"), m_name));
    line->addWidget(m_name, 1);
    fields()->addWidget(makeParagraph(tr("Clients ask for the route as the model of this name."), "muted"));
    fields()->addLayout(line);
    connect(this, &FormDialog::acceptWanted, this, &RouteNameDialog::submit);
    m_name->setFocus();
}

void RouteNameDialog::setName(const QString& name)
{
    m_name->setText(name);
    m_name->selectAll();
}

void RouteNameDialog::submit()
{
    const QString name = m_name->text().trimmed();
    const auto& others = m_question.others;
    const bool taken = std::find(others.begin(), others.end(), name.toStdString()) != others.end();
    const QString problem =
        taken ? tr("There is a route of this name already.") : routeNameProblem(m_question.config, name);
    if (!problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    accept();
    emit named(name);
}

} // namespace ui
