// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/gateway_status.h"

class QFrame;
class QLabel;
class QPushButton;

namespace ui {

/// The strip under the top bar: the gravest notice, what to do about it, and a way to send it away.
class BannerStrip : public QWidget {
    Q_OBJECT

public:
    explicit BannerStrip(QWidget* parent = nullptr);
    /// A notice without an id hides the strip.
    void setNotice(const Notice& notice);

signals:
    void actionWanted(const ui::Notice& notice);
    void dismissed(const QString& id);

private:
    Notice m_notice;
    QFrame* m_box;
    QLabel* m_picture;
    QLabel* m_text;
    QPushButton* m_action;
};

} // namespace ui
