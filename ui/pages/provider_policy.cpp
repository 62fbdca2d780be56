// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/provider_policy.h"

#include <QCheckBox>
#include <QDate>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QUrl>
#include <QVBoxLayout>

#include "models/provider_text.h"
#include "pages/tab_layout.h"
#include "widgets/build.h"
#include "widgets/segments.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr int kMostDays = 36500;
constexpr int kNotKnown = -1;
constexpr int kDaysWidth = 132;
constexpr int kRegionWidth = 160;

int indexOf(const std::optional<bool>& trains)
{
    if (!trains) return 0;
    return *trains ? 2 : 1;
}

QString dayText(const std::string& date)
{
    const QDate day = QDate::fromString(QString::fromStdString(date), Qt::ISODate);
    return day.isValid() ? QLocale().toString(day, QLocale::ShortFormat) : QString::fromStdString(date);
}

} // namespace

QString policyMeaning(const gateway::ProviderConfig& provider)
{
    if (provider.local)
        return ProviderPolicy::tr(
            "It runs here, so every request may come to it, also one that asks for nothing to "
            "leave this computer.");
    const auto& policy = provider.dataPolicy;
    const bool noTraining = policy && policy->trainsOnData == false;
    const bool nothingKept = policy && policy->retentionDays == 0;
    if (noTraining && nothingKept)
        return ProviderPolicy::tr(
            "Requests that ask for no training on their data, or for nothing to be kept, may "
            "come to it; those that ask to stay on this computer do not.");
    if (noTraining)
        return ProviderPolicy::tr(
            "Requests that ask for no training on their data may come to it; those that ask for "
            "nothing to be kept, or to stay on this computer, do not.");
    if (nothingKept)
        return ProviderPolicy::tr(
            "Requests that ask for nothing to be kept may come to it; those that ask for no "
            "training, or to stay on this computer, do not.");
    return ProviderPolicy::tr(
        "A request that asks anything about its data (x-turnpike-data-policy) does not come to "
        "it: what is not known counts as the worst.");
}

ProviderPolicy::ProviderPolicy(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {kTabIndent, 0, kTabIndent, 0}, 12);
    all->addWidget(buildStated());
    m_meaning = makeParagraph({});
    m_meaning->setAccessibleDescription(QStringLiteral("policy-meaning"));
    all->addWidget(m_meaning);
    all->addWidget(buildOwn());
    all->addStretch();
}

QWidget* ProviderPolicy::buildStated()
{
    QFrame* box = makeFrame("inset");
    auto* inside = column(box, {14, 10, 14, 10}, 3);
    m_stated = makeParagraph({});
    m_stated->setAccessibleDescription(QStringLiteral("stated-policy"));
    inside->addWidget(m_stated);
    QHBoxLayout* line = row(6);
    m_read = makeLabel({}, "muted");
    m_source =
        makeButton(tr("Where it says so"), "link", QStringLiteral("external-link"), "policySourceButton");
    connect(m_source, &QPushButton::clicked, this, [this] {
        if (m_preset != nullptr)
            QDesktopServices::openUrl(QUrl(QString::fromStdString(m_preset->policySource)));
    });
    line->addWidget(m_read);
    line->addWidget(m_source);
    line->addStretch();
    inside->addLayout(line);
    return box;
}

