// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QString>

class QBoxLayout;
class QDateEdit;
class QHBoxLayout;
class QSpinBox;
class QTimeEdit;
class QVBoxLayout;

/// The small parts every page is made of. Roles, kinds and tones are those of theme/app.qss.
namespace ui {

[[nodiscard]] QLabel* makeLabel(const QString& text, const char* role = nullptr);
/// One line that ends in an ellipsis where there is no room; then its tool tip has the whole text, unless it
/// was given another. Screen readers always get the whole text.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    using QLabel::QLabel;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
};
[[nodiscard]] ElidedLabel* makeElided(const char* role = nullptr);

/// A label of several lines that asks for the height it needs.
[[nodiscard]] QLabel* makeParagraph(const QString& text, const char* role = nullptr);
/// `objectName` ends in "Button"; `icon` may be empty. An & in `text` marks the letter that presses the
/// button together with Alt.
[[nodiscard]] QPushButton* makeButton(const QString& text, const char* kind, const QString& icon,
                                      const char* objectName);
/// A button that shows only its icon; `name` is what screen readers and the tool tip say.
[[nodiscard]] QPushButton* makeIconButton(const QString& icon, const QString& name, const char* objectName);
/// The new text of a button, and what screen readers say.
void setButtonText(QPushButton* button, const QString& text);
/// The name of a field, for the grid of a form; its & marks the letter that leads there.
[[nodiscard]] QLabel* makeFieldLabel(const QString& text, QWidget* field);
/// A field for a whole number. The wheel turns it only where the keyboard is: a page that is scrolled past it
/// does not change it.
[[nodiscard]] QSpinBox* makeSpinBox(const QString& name, const char* objectName, int least, int greatest);
/// Fields for a day and for a time of day, as calm as the one for numbers. Tab leaves them at once; the
/// arrows move within.
[[nodiscard]] QDateEdit* makeDateEdit(const QString& name, const char* objectName);
[[nodiscard]] QTimeEdit* makeTimeEdit(const QString& name, const char* objectName);
[[nodiscard]] QFrame* makeFrame(const char* role);
[[nodiscard]] QFrame* makeLine();

/// `text` without the & that marks a letter.
[[nodiscard]] QString withoutMnemonic(const QString& text);
/// A name that somebody else chose, for a button or a menu: its & is a letter like others.
[[nodiscard]] QString asButtonText(QString name);
/// A tool tip that shows `text` as it is: what providers and files say may look like HTML.
[[nodiscard]] QString plainToolTip(const QString& text);

/// Sets a dynamic property and lets the style sheet look again.
void setLook(QWidget* widget, const char* property, const QString& value);

[[nodiscard]] QVBoxLayout* column(QWidget* parent, const QMargins& margins, int spacing);
[[nodiscard]] QHBoxLayout* row(int spacing);

} // namespace ui
