// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/decoration_fields.h"

#include <algorithm>
#include <array>

#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/parameter_table.h"
#include "widgets/prompt_texts.h"
#include "widgets/segments.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr std::array<const char*, 3> kCacheTimes{"", "5m", "1h"};

} // namespace

DecorationFields::DecorationFields(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 12);
    m_texts = new PromptTexts;
    m_parameters = new ParameterTable;
    m_cache = new Segments(tr("How long the provider's cache keeps prefixes"),
                           {tr("Off"), tr("5 min"), tr("1 hour")});
    m_cacheRow = new SettingRow(
        tr("Keep long prefixes"),
        tr("In the provider's cache. Anthropic and Bedrock; requests of 4 KB and more."), m_cache);
    all->addWidget(m_texts);
    all->addWidget(makeLine());
    all->addWidget(m_parameters);
    all->addWidget(makeLine());
    all->addWidget(m_cacheRow);
    connect(m_texts, &PromptTexts::edited, this, &DecorationFields::take);
    connect(m_parameters, &ParameterTable::edited, this, &DecorationFields::take);
    connect(m_cache, &Segments::chosen, this, &DecorationFields::take);
}

void DecorationFields::setDecoration(const gateway::DecorationConfig& decoration)
{
    m_decoration = decoration;
    m_texts->setTexts(decoration.before, decoration.after);
    m_parameters->setJson(decoration.pinnedJson, decoration.defaultsJson);
    const auto found = std::find(kCacheTimes.begin(), kCacheTimes.end(), decoration.cachePrefix);
    m_cache->setCurrent(found == kCacheTimes.end() ? 0 : static_cast<int>(found - kCacheTimes.begin()));
}

void DecorationFields::clear()
{
    m_parameters->clear();
}

void DecorationFields::take()
{
    m_decoration.before = m_texts->before();
    m_decoration.after = m_texts->after();
    m_decoration.pinnedJson = m_parameters->pinnedJson();
    m_decoration.defaultsJson = m_parameters->defaultsJson();
    m_decoration.cachePrefix = kCacheTimes.at(static_cast<std::size_t>(std::max(m_cache->current(), 0)));
    emit edited();
}

bool DecorationFields::setProblem(const QString& field, const QString& text)
{
    if (field.startsWith(QLatin1String("cache_prefix"))) {
        m_cacheRow->setProblem(text);
        return true;
    }
    return m_texts->setProblem(field, text) || m_parameters->setProblem(field, text);
}

void DecorationFields::clearProblems()
{
    m_texts->clearProblems();
    m_parameters->clearProblems();
    m_cacheRow->setProblem({});
}

} // namespace ui
