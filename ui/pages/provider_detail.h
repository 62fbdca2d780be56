// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "models/gateway_link.h"
#include "models/provider_tests.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace ui {

class Dot;
class ProviderConnection;
class ProviderKeys;
class ProviderOverview;
class ProviderPolicy;
class ResultBox;
class Segments;

/// One provider: how it does, its keys, how it is reached and what it does with data, each on a tab of its
/// own; and free test calls. Asks for changes, makes none.
class ProviderDetail : public QFrame {
    Q_OBJECT

public:
    enum Tab { Overview, Keys, Connection, Policy };

    explicit ProviderDetail(GatewayLink& link, QWidget* parent = nullptr);
    void setProvider(const gateway::ProviderConfig& provider, const gateway::ProviderHealth& health);
    [[nodiscard]] gateway::ProviderId provider() const { return m_provider.id; }
    void openTab(Tab tab);
    void showTest(const TestNote& note);
    /// What went wrong with a change, where the user looks.
    void showProblem(const QString& text);
    void showProblems(const GatewayLink::Problems& problems);
    void refresh();

signals:
    void testWanted();
    /// The user no longer waits for the answer.
    void testStopped();
    void addKeyWanted();
    void removeKeyWanted(const gateway::ProviderKeyId& key);
    void testKeyWanted(const gateway::ProviderKeyId& key);
    void changeWanted(const gateway::ProviderConfig& next, const QString& done);
    void requestWanted(std::int64_t id);
    void removeWanted();

private:
    [[nodiscard]] QWidget* buildHead();
    void buildTabs(QVBoxLayout* all);
    void addTab(QWidget* content);
    void setTesting(bool testing);

    gateway::ProviderConfig m_provider;
    QLabel* m_name = nullptr;
    Dot* m_dot = nullptr;
    QLabel* m_state = nullptr;
    QPushButton* m_test = nullptr;
    ResultBox* m_result = nullptr;
    Segments* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    ProviderOverview* m_overview = nullptr;
    ProviderKeys* m_keys = nullptr;
    ProviderConnection* m_connection = nullptr;
    ProviderPolicy* m_policy = nullptr;
    bool m_testing = false;
};

} // namespace ui
