// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page_table.h"

#include <QCoreApplication>

#include "pages/cache_page.h"
#include "pages/guardrails_page.h"
#include "pages/home_page.h"
#include "pages/keys_page.h"
#include "pages/models_page.h"
#include "pages/presets_page.h"
#include "pages/providers_page.h"
#include "pages/requests_page.h"
#include "pages/routes_page.h"
#include "pages/settings_page.h"
#include "pages/usage_page.h"

namespace ui {
namespace {

template <class PageType>
Page* make(const PageContext& context)
{
    return new PageType(context);
}

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::PageTable)
};

} // namespace

const std::vector<PageEntry>& pageTable()
{
    static const std::vector<PageEntry> kPages{
        {QStringLiteral("home"), Text::tr("Home"), QStringLiteral("layout-dashboard"), PageSection::Monitor,
         make<HomePage>},
        {QStringLiteral("requests"), Text::tr("Requests"), QStringLiteral("scroll-text"),
         PageSection::Monitor, make<RequestsPage>},
        {QStringLiteral("usage"), Text::tr("Usage"), QStringLiteral("chart-column"), PageSection::Monitor,
         make<UsagePage>},
        {QStringLiteral("providers"), Text::tr("Providers"), QStringLiteral("key-round"), PageSection::SetUp,
         make<ProvidersPage>},
        {QStringLiteral("models"), Text::tr("Models"), QStringLiteral("boxes"), PageSection::SetUp,
         make<ModelsPage>},
        {QStringLiteral("routes"), Text::tr("Routes"), QStringLiteral("route"), PageSection::SetUp,
         make<RoutesPage>},
        {QStringLiteral("guardrails"), Text::tr("Guardrails"), QStringLiteral("shield-check"),
         PageSection::SetUp, make<GuardrailsPage>},
        {QStringLiteral("presets"), Text::tr("Presets"), QStringLiteral("bot"), PageSection::SetUp,
         make<PresetsPage>},
        {QStringLiteral("keys"), Text::tr("Keys & budgets"), QStringLiteral("wallet"), PageSection::SetUp,
         make<KeysPage>},
        {QStringLiteral("cache"), Text::tr("Cache"), QStringLiteral("hard-drive"), PageSection::SetUp,
         make<CachePage>},
        {QStringLiteral("settings"), Text::tr("Settings"), QStringLiteral("settings"), PageSection::Foot,
         make<SettingsPage>},
    };
    return kPages;
}

QString sectionTitle(PageSection section)
{
    switch (section) {
    case PageSection::Monitor:
        return Text::tr("MONITOR");
    case PageSection::SetUp:
        return Text::tr("SET UP");
    case PageSection::Foot:
        break;
    }
    return {};
}

} // namespace ui
