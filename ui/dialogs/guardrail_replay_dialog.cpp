// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/guardrail_replay_dialog.h"

#include <algorithm>
#include <utility>

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/format.h"
#include "models/when_done.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kWidth = 720;
constexpr int kListHeight = 190;
constexpr int kTextHeight = 84;
constexpr std::uint32_t kRows = 1000;
constexpr std::uint32_t kPageRows = 100; // so often is told how far it is

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

QString lineOf(const GuardrailRun::Example& example, const QDateTime& now)
{
    const auto& find = example.find;
    const QString what = find.found.empty() ? qs(find.reason) : qs(find.kind) + ": " + qs(find.found);
    QStringList parts{formatInstant(example.request.microseconds(), now), example.model};
    if (find.inAnswer) parts.append(GuardrailReplayDialog::tr("answer"));
    parts.append(what);
    return parts.join(QStringLiteral(" · ")).simplified();
}

} // namespace

GuardrailReplayDialog::GuardrailReplayDialog(GatewayLink& link, const gateway::Config& config,
                                             const gateway::GuardrailId& id, QWidget* parent)
    : FormDialog(tr("The last requests by this draft"), tr("&Close"), parent)
    , m_link(link)
    , m_id(id)
    , m_runner(config, id)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    m_headline = makeParagraph({});
    setLook(m_headline, "emphasis", QStringLiteral("true"));
    m_headline->setAccessibleDescription(QStringLiteral("guardrail-replay-headline"));
    fields()->addWidget(m_headline);
    buildExamples();
    m_notes = makeParagraph({}, "muted");
    m_notes->setAccessibleDescription(QStringLiteral("guardrail-replay-notes"));
    fields()->addWidget(m_notes);
    for (QWidget* part : std::initializer_list<QWidget*>{m_headline, m_notes}) {
        part->hide();
    }
    acceptButton()->hide();
    connect(this, &FormDialog::acceptWanted, this, &QDialog::accept);
    showProgress(tr("Reading the log…"));
    readOn();
}

void GuardrailReplayDialog::buildExamples()
{
    m_examples = new QListWidget;
    m_examples->setObjectName(QStringLiteral("guardrailExamplesList"));
    m_examples->setAccessibleName(tr("What would have been found"));
    m_examples->setFixedHeight(kListHeight);
    m_examples->setTextElideMode(Qt::ElideRight);
    m_examples->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("guardrailExampleEdit"));
    m_text->setAccessibleName(tr("Where it stood"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFixedHeight(kTextHeight);
    m_falseAlarm = makeButton(tr("&False alarm"), "plain", {}, "falseAlarmButton");
    for (QWidget* part : std::initializer_list<QWidget*>{m_examples, m_text, m_falseAlarm}) {
        part->hide();
    }
    fields()->addWidget(m_examples);
    fields()->addWidget(m_text);
    fields()->addWidget(m_falseAlarm, 0, Qt::AlignLeft);
    connect(m_examples, &QListWidget::currentRowChanged, this, &GuardrailReplayDialog::showExample);
    connect(m_falseAlarm, &QPushButton::clicked, this, &GuardrailReplayDialog::makeException);
}

/// A page of the log ends early where its bodies are large.
void GuardrailReplayDialog::readOn()
{
    gateway::LogQuery query;
    query.limit = std::min(kPageRows, kRows - static_cast<std::uint32_t>(m_run.requests));
    query.before = m_before;
    query.withBodies = true;
    whenDone(
        m_link.requests(query), this,
        [this](const gateway::LogPage& page) {
            if (!page.rows.empty()) m_before = page.rows.back().id.value;
            const bool more = page.more && !page.rows.empty();
            whenDone(m_runner.take(page.rows), this,
                     [this, more](const GuardrailRun& run) { take(run, more); });
        },
        [this] { showProblem(tr("The log could not be read. Close this and try again.")); });
}

void GuardrailReplayDialog::take(const GuardrailRun& run, bool more)
{
    m_run = run;
    if (run.problem.isEmpty() && more && run.requests < static_cast<int>(kRows)) {
        showProgress(tr("Looking through them: %1 requests, something in %2")
                         .arg(formatCount(run.requests), formatCount(run.hits)));
        readOn();
        return;
    }
    showRun();
}

void GuardrailReplayDialog::showRun()
{
    hideMessage();
    cancelButton()->hide();
    acceptButton()->show();
    acceptButton()->setFocus();
    if (!m_run.problem.isEmpty()) {
        showProblem(m_run.problem);
        return;
    }
    m_headline->setText(guardrailRunHeadline(m_run));
    m_headline->show();
    const QString notes = guardrailRunNotes(m_run);
    m_notes->setText(notes);
    m_notes->setVisible(!notes.isEmpty());
    if (m_run.examples.empty()) return;
    const QDateTime now = QDateTime::currentDateTime();
    for (const GuardrailRun::Example& example : m_run.examples) {
        m_examples->addItem(lineOf(example, now));
    }
    for (QWidget* part : std::initializer_list<QWidget*>{m_examples, m_text, m_falseAlarm}) {
        part->show();
    }
    m_examples->setCurrentRow(0);
}

const GuardrailRun::Example* GuardrailReplayDialog::chosen() const
{
    const int row = m_examples->currentRow();
    const auto count = static_cast<int>(m_run.examples.size());
    return row >= 0 && row < count ? &m_run.examples[static_cast<std::size_t>(row)] : nullptr;
}

void GuardrailReplayDialog::showExample()
{
    const GuardrailRun::Example* example = chosen();
    m_falseAlarm->setEnabled(example != nullptr && !example->find.sha256.empty() &&
                             !m_exceptions.contains(example->find.sha256));
    if (example == nullptr) return;
    // The field counts an end of line as one, however it is written.
    const auto plain = [](const std::string& text) { return qs(text).remove(QLatin1Char('\r')); };
    const QString before = plain(example->find.before), found = plain(example->find.found);
    m_text->setPlainText(before + found + plain(example->find.after));
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(m_text->document());
    mark.cursor.setPosition(static_cast<int>(before.size()));
    mark.cursor.setPosition(static_cast<int>(before.size() + found.size()), QTextCursor::KeepAnchor);
    mark.format.setBackground(palette().highlight());
    mark.format.setForeground(palette().highlightedText());
    m_text->setExtraSelections(found.isEmpty() ? QList<QTextEdit::ExtraSelection>() : QList{mark});
    m_falseAlarm->setToolTip(
        example->find.sha256.empty()
            ? tr("This check judges a whole request or answer: only single places can be exceptions")
        : m_exceptions.contains(example->find.sha256)
            ? tr("It is an exception of the draft already")
            : tr("Makes this an exception of the guardrail's draft: it is not found any more"));
    m_falseAlarm->setAccessibleDescription(m_falseAlarm->toolTip());
}

void GuardrailReplayDialog::makeException()
{
    const GuardrailRun::Example* example = chosen();
    if (example == nullptr || example->find.sha256.empty()) return;
    const std::string hash = example->find.sha256;
    m_exceptions.insert(hash);
    for (int row = 0; row < m_examples->count(); ++row) {
        if (m_run.examples[static_cast<std::size_t>(row)].find.sha256 != hash) continue;
        QListWidgetItem* item = m_examples->item(row);
        item->setText(tr("Exception · %1").arg(item->text()));
    }
    showExample();
    emit exceptionWanted(qs(m_id.text), qs(hash));
}

} // namespace ui
