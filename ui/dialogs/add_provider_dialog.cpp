// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/add_provider_dialog.h"

#include <algorithm>
#include <utility>

#include <QButtonGroup>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "models/config_edit.h"
#include "models/provider_text.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/flow_layout.h"
#include "widgets/key_source_editor.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kWidth = 700;
constexpr int kPresetHeight = 166;
const QString kFirstKeyId = QStringLiteral("main");

} // namespace

AddProviderDialog::AddProviderDialog(Surroundings around, QWidget* parent)
    : FormDialog(tr("Add provider"), tr("&Add provider"), parent), m_around(std::move(around))
{
    setFixedWidth(kWidth);
    m_key = new KeySourceEditor(m_around.keychainUsable, m_around.keychainProblem);
    fields()->addWidget(m_key);
    m_hint = makeLabel(tr("Or choose the provider:"), "muted");
    m_hint->setAccessibleDescription(QStringLiteral("recognized"));
    fields()->addWidget(m_hint);
    fields()->addWidget(buildPresets());
    fields()->addWidget(buildFields());
    m_test = makeButton(tr("&Test"), "ghost", QStringLiteral("plug"), "testButton");
    buttons()->insertWidget(0, m_test);

    connect(m_key, &KeySourceEditor::changed, this, &AddProviderDialog::onKeyChanged);
    connect(m_test, &QPushButton::clicked, this, &AddProviderDialog::test);
    connect(this, &FormDialog::acceptWanted, this, &AddProviderDialog::submit);
    onKeyChanged();
    m_key->focusFirst();
}

QWidget* AddProviderDialog::buildPresets()
{
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFixedHeight(kPresetHeight);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* inside = new QWidget;
    inside->setProperty("role", QStringLiteral("clear"));
    auto* flow = new FlowLayout(8, 8, inside);
    flow->setContentsMargins(0, 0, 12, 0);
    m_presets = new QButtonGroup(this);
    for (std::size_t i = 0; i < m_around.presets.size(); ++i) {
        const QString name = QString::fromStdString(m_around.presets[i].name);
        QPushButton* chip = makeButton(asButtonText(name), "chip", {}, "presetButton");
        chip->setCheckable(true);
        chip->setAccessibleDescription(tr("Provider"));
        m_presets->addButton(chip, static_cast<int>(i));
        flow->addWidget(chip);
    }
    connect(m_presets, &QButtonGroup::idClicked, this, &AddProviderDialog::onPresetChosen);
    scroll->setWidget(inside);
    return scroll;
}

QWidget* AddProviderDialog::buildFields()
{
    m_fieldBox = new QWidget;
    m_fieldBox->setProperty("role", QStringLiteral("clear"));
    auto* grid = new QGridLayout(m_fieldBox);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(1, 1);
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("nameEdit"));
    m_name->setAccessibleName(tr("Name"));
    m_name->setMaxLength(64);
    m_name->setToolTip(tr("How clients name it: NAME/model"));
    m_url = new QLineEdit;
    m_url->setObjectName(QStringLiteral("baseUrlEdit"));
    m_url->setAccessibleName(tr("Base URL"));
    m_url->setProperty("mono", true);
    m_url->setPlaceholderText(QStringLiteral("https://…/v1"));
    m_kind = new Segments(tr("What it speaks"), {tr("OpenAI-compatible"), tr("Anthropic")});
    m_kindLabel = makeLabel(tr("Speaks"), "muted");
    grid->addWidget(makeFieldLabel(tr("&Name"), m_name), 0, 0);
    grid->addWidget(m_name, 0, 1);
    grid->addWidget(makeFieldLabel(tr("Base &URL"), m_url), 1, 0);
    grid->addWidget(m_url, 1, 1);
    grid->addWidget(m_kindLabel, 2, 0);
    grid->addWidget(m_kind, 2, 1, Qt::AlignLeft);
    m_kindLabel->hide();
    m_kind->hide();
    m_fieldBox->setEnabled(false);
    return m_fieldBox;
}

void AddProviderDialog::onKeyChanged()
{
    stopTest();
    hideMessage();
    const QString typed = m_key->typedKey();
    if (typed.isEmpty() || !m_around.recognize) {
        m_hint->setText(m_key->usesKeychain() ? tr("Or choose the provider:") : tr("Choose the provider:"));
        return;
    }
    const std::vector<std::string> ids = m_around.recognize(typed);
    const gateway::ProviderPreset* chosen = chosenPreset();
    if (ids.size() == 1) {
        selectPreset(ids.front());
        m_hint->setText(tr("This looks like a key of %1.").arg(QString::fromStdString(chosenPreset()->name)));
    } else if (ids.empty()) {
        m_hint->setText(tr("The key does not say whose it is. Choose the provider:"));
    } else if (chosen != nullptr && std::find(ids.begin(), ids.end(), chosen->id) != ids.end()) {
        m_hint->setText(tr("This could be a key of %1.").arg(QString::fromStdString(chosen->name)));
    } else {
        m_hint->setText(tr("Several providers have keys like this one. Choose whose it is:"));
    }
}

