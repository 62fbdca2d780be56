// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/add_provider_dialog.h"

#include <algorithm>
#include <utility>

#include <QDesktopServices>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include "models/config_edit.h"
#include "models/provider_text.h"
#include "theme/icons.h"
#include "widgets/address_fields.h"
#include "widgets/build.h"
#include "widgets/found_servers.h"
#include "widgets/key_source_editor.h"
#include "widgets/preset_picker.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kWidth = 700;
const QString kFirstKeyId = QStringLiteral("main");

} // namespace

AddProviderDialog::AddProviderDialog(Surroundings around, QWidget* parent)
    : FormDialog(tr("Add provider"), tr("&Add provider"), parent), m_around(std::move(around))
{
    setFixedWidth(kWidth);
    m_key = new KeySourceEditor(m_around.keychainUsable, m_around.keychainProblem);
    fields()->addWidget(m_key);
    m_presets = new PresetPicker(m_around.presets);
    fields()->addWidget(m_presets);
    fields()->addWidget(buildFields());
    buildHints();
    m_test = makeButton(tr("&Test"), "ghost", QStringLiteral("plug"), "testButton");
    buttons()->insertWidget(0, m_test);

    connect(m_key, &KeySourceEditor::changed, this, &AddProviderDialog::onKeyChanged);
    connect(m_presets, &PresetPicker::presetChosen, this, &AddProviderDialog::onPresetChosen);
    connect(m_test, &QPushButton::clicked, this, &AddProviderDialog::test);
    connect(this, &FormDialog::acceptWanted, this, &AddProviderDialog::submit);
    onKeyChanged();
    m_key->focusFirst();
}

void AddProviderDialog::buildHints()
{
    m_hint = makeParagraph({}, "muted");
    m_hint->setAccessibleDescription(QStringLiteral("provider-hint"));
    m_hint->hide();
    fields()->addWidget(m_hint);
    m_keysPage = makeButton(tr("&Get a key"), "link", QStringLiteral("external-link"), "keysPageButton");
    connect(m_keysPage, &QPushButton::clicked, this, [this] {
        if (const gateway::ProviderPreset* preset = m_presets->chosen())
            QDesktopServices::openUrl(QUrl(QString::fromStdString(preset->keysUrl)));
    });
    m_keysPage->hide();
    buttons()->insertWidget(0, m_keysPage);
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
    m_kind = new Segments(tr("What it speaks"), {tr("OpenAI-compatible"), tr("Anthropic")});
    m_kindLabel = makeLabel(tr("Speaks"), "muted");
    grid->addWidget(makeFieldLabel(tr("&Name"), m_name), 0, 0);
    grid->addWidget(m_name, 0, 1);
    m_address = new AddressFields(grid, 1, this);
    const int last = grid->rowCount();
    grid->addWidget(m_kindLabel, last, 0);
    grid->addWidget(m_kind, last, 1, Qt::AlignLeft);
    connect(m_address, &AddressFields::changed, this, [this] {
        stopTest();
        hideMessage();
    });
    m_kindLabel->hide();
    m_kind->hide();
    m_fieldBox->setEnabled(false);
    return m_fieldBox;
}

void AddProviderDialog::showServers(GatewayLink& link)
{
    m_servers = new FoundServers(link, FoundServers::WhenNone::Silent);
    fields()->insertWidget(0, m_servers);
    connect(m_servers, &FoundServers::addWanted, this, &AddProviderDialog::serverWanted);
    m_servers->look();
}

std::vector<std::string> AddProviderDialog::recognized() const
{
    const QString typed = m_key->typedKey();
    return typed.isEmpty() ? std::vector<std::string>() : m_around.recognize(typed);
}

void AddProviderDialog::onKeyChanged()
{
    stopTest();
    hideMessage();
    if (const auto ids = recognized(); ids.size() == 1) m_presets->choose(ids.front());
    showWhoseKey();
}

