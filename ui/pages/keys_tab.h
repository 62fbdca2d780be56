// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/key_table_models.h"
#include "pages/table_tab.h"

namespace ui {

class ConfirmDialog;
class NewKeyDialog;
class RotateKeyDialog;

/// The virtual keys that tools present: what they may do and spent; make, change, make anew, pause, revoke.
class KeysTab : public TableTab {
    Q_OBJECT

public:
    explicit KeysTab(const PageContext& context, QWidget* parent = nullptr);
    void addKey();
    void chooseKey(const QString& name);

private:
    void buildButtons();
    void buildFoot();
    void showFoot(const gateway::VirtualKeyConfig* key);
    void showKeys();
    void showChosen();
    void makeKey(NewKeyDialog* dialog, const gateway::VirtualKeyConfig& key);
    void editKey();
    /// Changes the key as it is by now: what others changed meanwhile stays, above all the key itself. `done`
    /// has a place for its name.
    void saveKey(const gateway::VirtualKeyConfig& before, const gateway::VirtualKeyConfig& after,
                 const QString& done, FormDialog* dialog = nullptr);
    void undoKey(const gateway::VirtualKeyConfig& saved, const gateway::VirtualKeyConfig& before);
    /// Says it in the dialog while that is open, else in a message.
    void refuse(const QString& problem, FormDialog* dialog = nullptr);
    void togglePaused();
    void revokeKey();
    void rotateKey();
    void showRotated(const gateway::VirtualKeyId& id, const gateway::Gateway::NewKey& made);
    /// What "Copy key" hands out is the key named default, kept in the keychain: it has to be the new one.
    void keepForCopying(const gateway::VirtualKeyId& id, const gateway::Secret& key);
    void endOverlap();
    void allowMore();
    /// Reads from the log which tools used the key, and says it in the dialog.
    void nameClients(const gateway::VirtualKeyId& id, ConfirmDialog* dialog);
    [[nodiscard]] const gateway::VirtualKeyConfig* chosen() const { return m_model.keyAt(chosenRow()); }

    VirtualKeysModel m_model;
    QTimer m_clock;            // the model tells times anew
    QWidget* m_foot = nullptr; // what is out of the ordinary with the chosen key
    QLabel* m_note = nullptr;
    QPushButton* m_allow = nullptr;
    QPushButton* m_edit = nullptr;
    QPushButton* m_rotate = nullptr;
    QPushButton* m_endOverlap = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_revoke = nullptr;
};

} // namespace ui
