// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QAbstractTableModel>

#include "gateway/snapshot.h"

namespace ui {

/// A request to reckon with, in tokens.
struct ExampleRequest {
    std::int64_t inputTokens = 1000;
    std::int64_t outputTokens = 500;
};

/// What `request` costs in nano-dollars, rounded once at the end; nothing where a price that it needs is not
/// known, or the sum is beyond what can be told.
[[nodiscard]] std::optional<std::int64_t> costOf(const gateway::ModelPrices& prices,
                                                 const ExampleRequest& request);

/// Two to four models side by side: a row for each fact, a column for each model. The best value of a row is
/// marked in its text; where all are alike, none is. GUI thread.
class ModelCompare : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role { BestRole = Qt::UserRole + 1 };

    explicit ModelCompare(std::vector<gateway::ModelRow> models, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setRequest(const ExampleRequest& request);
    [[nodiscard]] const ExampleRequest& request() const { return m_request; }

private:
    struct Line {
        QString name;
        std::vector<QString> values;
        std::vector<bool> best;
    };
    enum class Better : std::uint8_t { Undecided, Less, More };
    using Figures = std::vector<std::optional<std::int64_t>>;

    void addTexts(const QString& name, QString (*text)(const gateway::ModelRow&));
    void addPrices(const QString& name, gateway::ModelPrices::Nanos gateway::ModelPrices::*price);
    [[nodiscard]] Line costLine() const;
    [[nodiscard]] static std::vector<bool> bestOf(const Figures& figures, Better better);

    std::vector<gateway::ModelRow> m_models;
    std::vector<Line> m_lines;
    ExampleRequest m_request;
};

} // namespace ui
