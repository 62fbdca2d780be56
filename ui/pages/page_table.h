// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QString>

#include "pages/page.h"

namespace ui {

enum class PageSection : std::uint8_t { Monitor, SetUp, Foot };

/// One line of the side bar and how its page is made.
struct PageEntry {
    QString id;
    QString title;
    QString icon;
    PageSection section;
    Page* (*make)(const PageContext& context);
};

/// The pages in the order of the side bar.
[[nodiscard]] const std::vector<PageEntry>& pageTable();
[[nodiscard]] QString sectionTitle(PageSection section);

} // namespace ui
