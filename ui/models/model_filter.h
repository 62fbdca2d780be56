// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include <QSortFilterProxyModel>
#include <QStringList>

#include "models/model_table_model.h"

namespace ui {

/// Which models are shown: all that is set must hold. What is not known is never good enough.
struct ModelFilter {
    enum class Shown : std::uint8_t { Undecided, All, Exposed, Hidden };

    QString text; // its words all occur in the name, the alias or the provider
    QString provider, mode;
    int abilities = 0;                     // all of these bits of Ability
    std::optional<std::int64_t> mostInput; // nano-dollars per million tokens
    std::int64_t leastContext = 0;         // tokens
    bool freeOnly = false, localOnly = false;
    Shown shown = Shown::All;

    [[nodiscard]] bool isEmpty() const { return *this == ModelFilter{}; }
    [[nodiscard]] bool matches(const gateway::ModelRow& row) const;
    bool operator==(const ModelFilter&) const = default;
};

/// The models that a filter lets through, in the order of one column; what is not known comes last either
/// way. Unsorted, they stand as the engine gives them: by provider, then by name. GUI thread.
class FilteredModels : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit FilteredModels(ModelTableModel& source, QObject* parent = nullptr);
    void setFilter(const ModelFilter& filter);
    [[nodiscard]] const ModelFilter& filter() const { return m_filter; }
    [[nodiscard]] const gateway::ModelRow* rowAt(int row) const;
    [[nodiscard]] int rowOf(const gateway::ProviderId& provider, const std::string& model) const;
    /// The column that the rows are sorted by says so in its name.
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    [[nodiscard]] std::optional<std::int64_t> figureOf(const gateway::ModelRow& row, int column) const;

    ModelTableModel& m_source;
    ModelFilter m_filter;
};

} // namespace ui
