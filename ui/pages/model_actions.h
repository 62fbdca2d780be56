// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include <QFuture>
#include <QObject>

#include "models/model_edit.h"
#include "models/model_table_model.h"
#include "pages/page.h"

namespace ui {

class CatalogUpdateDialog;

/// What can be done with models: changing their entries with a way back, comparing, trying, taking a newer
/// list. Belongs to the page, whose dialogs it opens. GUI thread.
class ModelActions : public QObject {
    Q_OBJECT

public:
    /// Told what is wrong with the entries; empty: they are in force.
    using Done = std::function<void(const FieldProblems& problems)>;

    ModelActions(const PageContext& context, ModelTableModel& models, QWidget* page);

    void applyEntries(const std::vector<ModelEntry>& entries, const QString& done, const Done& finished);
    void setExposed(const std::vector<gateway::ModelRow>& models, bool exposed);
    void compare(const std::vector<gateway::ModelRow>& models);
    /// One short request, which its provider may charge for.
    void tryModel(const gateway::ModelRow& model);
    void openUpdate();
    /// Asks for a file and writes into it what clients are told.
    void exportList();

    [[nodiscard]] static bool canCompare(std::size_t models) { return models >= 2 && models <= 4; }
    [[nodiscard]] static bool canTry(const gateway::ModelRow& model);

signals:
    void toastWanted(const ui::ToastText& text);
    void pageWanted(const QString& id, const QVariant& what);

private:
    void tell(const FieldProblems& problems);
    void look(CatalogUpdateDialog* dialog, gateway::CatalogOrigin origin);
    void finishUpdate(CatalogUpdateDialog* dialog, const QFuture<QString>& answer, const QString& done);

    PageContext m_context;
    ModelTableModel& m_models;
    QWidget* m_page;
};

} // namespace ui
