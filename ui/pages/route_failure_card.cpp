// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_failure_card.h"

#include <algorithm>

#include <QByteArray>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/route_text.h"
#include "pages/provider_connection.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/fitting_stack.h"
#include "widgets/optional_box.h"
#include "widgets/segments.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr int kStatusesWidth = 248;

} // namespace

RouteFailureCard::RouteFailureCard(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 8}, 8);
    all->addWidget(makeLabel(tr("If it fails"), "h2"));
    QHBoxLayout* line = row(8);
    m_tabNames = {tr("Retries"), tr("Time-outs"), tr("Set aside"), tr("Slow"), tr("Go to")};
    m_tabs = new Segments(tr("What to set for failures"), m_tabNames);
    line->addWidget(m_tabs);
    line->addStretch();
    all->addLayout(line);
    m_pages = new FittingStack;
    all->addWidget(m_pages);
    buildRetry();
    buildTimes();
    buildCircuit();
    buildSlow();
    buildFallbacks();
    m_page->addStretch();
    connect(m_tabs, &Segments::chosen, m_pages, &FittingStack::setCurrentIndex);
}

void RouteFailureCard::beginPage()
{
    auto* page = new QWidget;
    page->setProperty("role", QStringLiteral("clear"));
    if (m_page) m_page->addStretch(); // a page with fewer rows has them at its top
    m_page = column(page, {}, 0);
    m_pages->addWidget(page);
}

void RouteFailureCard::add(const char* field, SettingRow* row)
{
    if (m_page->count() > 0) m_page->addWidget(makeLine());
    m_page->addWidget(row);
    m_rows.push_back({row, QLatin1String(field), m_pages->count() - 1});
}

QSpinBox* RouteFailureCard::watched(QSpinBox* box)
{
    connect(box, &QSpinBox::valueChanged, this, &RouteFailureCard::onEdited);
    return box;
}

void RouteFailureCard::buildRetry()
{
    beginPage();
    m_attempts = watched(makeOptionalBox(tr("Further attempts"), "routeAttemptsSpinBox", 20));
    m_statuses = new QLineEdit;
    m_statuses->setObjectName(QStringLiteral("routeStatusesEdit"));
    m_statuses->setAccessibleName(tr("Try again on"));
    m_statuses->setProperty("mono", true);
    m_statuses->setFixedWidth(kStatusesWidth);
    m_statuses->setPlaceholderText(QStringLiteral("408, 409, 429, 500, 502, 503, 504, 529"));
    connect(m_statuses, &QLineEdit::textEdited, this, &RouteFailureCard::onEdited);
    m_backoff = watched(makeMillisBox(tr("First wait"), "routeBackoffSpinBox"));
    m_maxBackoff = watched(makeMillisBox(tr("Longest wait"), "routeMaxBackoffSpinBox"));
    m_honor = new Segments(tr("Wait as long as the provider says"), {tr("Default"), tr("Yes"), tr("No")});
    m_unsupported = new Segments(tr("What a target cannot take"), {tr("Leave out"), tr("Refuse")});
    connect(m_honor, &Segments::chosen, this, &RouteFailureCard::onEdited);
    connect(m_unsupported, &Segments::chosen, this, &RouteFailureCard::onEdited);
    add("retry.attempts",
        new SettingRow(tr("Further attempts"), tr("On the same target; then the next one. Default 2."),
                       m_attempts));
    add("retry.on_status",
        new SettingRow(tr("Try again on"), tr("Status codes. Empty: the default."), m_statuses));
    add("retry.backoff_ms",
        new SettingRow(tr("First wait"), tr("Doubled each time. Default 250 ms."), m_backoff));
    add("retry.max_backoff_ms", new SettingRow(tr("Longest wait"), tr("Default 8,000 ms."), m_maxBackoff));
    add("retry.honor_retry_after",
        new SettingRow(tr("Wait as it says"), tr("Its retry-after. Default yes."), m_honor));
    add("unsupported", new SettingRow(tr("What a target cannot take"),
                                      tr("Fields that its API has no place for."), m_unsupported));
}

void RouteFailureCard::buildTimes()
{
    beginPage();
    m_connect = watched(makeMillisBox(tr("Connecting may take"), "routeConnectSpinBox"));
    m_firstByte = watched(makeMillisBox(tr("First byte within"), "routeFirstByteSpinBox"));
    m_idle = watched(makeMillisBox(tr("Silence may last"), "routeIdleSpinBox"));
    m_total = watched(makeMillisBox(tr("All in all"), "routeTotalSpinBox"));
    add("timeout.connect_ms",
        new SettingRow(tr("Connecting may take"), tr("Default 10,000 ms, TLS included."), m_connect));
    add("timeout.first_byte_ms",
        new SettingRow(tr("First byte within"),
                       tr("Then the next target at once. Default 600,000 ms, streamed 120,000 ms."),
                       m_firstByte));
    add("timeout.idle_ms",
        new SettingRow(tr("Silence may last"), tr("Between two bytes. Default 120,000 ms."), m_idle));
    add("timeout.total_ms",
        new SettingRow(tr("All in all"), tr("Over all attempts. Default: no limit."), m_total));
}