void AddProviderDialog::showWhoseKey()
{
    const std::vector<std::string> ids = recognized();
    const gateway::ProviderPreset* chosen = m_presets->chosen();
    const QString name = chosen == nullptr ? QString() : QString::fromStdString(chosen->name);
    const bool fits = chosen != nullptr && std::find(ids.begin(), ids.end(), chosen->id) != ids.end();
    if (m_key->typedKey().isEmpty()) {
        m_presets->setHint(m_key->usesKeychain() ? tr("Or choose the provider:")
                                                 : tr("Choose the provider:"));
    } else if (fits) {
        m_presets->setHint(ids.size() == 1 ? tr("This looks like a key of %1.").arg(name)
                                           : tr("This could be a key of %1.").arg(name));
    } else if (chosen != nullptr) {
        m_presets->setHint(ids.empty() ? tr("The key does not say whose it is; %1 is chosen.").arg(name)
                                       : tr("This does not look like a key of %1.").arg(name));
    } else {
        m_presets->setHint(ids.empty()
                               ? tr("The key does not say whose it is. Choose the provider:")
                               : tr("Several providers have keys like this one. Choose whose it is:"));
    }
}

void AddProviderDialog::onPresetChosen()
{
    const gateway::ProviderPreset& preset = *m_presets->chosen();
    stopTest();
    hideMessage();
    m_fieldBox->setEnabled(true);
    m_name->setText(freeProviderName(*m_around.config, QString::fromStdString(preset.id)));
    m_address->setTemplate(QString::fromStdString(preset.baseUrl));
    const bool custom = preset.baseUrl.empty();
    m_kindLabel->setVisible(custom);
    m_kind->setVisible(custom);
    m_key->setVariable(preset.environment.empty() ? QString()
                                                  : QString::fromStdString(preset.environment.front()));
    const QString hint =
        preset.local ? tr("A server on this computer; it usually needs no key.") : kindHint(preset.kind);
    m_hint->setText(hint);
    m_keysPage->setVisible(!preset.keysUrl.empty());
    m_keysPage->setToolTip(plainToolTip(QString::fromStdString(preset.keysUrl)));
    m_hint->setVisible(!hint.isEmpty());
    showWhoseKey();
}

ProviderDraft AddProviderDialog::draft() const
{
    const gateway::ProviderPreset* preset = m_presets->chosen();
    ProviderDraft draft;
    const QString name = m_name->text().trimmed();
    draft.provider.id = gateway::ProviderId(name.toStdString());
    draft.provider.kind = preset->kind;
    if (preset->baseUrl.empty() && m_kind->current() == 1) draft.provider.kind = "anthropic";
    const std::string url = m_address->url().toStdString();
    // A company's own kind knows its own address: the file then follows when that ever moves.
    if (url != preset->baseUrl || draft.provider.kind == "openai-compatible") draft.provider.baseUrl = url;
    draft.provider.local = preset->local;
    draft.provider.dataPolicy = preset->dataPolicy;
    gateway::ProviderKey key;
    key.id = gateway::ProviderKeyId(kFirstKeyId.toStdString());
    key.secret = m_key->reference(secretNameFor(name, kFirstKeyId));
    // Without a keychain the variable's usual name is there unasked, and a local server rarely has a key.
    const bool guessed = preset->local && key.secret.kind == gateway::SecretKind::Environment;
    if (key.secret.kind != gateway::SecretKind::Undecided && !(guessed && !m_around.keychainUsable))
        draft.provider.keys.push_back(key);
    draft.key = m_key->key();
    return draft;
}

QString AddProviderDialog::missing() const
{
    const gateway::ProviderPreset* preset = m_presets->chosen();
    if (preset == nullptr) return tr("Choose a provider.");
    if (!m_key->problem().isEmpty()) return m_key->problem();
    const bool mayLackKey = preset->local || preset->baseUrl.empty();
    if (m_key->isEmpty() && !mayLackKey) {
        return m_key->usesKeychain() ? tr("Paste a key first.") : tr("Say first where the key is.");
    }
    const QString name = m_name->text().trimmed();
    if (!isValidName(name)) return tr("The name may hold letters, digits, dots, dashes and underscores.");
    if (m_around.config->findProvider(name.toStdString()) != nullptr || name == QLatin1String("sandbox")) {
        return tr("There is a provider of this name already.");
    }
    return m_address->problem();
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
    if (m_servers != nullptr) m_servers->servers().cancel();
    m_key->forget();
    FormDialog::done(result);
}

} // namespace ui
