// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrail_test_box.h"

#include <algorithm>

#include <QCryptographicHash>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QTextCursor>
#include <QTextEdit>
#include <QVBoxLayout>

#include "models/guardrails_model.h"
#include "models/in_pool.h"
#include "models/when_done.h"
#include "pages/guardrail_picker.h"
#include "widgets/build.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kNameRole = Qt::UserRole;
constexpr int kHashRole = Qt::UserRole + 1;
constexpr int kLeastHeight = 48;
constexpr double kNanosPerMilli = 1e6;

QString spotted(const std::string& text, const gateway::GuardrailTrial::Spot& spot)
{
    return spot.start > text.size() ? QString() : QString::fromStdString(text.substr(spot.start, spot.size));
}

} // namespace

GuardrailTestBox::GuardrailTestBox(GatewayLink& link, QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* inside = column(this, {}, 8);
    m_direction = new Segments(tr("Direction of the text"), {tr("Request"), tr("Answer")});
    m_picker = new GuardrailPicker(link);
    inside->addWidget(m_direction, 0, Qt::AlignLeft);
    inside->addWidget(m_picker);
    buildTexts(inside);
    connect(m_picker, &GuardrailPicker::picked, this, &GuardrailTestBox::pick);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_picking) m_picker->forget();
        tryNow();
    });
    connect(m_direction, &Segments::chosen, this, [this](int direction) {
        m_picker->setAnswers(direction == 1);
        tryNow();
    });
    connect(m_spots, &QListWidget::currentRowChanged, this,
            [this](int row) { m_noAlarm->setEnabled(row >= 0); });
    connect(m_noAlarm, &QPushButton::clicked, this, &GuardrailTestBox::makeException);
}

void GuardrailTestBox::buildTexts(QVBoxLayout* inside)
{
    const auto makeText = [](const QString& name, const char* objectName) {
        auto* edit = new QPlainTextEdit;
        edit->setObjectName(QLatin1String(objectName));
        edit->setAccessibleName(name);
        edit->setTabChangesFocus(true);
        edit->setMinimumHeight(kLeastHeight);
        return edit;
    };
    m_text = makeText(tr("Text to try"), "guardrailTryEdit");
    m_text->setPlaceholderText(tr("Type or paste a text"));
    inside->addWidget(m_text, 2);
    m_verdicts = makeParagraph({}, "muted");
    m_verdicts->setAccessibleDescription(QStringLiteral("verdicts"));
    inside->addWidget(m_verdicts);
    m_spots = new QListWidget;
    m_spots->setObjectName(QStringLiteral("guardrailSpotsList"));
    m_spots->setAccessibleName(tr("What was spotted"));
    m_spots->setMinimumHeight(kLeastHeight);
    inside->addWidget(m_spots, 1);
    m_noAlarm = makeButton(tr("&No alarm"), "plain", {}, "noAlarmButton");
    m_noAlarm->setToolTip(tr("No alarm: makes this an exception of the guardrail's draft"));
    m_noAlarm->setEnabled(false);
    inside->addWidget(m_noAlarm, 0, Qt::AlignLeft);
    m_result = makeText(tr("The text as it would go on"), "guardrailResultEdit");
    m_result->setReadOnly(true);
    inside->addWidget(m_result, 1);
    m_answer = makeParagraph({}, "muted");
    m_answer->setAccessibleDescription(QStringLiteral("answer"));
    inside->addWidget(m_answer);
}

