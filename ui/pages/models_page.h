// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/model_filter.h"
#include "models/model_table_model.h"
#include "pages/page.h"

class QFrame;
class QSplitter;
class QStackedWidget;

namespace ui {

class CheckTable;
class EmptyState;
class ModelActions;
class ModelDetail;
class ModelFilterBar;

/// Every model that can be called, with what it can do and costs; what the user says otherwise; newer lists.
class ModelsPage : public Page {
    Q_OBJECT

public:
    explicit ModelsPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    void focusFind() override;
    /// "update": opens the dialog for a newer list; else the PROVIDER/MODEL to show.
    void open(const QVariant& what) override;

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void buildHeader(QVBoxLayout* all);
    void buildBanner(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildTable();
    void buildRowMenu();
    void restoreLook();
    void connectParts();
    void showState();
    void showSubtitle();
    void showEmpty();
    void showReading();
    void showDetail();
    /// Chooses the model that was asked for, once the models are read.
    void showWanted();
    void onSelection();
    void runEmptyAction();
    void toggleRefresh();
    void closeDetail();
    [[nodiscard]] std::vector<gateway::ModelRow> chosenModels() const;

    void saveDraft();
    void resetToCatalog();
    /// Applies an entry of the model on show; problems are told beside its fields.
    void applyToShown(const gateway::ModelRow& row, const gateway::ModelConfig& wanted, const QString& done);
    void toggleExposed(const std::vector<gateway::ModelRow>& models);

    PageContext m_context;
    ModelTableModel m_model;
    FilteredModels m_shown;
    QTimer m_slow;
    QString m_wanted; // PROVIDER/MODEL
    ModelActions* m_actions = nullptr;
    QLabel* m_subtitle = nullptr;
    QPushButton* m_refresh = nullptr;
    QPushButton* m_compare = nullptr;
    QFrame* m_banner = nullptr;
    QLabel* m_bannerText = nullptr;
    ModelFilterBar* m_filter = nullptr;
    QSplitter* m_splitter = nullptr;
    QStackedWidget* m_stack = nullptr;
    CheckTable* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    ModelDetail* m_detail = nullptr;
};

} // namespace ui
