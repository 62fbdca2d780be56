// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/meaning_test_box.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QStringList>
#include <QVBoxLayout>

#include "models/in_pool.h"
#include "models/route_text.h"
#include "models/when_done.h"
#include "widgets/build.h"
#include "widgets/flow_layout.h"
#include "widgets/optional_box.h"
#include "widgets/prompt_texts.h"

namespace ui {
namespace {

constexpr int kPercent = 100;
constexpr int kBoxWidth = 120;
constexpr int kTextHeight = 60;

std::optional<std::uint32_t> percentOf(const std::optional<std::string>& share)
{
    if (!share) return std::nullopt;
    const double percent = QString::fromStdString(*share).toDouble() * kPercent;
    return static_cast<std::uint32_t>(std::lround(std::clamp(percent, 0.0, double(kPercent))));
}

/// What the field says; what it shows rounded stays as it is.
void takePercent(const QSpinBox& box, std::optional<std::string>& share)
{
    const auto percent = numberIn(box);
    if (percent == percentOf(share)) return;
    share =
        percent ? std::optional(QString::number(*percent / double(kPercent)).toStdString()) : std::nullopt;
}

QString likenessText(const gateway::MeaningTrial& trial, const gateway::RouteConfig& route)
{
    QStringList lines;
    for (const std::size_t place : trial.order) {
        const QString name = targetText(route.targets[place]);
        const std::optional<double>& likeness = trial.likenesses[place];
        lines << (likeness ? MeaningTestBox::tr("%1 – %2").arg(QLocale().toString(*likeness, 'f', 2), name)
                           : MeaningTestBox::tr("not compared – %1").arg(name));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

MeaningTestBox::MeaningTestBox(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    all->addWidget(buildRules());
    m_text = makePromptEdit(tr("Request to try"), "meaningTryEdit");
    m_text->setFixedHeight(kTextHeight);
    m_text->setPlaceholderText(tr("Type a request to see which target it is most like"));
    all->addWidget(makeFieldLabel(tr("Request to try"), m_text));
    all->addWidget(m_text);
    m_verdict = makeParagraph({});
    m_verdict->setAccessibleDescription(QStringLiteral("meaning-verdict"));
    all->addWidget(m_verdict);
    m_likenesses = makeParagraph({}, "muted");
    m_likenesses->setAccessibleDescription(QStringLiteral("meaning-likenesses"));
    m_likenesses->setTextInteractionFlags(Qt::TextSelectableByMouse);
    all->addWidget(m_likenesses);
    showNothing();
    connect(m_text, &QPlainTextEdit::textChanged, this, &MeaningTestBox::tryNow);
}

QWidget* MeaningTestBox::buildRules()
{
    auto* part = new QWidget;
    part->setProperty("role", QStringLiteral("clear"));
    auto* flow = new FlowLayout(14, 6, part);
    flow->setContentsMargins(0, 0, 0, 0);
    m_threshold = makeOptionalBox(tr("Least likeness in percent"), "thresholdSpinBox", kPercent);
    m_threshold->setSpecialValueText(tr("usual (45 %)"));
    m_threshold->setToolTip(tr("How alike a request and a target have to be; else the default comes first"));
    m_margin = makeOptionalBox(tr("Margin to the second in percent"), "marginSpinBox", kPercent);
    m_margin->setSpecialValueText(tr("usual (2 %)"));
    m_margin->setToolTip(tr("By how much it has to be more alike than the second target"));
    for (const auto& [text, box] :
         {std::pair(tr("Least likeness"), m_threshold), std::pair(tr("Margin"), m_margin)}) {
        box->setFixedWidth(kBoxWidth);
        box->setSuffix(tr(" %"));
        auto* pair = new QWidget;
        pair->setProperty("role", QStringLiteral("clear"));
        auto* line = new QHBoxLayout(pair);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(6);
        line->addWidget(makeFieldLabel(text, box));
        line->addWidget(box);
        flow->addWidget(pair);
        connect(box, &QSpinBox::valueChanged, this, &MeaningTestBox::onEdited);
    }
    return part;
}

void MeaningTestBox::setRoute(const gateway::RouteConfig& route)
{
    const bool same = route == m_route;
    m_route = route;
    const QSignalBlocker threshold(m_threshold), margin(m_margin);
    showNumber(*m_threshold, percentOf(route.semantic.threshold));
    showNumber(*m_margin, percentOf(route.semantic.margin));
    if (!same) tryNow();
}

void MeaningTestBox::onEdited()
{
    takePercent(*m_threshold, m_route.semantic.threshold);
    takePercent(*m_margin, m_route.semantic.margin);
    emit edited();
    tryNow();
}

void MeaningTestBox::tryNow()
{
    const std::string text = m_text->toPlainText().trimmed().toStdString();
    if (text.empty() || m_route.strategy != "semantic") return showNothing();
    m_again = m_trying;
    if (std::exchange(m_trying, true)) return;
    whenDone(inPool([route = m_route, text] { return std::pair(gateway::tryMeaning(route, text), route); }),
             this, [this](const std::pair<gateway::MeaningTrial, gateway::RouteConfig>& tried) {
                 m_trying = false;
                 if (std::exchange(m_again, false)) return tryNow();
                 if (!m_text->toPlainText().trimmed().isEmpty()) showTrial(tried.first, tried.second);
             });
}

void MeaningTestBox::showNothing()
{
    m_again = false;
    m_verdict->setText({});
    m_likenesses->setText({});
    m_verdict->hide();
    m_likenesses->hide();
}

void MeaningTestBox::showTrial(const gateway::MeaningTrial& trial, const gateway::RouteConfig& route)
{
    if (trial.order.empty()) return showNothing();
    const QString first = targetText(route.targets[trial.order.front()]);
    m_verdict->setText(
        trial.why.empty()
            ? tr("It would go to %1.").arg(first)
            : tr("It would go to the default, %1: %2.").arg(first, meaningReasonText(trial.why)));
    m_likenesses->setText(likenessText(trial, route));
    m_verdict->show();
    m_likenesses->show();
}

} // namespace ui
