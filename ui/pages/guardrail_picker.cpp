// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrail_picker.h"

#include <QScopedValueRollback>
#include <QVBoxLayout>

#include "models/dry_source.h"
#include "models/gateway_link.h"
#include "models/in_pool.h"
#include "models/when_done.h"
#include "widgets/build.h"
#include "widgets/request_source_box.h"
#include "widgets/result_box.h"

namespace ui {
namespace {

using From = RequestSourceBox::From;

constexpr std::uint32_t kLastRows = 50;

} // namespace

GuardrailPicker::GuardrailPicker(GatewayLink& link, QWidget* parent) : QWidget(parent), m_link(link)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 6);
    m_source = new RequestSourceBox(tr("Pick a request"), "guardrailSourceComboBox");
    m_source->setToolTip(tr("A sample, or what was said in a request of the log"));
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_source->setMinimumContentsLength(12);
    m_note = new ResultBox(QStringLiteral("guardrail-source-note"));
    all->addWidget(m_source);
    all->addWidget(m_note);
    fill();
    connect(m_source, &QComboBox::currentIndexChanged, this, &GuardrailPicker::choose);
}

void GuardrailPicker::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    readLog();
}

void GuardrailPicker::readLog()
{
    gateway::LogQuery query;
    query.limit = kLastRows;
    whenDone(m_link.requests(query), this, [this](const gateway::LogPage& page) {
        m_last = page.rows;
        fill();
    });
}

void GuardrailPicker::fill()
{
    const QScopedValueRollback filling(m_filling, true);
    QStringList samples;
    for (const GuardrailSample& sample : guardrailSamples()) {
        samples.append(sample.name);
    }
    m_source->fill(tr("Pick a request…"), samples, m_last);
}

void GuardrailPicker::forget()
{
    const QScopedValueRollback filling(m_filling, true);
    ++m_choice;
    m_source->setCurrentIndex(0);
    m_note->hide();
}

void GuardrailPicker::choose()
{
    if (m_filling) return;
    const RequestSourceBox::Source source = m_source->source();
    ++m_choice;
    m_note->hide();
    if (source.from == From::Logged) chooseLogged(source.which);
    if (source.from != From::Sample) return;
    const auto samples = guardrailSamples();
    const auto place = static_cast<std::size_t>(source.which);
    if (place < samples.size()) emit picked(samples[place].text, samples[place].isAnswer);
}

/// The list has no bodies: this one is read with it.
void GuardrailPicker::chooseLogged(std::int64_t id)
{
    m_note->showProgress(tr("Reading it from the log…"));
    const auto gone = [this, choice = m_choice] {
        if (choice == m_choice) m_note->showResult(tr("The log could not be read. Choose it again."), false);
    };
    whenDone(
        m_link.requests(wholeRowQuery(id)), this,
        [this, id, choice = m_choice, ofAnswer = m_answers, gone](const gateway::LogPage& page) {
            if (page.rows.empty() || page.rows.front().id.value != id) {
                gone();
                return;
            }
            whenDone(inPool([row = page.rows.front(), ofAnswer] { return loggedWords(row, ofAnswer); }), this,
                     [this, choice, ofAnswer](const LoggedWords& words) {
                         if (choice == m_choice) takeWords(words, ofAnswer);
                     });
        },
        gone);
}

void GuardrailPicker::takeWords(const LoggedWords& words, bool isAnswer)
{
    if (words.text.isEmpty()) {
        m_note->showNote(isAnswer ? tr("The log did not keep the text of its answer. “Stored bodies” in "
                                       "Settings says of which requests it does.")
                                  : tr("The log did not keep its text. “Stored bodies” in Settings says of "
                                       "which requests it does."));
        return;
    }
    m_note->hide();
    if (words.isCut) m_note->showNote(tr("It is long: this is its beginning."));
    emit picked(words.text, isAnswer);
}

} // namespace ui
