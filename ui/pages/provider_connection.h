// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <QWidget>

#include "gateway/config.h"

#include "models/gateway_link.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace ui {

class HeaderFields;
class Segments;
class SettingRow;

/// How a provider is reached. A draft, checked while it is written and applied with Save; one that was left
/// for another provider is still there when its own is shown again.
class ProviderConnection : public QWidget {
    Q_OBJECT

public:
    explicit ProviderConnection(QWidget* parent = nullptr);
    void setProvider(const gateway::ProviderConfig& provider);
    [[nodiscard]] bool isDirty() const;
    /// Why the draft was refused when it was applied.
    void showProblems(const GatewayLink::Problems& problems);

signals:
    void changeWanted(const gateway::ProviderConfig& next, const QString& done);
    void dirtyChanged();

private:
    struct Row {
        SettingRow* row;
        std::string end; // of the path of its problems
    };
    void buildAddress(QVBoxLayout* all);
    void buildTimes(QVBoxLayout* all);
    void buildRetry(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildFoot();
    [[nodiscard]] QWidget* buildCaFile();
    void addRow(QVBoxLayout* all, SettingRow* row, const char* end);
    [[nodiscard]] QSpinBox* makeMillis(const QString& name, const char* objectName);
    void fill(const gateway::ProviderConfig& from);
    [[nodiscard]] gateway::ProviderConfig draft() const;
    void onEdited();
    void check();
    void save();
    void discard();
    void browse();

    gateway::ProviderConfig m_provider; // as it is in force
    std::map<std::string, gateway::ProviderConfig> m_drafts;
    std::vector<Row> m_rows;
    QLabel* m_kind = nullptr;
    QLineEdit* m_url = nullptr;
    QLineEdit* m_proxy = nullptr;
    QLineEdit* m_caFile = nullptr;
    HeaderFields* m_headers = nullptr;
    QLabel* m_headersProblem = nullptr;
    QSpinBox* m_connect = nullptr;
    QSpinBox* m_firstByte = nullptr;
    QSpinBox* m_idle = nullptr;
    QSpinBox* m_total = nullptr;
    QSpinBox* m_attempts = nullptr;
    QSpinBox* m_backoff = nullptr;
    QSpinBox* m_maxBackoff = nullptr;
    QLineEdit* m_statuses = nullptr;
    Segments* m_honor = nullptr;
    QLabel* m_unsaved = nullptr;
    QLabel* m_otherProblem = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_discard = nullptr;
    bool m_filling = false;
};

/// "408, 429" as numbers; whatever is no number becomes 0, which no configuration may hold.
[[nodiscard]] std::vector<int> statusesIn(const QString& text);
[[nodiscard]] QString statusesText(const std::vector<int>& statuses);

} // namespace ui