void RouteFailureCard::buildCircuit()
{
    beginPage();
    m_failures = watched(makeOptionalBox(tr("Failures in a row"), "circuitFailuresSpinBox", 1000));
    m_errorPercent = watched(makeOptionalBox(tr("Or share of failures"), "circuitErrorPercentSpinBox", 100));
    m_errorPercent->setSuffix(tr(" %"));
    m_minimum = watched(makeOptionalBox(tr("Of at least"), "circuitMinimumSpinBox", 40));
    m_wait = watched(makeMillisBox(tr("Set aside for"), "circuitWaitSpinBox"));
    m_recover = watched(makeOptionalBox(tr("Back after"), "circuitRecoverSpinBox", 100));
    add("circuit.failures",
        new SettingRow(tr("Failures in a row"), tr("Then the target comes last for a while. Default 4."),
                       m_failures));
    add("circuit.error_percent", new SettingRow(tr("Or share of failures"),
                                                tr("Of the last requests. Default 60 %."), m_errorPercent));
    add("circuit.minimum_requests",
        new SettingRow(tr("Of at least"), tr("So many requests. Default 10."), m_minimum));
    add("circuit.wait_ms", new SettingRow(tr("Set aside for"), tr("Default 60,000 ms."), m_wait));
    add("circuit.recover",
        new SettingRow(tr("Back after"), tr("So many requests that went well. Default 2."), m_recover));
}

void RouteFailureCard::addFallback(const char* kind, const QString& detail)
{
    const QString name = failureKindText(kind);
    const QByteArray objectName = QByteArray(kind) + "FallbackComboBox";
    auto* goal = new ComboBox(name, objectName.constData(), ComboBox::Texts::Any);
    goal->setFixedWidth(kStatusesWidth);
    goal->lineEdit()->setPlaceholderText(tr("next target"));
    connect(goal, &QComboBox::currentTextChanged, this, &RouteFailureCard::onEdited);
    add((QByteArray("fallbacks.") + kind).constData(), new SettingRow(name, detail, goal));
    m_goals.emplace_back(kind, goal);
}

void RouteFailureCard::buildFallbacks()
{
    beginPage();
    addFallback("context_length", tr("For the model. Else targets that take more."));
    addFallback("content_refused", tr("What is said, by an error or in a whole answer."));
    addFallback("rate_limit", tr("A route, or provider/model."));
    addFallback("overloaded", tr("A route, or provider/model."));
    addFallback("timeout", tr("A time-out of those set here."));
    addFallback("network", tr("Or the connection broke."));
    addFallback("auth", tr("All were refused, or cannot be read."));
    addFallback("server_error", tr("Of the provider."));
}

QWidget* RouteFailureCard::fallbackField(const std::string& kind)
{
    for (const auto& [id, field] : m_goals) {
        if (id != kind) continue;
        m_tabs->setCurrent(m_pages->count() - 1);
        m_pages->setCurrentIndex(m_pages->count() - 1);
        return field;
    }
    return nullptr;
}

void RouteFailureCard::buildSlow()
{
    beginPage();
    m_hedgeAfter = watched(makeMillisBox(tr("Ask another after"), "routeHedgeAfterSpinBox"));
    m_hedgeExtra = watched(makeOptionalBox(tr("So many more at most"), "routeHedgeExtraSpinBox", 3));
    m_onBreak = new Segments(tr("When a stream breaks"), {tr("Error"), tr("Next goes on")});
    m_join = new Segments(tr("The same request twice at once"), {tr("Ask twice"), tr("Ask once")});
    connect(m_onBreak, &Segments::chosen, this, &RouteFailureCard::onEdited);
    connect(m_join, &Segments::chosen, this, &RouteFailureCard::onEdited);
    add("hedge.after_ms",
        new SettingRow(tr("Ask another after"),
                       tr("Without a first byte; who begins first answers, both may cost. Default: never."),
                       m_hedgeAfter));
    add("hedge.extra",
        new SettingRow(tr("So many more at most"), tr("One after the other. Default 1."), m_hedgeExtra));
    add("on_break",
        new SettingRow(tr("When a stream breaks"),
                       tr("In its middle: the next target may go on from what was said."), m_onBreak));
    add("join", new SettingRow(tr("The same twice at once"),
                               tr("Requests of one key that are alike may share one answer."), m_join));
}

void RouteFailureCard::showFallbacks(const QStringList& goals)
{
    for (const auto& [kind, goal] : m_goals) {
        const auto& fallbacks = m_route.fallbacks;
        const auto found = std::find_if(fallbacks.begin(), fallbacks.end(),
                                        [&kind = kind](const auto& each) { return each.first == kind; });
        if (goals != m_suggested) goal->setSuggestions(goals);
        const QString text = found == fallbacks.end() ? QString() : QString::fromStdString(found->second);
        if (goal->currentText().trimmed() != text) goal->showText(text);
    }
    m_suggested = goals;
}

