// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/key_source_editor.h"

#include <algorithm>
#include <string>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kMaxKey = 8192;

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
    m_source = new Segments(tr("Where the key is kept"), {tr("Keychain"), tr("Environment variable")});
    head->addWidget(m_source);
    all->addLayout(head);

    if (!keychainUsable) {
        m_source->setCurrent(1);
        m_source->setEnabled(false);
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
            makeParagraph(
                tr("%1 A key is never written to a file, so name the variable that holds it.").arg(why)),
            1);
        all->addWidget(note);
    }

    m_fields = new QStackedWidget;
    m_fields->addWidget(buildKeyField());
    m_variable = new QLineEdit;
    m_variable->setObjectName(QStringLiteral("variableEdit"));
    m_variable->setAccessibleName(tr("Environment variable"));
    m_variable->setPlaceholderText(QStringLiteral("OPENAI_API_KEY"));
    m_variable->setProperty("mono", true);
    m_variable->setMaxLength(128);
    m_fields->addWidget(m_variable);
    m_fields->setCurrentIndex(keychainUsable ? 0 : 1);
    m_fields->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    all->addWidget(m_fields);

    connect(m_source, &Segments::chosen, this, [this](int index) {
        m_fields->setCurrentIndex(index);
        emit changed();
    });
    connect(m_key, &QLineEdit::textChanged, this, &KeySourceEditor::changed);
    connect(m_variable, &QLineEdit::textChanged, this, &KeySourceEditor::changed);
}

QWidget* KeySourceEditor::buildKeyField()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* layout = new QHBoxLayout(holder);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_key = new QLineEdit;
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
    return m_source->current() == 0;
}

QString KeySourceEditor::typedKey() const
{
    return usesKeychain() ? m_key->text().trimmed() : QString();
}

gateway::Secret KeySourceEditor::key() const
{
    std::string bytes = typedKey().toStdString();
    gateway::Secret secret(bytes);
    gateway::wipe(bytes);
    return secret;
}

QString KeySourceEditor::variable() const
{
    return usesKeychain() ? QString() : m_variable->text().trimmed();
}

void KeySourceEditor::setVariable(const QString& name)
{
    m_variable->setText(name);
}

bool KeySourceEditor::isEmpty() const
{
    return typedKey().isEmpty() && variable().isEmpty();
}

QString KeySourceEditor::problem() const
{
    static const QRegularExpression kVariable(QStringLiteral("\\A[A-Za-z_][A-Za-z0-9_]*\\z"));
    if (!isPrintableAscii(typedKey()))
        return tr("A key holds no blanks, line breaks or accents. Copy it again.");
    if (!variable().isEmpty() && !kVariable.match(variable()).hasMatch()) {
        return tr("This is not the name of an environment variable.");
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
    (usesKeychain() ? m_key : m_variable)->setFocus();
}

} // namespace ui
