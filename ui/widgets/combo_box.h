// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QComboBox>

namespace ui {

/// A field with a list to choose from, in the look of the window. The wheel turns it only where the keyboard
/// is.
class ComboBox : public QComboBox {
    Q_OBJECT

public:
    enum class Texts : std::uint8_t { Undecided, Listed, Any };

    /// `objectName` ends in "ComboBox". With Texts::Any it also takes what is not in its list.
    ComboBox(const QString& name, const char* objectName, Texts texts = Texts::Listed,
             QWidget* parent = nullptr);
    /// Chooses what has this data; another one at the end where there is none, called `text`. Emits nothing.
    void setCurrentData(const QVariant& wanted, const QString& text);
    /// Replaces the list and keeps the text. Emits nothing. Only with Texts::Any.
    void setSuggestions(const QStringList& texts);
    /// Shows any text from its beginning. Only with Texts::Any.
    void showText(const QString& text);
    void setName(const QString& name);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
};

} // namespace ui
