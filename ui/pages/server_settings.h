// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include <QFrame>

#include "models/gateway_link.h"
#include "widgets/toast.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace ui {

class Segments;
class SettingRow;

/// How the gateway listens. Each change is applied by itself, can be undone for a moment, and shows its
/// problem beside its field when it is refused.
class ServerSettings : public QFrame {
    Q_OBJECT

public:
    explicit ServerSettings(GatewayLink& link, QWidget* parent = nullptr);

signals:
    void toastWanted(const ui::ToastText& text);

private:
    using Change = std::function<void(gateway::ServerConfig&)>;

    void buildRows();
    [[nodiscard]] QWidget* buildPort();
    void showConfig();
    void change(const QString& done, const Change& what);
    void applyServer(const gateway::ServerConfig& server, const QString& done);
    void showProblems(const GatewayLink::Problems& problems);

    GatewayLink& m_link;
    SettingRow* m_addressRow = nullptr;
    SettingRow* m_portRow = nullptr;
    SettingRow* m_keyRow = nullptr;
    SettingRow* m_bodiesRow = nullptr;
    SettingRow* m_drainRow = nullptr;
    QLabel* m_address = nullptr;
    QSpinBox* m_port = nullptr;
    QPushButton* m_applyPort = nullptr;
    QCheckBox* m_requireKey = nullptr;
    Segments* m_bodies = nullptr;
    QSpinBox* m_drain = nullptr;
};

} // namespace ui
