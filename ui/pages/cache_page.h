// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "pages/page.h"

class QStackedWidget;

namespace ui {

class CacheAnswers;
class CacheSettings;
class Segments;

/// Answers that are kept and what they save; which routes keep them.
class CachePage : public Page {
    Q_OBJECT

public:
    explicit CachePage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    void focusFind() override;
    /// "settings": which routes keep answers.
    void open(const QVariant& what) override;

private:
    enum Tab : std::uint8_t { Answers, Settings };

    void openTab(Tab tab);

    PageContext m_context;
    QLabel* m_subtitle = nullptr;
    Segments* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    CacheAnswers* m_answers = nullptr;
    CacheSettings* m_settings = nullptr;
};

} // namespace ui
