// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QString>

class QBoxLayout;
class QHBoxLayout;
class QVBoxLayout;

/// The small parts every page is made of. Roles, kinds and tones are those of theme/app.qss.
namespace ui {

[[nodiscard]] QLabel* makeLabel(const QString& text, const char* role = nullptr);
/// One line that ends in an ellipsis where there is no room. Screen readers get the whole text.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent* event) override;
};
[[nodiscard]] ElidedLabel* makeElided(const char* role = nullptr);

/// A label of several lines that asks for the height it needs.
[[nodiscard]] QLabel* makeParagraph(const QString& text, const char* role = nullptr);
/// `objectName` ends in "Button"; `icon` may be empty.
[[nodiscard]] QPushButton* makeButton(const QString& text, const char* kind, const QString& icon,
                                      const char* objectName);
/// A button that shows only its icon; `name` is what screen readers and the tool tip say.
[[nodiscard]] QPushButton* makeIconButton(const QString& icon, const QString& name, const char* objectName);
[[nodiscard]] QFrame* makeFrame(const char* role);
[[nodiscard]] QFrame* makeLine();

/// Sets a dynamic property and lets the style sheet look again.
void setLook(QWidget* widget, const char* property, const QString& value);

[[nodiscard]] QVBoxLayout* column(QWidget* parent, const QMargins& margins, int spacing);
[[nodiscard]] QHBoxLayout* row(int spacing);

} // namespace ui
