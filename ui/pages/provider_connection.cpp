// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/provider_connection.h"

#include <algorithm>

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/provider_list_model.h"
#include "pages/tab_layout.h"
#include "widgets/build.h"
#include "widgets/header_fields.h"
#include "widgets/segments.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr int kFieldWidth = 248;
constexpr int kMillisWidth = 140;
constexpr int kUnset = -1;
constexpr int kMostMillis = 86'400'000;
constexpr int kMostAttempts = 20;

QLineEdit* makeEdit(const QString& name, const char* objectName)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    edit->setProperty("mono", true);
    edit->setFixedWidth(kFieldWidth);
    return edit;
}

int valueOf(const std::optional<gateway::milliseconds>& time)
{
    return time ? static_cast<int>(std::clamp<std::int64_t>(time->count(), 0, kMostMillis)) : kUnset;
}

std::optional<gateway::milliseconds> timeIn(const QSpinBox& box)
{
    if (box.value() == kUnset) return std::nullopt;
    return gateway::milliseconds(box.value());
}

/// What this tab shows of `from`, over the rest of `onto`.
gateway::ProviderConfig withConnection(gateway::ProviderConfig onto, const gateway::ProviderConfig& from)
{
    onto.baseUrl = from.baseUrl;
    onto.headers = from.headers;
    onto.proxy = from.proxy;
    onto.caFile = from.caFile;
    onto.timeout = from.timeout;
    onto.retry = from.retry;
    return onto;
}

} // namespace

std::vector<int> statusesIn(const QString& text)
{
    static const QRegularExpression kBetween(QStringLiteral("[,;\\s]+"));
    std::vector<int> statuses;
    const QStringList words = text.split(kBetween, Qt::SkipEmptyParts);
    for (const QString& word : words) {
        bool number = false;
        const int status = word.toInt(&number);
        statuses.push_back(number ? status : 0);
    }
    return statuses;
}

QString statusesText(const std::vector<int>& statuses)
{
    QStringList words;
    for (const int status : statuses) {
        words.append(QString::number(status));
    }
    return words.join(QStringLiteral(", "));
}

ProviderConnection::ProviderConnection(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {kTabIndent, 0, kTabIndent, 0}, 0);
    buildAddress(all);
    buildTimes(all);
    buildRetry(all);
    all->addWidget(buildFoot());
    all->addStretch();
}

void ProviderConnection::addRow(QVBoxLayout* all, SettingRow* row, const char* end)
{
    if (!m_rows.empty()) all->addWidget(makeLine());
    all->addWidget(row);
    m_rows.push_back({row, end});
}

void ProviderConnection::buildAddress(QVBoxLayout* all)
{
    m_kind = makeLabel({});
    m_kind->setAccessibleDescription(QStringLiteral("connection-kind"));
    addRow(all, new SettingRow(tr("Speaks"), tr("Set when it was added."), m_kind), ".kind");
    m_url = makeEdit(tr("Base URL"), "baseUrlEdit");
    addRow(all, new SettingRow(tr("Base URL"), tr("What the provider's own tools take."), m_url),
           ".base_url");
    m_proxy = makeEdit(tr("Proxy"), "proxyEdit");
    m_proxy->setPlaceholderText(tr("as for all providers"));
    m_proxy->setToolTip(tr("system, none, http://HOST:PORT or socks5://HOST:PORT"));
    addRow(all,
           new SettingRow(tr("Proxy"), tr("Empty: as for all. Or system, none, or an address."), m_proxy),
           ".proxy");
    QWidget* file = buildCaFile();
    addRow(all,
           new SettingRow(tr("CA file"), tr("Authorities to trust instead of the system's."), file, m_caFile),
           ".ca_file");
    all->addWidget(makeLine());
    all->addSpacing(10);
    all->addWidget(makeLabel(tr("Extra headers"), "h3"));
    all->addSpacing(2);
    all->addWidget(
        makeParagraph(tr("Sent with every call. Keys belong under Keys, not here: these are kept in the "
                         "configuration file as they are."),
                      "muted"));
    m_headersProblem = makeParagraph({}, "muted");
    m_headersProblem->setProperty("tone", QStringLiteral("bad"));
    m_headersProblem->setAccessibleDescription(QStringLiteral("problem"));
    m_headersProblem->hide();
    all->addWidget(m_headersProblem);
    all->addSpacing(8);
    m_headers = new HeaderFields;
    all->addWidget(m_headers);
    all->addSpacing(10);
    connect(m_headers, &HeaderFields::changed, this, &ProviderConnection::onEdited);
    for (QLineEdit* edit : {m_url, m_proxy, m_caFile}) {
        connect(edit, &QLineEdit::textEdited, this, &ProviderConnection::onEdited);
    }
}

