// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_targets_card.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "models/route_text.h"
#include "pages/meaning_test_box.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

QLabel* makeProblem()
{
    QLabel* label = makeParagraph({}, "muted");
    label->setProperty("tone", QStringLiteral("bad"));
    label->setAccessibleDescription(QStringLiteral("problem"));
    label->hide();
    return label;
}

void addLine(QString& text, const QString& line)
{
    text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + line;
}

void showText(QLabel* label, const QString& text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

RouteTargetsCard::RouteTargetsCard(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 16}, 10);
    all->addWidget(makeLabel(tr("Send to"), "h2"));
    buildStrategy(all);
    m_column = new QVBoxLayout;
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    all->addLayout(m_column);
    m_problem = makeProblem();
    all->addWidget(m_problem);
    m_add = makeButton(tr("Add target"), "plain", QStringLiteral("plus"), "addTargetButton");
    all->addWidget(m_add, 0, Qt::AlignLeft);
    m_meaning = new MeaningTestBox;
    all->addWidget(m_meaning);
    connect(m_meaning, &MeaningTestBox::edited, this, &RouteTargetsCard::onEdited);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow();
        onEdited();
        m_rows.back()->focusTarget();
    });
}

void RouteTargetsCard::buildStrategy(QVBoxLayout* all)
{
    QHBoxLayout* line = row(8);
    m_strategy = new ComboBox(tr("Strategy"), "strategyComboBox");
    for (const StrategyText& text : strategyTexts()) {
        m_strategy->addItem(text.name, QString::fromStdString(text.id));
    }
    line->addWidget(makeFieldLabel(tr("Strategy"), m_strategy));
    line->addWidget(m_strategy, 1);
    all->addLayout(line);
    m_sentence = makeParagraph({}, "muted");
    all->addWidget(m_sentence);
    m_strategyProblem = makeProblem();
    all->addWidget(m_strategyProblem);
    m_stickyPart = new QWidget;
    m_stickyPart->setProperty("role", QStringLiteral("clear"));
    auto* sticky = new QHBoxLayout(m_stickyPart);
    sticky->setContentsMargins(0, 0, 0, 0);
    sticky->setSpacing(8);
    m_sticky = new ComboBox(tr("The same for"), "stickyByComboBox", ComboBox::Texts::Any);
    m_sticky->setSuggestions({QStringLiteral("session"), QStringLiteral("key"), QStringLiteral("client"),
                              QStringLiteral("metadata.user"), QStringLiteral("headers.x-user")});
    m_sticky->showText(QString::fromStdString(gateway::RouteConfig().stickyBy));
    m_sticky->lineEdit()->setPlaceholderText(tr("such as key, metadata.user"));
    m_sticky->setToolTip(tr("Requests that have the same in it go to the same target. Several fields count "
                            "together: key, metadata.user"));
    sticky->addWidget(makeFieldLabel(tr("The same for"), m_sticky));
    sticky->addWidget(m_sticky, 1);
    all->addWidget(m_stickyPart);
    connect(m_strategy, &QComboBox::currentIndexChanged, this, &RouteTargetsCard::onEdited);
    connect(m_sticky, &QComboBox::currentTextChanged, this, &RouteTargetsCard::onEdited);
}

void RouteTargetsCard::setChoices(const TargetChoices& choices)
{
    m_choices = choices;
    for (RouteTargetRow* each : m_rows) {
        each->setChoices(choices);
    }
}

void RouteTargetsCard::setRoute(const gateway::RouteConfig& route)
{
    m_route = route;
    while (m_rows.size() > route.targets.size()) {
        dropRow(m_rows.size() - 1);
    }
    while (m_rows.size() < route.targets.size()) {
        addRow();
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i]->setTarget(route.targets[i]);
    }
    m_strategy->setCurrentData(QString::fromStdString(route.strategy), strategyText(route.strategy).name);
    const QString sticky = QString::fromStdString(route.stickyBy);
    if (m_sticky->currentText().trimmed() != sticky) {
        const QSignalBlocker quiet(m_sticky);
        m_sticky->showText(sticky);
    }
    m_meaning->setRoute(m_route);
    showStrategy();
    showPlaces();
}

void RouteTargetsCard::addRow()
{
    auto* added = new RouteTargetRow;
    added->setChoices(m_choices);
    m_column->addWidget(added);
    added->show();
    m_rows.push_back(added);
    chainTabs();
    connect(added, &RouteTargetRow::edited, this, &RouteTargetsCard::onEdited);
    connect(added, &RouteTargetRow::conditionWanted, this,
            [this, added] { emit conditionWanted(static_cast<int>(indexOf(added))); });
    connect(added, &RouteTargetRow::removeWanted, this, [this, added] {
        const std::size_t index = indexOf(added);
        m_add->setFocus(Qt::OtherFocusReason);
        dropRow(index);
        onEdited();
    });
    connect(added, &RouteTargetRow::moveWanted, this, [this, added](int step) {
        const auto from = static_cast<std::ptrdiff_t>(indexOf(added));
        const std::ptrdiff_t to = from + step;
        if (to >= 0 && to < static_cast<std::ptrdiff_t>(m_rows.size()))
            moveRow(static_cast<std::size_t>(from), static_cast<std::size_t>(to));
    });
    connect(added, &RouteTargetRow::draggedTo, this,
            [this, added](const QPoint& position) { dragRow(indexOf(added), position); });
}

