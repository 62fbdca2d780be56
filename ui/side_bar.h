// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QHash>
#include <QString>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace ui {

class GatewayStatus;
class StatusCard;
struct PageEntry;

/// Brand, pages by section, the gateway's state and the theme. Folds to icons.
class SideBar : public QFrame {
    Q_OBJECT

public:
    explicit SideBar(GatewayStatus& status, QWidget* parent = nullptr);
    void setCurrent(const QString& pageId);
    void setFolded(bool folded);
    [[nodiscard]] bool isFolded() const { return m_folded; }

signals:
    void pageChosen(const QString& pageId);
    void themeToggled();

private:
    void buildBrand(QVBoxLayout* all);
    void addPage(QVBoxLayout* all, const PageEntry& page);
    void showTheme();
    void setText(QPushButton* button, const QString& text);

    bool m_folded = false;
    QLabel* m_brand = nullptr;
    QHash<QString, QPushButton*> m_buttons;
    QList<QLabel*> m_sections;
    StatusCard* m_card = nullptr;
    QPushButton* m_theme = nullptr;
};

} // namespace ui
