// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QWidget>

#include "gateway/gateway.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace ui {

class Segments;

/// What a provider does with prompts: as it states itself, or as its owner here knows better, and what that
/// means for requests that ask for it. Asks for changes, makes none.
class ProviderPolicy : public QWidget {
    Q_OBJECT

public:
    explicit ProviderPolicy(QWidget* parent = nullptr);
    /// Also back to what is in force, after a change was refused.
    void setProvider(const gateway::ProviderConfig& provider);

signals:
    void changeWanted(const gateway::ProviderConfig& next, const QString& done);

private:
    [[nodiscard]] QWidget* buildStated();
    [[nodiscard]] QWidget* buildOwn();
    void showPolicy();
    void change(const std::optional<gateway::DataPolicy>& policy);
    [[nodiscard]] gateway::DataPolicy shown() const;

    gateway::ProviderConfig m_provider;
    const gateway::ProviderPreset* m_preset = nullptr;
    QLabel* m_stated = nullptr;
    QLabel* m_read = nullptr;
    QPushButton* m_source = nullptr;
    QLabel* m_mark = nullptr;
    Segments* m_trains = nullptr;
    QSpinBox* m_days = nullptr;
    QLineEdit* m_region = nullptr;
    QCheckBox* m_local = nullptr;
    QPushButton* m_reset = nullptr;
    QLabel* m_meaning = nullptr;
};

/// Whether requests that ask for it come to this provider, in a sentence.
[[nodiscard]] QString policyMeaning(const gateway::ProviderConfig& provider);

} // namespace ui