QWidget* ProviderConnection::buildCaFile()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    m_caFile = makeEdit(tr("CA file"), "caFileEdit");
    m_caFile->setPlaceholderText(QStringLiteral("/etc/ssl/…/ca.pem"));
    QPushButton* choose =
        makeIconButton(QStringLiteral("search"), tr("Choose a file…"), "chooseCaFileButton");
    m_caFile->setFixedWidth(kFieldWidth - choose->sizeHint().width() - line->spacing());
    connect(choose, &QPushButton::clicked, this, &ProviderConnection::browse);
    line->addWidget(m_caFile);
    line->addWidget(choose);
    return holder;
}

QSpinBox* ProviderConnection::makeMillis(const QString& name, const char* objectName)
{
    QSpinBox* box = makeSpinBox(name, objectName, kUnset, kMostMillis);
    box->setFixedWidth(kMillisWidth);
    box->setSuffix(tr(" ms"));
    box->setSpecialValueText(tr("default"));
    box->setSingleStep(500);
    connect(box, &QSpinBox::valueChanged, this, &ProviderConnection::onEdited);
    return box;
}

void ProviderConnection::buildTimes(QVBoxLayout* all)
{
    m_connect = makeMillis(tr("Connecting may take"), "connectSpinBox");
    addRow(all, new SettingRow(tr("Connecting may take"), tr("Default 10,000 ms, TLS included."), m_connect),
           ".timeout.connect_ms");
    m_firstByte = makeMillis(tr("First byte within"), "firstByteSpinBox");
    addRow(
        all,
        new SettingRow(tr("First byte within"), tr("Default 600,000 ms, streamed 120,000 ms."), m_firstByte),
        ".timeout.first_byte_ms");
    m_idle = makeMillis(tr("Silence may last"), "idleSpinBox");
    addRow(all, new SettingRow(tr("Silence may last"), tr("Between two bytes. Default 120,000 ms."), m_idle),
           ".timeout.idle_ms");
    m_total = makeMillis(tr("All in all"), "totalSpinBox");
    addRow(all, new SettingRow(tr("All in all"), tr("Over all attempts. Default: no limit."), m_total),
           ".timeout.total_ms");
}

void ProviderConnection::buildRetry(QVBoxLayout* all)
{
    m_attempts = makeSpinBox(tr("Further attempts"), "attemptsSpinBox", kUnset, kMostAttempts);
    m_attempts->setFixedWidth(kMillisWidth);
    m_attempts->setSpecialValueText(tr("default"));
    connect(m_attempts, &QSpinBox::valueChanged, this, &ProviderConnection::onEdited);
    addRow(all,
           new SettingRow(tr("Further attempts"), tr("After the first, on the same target. Default 2."),
                          m_attempts),
           ".retry.attempts");
    m_statuses = makeEdit(tr("Try again on"), "statusesEdit");
    m_statuses->setPlaceholderText(QStringLiteral("408, 409, 429, 500, 502, 503, 504, 529"));
    connect(m_statuses, &QLineEdit::textEdited, this, &ProviderConnection::onEdited);
    addRow(all, new SettingRow(tr("Try again on"), tr("Status codes. Empty: the default."), m_statuses),
           ".retry.on_status");
    m_backoff = makeMillis(tr("First wait"), "backoffSpinBox");
    addRow(all, new SettingRow(tr("First wait"), tr("Doubled each time. Default 250 ms."), m_backoff),
           ".retry.backoff_ms");
    m_maxBackoff = makeMillis(tr("Longest wait"), "maxBackoffSpinBox");
    addRow(all, new SettingRow(tr("Longest wait"), tr("Default 8,000 ms."), m_maxBackoff),
           ".retry.max_backoff_ms");
    m_honor = new Segments(tr("Wait as long as the provider says"), {tr("Default"), tr("Yes"), tr("No")});
    connect(m_honor, &Segments::chosen, this, &ProviderConnection::onEdited);
    addRow(all, new SettingRow(tr("Wait as it says"), tr("Its retry-after. Default yes."), m_honor),
           ".retry.honor_retry_after");
}

