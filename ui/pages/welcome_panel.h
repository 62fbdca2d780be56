// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVariant>
#include <QWidget>

#include "pages/page.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace ui {

class FoundServers;
class Segments;

/// Home before the first request: the address, the key, and lines to paste into a tool.
class WelcomePanel : public QWidget {
    Q_OBJECT

public:
    explicit WelcomePanel(const PageContext& context, QWidget* parent = nullptr);

signals:
    void toastWanted(const ui::ToastText& text);
    void pageWanted(const QString& id, const QVariant& what);

protected:
    void showEvent(QShowEvent* event) override;

private:
    [[nodiscard]] QWidget* buildFacts();
    [[nodiscard]] QWidget* buildSnippets();
    [[nodiscard]] QWidget* buildNext();
    void showStatus();
    void readKey();

    PageContext m_context;
    QLabel* m_url = nullptr;
    QLabel* m_key = nullptr;
    QPushButton* m_copyKey = nullptr;
    QPushButton* m_newKey = nullptr;
    Segments* m_tools = nullptr;
    QPlainTextEdit* m_snippet = nullptr;
    FoundServers* m_servers = nullptr;
};

} // namespace ui
