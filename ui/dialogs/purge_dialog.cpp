// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/purge_dialog.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/cache_text.h"
#include "models/gateway_link.h"
#include "models/when_done.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kWidth = 460;
constexpr int kMostAge = 9999;
constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86'400;

} // namespace

PurgeDialog::PurgeDialog(GatewayLink& link, const std::optional<gateway::CacheEntry>& one,
                         const gateway::CacheFilter& shown, QWidget* parent)
    : FormDialog(tr("Purge kept answers"), tr("&Purge"), parent), m_link(link), m_one(one), m_shown(shown)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    const bool anyFilter = !(shown.text.empty() && shown.model.empty() && shown.route.empty());
    buildFields(one.has_value(), anyFilter);
    // What cannot be undone is not what a hasty Enter does.
    setLook(acceptButton(), "kind", QStringLiteral("destructive"));
    acceptButton()->setDefault(false);
    cancelButton()->setDefault(true);
    connect(this, &FormDialog::acceptWanted, this, &PurgeDialog::purge);
    showFields();
}

void PurgeDialog::buildFields(bool anyOne, bool anyFilter)
{
    fields()->addWidget(makeParagraph(tr("What is purged is asked anew from its provider when it is asked "
                                         "for again.")));
    m_what = new ComboBox(tr("What to purge"), "purgeWhatComboBox");
    if (anyOne) m_what->addItem(tr("The chosen answer"), One);
    if (anyFilter) m_what->addItem(tr("All that the filter shows"), Shown);
    m_what->addItem(tr("Answers older than…"), Older);
    m_what->addItem(tr("All answers"), All);
    fields()->addWidget(m_what);
    m_ageLine = new QWidget;
    m_ageLine->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(m_ageLine);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    m_age = makeSpinBox(tr("Older than"), "purgeAgeSpinBox", 1, kMostAge);
    m_unit = new ComboBox(tr("Unit of the age"), "purgeUnitComboBox");
    m_unit->addItem(tr("minutes"), QVariant::fromValue<qint64>(kMinute));
    m_unit->addItem(tr("hours"), QVariant::fromValue<qint64>(kHour));
    m_unit->addItem(tr("days"), QVariant::fromValue<qint64>(kDay));
    m_unit->setCurrentIndex(1);
    line->addWidget(m_age);
    line->addWidget(m_unit);
    line->addStretch();
    fields()->addWidget(m_ageLine);
    m_pinned = new QCheckBox(tr("P&inned ones, too"));
    m_pinned->setObjectName(QStringLiteral("purgePinnedCheckBox"));
    m_pinned->setProperty("worded", true);
    m_pinned->setAccessibleName(tr("Pinned ones, too"));
    fields()->addWidget(m_pinned);
    connect(m_what, &QComboBox::currentIndexChanged, this, &PurgeDialog::showFields);
    connect(m_age, &QSpinBox::valueChanged, this, &PurgeDialog::count);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &PurgeDialog::count);
    connect(m_pinned, &QCheckBox::toggled, this, &PurgeDialog::count);
}

PurgeDialog::What PurgeDialog::what() const
{
    return static_cast<What>(m_what->currentData().toInt());
}

gateway::CacheFilter PurgeDialog::filter() const
{
    gateway::CacheFilter filter;
    if (what() == One) {
        filter.key = m_one->key;
        return filter; // Who chose it means it, pinned or not.
    }
    if (what() == Shown) filter = m_shown;
    if (what() == Older) filter.olderThan = m_age->value() * m_unit->currentData().toLongLong();
    filter.pinnedToo = m_pinned->isChecked();
    return filter;
}

void PurgeDialog::showFields()
{
    m_ageLine->setVisible(what() == Older);
    m_pinned->setVisible(what() != One);
    count();
}

void PurgeDialog::count()
{
    const int ask = ++m_asks;
    acceptButton()->setEnabled(false);
    showProgress(tr("Counting…"));
    whenDone(
        m_link.purgeCache(filter(), true), this,
        [this, ask](std::size_t answers) {
            if (ask != m_asks) return;
            acceptButton()->setEnabled(answers > 0);
            showMessage(answers == 0 ? tr("There are none of these.")
                                     : tr("%Ln answer(s) will be forgotten. This cannot be undone.", nullptr,
                                          static_cast<int>(answers)),
                        QStringLiteral("info"), answers == 0 ? "muted" : "warning");
        },
        [this, ask] {
            if (ask == m_asks) showProblem(tr("The gateway did not answer. Try again."));
        });
}

void PurgeDialog::purge()
{
    if (!acceptButton()->isEnabled()) return;
    ++m_asks;
    setBusy(true);
    whenDone(
        m_link.purgeCache(filter(), false), this,
        [this](std::size_t answers) {
            emit purged(answers);
            accept();
        },
        [this] {
            setBusy(false);
            showProblem(tr("The gateway did not answer. Try again."));
        });
}

} // namespace ui