QWidget* ProviderPolicy::buildOwn()
{
    auto* box = new QWidget;
    box->setProperty("role", QStringLiteral("clear"));
    auto* all = column(box, {}, 0);
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("In force here"), "h2"));
    m_mark = makeLabel({}, "muted");
    m_mark->setAccessibleDescription(QStringLiteral("policy-mark"));
    m_reset = makeButton(tr("Back to what it states"), "link", {}, "resetPolicyButton");
    head->addWidget(m_mark, 1);
    head->addWidget(m_reset);
    all->addLayout(head);
    m_trains = new Segments(tr("Trains on prompts"), {tr("Not known"), tr("No"), tr("Yes")});
    m_days = makeSpinBox(tr("Days it keeps them"), "retentionSpinBox", kNotKnown, kMostDays);
    m_days->setFixedWidth(kDaysWidth);
    m_days->setSpecialValueText(tr("Not known"));
    m_days->setSuffix(tr(" days"));
    m_days->setKeyboardTracking(false); // Applied when the number is complete.
    m_region = new QLineEdit;
    m_region->setObjectName(QStringLiteral("policyRegionEdit"));
    m_region->setAccessibleName(tr("Region"));
    m_region->setMaxLength(64);
    m_region->setFixedWidth(kRegionWidth);
    m_region->setPlaceholderText(tr("not known"));
    m_local = new QCheckBox;
    m_local->setObjectName(QStringLiteral("localCheckBox"));
    m_local->setAccessibleName(tr("Runs here"));
    all->addWidget(new SettingRow(tr("Trains on prompts"), {}, m_trains));
    for (SettingRow* each :
         {new SettingRow(tr("Days it keeps them"), tr("0: nothing is kept."), m_days),
          new SettingRow(tr("Region"), tr("Where prompts are worked on."), m_region),
          new SettingRow(tr("Runs here"), tr("On this computer or in your own network."), m_local)}) {
        all->addWidget(makeLine());
        all->addWidget(each);
    }
    connect(m_trains, &Segments::chosen, this, [this] { change(shown()); });
    connect(m_days, &QSpinBox::valueChanged, this, [this] { change(shown()); });
    connect(m_region, &QLineEdit::editingFinished, this, [this] { change(shown()); });
    connect(m_local, &QCheckBox::clicked, this, [this](bool on) {
        gateway::ProviderConfig next = m_provider;
        next.local = on;
        emit changeWanted(next, on ? tr("It counts as running here") : tr("It counts as running elsewhere"));
    });
    connect(m_reset, &QPushButton::clicked, this,
            [this] { change(m_preset == nullptr ? std::nullopt : m_preset->dataPolicy); });
    return box;
}

gateway::DataPolicy ProviderPolicy::shown() const
{
    gateway::DataPolicy policy;
    if (m_trains->current() > 0) policy.trainsOnData = m_trains->current() == 2;
    if (m_days->value() != kNotKnown) policy.retentionDays = m_days->value();
    policy.region = m_region->text().trimmed().toStdString();
    return policy;
}

void ProviderPolicy::change(const std::optional<gateway::DataPolicy>& policy)
{
    if (policy.value_or(gateway::DataPolicy()) == m_provider.dataPolicy.value_or(gateway::DataPolicy()))
        return;
    gateway::ProviderConfig next = m_provider;
    next.dataPolicy = policy == gateway::DataPolicy() ? std::nullopt : policy;
    emit changeWanted(next, tr("Data policy changed"));
}

void ProviderPolicy::setProvider(const gateway::ProviderConfig& provider)
{
    m_provider = provider;
    m_preset = gateway::presetOf(provider);
    showPolicy();
}

void ProviderPolicy::showPolicy()
{
    const bool states = m_preset != nullptr && m_preset->dataPolicy.has_value();
    const QString name = m_preset != nullptr ? QString::fromStdString(m_preset->name)
                                             : QString::fromStdString(m_provider.id.text);
    m_stated->setText(
        states ? tr("%1 states: %2.").arg(name, policyText(m_preset->dataPolicy))
               : tr("What %1 does with prompts is not known to Turnpike. Read its terms, then say it "
                    "below.")
                     .arg(name));
    const QString source = states ? QString::fromStdString(m_preset->policySource) : QString();
    const bool link = source.startsWith(QLatin1String("https://"));
    m_read->setText(link ? tr("Read on %1.").arg(dayText(m_preset->policyDate)) : QString());
    m_read->setVisible(link);
    m_source->setVisible(link);
    m_source->setToolTip(plainToolTip(source));
    const gateway::DataPolicy now = m_provider.dataPolicy.value_or(gateway::DataPolicy());
    const gateway::DataPolicy stated = states ? *m_preset->dataPolicy : gateway::DataPolicy();
    const bool own = now != stated;
    m_mark->setText(own ? tr("local: set here") : states ? tr("as it states") : tr("nothing is known"));
    m_reset->setVisible(own && states);
    const QSignalBlocker noDays(m_days);
    m_trains->setCurrent(indexOf(now.trainsOnData));
    m_days->setValue(now.retentionDays.value_or(kNotKnown));
    if (!m_region->hasFocus()) m_region->setText(QString::fromStdString(now.region));
    m_local->setChecked(m_provider.local);
    m_meaning->setText(policyMeaning(m_provider));
}

} // namespace ui
