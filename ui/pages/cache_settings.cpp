// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/cache_settings.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "pages/cache_route_card.h"
#include "widgets/build.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr int kMostDiskMb = 1'048'576;
constexpr int kMostMemoryMb = 65'536;

/// `config` with what `from` says of caches.
gateway::Config withCachesOf(gateway::Config config, const gateway::Config& from)
{
    config.cache = from.cache;
    for (gateway::RouteConfig& route : config.routes) {
        if (const gateway::RouteConfig* other = from.findRoute(route.id.text)) route.cache = other->cache;
    }
    return config;
}

} // namespace

CacheSettings::CacheSettings(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_context(context)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 12);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setProperty("role", QStringLiteral("clear"));
    auto* inside = column(content, {0, 0, 4, 0}, kCardGap);
    m_list = new QVBoxLayout;
    m_list->setSpacing(kCardGap);
    m_noRoutes = makeFrame("card");
    auto* none = column(m_noRoutes, {16, 14, 16, 14}, 8);
    none->addWidget(makeParagraph(tr("Routes keep answers, and there is no route yet."), "muted"));
    QPushButton* make = makeButton(tr("&Make a route"), "primary", QStringLiteral("plus"), "makeRouteButton");
    none->addWidget(make, 0, Qt::AlignLeft);
    connect(make, &QPushButton::clicked, this,
            [this] { emit pageWanted(QStringLiteral("routes"), QStringLiteral("add")); });
    inside->addWidget(m_noRoutes);
    inside->addLayout(m_list);
    inside->addWidget(buildSizes());
    inside->addStretch();
    scroll->setWidget(content);
    all->addWidget(scroll, 1);
    all->addWidget(buildFoot());
    connect(&context.link, &GatewayLink::configChanged, this, &CacheSettings::showConfig);
    showConfig();
}

QWidget* CacheSettings::buildSizes()
{
    QFrame* card = makeFrame("card");
    auto* all = column(card, {20, 16, 20, 10}, 0);
    all->addWidget(makeLabel(tr("Room"), "h2"));
    all->addSpacing(4);
    m_disk = makeSpinBox(tr("Room on disk"), "cacheDiskSpinBox", 1, kMostDiskMb);
    m_memory = makeSpinBox(tr("Room in memory"), "cacheMemorySpinBox", 1, kMostMemoryMb);
    for (QSpinBox* box : {m_disk, m_memory}) {
        box->setSuffix(tr(" MB"));
        connect(box, &QSpinBox::valueChanged, this, &CacheSettings::onEdited);
    }
    all->addWidget(new SettingRow(tr("On &disk"),
                                  tr("Where it is full, what saved least for its size goes first."), m_disk));
    all->addWidget(makeLine());
    all->addWidget(
        new SettingRow(tr("In m&emory"), tr("The answers used last are in memory, too."), m_memory));
    return card;
}

QWidget* CacheSettings::buildFoot()
{
    auto* foot = new QWidget;
    foot->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(foot);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_unsaved = makeElided("muted");
    m_revert = makeButton(tr("Re&vert"), "plain", {}, "revertCacheButton");
    m_apply = makeButton(tr("App&ly"), "primary", {}, "applyCacheButton");
    connect(m_revert, &QPushButton::clicked, this, &CacheSettings::revert);
    connect(m_apply, &QPushButton::clicked, this, [this] { apply(next(), tr("The cache is set"), true); });
    line->addWidget(m_unsaved, 1);
    line->addWidget(m_revert);
    line->addWidget(m_apply);
    return foot;
}

void CacheSettings::rebuildCards()
{
    const auto& routes = m_context.link.config()->routes;
    const bool same =
        std::equal(routes.begin(), routes.end(), m_cards.begin(), m_cards.end(),
                   [](const auto& route, const auto& card) { return route.id.text == card.first; });
    if (same) return; // The field with the keyboard keeps it.
    for (const auto& [name, card] : m_cards) {
        card->hide();
        card->deleteLater();
    }
    m_cards.clear();
    for (const gateway::RouteConfig& route : routes) {
        auto* card = new CacheRouteCard(QString::fromStdString(route.id.text));
        connect(card, &CacheRouteCard::edited, this, &CacheSettings::onEdited);
        m_list->addWidget(card);
        m_cards.emplace_back(route.id.text, card);
    }
    m_noRoutes->setVisible(routes.empty());
}

void CacheSettings::showConfig()
{
    rebuildCards();
    const auto config = m_context.link.config();
    std::erase_if(m_drafts, [&config](const auto& draft) {
        const gateway::RouteConfig* route = config->findRoute(draft.first);
        return route == nullptr || route->cache == draft.second;
    });
    if (m_sizes == config->cache) m_sizes.reset();
    for (const auto& [name, card] : m_cards) {
        const auto draft = m_drafts.find(name);
        card->setCache(draft != m_drafts.end() ? draft->second : config->findRoute(name)->cache);
    }
    const gateway::CacheLimits sizes = m_sizes.value_or(config->cache);
    const QSignalBlocker noDisk(m_disk);
    const QSignalBlocker noMemory(m_memory);
    m_disk->setValue(static_cast<int>(sizes.maxMb));
    m_memory->setValue(static_cast<int>(sizes.memoryMb));
    showChanged();
}

void CacheSettings::onEdited()
{
    const auto config = m_context.link.config();
    m_drafts.clear();
    for (const auto& [name, card] : m_cards) {
        const gateway::RouteConfig* route = config->findRoute(name);
        if (route == nullptr) continue;
        Cache wanted = card->cache();
        if (wanted && !wanted->exact && !route->cache) wanted.reset(); // Switched on and off again.
        if (wanted != route->cache) m_drafts[name] = wanted;
    }
    gateway::CacheLimits sizes;
    sizes.maxMb = static_cast<std::uint32_t>(m_disk->value());
    sizes.memoryMb = static_cast<std::uint32_t>(m_memory->value());
    m_sizes = sizes == config->cache ? std::nullopt : std::optional(sizes);
    showChanged();
}

void CacheSettings::showChanged()
{
    const bool changed = !m_drafts.empty() || m_sizes;
    m_revert->setEnabled(changed);
    m_apply->setEnabled(changed);
    m_unsaved->setText(changed ? tr("Not applied yet") : QString());
}

gateway::Config CacheSettings::next() const
{
    gateway::Config config = *m_context.link.config();
    for (gateway::RouteConfig& route : config.routes) {
        if (const auto draft = m_drafts.find(route.id.text); draft != m_drafts.end())
            route.cache = draft->second;
    }
    if (m_sizes) config.cache = *m_sizes;
    return config;
}

void CacheSettings::apply(const gateway::Config& next, const QString& done, bool canUndo)
{
    const auto before = m_context.link.config();
    const QPointer<CacheSettings> self(this);
    m_context.changes.apply(next, [self, before, done, canUndo](const QString& problem) {
        if (!self) return;
        if (!problem.isEmpty()) {
            emit self->toastWanted({problem, {}, {}, true});
            return;
        }
        const auto undo = [self, before] {
            if (self) self->apply(withCachesOf(*self->m_context.link.config(), *before), tr("Undone"), false);
        };
        ToastText told{done};
        if (canUndo) told = {done, tr("Undo"), undo, false, true};
        emit self->toastWanted(told);
    });
}

void CacheSettings::revert()
{
    m_drafts.clear();
    m_sizes.reset();
    showConfig();
}

} // namespace ui
