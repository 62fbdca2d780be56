// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/provider_keys_model.h"

class QLabel;
class QPushButton;
class QTableView;
class QVBoxLayout;

namespace ui {

class ColumnFit;
class Segments;

/// The keys of a provider: which there are, how each does, how they take turns. Asks for changes, makes none.
class ProviderKeys : public QWidget {
    Q_OBJECT

public:
    explicit ProviderKeys(QWidget* parent = nullptr);
    void setProvider(const gateway::ProviderConfig& provider, const gateway::ProviderHealth& health);

signals:
    void addKeyWanted();
    void removeKeyWanted(const gateway::ProviderKeyId& key);
    void testKeyWanted(const gateway::ProviderKeyId& key);
    void changeWanted(const gateway::ProviderConfig& next, const QString& done);

private:
    [[nodiscard]] QWidget* buildOrder();
    void buildHead(QVBoxLayout* all);
    void buildTable(QVBoxLayout* all);
    void bindKeys();
    void fit();
    void showChosen();
    void setWeight(const gateway::ProviderKeyId& key, int weight);
    void move(int from, int to);
    void moveChosen(int by);
    [[nodiscard]] gateway::ProviderKeyId chosen() const;

    gateway::ProviderConfig m_provider;
    ProviderKeysModel m_model;
    QLabel* m_summary = nullptr;
    QTableView* m_table = nullptr;
    ColumnFit* m_fit = nullptr;
    QLabel* m_none = nullptr;
    QLabel* m_story = nullptr;
    QPushButton* m_test = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_up = nullptr;
    QPushButton* m_down = nullptr;
    QWidget* m_orderBox = nullptr;
    Segments* m_order = nullptr;
    QLabel* m_orderHint = nullptr;
};

} // namespace ui
