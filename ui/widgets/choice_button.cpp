// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/choice_button.h"

#include <QActionGroup>
#include <QMenu>

#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr qsizetype kMostShown = 32; // letters; a long name must not push its neighbours out

} // namespace

ChoiceButton::ChoiceButton(const QString& what, const char* objectName, QWidget* parent)
    : QPushButton(parent), m_what(what)
{
    setObjectName(QLatin1String(objectName));
    setProperty("kind", QStringLiteral("chip"));
    setAutoDefault(true);
    setMenu(new QMenu(this));
    setButtonText(this, what);
    setButtonIcon(this, {QStringLiteral("chevron-down"), "muted", "accent", 14});
    setLayoutDirection(Qt::RightToLeft); // The arrow stands behind the words.
    menu()->setLayoutDirection(Qt::LeftToRight);
    menu()->setProperty("role", QStringLiteral("choices"));
}

void ChoiceButton::setChoices(const std::vector<Choice>& choices)
{
    const QVariant before = current();
    menu()->clear();
    delete m_group;
    m_group = new QActionGroup(this);
    for (const Choice& choice : choices) {
        QAction* action = menu()->addAction(asButtonText(choice.text));
        action->setCheckable(true);
        action->setData(choice.value);
        m_group->addAction(action);
        connect(action, &QAction::triggered, this, [this] {
            showChoice();
            emit chosen();
        });
    }
    setCurrent(before);
}

QVariant ChoiceButton::current() const
{
    const QAction* action = m_group == nullptr ? nullptr : m_group->checkedAction();
    return action == nullptr ? QVariant() : action->data();
}

void ChoiceButton::setCurrent(const QVariant& value)
{
    if (m_group == nullptr || m_group->actions().isEmpty()) return;
    QAction* chosen = m_group->actions().constFirst();
    for (QAction* action : m_group->actions()) {
        if (value.isValid() && action->data() == value) chosen = action;
    }
    chosen->setChecked(true);
    showChoice();
}

void ChoiceButton::showChoice()
{
    const QAction* action = m_group->checkedAction();
    const QString whole = tr("%1: %2").arg(m_what, withoutMnemonic(action->text()));
    setButtonText(
        this, asButtonText(whole.size() > kMostShown ? whole.left(kMostShown) + QStringLiteral("…") : whole));
    setAccessibleName(whole);
    const bool first = action == m_group->actions().constFirst();
    setLook(this, "active", first ? QString() : QStringLiteral("true"));
}

} // namespace ui
