// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "gateway/answer_cache.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class FactGrid;

/// One kept answer: where it came from, what was asked and what is answered.
class CacheDetail : public QFrame {
    Q_OBJECT

public:
    explicit CacheDetail(QWidget* parent = nullptr);
    /// `now`: seconds since 1970. The text stays where it is the same answer.
    void setEntry(const gateway::CacheEntry& entry, std::int64_t now);
    /// What it says; until it is read, nothing.
    void setText(const QString& text);

signals:
    void pinWanted(bool pinned);
    void purgeWanted();
    void closed();

private:
    void buildHead(QVBoxLayout* all);

    gateway::CacheEntry m_entry;
    QLabel* m_title = nullptr;
    QLabel* m_key = nullptr;
    QPushButton* m_pin = nullptr;
    FactGrid* m_facts = nullptr;
    QPlainTextEdit* m_prompt = nullptr;
    QPlainTextEdit* m_text = nullptr;
};

} // namespace ui
