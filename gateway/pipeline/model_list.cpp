// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_list.h"

#include <algorithm>

namespace gateway::pipeline {

void ModelList::set(Names names)
{
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    auto kept = std::make_shared<const Names>(std::move(names));
    const std::lock_guard lock(m_mutex);
    m_names = std::move(kept);
    m_current = true;
}

std::shared_ptr<const ModelList::Names> ModelList::names() const
{
    const std::lock_guard lock(m_mutex);
    return m_names;
}

bool ModelList::contains(std::string_view name) const
{
    const auto known = names();
    return known && std::binary_search(known->begin(), known->end(), name);
}

bool ModelList::claim(std::chrono::seconds maxAge)
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    auto asked = m_askedAt.load();
    if (asked != 0 && now - std::chrono::steady_clock::duration(asked) < maxAge) return false;
    return m_askedAt.compare_exchange_strong(asked, now.count());
}

} // namespace gateway::pipeline
