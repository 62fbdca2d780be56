// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "models/route_import.h"

namespace ui {

/// What an import would add, with a box to check for each route and alias. A route that a chosen one leads to
/// is chosen with it; providers come along as they are needed. GUI thread.
class ImportEntryModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Kind, What, Note, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

    /// Everything is chosen.
    void setReading(const ImportReading& reading);
    /// What the user chose, without what is needed for it.
    [[nodiscard]] const ImportNames& chosen() const { return m_chosen; }
    /// Routes and aliases that will be taken, and providers.
    [[nodiscard]] int takenCount() const;

signals:
    void choiceChanged();

private:
    [[nodiscard]] bool isTaken(const ImportEntry& entry) const;
    [[nodiscard]] QString noteOf(const ImportEntry& entry) const;
    void refresh();

    ImportReading m_reading;
    std::vector<ImportEntry> m_entries;
    ImportNames m_chosen, m_needed;
    std::set<std::string> m_providers; // that come along
};

/// What became of everything in the file, line by line. GUI thread.
class ImportReportModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Line, From, To, Note, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setLines(const std::vector<gateway::ImportLine>& lines);
    [[nodiscard]] int mappedCount() const;

private:
    std::vector<gateway::ImportLine> m_lines;
};

} // namespace ui
