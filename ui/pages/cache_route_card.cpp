// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/cache_route_card.h"

#include <algorithm>
#include <string>

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/cache_text.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kMostSeconds = 31'536'000; // a year
constexpr int kNameWidth = 380;          // A name may have 64 letters.
constexpr int kChoiceWidth = 280;

QCheckBox* makeWordedBox(const QString& text, const char* objectName)
{
    auto* box = new QCheckBox(asButtonText(text));
    box->setObjectName(QLatin1String(objectName));
    box->setProperty("worded", true);
    return box;
}

} // namespace

CacheRouteCard::CacheRouteCard(const QString& route, QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 14}, 10);
    m_keeps = makeWordedBox({}, "cacheRouteCheckBox");
    m_keeps->setText(asButtonText(m_keeps->fontMetrics().elidedText(tr("%1 keeps its answers").arg(route),
                                                                    Qt::ElideMiddle, kNameWidth)));
    m_keeps->setToolTip(plainToolTip(route));
    m_keeps->setAccessibleName(tr("%1 keeps its answers").arg(route));
    all->addWidget(m_keeps);
    m_rules = buildRules(route);
    all->addWidget(m_rules);
    connect(m_keeps, &QCheckBox::toggled, this, [this] {
        showRules();
        emit edited();
    });
    setCache(std::nullopt);
}

QWidget* CacheRouteCard::buildRules(const QString& route)
{
    auto* rules = new QWidget;
    rules->setProperty("role", QStringLiteral("clear"));
    auto* grid = new QGridLayout(rules);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    auto add = [grid, line = 0](const QString& name, QLayout* fields) mutable {
        grid->addWidget(makeLabel(name, "muted"), line, 0);
        grid->addLayout(fields, line++, 1);
    };
    m_seconds = makeSpinBox(tr("%1: seconds that an answer is good").arg(route), "cacheSecondsSpinBox", 1,
                            kMostSeconds);
    m_seconds->setSuffix(tr(" s"));
    m_time = makeLabel({}, "muted");
    QHBoxLayout* time = row(8);
    time->addWidget(m_seconds);
    time->addWidget(m_time);
    time->addStretch();
    add(tr("Good for"), time);
    m_scope = new ComboBox(tr("%1: who gets an answer").arg(route), "cacheScopeComboBox");
    m_scope->setMinimumWidth(kChoiceWidth);
    m_scope->addItem(tr("The key that asked"), QStringLiteral("key"));
    m_scope->addItem(tr("All keys"), QStringLiteral("shared"));
    QHBoxLayout* scope = row(8);
    scope->addWidget(m_scope);
    scope->addStretch();
    add(tr("Given to"), scope);
    m_replay = new ComboBox(tr("%1: how streams are given").arg(route), "cacheReplayComboBox");
    m_replay->setMinimumWidth(kChoiceWidth);
    m_replay->addItem(tr("At once"), QStringLiteral("at_once"));
    m_replay->addItem(tr("With the pauses they came with"), QStringLiteral("recorded"));
    QHBoxLayout* replay = row(8);
    replay->addWidget(m_replay);
    replay->addStretch();
    add(tr("Streams"), replay);
    QHBoxLayout* never = row(16);
    const std::pair<const char*, QString> kinds[] = {
        {"tools", tr("Tools")}, {"images", tr("Images")}, {"temperature", tr("A temperature above 0")}};
    for (const auto& [word, text] : kinds) {
        QCheckBox* box = makeWordedBox(text, "cacheNeverCheckBox");
        box->setAccessibleName(tr("%1: not with: %2").arg(route, text));
        never->addWidget(box);
        m_never.push_back({word, box});
        connect(box, &QCheckBox::toggled, this, &CacheRouteCard::edited);
    }
    never->addStretch();
    add(tr("Not with"), never);
    connect(m_seconds, &QSpinBox::valueChanged, this, [this] {
        m_time->setText(timeText(m_seconds->value()));
        emit edited();
    });
    connect(m_scope, &QComboBox::currentIndexChanged, this, &CacheRouteCard::edited);
    connect(m_replay, &QComboBox::currentIndexChanged, this, &CacheRouteCard::edited);
    return rules;
}

void CacheRouteCard::setCache(const std::optional<gateway::CacheConfig>& cache)
{
    m_given = cache;
    const gateway::CacheConfig shown = cache.value_or(gateway::CacheConfig());
    const QSignalBlocker blocker(this);
    m_keeps->setChecked(shown.exact);
    m_seconds->setValue(static_cast<int>(shown.ttlSeconds));
    m_time->setText(timeText(m_seconds->value()));
    m_scope->setCurrentData(QString::fromStdString(shown.scope), QString::fromStdString(shown.scope));
    m_replay->setCurrentData(QString::fromStdString(shown.replay), QString::fromStdString(shown.replay));
    for (const Never& each : m_never) {
        each.box->setChecked(std::find(shown.never.begin(), shown.never.end(), each.word) !=
                             shown.never.end());
    }
    showRules();
}

std::optional<gateway::CacheConfig> CacheRouteCard::cache() const
{
    if (!m_given && !m_keeps->isChecked()) return std::nullopt;
    gateway::CacheConfig cache = m_given.value_or(gateway::CacheConfig());
    cache.exact = m_keeps->isChecked();
    cache.ttlSeconds = static_cast<std::uint32_t>(m_seconds->value());
    cache.scope = m_scope->currentData().toString().toStdString();
    cache.replay = m_replay->currentData().toString().toStdString();
    for (const Never& each : m_never) {
        const auto found = std::find(cache.never.begin(), cache.never.end(), each.word);
        if (each.box->isChecked() && found == cache.never.end()) cache.never.emplace_back(each.word);
        if (!each.box->isChecked() && found != cache.never.end()) cache.never.erase(found);
    }
    return cache;
}

void CacheRouteCard::showRules()
{
    m_rules->setVisible(m_keeps->isChecked());
}

} // namespace ui
