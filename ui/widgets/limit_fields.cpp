// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/limit_fields.h"

#include <optional>

#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/problem_grid.h"

namespace ui {
namespace {

constexpr std::int64_t kMostRequests = 1'000'000'000;
constexpr std::int64_t kMostTokens = 1'000'000'000'000;
constexpr std::int64_t kMostQueueMillis = 600'000;
constexpr int kMostLetters = 20;

// Nothing where it is no whole number.
std::optional<std::int64_t> numberOf(const QLineEdit& edit)
{
    QString text = edit.text().trimmed();
    text.remove(QLocale().groupSeparator());
    bool good = false;
    const qlonglong number = text.toLongLong(&good);
    if (!good) return std::nullopt;
    return number;
}

template <class Number>
void read(const QLineEdit& edit, std::optional<Number>& into)
{
    if (const auto number = numberOf(edit)) into = Number(*number);
}

template <class Number>
void showNumber(QLineEdit& edit, const std::optional<Number>& number)
{
    edit.setText(number ? QString::number(*number) : QString());
}

} // namespace

LimitFields::LimitFields(QWidget* parent)
    : QWidget(parent)
    , m_first(new ProblemGrid)
    , m_more(new QWidget)
    , m_toggle(makeButton(tr("More &limits"), "link", QStringLiteral("chevron-right"), "moreLimitsButton"))
{
    setProperty("role", QStringLiteral("clear"));
    m_more->setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    all->addLayout(m_first);
    auto* line = row(0);
    line->addWidget(m_toggle);
    line->addStretch();
    all->addLayout(line);
    m_others = new ProblemGrid(m_more);
    m_others->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_more);
    addField("rpm", tr("Requests a minute"), kMostRequests);
    addField("tpm", tr("Tokens a minute"), kMostTokens);
    addField("rph", tr("Requests an hour"), kMostRequests);
    addField("tph", tr("Tokens an hour"), kMostTokens);
    addField("rpd", tr("Requests a day"), kMostRequests);
    addField("tpd", tr("Tokens a day"), kMostTokens);
    addField("concurrent", tr("At the same time"), kMostRequests);
    addField("queue_ms", tr("Waits, in ms"), kMostQueueMillis);
    edit("queue_ms")->setPlaceholderText(tr("refused at once"));
    edit("queue_ms")->setToolTip(tr("How long a request over the limit waits for its turn."));
    connect(m_toggle, &QPushButton::clicked, this, [this] { setOpen(m_more->isHidden()); });
    setOpen(false);
}

void LimitFields::addField(const char* name, const QString& text, std::int64_t most)
{
    const bool more = m_fields.size() >= 2;
    auto* edit = new QLineEdit;
    edit->setObjectName(QString::fromLatin1(name).remove(QLatin1String("_ms")) + QStringLiteral("Edit"));
    edit->setAccessibleName(text);
    edit->setPlaceholderText(tr("no limit"));
    edit->setMaxLength(kMostLetters);
    const auto side = m_fields.size() % 2 == 0 ? ProblemGrid::Side::Left : ProblemGrid::Side::Right;
    (more ? m_others : m_first)->addField(text, edit, side);
    m_fields.push_back({name, edit, std::string(name) == "queue_ms" ? 0 : 1, most, more});
}

QLineEdit* LimitFields::edit(const char* name) const
{
    for (const Field& field : m_fields) {
        if (field.name == name) return field.edit;
    }
    return nullptr;
}

void LimitFields::setOpen(bool open)
{
    m_more->setVisible(open);
    const char* token = "accent";
    setButtonIcon(m_toggle, {open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), token,
                             token, 16});
    m_toggle->setAccessibleDescription(open ? tr("open") : tr("closed"));
}

void LimitFields::setLimits(const gateway::RateLimits& limits)
{
    showNumber(*edit("rpm"), limits.rpm);
    showNumber(*edit("tpm"), limits.tpm);
    showNumber(*edit("rph"), limits.rph);
    showNumber(*edit("tph"), limits.tph);
    showNumber(*edit("rpd"), limits.rpd);
    showNumber(*edit("tpd"), limits.tpd);
    showNumber(*edit("concurrent"), limits.concurrent);
    edit("queue_ms")->setText(limits.queue ? QString::number(limits.queue->count()) : QString());
    for (const Field& field : m_fields) {
        if (field.more && !field.edit->text().isEmpty()) setOpen(true);
    }
}

gateway::RateLimits LimitFields::limits() const
{
    gateway::RateLimits limits;
    read(*edit("rpm"), limits.rpm);
    read(*edit("tpm"), limits.tpm);
    read(*edit("rph"), limits.rph);
    read(*edit("tph"), limits.tph);
    read(*edit("rpd"), limits.rpd);
    read(*edit("tpd"), limits.tpd);
    read(*edit("concurrent"), limits.concurrent);
    read(*edit("queue_ms"), limits.queue);
    return limits;
}

bool LimitFields::check()
{
    bool good = true;
    for (const Field& field : m_fields) {
        if (field.edit->text().trimmed().isEmpty()) continue;
        const auto number = numberOf(*field.edit);
        if (number && *number >= field.least && *number <= field.most) continue;
        setProblem(field.name, tr("Write a whole number from %1 to %2, or nothing.")
                                   .arg(QLocale().toString(static_cast<qlonglong>(field.least)),
                                        QLocale().toString(static_cast<qlonglong>(field.most))));
        good = false;
    }
    return good;
}

void LimitFields::setProblem(const std::string& name, const QString& text)
{
    for (const Field& field : m_fields) {
        if (field.name != name) continue;
        (field.more ? m_others : m_first)->setProblem(field.edit, text);
        if (field.more) setOpen(true);
    }
}

void LimitFields::clearProblems()
{
    m_first->clearProblems();
    m_others->clearProblems();
}

} // namespace ui
