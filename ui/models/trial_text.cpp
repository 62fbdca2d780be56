// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trial_text.h"

#include <QCoreApplication>

#include "models/format.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::TrialText)
};

} // namespace

QString trialText(const QString& model, const gateway::TrialAnswer& answer)
{
    if (!answer.ok) return QString::fromStdString(answer.message);
    return Text::tr("%1 answered in %2: %3 + %4 tokens, %5")
        .arg(model, formatDuration(answer.micros), formatCount(answer.inputTokens),
             formatCount(answer.outputTokens), formatMoney(answer.costNanos));
}

} // namespace ui
