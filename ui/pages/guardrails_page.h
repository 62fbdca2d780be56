// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "models/guardrails_model.h"
#include "pages/page.h"

class QBoxLayout;
class QLabel;
class QListView;
class QMenu;
class QStackedWidget;

namespace ui {

class GuardrailBench;
class GuardrailEditor;

/// The rules over what is said to models and by them, in the order in which they are applied.
class GuardrailsPage : public Page {
    Q_OBJECT

public:
    explicit GuardrailsPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override { readHits(); }
    void addNew() override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildAdd(QHBoxLayout* header);
    [[nodiscard]] QWidget* buildRules();
    [[nodiscard]] QWidget* buildList();
    [[nodiscard]] QWidget* buildPacks();
    void addPack(QVBoxLayout* all, const QString& title, const QString& about, const char* objectName,
                 const std::vector<gateway::GuardrailConfig>& rules);
    void addAgentPack(QVBoxLayout* all);
    /// How often each has found something in the last day.
    void readHits();
    void showState();
    void showSelected();
    void check();
    void onEdited();
    void keepTests(const std::vector<gateway::GuardrailTest>& tests);
    void addException(const QString& name, const QString& sha256);
    void begin(const gateway::GuardrailConfig& rule);
    void setEnabledAt(int row, bool on);
    void moveBy(int step);
    void move(int from, int to);
    void apply();
    void revert();
    void duplicate();
    void remove();
    /// The guardrails and routes of `before` are what *Undo* brings back.
    void applyConfig(const gateway::Config& next, const QString& done,
                     const std::function<void()>& then = {});
    [[nodiscard]] int selectedRow() const;
    void select(int row);

    PageContext m_context;
    GuardrailsModel m_model;
    std::vector<gateway::CheckDescription> m_checks = gateway::checkDescriptions();
    QStackedWidget* m_stack = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_builtIn = nullptr;
    QPushButton *m_add = nullptr, *m_makeOwn = nullptr;
    QMenu* m_menu = nullptr;
    GuardrailEditor* m_editor = nullptr;
    GuardrailBench* m_bench = nullptr;
    QBoxLayout* m_beside = nullptr; // editor and test box
    bool m_reading = false;
};

} // namespace ui
