// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QCheckBox;
class QVBoxLayout;

namespace ui {

class PageScroll;
class Segments;
class ServerSettings;

/// How the window looks and closes, how the gateway listens, what the desktop is told of, and where its files
/// are.
/// Everything applies at once.
class SettingsPage : public Page {
    Q_OBJECT

public:
    explicit SettingsPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    /// "server", "notifications" or "config".
    void open(const QVariant& what) override;

private:
    [[nodiscard]] QWidget* buildGeneral();
    [[nodiscard]] QWidget* buildFiles();
    [[nodiscard]] QWidget* buildAbout();
    void showFiles();

    PageContext m_context;
    PageScroll* m_scroll = nullptr;
    Segments* m_theme = nullptr;
    QCheckBox* m_closeToTray = nullptr;
    ServerSettings* m_server = nullptr;
    QWidget* m_notifications = nullptr;
    QWidget* m_files = nullptr;
    QLabel* m_problems = nullptr;
};

} // namespace ui
