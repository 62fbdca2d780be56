// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "gateway/config.h"

#include "widgets/form_dialog.h"

class QGridLayout;
class QLineEdit;
class QPlainTextEdit;

namespace ui {

class ComboBox;

/// One test of a route: its name, what is expected of which request, and what is simulated meanwhile.
class RouteTestDialog : public FormDialog {
    Q_OBJECT

public:
    /// The test at `place` of a route that `config` holds as it would be applied; a new one where there is
    /// none of that place.
    RouteTestDialog(const gateway::Config& config, const gateway::RouteId& route, std::size_t place,
                    QWidget* parent);

signals:
    void submitted(const gateway::RouteTest& test);

private:
    void buildFields();
    QLineEdit* addLine(QGridLayout* grid, const QString& name, const char* objectName, const QString& hint);
    void show(const gateway::RouteTest& test);
    [[nodiscard]] gateway::RouteTest test() const;
    [[nodiscard]] QString problemOf(const gateway::RouteTest& test) const;
    void submit();

    gateway::Config m_config;
    gateway::RouteId m_route;
    std::size_t m_place;
    QLineEdit* m_name = nullptr;
    ComboBox* m_target = nullptr;
    QLineEdit* m_never = nullptr;
    QLineEdit* m_cost = nullptr;
    QLineEdit* m_down = nullptr;
    QLineEdit* m_limited = nullptr;
    QLineEdit* m_slow = nullptr;
    QPlainTextEdit* m_request = nullptr;
};

} // namespace ui
