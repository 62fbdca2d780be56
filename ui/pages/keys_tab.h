// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/key_table_models.h"
#include "pages/table_tab.h"

namespace ui {

class ConfirmDialog;
class NewKeyDialog;

/// The virtual keys that tools present: what they may do and spent; make, change, pause, revoke.
class KeysTab : public TableTab {
    Q_OBJECT

public:
    explicit KeysTab(const PageContext& context, QWidget* parent = nullptr);
    void addKey();

private:
    void buildButtons();
    void showKeys();
    void showChosen();
    void makeKey(NewKeyDialog* dialog, const gateway::VirtualKeyConfig& key);
    void editKey();
    void togglePaused();
    void revokeKey();
    /// Reads from the log which tools used the key, and says it in the dialog.
    void nameClients(const gateway::VirtualKeyId& id, ConfirmDialog* dialog);
    [[nodiscard]] const gateway::VirtualKeyConfig* chosen() const { return m_model.keyAt(chosenRow()); }

    VirtualKeysModel m_model;
    QPushButton* m_edit = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_revoke = nullptr;
};

} // namespace ui
