// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/prompt_texts.h"

#include <algorithm>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QVBoxLayout>

#include "gateway/prompts.h"

#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kTextHeight = 84;
constexpr QLatin1String kName("NAME"); // of "metadata.NAME", for the user to write over

void insertVariable(QPlainTextEdit* into, const QString& name)
{
    QTextCursor cursor = into->textCursor();
    const int start = cursor.selectionStart();
    const QString whole = QStringLiteral("{{%1}}").arg(name);
    cursor.insertText(whole);
    if (name.endsWith(kName)) {
        const auto at = start + static_cast<int>(whole.indexOf(kName));
        cursor.setPosition(at);
        cursor.setPosition(at + static_cast<int>(kName.size()), QTextCursor::KeepAnchor);
    }
    into->setTextCursor(cursor);
    into->setFocus(Qt::OtherFocusReason);
}

} // namespace

QPlainTextEdit* makePromptEdit(const QString& name, const char* objectName)
{
    auto* edit = new QPlainTextEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    edit->setTabChangesFocus(true);
    edit->setFixedHeight(kTextHeight);
    return edit;
}

QPushButton* makeVariableButton(QPlainTextEdit* into, const char* objectName)
{
    QPushButton* button =
        makeButton(PromptTexts::tr("Insert variable"), "link", QStringLiteral("braces"), objectName);
    button->setToolTip(PromptTexts::tr("What is known of the request, such as today's date"));
    auto* menu = new QMenu(button);
    menu->setObjectName(QStringLiteral("variablesMenu"));
    for (const std::string& each : gateway::promptVariableNames()) {
        const QString name = QString::fromStdString(each);
        QObject::connect(menu->addAction(QStringLiteral("{{%1}}").arg(name)), &QAction::triggered, into,
                         [into, name] { insertVariable(into, name); });
    }
    button->setMenu(menu);
    return button;
}

PromptTexts::PromptTexts(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Texts"), "h3"));
    head->addStretch();
    m_add = makeButton(tr("Add text"), "ghost", QStringLiteral("plus"), "addPromptTextButton");
    head->addWidget(m_add);
    all->addLayout(head);
    m_empty = makeParagraph(tr("None: what the client says goes on as it is."), "muted");
    all->addWidget(m_empty);
    m_list = new QVBoxLayout;
    m_list->setSpacing(8);
    all->addLayout(m_list);
    connect(m_add, &QPushButton::clicked, this, &PromptTexts::add);
}

void PromptTexts::setTexts(const Texts& before, const Texts& after)
{
    m_before = before;
    m_after = after;
    showRows();
}

std::vector<PromptTexts::Line> PromptTexts::lines() const
{
    std::vector<Line> all;
    for (const gateway::PromptText& text : m_before) {
        all.push_back({text, false});
    }
    for (const gateway::PromptText& text : m_after) {
        all.push_back({text, true});
    }
    return all;
}

void PromptTexts::take(std::vector<Line> lines)
{
    m_before.clear();
    m_after.clear();
    for (Line& line : lines) {
        (line.isAfter ? m_after : m_before).push_back(std::move(line.text));
    }
    showRows();
    emit edited();
}

void PromptTexts::showRows()
{
    const QScopedValueRollback filling(m_filling, true);
    const std::vector<Line> all = lines();
    while (m_rows.size() > all.size()) {
        QWidget* gone = m_rows.back().whole;
        m_rows.pop_back();
        m_list->removeWidget(gone);
        gone->hide();
        gone->deleteLater(); // It may be its own button that asks.
    }
    const bool more = m_rows.size() < all.size();
    while (m_rows.size() < all.size()) {
        m_rows.push_back(makeRow(m_rows.size()));
        m_list->addWidget(m_rows.back().whole);
        m_rows.back().whole->show();
    }
    if (more) chainTabs();
    for (std::size_t place = 0; place < all.size(); ++place) {
        fill(m_rows[place], all[place]);
        m_rows[place].up->setEnabled(place > 0 || all[place].isAfter);
        m_rows[place].down->setEnabled(place + 1 < all.size() || !all[place].isAfter);
    }
    m_empty->setVisible(all.empty());
}

void PromptTexts::fill(const Row& row, const Line& line)
{
    const QString role = QString::fromStdString(line.text.role);
    row.role->setCurrentData(role, role);
    row.place->setCurrentData(line.isAfter, {});
    const QString text = QString::fromStdString(line.text.text);
    if (row.text->toPlainText() != text) row.text->setPlainText(text);
}

QWidget* PromptTexts::makeHead(Row& made, std::size_t place)
{
    auto* head = new QWidget;
    head->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    const auto number = static_cast<int>(place) + 1;
    made.role = new ComboBox(tr("Role of text %1").arg(number), "promptRoleComboBox");
    made.role->addItem(tr("System"), QStringLiteral("system"));
    made.role->addItem(tr("User"), QStringLiteral("user"));
    made.place = new ComboBox(tr("Place of text %1").arg(number), "promptPlaceComboBox");
    made.place->addItem(tr("Before the client's"), false);
    made.place->addItem(tr("Behind the client's"), true);
    made.up =
        makeIconButton(QStringLiteral("chevron-up"), tr("Move text %1 up").arg(number), "movePromptUpButton");
    made.down = makeIconButton(QStringLiteral("chevron-down"), tr("Move text %1 down").arg(number),
                               "movePromptDownButton");
    made.remove =
        makeIconButton(QStringLiteral("trash-2"), tr("Remove text %1").arg(number), "removePromptTextButton");
    line->addWidget(made.role, 2);
    line->addWidget(made.place, 3);
    line->addWidget(made.up);
    line->addWidget(made.down);
    line->addWidget(made.remove);
    return head;
}

