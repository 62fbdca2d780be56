// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "models/condition_tree.h"

class QHBoxLayout;
class QVBoxLayout;

namespace ui {

class ComboBox;

/// A condition as lines in groups within groups, each group further in than the one it is in. Alt with the
/// arrows up and down moves the part where the keyboard is.
class ConditionBuilder : public QWidget {
    Q_OBJECT

public:
    explicit ConditionBuilder(QWidget* parent = nullptr);
    /// Does not emit changed(). The same draft keeps the cursor.
    void setDraft(const ConditionDraft& draft);
    [[nodiscard]] const ConditionDraft& draft() const { return m_draft; }
    /// How the outermost group is joined; for the owner to place.
    [[nodiscard]] ComboBox* outerChoice() const { return m_outer; }
    /// Where Tab comes from.
    void setTabAnchor(QWidget* before) { m_anchor = before; }

signals:
    void changed();

private:
    struct Shown {
        ConditionPath path;
        QWidget* whole;
        QWidget* first; // to begin with
    };
    void rebuild();
    void chainTabs();
    void fillGroup(const ConditionPath& path, QVBoxLayout* column);
    [[nodiscard]] QWidget* makeGroup(const ConditionPath& path);
    [[nodiscard]] QWidget* makeLine(const ConditionPath& path);
    [[nodiscard]] QHBoxLayout* makeFoot(const ConditionPath& group);
    [[nodiscard]] ComboBox* makeChoice(const QString& name);
    void addLine(const ConditionPath& group);
    void addGroup(const ConditionPath& group);
    void remove(const ConditionPath& path);
    void moveFocused(int step);
    void setKind(const ConditionPath& group, const ComboBox& choice);
    void focusPart(const ConditionPath& path, const QString& objectName = {});

    ConditionDraft m_draft;
    ComboBox* m_outer = nullptr;
    QWidget* m_anchor = nullptr;
    QVBoxLayout* m_column = nullptr;
    QWidget* m_content = nullptr;
    std::vector<Shown> m_shown; // as they are seen from the top down
    QWidgetList m_stops;
};

} // namespace ui
