// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/config_changes.h"
#include "models/local_servers.h"
#include "widgets/form_dialog.h"

class QLineEdit;

namespace ui {

class AddressFields;
class FoundServers;
class KeySourceEditor;
class PresetPicker;
class Segments;

/// Asks for a provider: whose key it is (recognized by its beginning, or chosen), the key, name and address.
/// Takes what it needs as values and gives a draft; the owner saves it and calls accept() or showProblem().
class AddProviderDialog : public FormDialog {
    Q_OBJECT

public:
    struct Surroundings {
        std::vector<gateway::ProviderPreset> presets;
        /// The ids of the presets whose keys look like this one.
        std::function<std::vector<std::string>(const QString& key)> recognize;
        std::shared_ptr<const gateway::Config> config;
        bool keychainUsable = true;
        QString keychainProblem;
    };

    explicit AddProviderDialog(Surroundings around, QWidget* parent = nullptr);

    /// Looks for model servers on this computer and offers them.
    void showServers(GatewayLink& link);
    /// The answer to testWanted(), unless the user has stopped waiting for it.
    void showTest(const gateway::ProviderTest& test);
    void showUnfinishedTest();
    void done(int result) override;

signals:
    void submitted(const ui::ProviderDraft& draft);
    void testWanted(const ui::ProviderDraft& draft);
    void testStopped();
    void serverWanted(const ui::FoundServer& server);

private:
    void buildHints();
    [[nodiscard]] QWidget* buildFields();
    /// The ids of the presets whose keys look like the typed one.
    [[nodiscard]] std::vector<std::string> recognized() const;
    void onKeyChanged();
    void showWhoseKey();
    void onPresetChosen();
    [[nodiscard]] ProviderDraft draft() const;
    /// Why the draft cannot be added as it stands; empty when it can.
    [[nodiscard]] QString missing() const;
    void submit();
    void test();
    void setTesting(bool testing);
    void stopTest();

    Surroundings m_around;
    KeySourceEditor* m_key = nullptr;
    PresetPicker* m_presets = nullptr;
    QWidget* m_fieldBox = nullptr;
    QLineEdit* m_name = nullptr;
    AddressFields* m_address = nullptr;
    QLabel* m_hint = nullptr;
    QPushButton* m_keysPage = nullptr;
    QLabel* m_kindLabel = nullptr;
    Segments* m_kind = nullptr;
    FoundServers* m_servers = nullptr;
    QPushButton* m_test = nullptr;
    bool m_testing = false;
};

} // namespace ui