PromptTexts::Row PromptTexts::makeRow(std::size_t place)
{
    Row made;
    made.whole = makeFrame("inset");
    auto* all = column(made.whole, {10, 10, 10, 8}, 6);
    all->addWidget(makeHead(made, place));
    const auto number = static_cast<int>(place) + 1;
    made.text = makePromptEdit(tr("Text %1").arg(number), "promptTextEdit");
    made.text->setPlaceholderText(tr("What is to be said; Alt+Up and Alt+Down move it"));
    all->addWidget(made.text);
    made.problem = makeParagraph({}, "muted");
    made.problem->setProperty("tone", QStringLiteral("bad"));
    made.problem->setAccessibleDescription(QStringLiteral("problem"));
    made.problem->hide();
    all->addWidget(made.problem);
    made.variable = makeVariableButton(made.text, "insertVariableButton");
    made.variable->setAccessibleName(tr("Insert variable into text %1").arg(number));
    all->addWidget(made.variable, 0, Qt::AlignLeft);
    bind(made, place);
    return made;
}

void PromptTexts::bind(const Row& row, std::size_t place)
{
    for (const auto& [key, step] : {std::pair(Qt::Key_Up, -1), std::pair(Qt::Key_Down, 1)}) {
        auto* shortcut = new QShortcut(Qt::ALT | key, row.whole);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, place, step = step] { move(place, step); });
    }
    connect(row.up, &QPushButton::clicked, this, [this, place] { move(place, -1); });
    connect(row.down, &QPushButton::clicked, this, [this, place] { move(place, 1); });
    connect(row.remove, &QPushButton::clicked, this, [this, place] { remove(place); });
    connect(row.role, &QComboBox::currentIndexChanged, this, [this, place] { takeRow(place); });
    connect(row.text, &QPlainTextEdit::textChanged, this, [this, place] { takeRow(place); });
    connect(row.place, &QComboBox::currentIndexChanged, this, [this, place] {
        if (m_filling) return;
        std::vector<Line> all = lines();
        Line moved = all[place];
        moved.isAfter = !moved.isAfter;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(place));
        // Where it came from is where it goes: next to the client's words.
        const std::size_t to = m_before.size() - (moved.isAfter ? 1 : 0);
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(to), moved);
        take(std::move(all));
        m_rows[to].place->setFocus(Qt::OtherFocusReason);
    });
}

void PromptTexts::chainTabs()
{
    QWidget* last = m_add;
    for (const Row& row : m_rows) {
        for (QWidget* next : std::initializer_list<QWidget*>{row.role, row.place, row.up, row.down,
                                                             row.remove, row.text, row.variable}) {
            setTabOrder(last, next);
            last = next;
        }
    }
}

void PromptTexts::add()
{
    std::vector<Line> all = lines();
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(m_before.size()), Line{{"system", {}}, false});
    const std::size_t place = m_before.size();
    take(std::move(all));
    m_rows[place].text->setFocus(Qt::OtherFocusReason);
}

void PromptTexts::move(std::size_t place, int step)
{
    std::vector<Line> all = lines();
    if (place >= all.size()) return;
    const bool down = step > 0;
    std::size_t to = place;
    const bool isLast = place + 1 == all.size();
    // At the border between the two places the client's own words are what it is moved over.
    if (all[place].isAfter != down &&
        (down ? isLast || all[place + 1].isAfter : place == 0 || !all[place - 1].isAfter)) {
        all[place].isAfter = down;
    } else if (down ? isLast : place == 0) {
        return;
    } else {
        to = down ? place + 1 : place - 1;
        std::swap(all[place], all[to]);
    }
    const Row& from = m_rows[place];
    const QString name = from.whole->focusWidget() ? from.whole->focusWidget()->objectName() : QString();
    take(std::move(all));
    auto* next = m_rows[to].whole->findChild<QWidget*>(name);
    if (next == nullptr || !next->isEnabled()) next = m_rows[to].text;
    next->setFocus(Qt::OtherFocusReason);
}

void PromptTexts::remove(std::size_t place)
{
    std::vector<Line> all = lines();
    if (place >= all.size()) return;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(place));
    m_add->setFocus(Qt::OtherFocusReason);
    take(std::move(all));
}

void PromptTexts::takeRow(std::size_t place)
{
    if (m_filling || place >= m_rows.size()) return;
    const bool isAfter = place >= m_before.size();
    gateway::PromptText& text = isAfter ? m_after[place - m_before.size()] : m_before[place];
    text.role = m_rows[place].role->currentData().toString().toStdString();
    text.text = m_rows[place].text->toPlainText().toStdString();
    emit edited();
}

bool PromptTexts::setProblem(const QString& field, const QString& text)
{
    for (std::size_t place = 0; place < m_rows.size(); ++place) {
        const bool isAfter = place >= m_before.size();
        const QString mine = isAfter ? QStringLiteral("after[%1]").arg(place - m_before.size())
                                     : QStringLiteral("before[%1]").arg(place);
        if (!field.startsWith(mine)) continue;
        QLabel* problem = m_rows[place].problem;
        const QString shown = problem->isHidden() ? text : problem->text() + QLatin1Char('\n') + text;
        problem->setText(shown);
        problem->show();
        return true;
    }
    return false;
}

void PromptTexts::clearProblems()
{
    for (const Row& row : m_rows) {
        row.problem->clear();
        row.problem->hide();
    }
}

} // namespace ui
