// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/condition_builder.h"

#include <algorithm>
#include <utility>

#include <QApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/condition_line.h"

namespace ui {
namespace {

using Kind = ConditionDraft::Kind;
constexpr int kSpacing = 6;
constexpr int kChoiceWidth = 148;

ConditionDraft newLine()
{
    return ConditionDraft::line({conditionFields().constFirst(), QStringLiteral("$eq"), {}});
}

void showKind(ComboBox& choice, Kind kind)
{
    const QSignalBlocker quiet(&choice);
    choice.setCurrentIndex(choice.findData(static_cast<int>(kind)));
}

} // namespace

ConditionBuilder::ConditionBuilder(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    m_column = column(this, {}, 0);
    m_outer = makeChoice(tr("How many of the conditions must hold"));
    connect(m_outer, &QComboBox::currentIndexChanged, this, [this] { setKind({}, *m_outer); });
    for (const auto& [key, step] : {std::pair{Qt::Key_Up, -1}, {Qt::Key_Down, 1}}) {
        auto* shortcut = new QShortcut(Qt::ALT | key, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, step = step] { moveFocused(step); });
    }
    rebuild();
}

ComboBox* ConditionBuilder::makeChoice(const QString& name)
{
    auto* choice = new ComboBox(name, "conditionGroupComboBox");
    choice->setMinimumWidth(kChoiceWidth);
    choice->addItem(tr("All of these"), static_cast<int>(Kind::All));
    choice->addItem(tr("Any of these"), static_cast<int>(Kind::Any));
    choice->addItem(tr("None of these"), static_cast<int>(Kind::None));
    return choice;
}

void ConditionBuilder::setDraft(const ConditionDraft& draft)
{
    if (draft == m_draft) return;
    m_draft = draft;
    rebuild();
}

void ConditionBuilder::rebuild()
{
    if (m_content != nullptr) {
        // Else the page would scroll to what comes after it when it is hidden.
        if (m_content->isAncestorOf(QApplication::focusWidget())) setFocus(Qt::OtherFocusReason);
        m_column->removeWidget(m_content);
        m_content->hide();
        m_content->deleteLater(); // It may be a button of its own that asks.
    }
    m_shown.clear();
    m_stops.clear();
    m_content = new QWidget(this);
    m_content->setProperty("role", QStringLiteral("clear"));
    showKind(*m_outer, m_draft.kind);
    fillGroup({}, column(m_content, {}, kSpacing));
    m_column->addWidget(m_content);
    m_content->show();
    chainTabs();
}

// What is made anew comes last for Tab, wherever it is seen.
void ConditionBuilder::chainTabs()
{
    QWidget* before = m_anchor;
    for (QWidget* stop : std::as_const(m_stops)) {
        if (before != nullptr) QWidget::setTabOrder(before, stop);
        before = stop;
    }
}

void ConditionBuilder::fillGroup(const ConditionPath& path, QVBoxLayout* column)
{
    const std::size_t count = partAt(m_draft, path)->parts.size();
    for (std::size_t place = 0; place < count; ++place) {
        ConditionPath inner = path;
        inner.push_back(place);
        column->addWidget(partAt(m_draft, inner)->isGroup() ? makeGroup(inner) : makeLine(inner));
    }
    column->addLayout(makeFoot(path));
}

QWidget* ConditionBuilder::makeLine(const ConditionPath& path)
{
    auto* line = new ConditionLine(partAt(m_draft, path)->row, pathText(path));
    m_shown.push_back({path, line, line->tabStops().constFirst()});
    m_stops += line->tabStops();
    connect(line, &ConditionLine::edited, this, [this, path, line] {
        partAt(m_draft, path)->row = line->row();
        emit changed();
    });
    connect(line, &ConditionLine::removeWanted, this, [this, path] { remove(path); });
    return line;
}

