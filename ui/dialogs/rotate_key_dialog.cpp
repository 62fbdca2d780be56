// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/rotate_key_dialog.h"

#include <QDateTime>
#include <QLabel>
#include <QVBoxLayout>

#include "models/key_text.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kWidth = 480;
constexpr int kHour = 3600;
constexpr int kDay = 24 * kHour;

} // namespace

RotateKeyDialog::RotateKeyDialog(const gateway::VirtualKeyConfig& key, QWidget* parent)
    : FormDialog(tr("Rotate key"), tr("&Rotate"), parent)
    , m_overlap(new ComboBox(tr("The old key stays good"), "overlapComboBox"))
{
    setFixedWidth(kWidth);
    fields()->addWidget(
        makeParagraph(tr("Make the key %1 anew? Its budget, limits and log stay; tools need the new key.")
                          .arg(QString::fromStdString(key.id.text))));
    m_overlap->addItem(tr("not at all: it stops at once"), 0);
    m_overlap->addItem(tr("for 1 hour"), kHour);
    m_overlap->addItem(tr("for 24 hours"), kDay);
    m_overlap->addItem(tr("for 7 days"), 7 * kDay);
    m_overlap->setCurrentData(kDay, {});
    auto* line = column(nullptr, {}, 6);
    line->addWidget(makeFieldLabel(tr("The &old key stays good"), m_overlap));
    line->addWidget(m_overlap);
    fields()->addLayout(line);
    if (overlapEnd(key, QDateTime::currentDateTime())) // Only one former key is kept.
        fields()->addWidget(
            makeParagraph(tr("The key before this one is good yet, too. It stops now."), "muted"));
    connect(this, &FormDialog::acceptWanted, this, [this] {
        if (isBusy()) return;
        setBusy(true);
        emit submitted(gateway::seconds(m_overlap->currentData().toInt()));
    });
}

} // namespace ui
