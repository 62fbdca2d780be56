// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "gateway/snapshot.h"

#include "models/key_table_models.h"

class QGridLayout;
class QLabel;
class QPushButton;
class QTableView;
class QVBoxLayout;

namespace ui {

class ColumnFit;
class Dot;
class Spinner;

/// One provider: where it is, how it does, its keys, and a free test call.
class ProviderDetail : public QFrame {
    Q_OBJECT

public:
    explicit ProviderDetail(QWidget* parent = nullptr);
    void setProvider(const gateway::ProviderConfig& provider, const gateway::ProviderHealth& health);
    [[nodiscard]] gateway::ProviderId provider() const { return m_provider.id; }
    void showTesting();
    [[nodiscard]] bool isTesting() const { return m_testing; }
    void showTest(const gateway::ProviderTest& test);
    void showResult(const QString& text, bool good);

signals:
    void testWanted();
    /// The user no longer waits for the answer.
    void testStopped();
    void addKeyWanted();
    void removeKeyWanted(const gateway::ProviderKeyId& key);
    void removeWanted();

private:
    [[nodiscard]] QWidget* buildHead();
    [[nodiscard]] QWidget* buildResult();
    void buildFacts(QVBoxLayout* all);
    void buildKeys(QVBoxLayout* all);
    void fitKeys();
    void setTesting(bool testing);
    void showResult(const QString& text, const QString& icon, const char* token);

    gateway::ProviderConfig m_provider;
    ProviderKeysModel m_keys;
    QLabel* m_name = nullptr;
    Dot* m_dot = nullptr;
    QLabel* m_state = nullptr;
    QLabel* m_url = nullptr;
    QLabel* m_kind = nullptr;
    QLabel* m_policy = nullptr;
    QPushButton* m_test = nullptr;
    QFrame* m_resultBox = nullptr;
    QLabel* m_resultPicture = nullptr;
    Spinner* m_spinner = nullptr;
    QLabel* m_result = nullptr;
    QTableView* m_table = nullptr;
    ColumnFit* m_fit = nullptr;
    QLabel* m_noKeys = nullptr;
    QPushButton* m_removeKey = nullptr;
    bool m_testing = false;
};

} // namespace ui
