// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pages/page.h"

class QSpinBox;
class QVBoxLayout;

namespace ui {

class CacheRouteCard;

/// Which routes keep answers, and how much room these have. What is changed is a draft until it is applied.
class CacheSettings : public QWidget {
    Q_OBJECT

public:
    explicit CacheSettings(const PageContext& context, QWidget* parent = nullptr);

signals:
    void toastWanted(const ui::ToastText& text);
    void pageWanted(const QString& id, const QVariant& what);

private:
    using Cache = std::optional<gateway::CacheConfig>;

    [[nodiscard]] QWidget* buildSizes();
    [[nodiscard]] QWidget* buildFoot();
    void rebuildCards();
    void showConfig();
    void onEdited();
    void showChanged();
    void apply(const gateway::Config& next, const QString& done, bool canUndo);
    void revert();
    /// What is in force with the draft in it.
    [[nodiscard]] gateway::Config next() const;

    PageContext m_context;
    std::vector<std::pair<std::string, CacheRouteCard*>> m_cards;
    std::map<std::string, Cache> m_drafts; // of routes that were changed
    std::optional<gateway::CacheLimits> m_sizes;
    QVBoxLayout* m_list = nullptr;
    QWidget* m_noRoutes = nullptr;
    QSpinBox* m_disk = nullptr;
    QSpinBox* m_memory = nullptr;
    QLabel* m_unsaved = nullptr;
    QPushButton* m_revert = nullptr;
    QPushButton* m_apply = nullptr;
};

} // namespace ui
