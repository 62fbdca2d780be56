// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QHash>
#include <QString>

class QBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace ui {

class AlertInbox;
class GatewayStatus;
class NavButton;
class SpendCard;
class StatusCard;
struct PageEntry;

/// Brand, pages by section, today's spending, the gateway's state and the theme. Folds to icons.
class SideBar : public QFrame {
    Q_OBJECT

public:
    SideBar(GatewayStatus& status, AlertInbox& inbox, QWidget* parent = nullptr);
    void setCurrent(const QString& pageId);
    void setFolded(bool folded);
    [[nodiscard]] bool isFolded() const { return m_folded; }

signals:
    void pageChosen(const QString& pageId);
    void themeToggled();
    void foldToggled();
    void budgetsWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildBrand(QVBoxLayout* all);
    void addPage(QVBoxLayout* all, const PageEntry& page);
    void showTheme();
    void setText(QPushButton* button, const QString& text);
    void showBadges();

    GatewayStatus& m_status;
    AlertInbox& m_inbox;
    QString m_current;
    std::uint64_t m_seenFailures = 0; // how many there were when the requests were last looked at
    bool m_folded = false;
    QBoxLayout* m_brandLine = nullptr;
    QLabel* m_brand = nullptr;
    QPushButton* m_fold = nullptr;
    QHash<QString, NavButton*> m_buttons;
    QList<QLabel*> m_sections;
    SpendCard* m_spend = nullptr;
    StatusCard* m_card = nullptr;
    QPushButton* m_theme = nullptr;
    bool m_low = false; // lower buttons, so that all fit
};

} // namespace ui