void RouteFailureCard::takeFallbacks()
{
    auto& fallbacks = m_route.fallbacks;
    for (const auto& [kind, goal] : m_goals) {
        const std::string text = goal->currentText().trimmed().toStdString();
        const auto found = std::find_if(fallbacks.begin(), fallbacks.end(),
                                        [&kind = kind](const auto& each) { return each.first == kind; });
        if (found == fallbacks.end() && !text.empty())
            fallbacks.emplace_back(kind, text);
        else if (found != fallbacks.end() && text.empty())
            fallbacks.erase(found);
        else if (found != fallbacks.end())
            found->second = text;
    }
}

void RouteFailureCard::setRoute(const gateway::RouteConfig& route, const QStringList& goals)
{
    const bool other = route.id != m_route.id;
    m_route = route;
    const QScopedValueRollback filling(m_filling, true);
    showNumber(*m_attempts, route.retry.attempts);
    const std::vector<int> statuses = route.retry.onStatus.value_or(std::vector<int>());
    if (other || statusesIn(m_statuses->text()) != statuses) m_statuses->setText(statusesText(statuses));
    showMillis(*m_backoff, route.retry.backoff);
    showMillis(*m_maxBackoff, route.retry.maxBackoff);
    m_honor->setCurrent(!route.retry.honorRetryAfter ? 0 : *route.retry.honorRetryAfter ? 1 : 2);
    showMillis(*m_connect, route.timeout.connect);
    showMillis(*m_firstByte, route.timeout.firstByte);
    showMillis(*m_idle, route.timeout.idle);
    showMillis(*m_total, route.timeout.total);
    showNumber(*m_failures, route.circuit.failures);
    showNumber(*m_errorPercent, route.circuit.errorPercent);
    showNumber(*m_minimum, route.circuit.minimum);
    showNumber(*m_recover, route.circuit.recover);
    showMillis(*m_wait, route.circuit.wait);
    m_unsupported->setCurrent(route.unsupported == gateway::Unsupported::Error ? 1 : 0);
    showMillis(*m_hedgeAfter, route.hedge ? std::optional(route.hedge->after) : std::nullopt);
    const std::uint32_t extra = route.hedge ? route.hedge->extra : 1;
    showNumber(*m_hedgeExtra, extra == 1 ? std::nullopt : std::optional(extra));
    m_hedgeExtra->setEnabled(route.hedge.has_value());
    m_onBreak->setCurrent(route.onBreak == gateway::OnBreak::Continue ? 1 : 0);
    m_join->setCurrent(route.join ? 1 : 0);
    showFallbacks(goals);
}

void RouteFailureCard::onEdited()
{
    if (m_filling) return;
    gateway::RetryConfig& retry = m_route.retry;
    retry.attempts = numberIn(*m_attempts);
    const std::vector<int> statuses = statusesIn(m_statuses->text());
    retry.onStatus = statuses.empty() ? std::nullopt : std::optional(statuses);
    retry.backoff = millisIn(*m_backoff);
    retry.maxBackoff = millisIn(*m_maxBackoff);
    retry.honorRetryAfter = m_honor->current() == 0 ? std::nullopt : std::optional(m_honor->current() == 1);
    m_route.timeout = {millisIn(*m_connect), millisIn(*m_firstByte), millisIn(*m_idle), millisIn(*m_total)};
    m_route.circuit = {numberIn(*m_failures), numberIn(*m_errorPercent), numberIn(*m_minimum),
                       numberIn(*m_recover), millisIn(*m_wait)};
    m_route.unsupported =
        m_unsupported->current() == 1 ? gateway::Unsupported::Error : gateway::Unsupported::Drop;
    const auto hedgeAfter = millisIn(*m_hedgeAfter);
    m_route.hedge.reset();
    if (hedgeAfter) m_route.hedge = gateway::HedgeConfig{*hedgeAfter, numberIn(*m_hedgeExtra).value_or(1)};
    m_route.onBreak = m_onBreak->current() == 1 ? gateway::OnBreak::Continue : gateway::OnBreak::Error;
    m_route.join = m_join->current() == 1;
    takeFallbacks();
    emit edited(m_route);
}

void RouteFailureCard::takeProblems(std::vector<RouteProblem>& problems)
{
    QStringList names = m_tabNames;
    for (const Row& each : m_rows) {
        QString text;
        std::erase_if(problems, [&](const RouteProblem& problem) {
            // A list's problem may name one of its elements.
            const bool mine =
                problem.field == each.field || problem.field.startsWith(each.field + QLatin1Char('['));
            if (mine) text = problem.message;
            return mine;
        });
        each.row->setProblem(text);
        if (!text.isEmpty()) names[each.tab] = tr("%1 (!)").arg(m_tabNames[each.tab]);
    }
    for (int tab = 0; tab < names.size(); ++tab) {
        m_tabs->setChoiceText(tab, names[tab]);
    }
}

} // namespace ui
