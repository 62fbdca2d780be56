// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;

namespace ui {

struct RouteTemplate;

/// What the page shows as long as there are no routes: ways to begin one.
class RouteGallery : public QWidget {
    Q_OBJECT

public:
    explicit RouteGallery(QWidget* parent = nullptr);

signals:
    /// An empty id: a route without a template.
    void chosen(const QString& templateId);

private:
    [[nodiscard]] QWidget* buildCard(const RouteTemplate& shown);
};

} // namespace ui