void RouteTargetsCard::dropRow(std::size_t index)
{
    RouteTargetRow* gone = m_rows[index];
    m_rows.erase(m_rows.begin() + static_cast<std::ptrdiff_t>(index));
    m_column->removeWidget(gone);
    gone->disconnect(this);
    gone->hide();
    gone->deleteLater(); // It may be its own button that asks.
}

void RouteTargetsCard::moveRow(std::size_t from, std::size_t to)
{
    const auto at = [this](std::size_t index) { return m_rows.begin() + static_cast<std::ptrdiff_t>(index); };
    RouteTargetRow* moved = m_rows[from];
    if (from < to) {
        std::rotate(at(from), at(from + 1), at(to + 1));
    } else {
        std::rotate(at(to), at(from), at(from + 1));
    }
    m_column->removeWidget(moved);
    m_column->insertWidget(static_cast<int>(to), moved);
    chainTabs();
    onEdited();
}

void RouteTargetsCard::dragRow(std::size_t from, const QPoint& globalPosition)
{
    const int y = mapFromGlobal(globalPosition).y();
    std::size_t to = from;
    // Past the middle of a neighbour it takes that one's place.
    while (to > 0 && y < m_rows[to - 1]->geometry().center().y()) {
        --to;
    }
    while (to + 1 < m_rows.size() && y > m_rows[to + 1]->geometry().center().y()) {
        ++to;
    }
    if (to != from) moveRow(from, to);
}

// Rows that were moved are still in the order in which they were made.
void RouteTargetsCard::chainTabs()
{
    QWidget* before = m_rows.empty() ? nullptr : m_rows.front()->tabStops().constFirst();
    for (const RouteTargetRow* each : m_rows) {
        for (QWidget* stop : each->tabStops()) {
            if (stop != before) QWidget::setTabOrder(before, stop);
            before = stop;
        }
    }
    if (before != nullptr) QWidget::setTabOrder(before, m_add);
}

std::size_t RouteTargetsCard::indexOf(const RouteTargetRow* row) const
{
    return static_cast<std::size_t>(std::find(m_rows.begin(), m_rows.end(), row) - m_rows.begin());
}

void RouteTargetsCard::onEdited()
{
    m_route.strategy = m_strategy->currentData().toString().toStdString();
    m_route.stickyBy = m_sticky->currentText().trimmed().toStdString();
    m_route.targets.clear();
    for (const RouteTargetRow* each : m_rows) {
        m_route.targets.push_back(each->target());
    }
    m_route.semantic = m_meaning->rules();
    m_meaning->setRoute(m_route);
    showStrategy();
    showPlaces();
    emit edited(m_route);
}

void RouteTargetsCard::showStrategy()
{
    m_sentence->setText(strategyText(m_route.strategy).sentence);
    m_strategy->setAccessibleDescription(m_sentence->text());
    m_stickyPart->setVisible(m_route.strategy == "sticky");
    m_meaning->setVisible(usesMeaning(m_route.strategy));
}

void RouteTargetsCard::showPlaces()
{
    double sum = 0;
    for (const gateway::TargetConfig& target : m_route.targets) {
        sum += target.weight;
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        TargetShare share;
        if (m_route.strategy == "weighted" && sum > 0) share.wanted = m_rows[i]->target().weight / sum;
        share.requests = m_requests;
        if (i < m_counts.size()) share.taken = m_counts[i];
        m_rows[i]->setPlace(static_cast<int>(i) + 1, m_route.strategy, share);
        m_rows[i]->setStanding(i < m_standings.size() ? m_standings[i] : TargetStanding{});
    }
}

void RouteTargetsCard::setStandings(const std::vector<TargetStanding>& standings)
{
    if (standings == m_standings) return;
    m_standings = standings;
    showPlaces();
}

void RouteTargetsCard::setCounts(std::uint64_t requests,
                                 const std::vector<std::optional<std::uint64_t>>& byTarget)
{
    if (requests == m_requests && byTarget == m_counts) return;
    m_requests = requests;
    m_counts = byTarget;
    showPlaces();
}

QWidget* RouteTargetsCard::rowAt(int target) const
{
    const auto index = static_cast<std::size_t>(target);
    return target >= 0 && index < m_rows.size() ? m_rows[index] : nullptr;
}

void RouteTargetsCard::focusRow(int target)
{
    if (rowAt(target) != nullptr) m_rows[static_cast<std::size_t>(target)]->focusTarget();
}

void RouteTargetsCard::takeProblems(std::vector<RouteProblem>& problems)
{
    static const QRegularExpression kTarget(QStringLiteral("^targets\\[(\\d+)\\]\\.?(.*)$"));
    std::vector<QString> byRow(m_rows.size());
    QString strategy, targets;
    std::erase_if(problems, [&](const RouteProblem& problem) {
        if (problem.field == QLatin1String("strategy") || problem.field == QLatin1String("sticky_by") ||
            problem.field.startsWith(QLatin1String("semantic."))) {
            addLine(strategy, problem.message);
            return true;
        }
        if (problem.field == QLatin1String("targets")) {
            addLine(targets, problem.message);
            return true;
        }
        const QRegularExpressionMatch match = kTarget.match(problem.field);
        const std::size_t index = match.captured(1).toUInt();
        if (!match.hasMatch() || index >= byRow.size()) return false;
        const QString field = match.captured(2);
        addLine(byRow[index],
                field.isEmpty() ? problem.message : field + QStringLiteral(": ") + problem.message);
        return true;
    });
    showText(m_strategyProblem, strategy);
    showText(m_problem, targets);
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i]->showProblem(byRow[i]);
    }
}

} // namespace ui
