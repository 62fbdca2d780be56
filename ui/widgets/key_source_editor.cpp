// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/key_source_editor.h"

#include <algorithm>
#include <string>

#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kMaxKey = 8192;
constexpr int kKeychain = 0; // The places of a key, in the order they are offered.
constexpr int kVariable = 1;

bool isPrintableAscii(const QString& text)
{
    return std::all_of(text.begin(), text.end(),
                       [](QChar c) { return c.unicode() > 0x20 && c.unicode() < 0x7F; });
}

} // namespace

KeySourceEditor::KeySourceEditor(bool keychainUsable, const QString& keychainProblem, QWidget* parent)
    : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Key"), "h3"));
    head->addStretch();
    m_source =
        new Segments(tr("Where the key is kept"), {tr("Keychain"), tr("Environment variable"), tr("File")});
    head->addWidget(m_source);
    all->addLayout(head);

    if (!keychainUsable) {
        m_source->setCurrent(kVariable);
        m_source->setChoiceEnabled(kKeychain, false);
        all->addWidget(buildNote(keychainProblem));
    }

    m_fields = new QStackedWidget;
    m_fields->addWidget(buildKeyField());
    m_variable = makePlaceField("variableEdit", tr("Environment variable"));
    m_variable->setPlaceholderText(QStringLiteral("OPENAI_API_KEY"));
    m_variable->setMaxLength(128);
    m_fields->addWidget(m_variable);
    m_path = makePlaceField("keyPathEdit", tr("Path of the file"));
    m_path->setPlaceholderText(tr("/path/of/the/key, a file that only you can read"));
    m_fields->addWidget(m_path);
    m_fields->setCurrentIndex(m_source->current());
    m_fields->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    all->addWidget(m_fields);

    connect(m_source, &Segments::chosen, this, [this](int index) {
        m_fields->setCurrentIndex(index);
        emit changed();
    });
    for (QLineEdit* edit : {m_key, m_variable, m_path}) {
        connect(edit, &QLineEdit::textChanged, this, &KeySourceEditor::changed);
    }
}

QLineEdit* KeySourceEditor::makePlaceField(const char* objectName, const QString& name) const
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    edit->setProperty("mono", true);
    return edit;
}

QWidget* KeySourceEditor::buildNote(const QString& keychainProblem) const
{
    QFrame* note = makeFrame("banner");
    note->setProperty("tone", QStringLiteral("warn"));
    auto* inside = new QHBoxLayout(note);
    inside->setContentsMargins(12, 8, 12, 8);
    inside->setSpacing(10);
    auto* picture = new QLabel;
    setLabelIcon(picture, QStringLiteral("triangle-alert"), "warning", 16);
    inside->addWidget(picture, 0, Qt::AlignTop);
    const QString why =
        keychainProblem.isEmpty() ? tr("There is no keychain on this system.") : keychainProblem;
    inside->addWidget(
        makeParagraph(tr("%1 Turnpike writes no key to a file, so name the variable or the file of yours "
                         "that holds it.")
                          .arg(why)),
        1);
    return note;
}

QWidget* KeySourceEditor::buildKeyField()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* layout = new QHBoxLayout(holder);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_key = new QLineEdit;
    holder->setFocusProxy(m_key);
    m_key->setObjectName(QStringLiteral("keyEdit"));
    m_key->setAccessibleName(tr("Provider key"));
    m_key->setPlaceholderText(tr("Paste a key; its provider is recognized"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setMaxLength(kMaxKey);
    m_key->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    QPushButton* eye = makeIconButton(QStringLiteral("eye"), tr("Show the key while typing"), "revealButton");
    eye->setCheckable(true);
    connect(eye, &QPushButton::toggled, this, [this, eye](bool shown) {
        m_key->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
        setButtonIcon(eye,
                      {shown ? QStringLiteral("eye-off") : QStringLiteral("eye"), "muted", "accent", 16});
    });
    layout->addWidget(m_key, 1);
    layout->addWidget(eye);
    return holder;
}

bool KeySourceEditor::usesKeychain() const
{
    return m_source->current() == kKeychain;
}

QString KeySourceEditor::typedKey() const
{
    return usesKeychain() ? m_key->text().trimmed() : QString();
}

gateway::Secret KeySourceEditor::key() const
{
    std::string bytes = typedKey().toStdString();
    const auto secret = gateway::secretIn(bytes);
    gateway::wipe(bytes);
    return secret.value_or(gateway::Secret());
}

QString KeySourceEditor::place() const
{
    if (usesKeychain()) return {};
    return (m_source->current() == kVariable ? m_variable : m_path)->text().trimmed();
}

gateway::SecretRef KeySourceEditor::reference(const QString& keychainName) const
{
    using gateway::SecretKind;
    if (isEmpty()) return {};
    if (usesKeychain()) return {SecretKind::Keychain, keychainName.toStdString()};
    const bool variable = m_source->current() == kVariable;
    return {variable ? SecretKind::Environment : SecretKind::File, place().toStdString()};
}

void KeySourceEditor::setVariable(const QString& name)
{
    const QSignalBlocker quiet(m_variable); // Only what the user does is a change.
    m_variable->setText(name);
}

bool KeySourceEditor::isEmpty() const
{
    return typedKey().isEmpty() && place().isEmpty();
}

QString KeySourceEditor::problem() const
{
    static const QRegularExpression kName(QStringLiteral("\\A[A-Za-z_][A-Za-z0-9_]*\\z"));
    const QString typed = typedKey();
    if (typed.startsWith(QLatin1Char('{'))) { // A file of a service account
        if (!QJsonDocument::fromJson(typed.toUtf8()).isObject())
            return tr("This begins like a JSON file and is none. Copy the whole file.");
        return {};
    }
    if (!isPrintableAscii(typed)) return tr("A key holds no blanks, line breaks or accents. Copy it again.");
    if (place().isEmpty()) return {};
    if (m_source->current() == kVariable && !kName.match(place()).hasMatch()) {
        return tr("This is not the name of an environment variable.");
    }
    if (m_source->current() != kVariable && !place().startsWith(QLatin1Char('/'))) {
        return tr("Give the whole path of the file, from / on.");
    }
    return {};
}

void KeySourceEditor::forget()
{
    // setText() also empties the history that undo would bring the key back from; clear() does not.
    m_key->setText(QString());
    m_key->setEchoMode(QLineEdit::Password);
}

void KeySourceEditor::setPlaceholder(const QString& text)
{
    m_key->setPlaceholderText(text);
}

void KeySourceEditor::focusFirst()
{
    m_fields->currentWidget()->setFocus();
}

} // namespace ui