QWidget* ProviderConnection::buildFoot()
{
    auto* foot = new QWidget;
    foot->setProperty("role", QStringLiteral("clear"));
    auto* all = column(foot, {0, 6, 0, 0}, 6);
    m_otherProblem = makeParagraph({}, "muted");
    m_otherProblem->setProperty("tone", QStringLiteral("bad"));
    m_otherProblem->setAccessibleDescription(QStringLiteral("problem"));
    m_otherProblem->hide();
    all->addWidget(m_otherProblem);
    QHBoxLayout* line = row(8);
    m_unsaved = makeLabel({}, "muted");
    m_unsaved->setAccessibleDescription(QStringLiteral("unsaved"));
    m_discard = makeButton(tr("&Discard"), "plain", {}, "discardConnectionButton");
    m_save = makeButton(tr("&Save"), "primary", {}, "saveConnectionButton");
    line->addWidget(m_unsaved, 1);
    line->addWidget(m_discard);
    line->addWidget(m_save);
    all->addLayout(line);
    connect(m_save, &QPushButton::clicked, this, &ProviderConnection::save);
    connect(m_discard, &QPushButton::clicked, this, &ProviderConnection::discard);
    return foot;
}

void ProviderConnection::setProvider(const gateway::ProviderConfig& provider)
{
    m_provider = provider;
    const auto kept = m_drafts.find(provider.id.text);
    // What this tab does not show may have changed meanwhile.
    const gateway::ProviderConfig shown =
        kept == m_drafts.end() ? provider : withConnection(provider, kept->second);
    if (shown == provider) {
        m_drafts.erase(provider.id.text); // It was saved.
    } else {
        kept->second = shown;
    }
    fill(shown);
    check();
    emit dirtyChanged();
}

void ProviderConnection::fill(const gateway::ProviderConfig& from)
{
    m_kind->setText(kindText(from.kind));
    const gateway::ProviderPreset* preset = gateway::presetOf(m_provider);
    m_url->setPlaceholderText(preset == nullptr ? QString() : QString::fromStdString(preset->baseUrl));
    if (from == draft()) return; // Keeps the cursor.
    m_filling = true;
    const auto put = [](QLineEdit* edit, const QString& text) {
        if (edit->text() != text) edit->setText(text);
    };
    put(m_url, QString::fromStdString(from.baseUrl));
    put(m_proxy, QString::fromStdString(from.proxy));
    put(m_caFile, QString::fromStdString(from.caFile));
    m_headers->setFields(from.headers);
    m_connect->setValue(valueOf(from.timeout.connect));
    m_firstByte->setValue(valueOf(from.timeout.firstByte));
    m_idle->setValue(valueOf(from.timeout.idle));
    m_total->setValue(valueOf(from.timeout.total));
    m_attempts->setValue(from.retry.attempts ? static_cast<int>(*from.retry.attempts) : kUnset);
    if (statusesIn(m_statuses->text()) != from.retry.onStatus.value_or(std::vector<int>()))
        m_statuses->setText(statusesText(from.retry.onStatus.value_or(std::vector<int>())));
    m_backoff->setValue(valueOf(from.retry.backoff));
    m_maxBackoff->setValue(valueOf(from.retry.maxBackoff));
    m_honor->setCurrent(!from.retry.honorRetryAfter ? 0 : *from.retry.honorRetryAfter ? 1 : 2);
    m_filling = false;
}