/// Can be undone in the field, as what was typed there may be wanted again.
void GuardrailTestBox::pick(const QString& text, bool isAnswer)
{
    const QScopedValueRollback picking(m_picking, true);
    m_direction->setCurrent(isAnswer ? 1 : 0);
    m_picker->setAnswers(isAnswer);
    QTextCursor cursor(m_text->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    m_text->moveCursor(QTextCursor::Start);
}

gateway::GuardrailTest GuardrailTestBox::test(const gateway::GuardrailId& id) const
{
    gateway::GuardrailTest test;
    test.text = m_text->toPlainText().toStdString();
    test.on = m_direction->current() == 1 ? "response" : "request";
    const bool hit =
        std::any_of(m_trial.verdicts.begin(), m_trial.verdicts.end(),
                    [&id](const auto& verdict) { return verdict.guardrail == id.text && verdict.alarm; });
    test.expect = hit ? "hit" : "pass";
    return test;
}

void GuardrailTestBox::setRules(const std::vector<gateway::GuardrailConfig>& rules, bool valid)
{
    if (rules == m_rules && valid == m_valid) return;
    m_rules = rules;
    m_valid = valid;
    tryNow();
}

void GuardrailTestBox::tryNow()
{
    const std::uint64_t number = ++m_newest;
    const std::string text = m_text->toPlainText().toStdString();
    if (text.empty() || !m_valid) {
        showTrial({}, {});
        m_answer->setText(m_valid ? QString() : tr("Correct the draft first."));
        return;
    }
    m_ready = false;
    emit tried();
    const bool isAnswer = m_direction->current() == 1;
    whenDone(
        inPool([rules = m_rules, text, isAnswer] { return gateway::tryGuardrails(rules, text, isAnswer); }),
        this, [this, number, text](const gateway::GuardrailTrial& trial) {
            if (number == m_newest) showTrial(trial, text); // Else a newer one is under way.
        });
}

void GuardrailTestBox::showTrial(const gateway::GuardrailTrial& trial, const std::string& text)
{
    m_trial = trial;
    m_ready = true;
    m_spots->clear();
    m_noAlarm->setEnabled(false);
    QStringList verdicts;
    for (const gateway::GuardrailTrial::Verdict& verdict : trial.verdicts) {
        const QString name = QString::fromStdString(verdict.guardrail);
        const QString what = verdict.alarm ? guardrailActionText(verdict.action) : tr("nothing found");
        const QString line =
            tr("%1: %2, %3 ms")
                .arg(name, what,
                     locale().toString(static_cast<double>(verdict.nanos) / kNanosPerMilli, 'f', 2));
        const QString reason = QString::fromStdString(verdict.reason);
        verdicts.append(reason.isEmpty() ? line : line + QStringLiteral(" – ") + reason);
        for (const gateway::GuardrailTrial::Spot& spot : verdict.spots) {
            const QString there = spotted(text, spot);
            auto* item = new QListWidgetItem(
                QStringLiteral("%1: %2 (%3)").arg(QString::fromStdString(spot.kind), there, name), m_spots);
            item->setData(kNameRole, name);
            item->setData(kHashRole,
                          QString::fromLatin1(
                              QCryptographicHash::hash(there.toUtf8(), QCryptographicHash::Sha256).toHex()));
        }
    }
    m_verdicts->setText(verdicts.join(QLatin1Char('\n')));
    m_result->setPlainText(QString::fromStdString(trial.result));
    m_answer->setText(text.empty()
                          ? QString()
                          : tr("The client gets %1. %2")
                                .arg(QString::number(trial.status), QString::fromStdString(trial.error)));
    highlight(trial, text);
    emit tried();
}

void GuardrailTestBox::highlight(const gateway::GuardrailTrial& trial, const std::string& text)
{
    QList<QTextEdit::ExtraSelection> marks;
    for (const gateway::GuardrailTrial::Verdict& verdict : trial.verdicts) {
        for (const gateway::GuardrailTrial::Spot& spot : verdict.spots) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(m_text->document());
            // Spots are counted in bytes, the document counts UTF-16.
            const auto start = QString::fromStdString(text.substr(0, spot.start)).size();
            mark.cursor.setPosition(static_cast<int>(start));
            mark.cursor.setPosition(static_cast<int>(start + spotted(text, spot).size()),
                                    QTextCursor::KeepAnchor);
            mark.format.setBackground(palette().highlight());
            mark.format.setForeground(palette().highlightedText());
            marks.append(mark);
        }
    }
    m_text->setExtraSelections(marks);
}

void GuardrailTestBox::makeException()
{
    const QListWidgetItem* item = m_spots->currentItem();
    if (item == nullptr) return;
    emit exceptionWanted(item->data(kNameRole).toString(), item->data(kHashRole).toString());
}

} // namespace ui
