// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage_tiles.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "models/format.h"
#include "models/usage_text.h"
#include "pages/page.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/tile.h"

namespace ui {
namespace {

constexpr int kWide = 1140; // from here on all tiles stand on one line
constexpr int kGridColumns = 30;
constexpr std::size_t kKinds = 5;

} // namespace

UsageTiles::UsageTiles(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    setProperty("role", QStringLiteral("clear"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kCardGap);
    m_tiles = {
        new Tile(tr("Spend"), QStringLiteral("circle-dollar-sign"), QStringLiteral("usage-spend")),
        new Tile(tr("Requests"), QStringLiteral("activity"), QStringLiteral("usage-requests")),
        new Tile(tr("Success"), QStringLiteral("circle-check"), QStringLiteral("usage-success")),
        new Tile(tr("Saved by cache"), QStringLiteral("zap"), QStringLiteral("usage-cache-saved")),
        new Tile(tr("Saved by routing"), QStringLiteral("route"), QStringLiteral("usage-routing-saved"))};
    m_tokens = buildTokens();
    place();
}

QWidget* UsageTiles::buildTokens()
{
    QFrame* card = makeFrame("card");
    auto* all = column(card, {16, 12, 16, 12}, 6);
    QHBoxLayout* head = row(8);
    auto* picture = new QLabel;
    setLabelIcon(picture, QStringLiteral("braces"), "muted", 16);
    head->addWidget(picture);
    head->addWidget(makeLabel(tr("Tokens"), "muted"));
    head->addStretch();
    all->addLayout(head);
    QHBoxLayout* line = row(16);
    for (std::size_t i = 0; i < kKinds; ++i) {
        auto* kind = new QVBoxLayout;
        kind->setSpacing(2);
        TokenLabels labels{makeLabel({}, "muted"), makeLabel(QStringLiteral("—"), "figure"),
                           makeElided("muted")};
        kind->addWidget(labels.value);
        kind->addWidget(labels.name);
        kind->addWidget(labels.change);
        line->addLayout(kind, 1);
        m_kinds.push_back(labels);
    }
    all->addLayout(line);
    return card;
}

void UsageTiles::setView(const UsageView& view)
{
    const TileText texts[] = {usageSpendTile(view), usageRequestsTile(view), usageSuccessTile(view),
                              cacheSavedTile(view), routeSavedTile(view)};
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        m_tiles[i]->setText(texts[i], {});
    }
    m_tiles[0]->setToolTip(plainToolTip(sourceShares(view)));
    m_tiles[2]->setToolTip(tr("%Ln failed", nullptr, static_cast<int>(view.total.failures)));
    m_tiles[3]->setToolTip(tr("What answers that were kept here would have cost again"));
    m_tiles[4]->setToolTip(tr("How much less it cost than each route's dearest target would have"));
    const std::vector<TokenFigure> figures = tokenFigures(view);
    for (std::size_t i = 0; i < m_kinds.size(); ++i) {
        const TokenFigure& figure = figures[i];
        const TokenLabels& labels = m_kinds[i];
        labels.name->setText(figure.name);
        labels.value->setText(formatTokens(figure.tokens));
        labels.value->setAccessibleDescription(QStringLiteral("usage-tokens-") + figure.key);
        labels.value->setToolTip(plainToolTip(formatCount(figure.tokens) + QLatin1Char('\n') + figure.hint));
        labels.name->setToolTip(figure.hint);
        labels.change->setText(view.compared ? changeText(figure.tokens, figure.prior) : QString());
        labels.change->setVisible(view.compared);
    }
}

void UsageTiles::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

void UsageTiles::place()
{
    const int columns = width() >= kWide ? 5 : 3;
    if (columns == m_columns) return;
    m_columns = columns;
    for (Tile* tile : m_tiles) {
        m_grid->removeWidget(tile);
    }
    m_grid->removeWidget(m_tokens);
    const auto put = [this](std::size_t tile, int line, int column, int width) {
        m_grid->addWidget(m_tiles[tile], line, column, 1, width);
    };
    if (columns == 5) {
        for (std::size_t i = 0; i < m_tiles.size(); ++i) {
            put(i, 0, static_cast<int>(i) * 6, 6);
        }
    } else {
        for (std::size_t i = 0; i < 3; ++i) {
            put(i, 0, static_cast<int>(i) * 10, 10);
        }
        put(3, 1, 0, 15);
        put(4, 1, 15, 15);
    }
    m_grid->addWidget(m_tokens, columns == 5 ? 1 : 2, 0, 1, kGridColumns);
    for (int column = 0; column < kGridColumns; ++column) {
        m_grid->setColumnStretch(column, 1);
    }
}

} // namespace ui