QWidget* ConditionBuilder::makeGroup(const ConditionPath& path)
{
    const QString place = pathText(path);
    QFrame* frame = makeFrame("rail");
    frame->setAccessibleName(tr("Group %1").arg(place));
    auto* inside = column(frame, {12, 0, 0, 0}, kSpacing);
    QHBoxLayout* head = row(kSpacing);
    ComboBox* choice = makeChoice(tr("How many of group %1 must hold").arg(place));
    choice->setToolTip(tr("Alt+Up and Alt+Down move the group"));
    showKind(*choice, partAt(m_draft, path)->kind);
    QPushButton* drop =
        makeIconButton(QStringLiteral("x"), tr("Remove group %1").arg(place), "removeGroupButton");
    head->addWidget(choice);
    head->addStretch();
    head->addWidget(drop);
    inside->addLayout(head);
    m_shown.push_back({path, frame, choice});
    m_stops << choice << drop;
    fillGroup(path, inside);
    connect(choice, &QComboBox::currentIndexChanged, this, [this, path, choice] { setKind(path, *choice); });
    connect(drop, &QPushButton::clicked, this, [this, path] { remove(path); });
    return frame;
}

QHBoxLayout* ConditionBuilder::makeFoot(const ConditionPath& group)
{
    const char* kind = group.empty() ? "plain" : "link";
    const QString place = pathText(group);
    const bool full = lineCount(m_draft) >= kMostConditionLines;
    QHBoxLayout* foot = row(group.empty() ? 8 : 14);
    QPushButton* line = makeButton(tr("Add condition"), kind, QStringLiteral("plus"), "addConditionButton");
    QPushButton* inner = makeButton(tr("Add group"), kind, QStringLiteral("plus"), "addGroupButton");
    inner->setToolTip(tr("Conditions of which all, any or none must hold, as one of these"));
    if (!group.empty()) {
        line->setAccessibleName(tr("Add condition to group %1").arg(place));
        inner->setAccessibleName(tr("Add group to group %1").arg(place));
    }
    line->setEnabled(!full);
    inner->setEnabled(!full && hasRoomForGroup(group));
    foot->addWidget(line);
    foot->addWidget(inner);
    foot->addStretch();
    m_stops << line << inner;
    connect(line, &QPushButton::clicked, this, [this, group] { addLine(group); });
    connect(inner, &QPushButton::clicked, this, [this, group] { addGroup(group); });
    return foot;
}

void ConditionBuilder::addLine(const ConditionPath& group)
{
    const ConditionPath added = addPart(m_draft, group, newLine());
    rebuild();
    focusPart(added);
    emit changed();
}

void ConditionBuilder::addGroup(const ConditionPath& group)
{
    // A group like the one that it is in would say nothing new.
    const Kind kind = partAt(m_draft, group)->kind == Kind::All ? Kind::Any : Kind::All;
    ConditionPath added = addPart(m_draft, group, ConditionDraft::group(kind, {newLine()}));
    rebuild();
    added.push_back(0);
    focusPart(added);
    emit changed();
}

void ConditionBuilder::remove(const ConditionPath& path)
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                    [&path](const Shown& shown) { return shown.path == path; });
    const auto index = static_cast<std::size_t>(found - m_shown.begin());
    removePart(m_draft, path);
    rebuild();
    // Where it stood, or at the end.
    if (!m_shown.empty())
        m_shown[std::min(index, m_shown.size() - 1)].first->setFocus(Qt::OtherFocusReason);
    else
        m_stops.constFirst()->setFocus(Qt::OtherFocusReason);
    emit changed();
}

void ConditionBuilder::moveFocused(int step)
{
    QWidget* focused = QApplication::focusWidget();
    for (QWidget* at = focused; at != nullptr && at != this; at = at->parentWidget()) {
        const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                        [at](const Shown& shown) { return shown.whole == at; });
        if (found == m_shown.end()) continue;
        const ConditionPath from = found->path;
        const ConditionPath to = movePart(m_draft, from, step);
        if (to == from) return;
        const QString name = focused->objectName();
        rebuild();
        focusPart(to, name);
        emit changed();
        return;
    }
}

void ConditionBuilder::setKind(const ConditionPath& group, const ComboBox& choice)
{
    partAt(m_draft, group)->kind = static_cast<Kind>(choice.currentData().toInt());
    emit changed();
}

void ConditionBuilder::focusPart(const ConditionPath& path, const QString& objectName)
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                    [&path](const Shown& shown) { return shown.path == path; });
    if (found == m_shown.end()) return;
    auto* same = objectName.isEmpty() ? nullptr : found->whole->findChild<QWidget*>(objectName);
    (same != nullptr ? same : found->first)->setFocus(Qt::OtherFocusReason);
}

} // namespace ui
