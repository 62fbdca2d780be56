// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <QStringList>
#include <QTimer>

#include "models/cached_answers_model.h"
#include "pages/page.h"

class QLineEdit;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace ui {

class CacheDetail;
class ChoiceButton;
class EmptyState;
class Tile;

/// What the cache saves and which answers it has, with a filter that the engine runs over all of them, and
/// one of them in detail.
class CacheAnswers : public QWidget {
    Q_OBJECT

public:
    explicit CacheAnswers(const PageContext& context, QWidget* parent = nullptr);
    void refresh();
    void focusFind();

signals:
    void toastWanted(const ui::ToastText& text);
    void pageWanted(const QString& id, const QVariant& what);
    /// To say which routes keep answers.
    void settingsWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    enum class State : std::uint8_t { Undecided, Reading, Ready, Failed };

    void buildTiles(QVBoxLayout* all);
    void buildTools(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildTable();
    void showFigures();
    void showChoices();
    void takeEntries(const std::vector<gateway::CacheEntry>& entries);
    void showState();
    void showEmpty();
    void onEmptyAction();
    void showSelected();
    void readText(const std::string& key);
    void closeDetail();
    void clearFilter();
    void pin(bool pinned);
    void askToPurge(bool thisOne);
    [[nodiscard]] gateway::CacheFilter filter() const;
    [[nodiscard]] bool isFiltered() const;
    [[nodiscard]] bool anyRouteKeeps() const;
    [[nodiscard]] const gateway::CacheEntry* chosen() const;

    PageContext m_context;
    CachedAnswersModel m_model;
    QTimer m_typing; // until the filter is typed
    QTimer m_pause;  // between two readings that nobody asked for
    State m_state = State::Undecided;
    int m_asks = 0; // an answer to an earlier question is no longer wanted
    std::int64_t m_now = 0;
    std::string m_shown; // key of the answer in detail; empty: none
    gateway::CacheFigures m_seen;
    QStringList m_names; // models that were among the answers
    std::array<Tile*, 4> m_tiles{};
    QLabel* m_problem = nullptr;
    QWidget* m_tools = nullptr;
    QLineEdit* m_find = nullptr;
    ChoiceButton* m_route = nullptr;
    ChoiceButton* m_modelChoice = nullptr;
    QLabel* m_more = nullptr;
    QSplitter* m_splitter = nullptr;
    QStackedWidget* m_stack = nullptr;
    QTableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    CacheDetail* m_detail = nullptr;
};

} // namespace ui