void AddProviderDialog::selectPreset(const std::string& id)
{
    for (std::size_t i = 0; i < m_around.presets.size(); ++i) {
        if (m_around.presets[i].id != id) continue;
        const int index = static_cast<int>(i);
        if (m_presets->checkedId() == index) return;
        m_presets->button(index)->setChecked(true);
        onPresetChosen(index);
        return;
    }
}

void AddProviderDialog::onPresetChosen(int index)
{
    const gateway::ProviderPreset& preset = m_around.presets[static_cast<std::size_t>(index)];
    stopTest();
    hideMessage();
    m_fieldBox->setEnabled(true);
    m_name->setText(freeProviderName(*m_around.config, QString::fromStdString(preset.id)));
    m_url->setText(QString::fromStdString(preset.baseUrl));
    const bool custom = preset.baseUrl.empty();
    m_kindLabel->setVisible(custom);
    m_kind->setVisible(custom);
    if (!preset.environment.empty()) m_key->setVariable(QString::fromStdString(preset.environment.front()));
    if (preset.local && m_key->isEmpty())
        m_hint->setText(tr("A server on this computer; it usually needs no key."));
}

const gateway::ProviderPreset* AddProviderDialog::chosenPreset() const
{
    const int index = m_presets->checkedId();
    return index < 0 ? nullptr : &m_around.presets[static_cast<std::size_t>(index)];
}

ProviderDraft AddProviderDialog::draft() const
{
    const gateway::ProviderPreset* preset = chosenPreset();
    ProviderDraft draft;
    const QString name = m_name->text().trimmed();
    draft.provider.id = gateway::ProviderId(name.toStdString());
    draft.provider.kind = preset->kind;
    if (preset->baseUrl.empty() && m_kind->current() == 1) draft.provider.kind = "anthropic";
    const std::string url = m_url->text().trimmed().toStdString();
    // A company's own kind knows its own address: the file then follows when that ever moves.
    if (url != preset->baseUrl || draft.provider.kind == "openai-compatible") draft.provider.baseUrl = url;
    draft.provider.local = preset->local;
    draft.provider.dataPolicy = preset->dataPolicy;
    gateway::ProviderKey key;
    key.id = gateway::ProviderKeyId(kFirstKeyId.toStdString());
    if (!m_key->typedKey().isEmpty()) {
        key.secret = {gateway::SecretKind::Keychain, secretNameFor(name, kFirstKeyId).toStdString()};
        draft.key = m_key->key();
        draft.provider.keys.push_back(key);
    } else if (!m_key->variable().isEmpty() && !(preset->local && !m_around.keychainUsable)) {
        key.secret = {gateway::SecretKind::Environment, m_key->variable().toStdString()};
        draft.provider.keys.push_back(key);
    }
    return draft;
}

QString AddProviderDialog::missing() const
{
    const gateway::ProviderPreset* preset = chosenPreset();
    if (preset == nullptr) return tr("Choose a provider.");
    if (!m_key->problem().isEmpty()) return m_key->problem();
    const bool mayLackKey = preset->local || preset->baseUrl.empty();
    if (m_key->isEmpty() && !mayLackKey) {
        return m_key->usesKeychain() ? tr("Paste a key first.") : tr("Name the environment variable first.");
    }
    const QString name = m_name->text().trimmed();
    if (!isValidName(name)) return tr("The name may hold letters, digits, dots, dashes and underscores.");
    if (m_around.config->findProvider(name.toStdString()) != nullptr || name == QLatin1String("sandbox")) {
        return tr("There is a provider of this name already.");
    }
    if (m_url->text().trimmed().isEmpty())
        return tr("Give the base URL, as the provider's own SDK takes it.");
    return {};
}

void AddProviderDialog::submit()
{
    if (isBusy()) return;
    if (const QString problem = missing(); !problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    stopTest();
    setBusy(true);
    showProgress(tr("Saving…"));
    emit submitted(draft());
}

void AddProviderDialog::test()
{
    if (m_testing) {
        stopTest();
        showMessage(tr("Stopped."), QStringLiteral("info"), "muted");
        return;
    }
    if (const QString problem = missing(); !problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    setTesting(true);
    showProgress(tr("Asking for the list of models…"));
    emit testWanted(draft());
}

void AddProviderDialog::setTesting(bool testing)
{
    m_testing = testing;
    setButtonText(m_test, testing ? tr("S&top") : tr("&Test"));
    setButtonIcon(m_test, {testing ? QStringLiteral("x") : QStringLiteral("plug"), "text", "text", 16});
}

void AddProviderDialog::stopTest()
{
    if (!m_testing) return;
    setTesting(false);
    emit testStopped();
}

void AddProviderDialog::showTest(const gateway::ProviderTest& test)
{
    if (!m_testing) return;
    setTesting(false);
    showMessage(testText(test), test.ok ? QStringLiteral("circle-check") : QStringLiteral("circle-x"),
                test.ok ? "success" : "danger");
}

void AddProviderDialog::showUnfinishedTest()
{
    if (!m_testing) return;
    setTesting(false);
    showProblem(tr("The test was not finished."));
}

void AddProviderDialog::done(int result)
{
    stopTest();
    m_key->forget();
    FormDialog::done(result);
}

} // namespace ui
