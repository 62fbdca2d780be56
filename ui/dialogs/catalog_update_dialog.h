// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "models/catalog_change_model.h"
#include "widgets/form_dialog.h"

class QTableView;

namespace ui {

class Segments;

/// A newer list of models and prices: from where, what it would change, and whether it is taken. Asks nobody
/// before the user says so; the owner does what the signals ask for and tells how it went.
class CatalogUpdateDialog : public FormDialog {
    Q_OBJECT

public:
    /// `ownProviders`: as the catalog calls those that are configured.
    CatalogUpdateDialog(const gateway::ModelTable& inForce, const std::set<std::string>& ownProviders,
                        QWidget* parent);

    /// How many looks were begun.
    [[nodiscard]] int lookNumber() const { return m_looks; }
    void showFound(const gateway::CatalogUpdate& update);
    /// The look was given up without an answer.
    void showUnfinished();
    /// Taking or dropping did not work.
    void showFailure(const QString& problem);
    /// While a look is under way, this ends the look, not the dialog.
    void reject() override;

signals:
    void lookWanted(gateway::CatalogOrigin origin);
    void lookStopped();
    void takeWanted();
    void dropWanted();

private:
    enum class Step : std::uint8_t { Undecided, Choosing, Looking, Found, Saving };

    void buildInForce(const gateway::ModelTable& inForce);
    void buildOrigin();
    void buildFound(const std::set<std::string>& ownProviders);
    void setStep(Step step);
    void showOrigin();
    void showCount();
    void go();
    void spanGroups();
    [[nodiscard]] gateway::CatalogOrigin origin() const;

    CatalogChangeModel m_changes;
    gateway::CatalogUpdate m_update;
    Step m_step = Step::Choosing;
    int m_looks = 0;
    Segments* m_origin = nullptr;
    QLabel* m_host = nullptr;
    QPushButton* m_drop = nullptr;
    QWidget* m_found = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_onlyOwn = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace ui
