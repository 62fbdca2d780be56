// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gateway/secrets.h"

class QLabel;
class QLineEdit;
class QStackedWidget;

namespace ui {

class Segments;

/// Where a provider key comes from: pasted here and kept in the keychain, or read from an environment
/// variable or a file. The pasted text is masked, cannot be copied out again, and is gone after forget().
class KeySourceEditor : public QWidget {
    Q_OBJECT

public:
    KeySourceEditor(bool keychainUsable, const QString& keychainProblem, QWidget* parent = nullptr);

    [[nodiscard]] bool usesKeychain() const;
    /// What was typed, without the blanks around it; for telling whose key it is.
    [[nodiscard]] QString typedKey() const;
    [[nodiscard]] gateway::Secret key() const;
    /// How the configuration names what was given; a pasted key as `keychainName`. Undecided without any.
    [[nodiscard]] gateway::SecretRef reference(const QString& keychainName) const;
    /// Does not emit changed().
    void setVariable(const QString& name);
    /// Nothing was given at all.
    [[nodiscard]] bool isEmpty() const;
    /// Why what was given cannot be right; empty when it can.
    [[nodiscard]] QString problem() const;
    void forget();
    void focusFirst();
    void setPlaceholder(const QString& text);

signals:
    void changed();

private:
    [[nodiscard]] QWidget* buildKeyField();
    [[nodiscard]] QWidget* buildNote(const QString& keychainProblem) const;
    [[nodiscard]] QLineEdit* makePlaceField(const char* objectName, const QString& name) const;
    [[nodiscard]] QString place() const;

    Segments* m_source = nullptr;
    QStackedWidget* m_fields = nullptr;
    QLineEdit* m_key = nullptr;
    QLineEdit* m_variable = nullptr;
    QLineEdit* m_path = nullptr;
};

} // namespace ui