gateway::ProviderConfig ProviderConnection::draft() const
{
    gateway::ProviderConfig next = m_provider;
    next.baseUrl = m_url->text().trimmed().toStdString();
    next.proxy = m_proxy->text().trimmed().toStdString();
    next.caFile = m_caFile->text().trimmed().toStdString();
    next.headers = m_headers->fields();
    next.timeout = {timeIn(*m_connect), timeIn(*m_firstByte), timeIn(*m_idle), timeIn(*m_total)};
    next.retry.attempts.reset();
    if (m_attempts->value() != kUnset) next.retry.attempts = static_cast<std::uint32_t>(m_attempts->value());
    next.retry.onStatus.reset();
    if (const std::vector<int> statuses = statusesIn(m_statuses->text()); !statuses.empty())
        next.retry.onStatus = statuses;
    next.retry.backoff = timeIn(*m_backoff);
    next.retry.maxBackoff = timeIn(*m_maxBackoff);
    next.retry.honorRetryAfter.reset();
    if (m_honor->current() > 0) next.retry.honorRetryAfter = m_honor->current() == 1;
    return next;
}

bool ProviderConnection::isDirty() const
{
    return m_drafts.contains(m_provider.id.text);
}

void ProviderConnection::onEdited()
{
    if (m_filling) return;
    const bool before = isDirty();
    const gateway::ProviderConfig now = draft();
    if (now == m_provider) {
        m_drafts.erase(m_provider.id.text);
    } else {
        m_drafts[m_provider.id.text] = now;
    }
    check();
    if (before != isDirty()) emit dirtyChanged();
}

void ProviderConnection::check()
{
    gateway::Config alone; // The rest of the configuration has no say in it.
    alone.providers.push_back(draft());
    GatewayLink::Problems problems = gateway::validate(alone);
    std::erase_if(problems, [](const gateway::ConfigProblem& problem) {
        return problem.weight != gateway::ConfigProblem::Weight::Error ||
               !problem.path.starts_with("providers");
    });
    showProblems(problems);
    const bool dirty = isDirty();
    m_save->setEnabled(dirty && problems.empty());
    m_discard->setEnabled(dirty);
    m_unsaved->setText(!dirty             ? QString()
                       : problems.empty() ? tr("Not saved yet")
                                          : tr("Correct what is marked first"));
}

void ProviderConnection::showProblems(const GatewayLink::Problems& problems)
{
    for (const Row& each : m_rows) {
        each.row->setProblem({});
    }
    QString headers, others;
    for (const gateway::ConfigProblem& problem : problems) {
        const QString message = QString::fromStdString(problem.message);
        const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& each) {
            // A list's problem may name one of its elements.
            return problem.path.ends_with(each.end) || problem.path.find(each.end + "[") != std::string::npos;
        });
        if (found != m_rows.end()) {
            found->row->setProblem(message);
        } else if (const auto at = problem.path.find(".headers"); at != std::string::npos) {
            headers += (headers.isEmpty() ? "" : "\n") + QString::fromStdString(problem.path.substr(at + 1)) +
                       QStringLiteral(": ") + message;
        } else {
            others += (others.isEmpty() ? "" : "\n") + QString::fromStdString(problem.path) +
                      QStringLiteral(": ") + message;
        }
    }
    m_headersProblem->setText(headers);
    m_headersProblem->setVisible(!headers.isEmpty());
    m_otherProblem->setText(others);
    m_otherProblem->setVisible(!others.isEmpty());
}

void ProviderConnection::save()
{
    const gateway::ProviderConfig next = draft();
    if (next != m_provider) emit changeWanted(next, tr("Connection saved"));
}

void ProviderConnection::discard()
{
    m_drafts.erase(m_provider.id.text);
    m_statuses->clear(); // What is no number is no part of a draft.
    fill(m_provider);
    check();
    emit dirtyChanged();
}

void ProviderConnection::browse()
{
    auto* dialog = new QFileDialog(this, tr("CA file"), m_caFile->text(),
                                   tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_caFile->setText(path);
        onEdited();
    });
    dialog->open();
}

} // namespace ui
