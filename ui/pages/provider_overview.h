// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gateway/snapshot.h"

#include "models/provider_activity.h"

class QLabel;
class QTableView;
class QVBoxLayout;

namespace ui {

/// Where a provider is, how it does, and what it did in the last 24 hours.
class ProviderOverview : public QWidget {
    Q_OBJECT

public:
    explicit ProviderOverview(GatewayLink& link, QWidget* parent = nullptr);
    void setProvider(const gateway::ProviderConfig& provider, const gateway::ProviderHealth& health);
    void refresh() { m_activity.refresh(); }

signals:
    void requestWanted(std::int64_t id);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    class ErrorsModel;
    void buildFacts(QVBoxLayout* all);
    void buildFigures(QVBoxLayout* all);
    void buildErrors(QVBoxLayout* all);
    void showActivity();
    void openCurrent();

    ProviderActivity m_activity;
    ErrorsModel* m_model;
    QLabel* m_kind = nullptr;
    QLabel* m_url = nullptr;
    QLabel* m_keys = nullptr;
    QLabel* m_policy = nullptr;
    QLabel* m_requests = nullptr;
    QLabel* m_failures = nullptr;
    QLabel* m_p50 = nullptr;
    QLabel* m_p95 = nullptr;
    QLabel* m_note = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace ui
