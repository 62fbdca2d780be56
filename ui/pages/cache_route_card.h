// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QFrame>

#include "gateway/config.h"

class QCheckBox;
class QLabel;
class QSpinBox;

namespace ui {

class ComboBox;

/// Whether a route keeps its answers, for how long, for whom, and which it leaves alone.
class CacheRouteCard : public QFrame {
    Q_OBJECT

public:
    explicit CacheRouteCard(const QString& route, QWidget* parent = nullptr);
    /// Does not emit edited().
    void setCache(const std::optional<gateway::CacheConfig>& cache);
    /// Nothing where there was nothing and the route keeps nothing.
    [[nodiscard]] std::optional<gateway::CacheConfig> cache() const;

signals:
    void edited();

private:
    struct Never {
        const char* word;
        QCheckBox* box;
    };

    [[nodiscard]] QWidget* buildRules(const QString& route);
    void showRules();

    std::optional<gateway::CacheConfig> m_given;
    QCheckBox* m_keeps = nullptr;
    QWidget* m_rules = nullptr;
    QSpinBox* m_seconds = nullptr;
    QLabel* m_time = nullptr; // the seconds in words
    ComboBox* m_scope = nullptr;
    ComboBox* m_replay = nullptr;
    std::vector<Never> m_never;
};

} // namespace ui
