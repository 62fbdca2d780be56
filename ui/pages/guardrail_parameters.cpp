// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrail_parameters.h"

#include <algorithm>

#include <QCheckBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "pages/tool_rules_field.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/problem_grid.h"

namespace ui {
namespace {

using Type = gateway::CheckParameter::Type;

constexpr const char* kToolRules = "tool_rules"; // the check whose list has a form of its own
constexpr int kTextHeight = 84;
constexpr int kChoicesHeight = 132;

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

QJsonValue parsed(const QByteArray& json, bool& good)
{
    QJsonParseError error;
    const QJsonArray all = QJsonDocument::fromJson("[" + json + "]", &error).array();
    good = error.error == QJsonParseError::NoError && all.size() == 1;
    return all.first();
}

bool isJsonType(gateway::CheckParameter::Type type)
{
    using enum gateway::CheckParameter::Type;
    return type == Json || type == JsonList;
}

QString compact(const QJsonValue& value)
{
    if (value.isUndefined() || value.isNull()) return {};
    const QByteArray bytes = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(bytes.mid(1, bytes.size() - 2));
}

QStringList texts(const QJsonValue& value)
{
    QStringList found;
    for (const QJsonValue& each : value.toArray()) {
        found.append(each.toString());
    }
    return found;
}

} // namespace

GuardrailParameters::GuardrailParameters(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
}

void GuardrailParameters::setParameters(const gateway::CheckDescription& check, const std::string& json)
{
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    const bool another = check.id != m_check || m_body == nullptr;
    if (!another && object == m_object) return; // What is being typed stays as it is.
    m_object = object;
    if (another) rebuild(check);
    fill();
}

void GuardrailParameters::rebuild(const gateway::CheckDescription& check)
{
    delete m_body;
    m_fields.clear();
    m_check = check.id;
    m_body = new QWidget;
    m_body->setProperty("role", QStringLiteral("clear"));
    m_grid = new ProblemGrid(m_body);
    m_grid->setContentsMargins(0, 0, 0, 0);
    for (const gateway::CheckParameter& parameter : check.parameters) {
        QWidget* field = makeField(parameter);
        field->setAccessibleName(qs(parameter.title));
        field->setToolTip(plainToolTip(qs(parameter.help)));
        m_grid->addField(qs(parameter.title), field, ProblemGrid::Side::Both);
        m_fields.push_back({parameter, field});
    }
    layout()->addWidget(m_body);
}

QWidget* GuardrailParameters::makeField(const gateway::CheckParameter& parameter)
{
    const std::string name = parameter.name;
    switch (parameter.type) {
    case Type::Flag: {
        auto* box = new QCheckBox;
        box->setObjectName(qs(name) + QStringLiteral("CheckBox"));
        connect(box, &QCheckBox::toggled, this, [this, name](bool on) { set(name, on); });
        return box;
    }
    case Type::Number: {
        const auto bound = [](std::int64_t wanted) {
            return static_cast<int>(std::clamp<std::int64_t>(wanted, INT32_MIN, INT32_MAX));
        };
        const QByteArray objectName = QByteArray::fromStdString(name) + "SpinBox";
        QSpinBox* box = makeSpinBox(qs(parameter.title), objectName.constData(), bound(parameter.least),
                                    bound(parameter.most));
        connect(box, &QSpinBox::valueChanged, this, [this, name](int value) { set(name, value); });
        return box;
    }
    case Type::Choice: {
        const QByteArray objectName = QByteArray::fromStdString(name) + "ComboBox";
        auto* box = new ComboBox(qs(parameter.title), objectName.constData());
        for (const std::string& choice : parameter.choices) {
            box->addItem(qs(choice), qs(choice));
        }
        connect(box, &QComboBox::currentIndexChanged, this,
                [this, name, box] { set(name, box->currentData().toString()); });
        return box;
    }
    case Type::Choices:
        return makeChoices(parameter);
    case Type::JsonList:
        return m_check == kToolRules ? makeToolRules(parameter) : makeText(parameter);
    default:
        return makeText(parameter);
    }
}

QWidget* GuardrailParameters::makeChoices(const gateway::CheckParameter& parameter)
{
    auto* list = new QListWidget;
    list->setObjectName(qs(parameter.name) + QStringLiteral("List"));
    list->setFixedHeight(kChoicesHeight);
    for (const std::string& choice : parameter.choices) {
        auto* item = new QListWidgetItem(qs(choice), list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Unchecked);
    }
    connect(list, &QListWidget::itemChanged, this, [this, list, name = parameter.name] {
        QJsonArray chosen;
        for (int row = 0; row < list->count(); ++row) {
            if (list->item(row)->checkState() == Qt::Checked) chosen.append(list->item(row)->text());
        }
        set(name, chosen);
    });
    return list;
}

QWidget* GuardrailParameters::makeToolRules(const gateway::CheckParameter& parameter)
{
    auto* field = new ToolRulesField;
    connect(field, &ToolRulesField::edited, this, [this, name = parameter.name](const QJsonValue& value) {
        m_badJson = value.isString() ? qs(name) : QString();
        set(name, value);
    });
    return field;
}

QWidget* GuardrailParameters::makeText(const gateway::CheckParameter& parameter)
{
    const std::string name = parameter.name;
    if (parameter.type == Type::Text || parameter.type == Type::Undecided) {
        auto* edit = new QLineEdit;
        edit->setObjectName(qs(name) + QStringLiteral("Edit"));
        connect(edit, &QLineEdit::textEdited, this, [this, name](const QString& text) { set(name, text); });
        return edit;
    }
    auto* edit = new QPlainTextEdit;
    edit->setObjectName(qs(name) + QStringLiteral("Edit"));
    edit->setTabChangesFocus(true);
    edit->setFixedHeight(kTextHeight);
    const bool isJson = isJsonType(parameter.type);
    connect(edit, &QPlainTextEdit::textChanged, this, [this, edit, name, isJson] {
        if (m_filling) return;
        const QString text = edit->toPlainText();
        if (!isJson) {
            set(name, QJsonArray::fromStringList(text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)));
            return;
        }
        bool good = text.trimmed().isEmpty();
        const QJsonValue value = good ? QJsonValue() : parsed(text.toUtf8(), good);
        m_badJson = good ? QString() : qs(name);
        // What is no JSON cannot be kept as such; as a text the check refuses it, and says why.
        set(name, good ? value : QJsonValue(text));
    });
    return edit;
}

void GuardrailParameters::fill()
{
    m_filling = true;
    for (const Field& field : m_fields) {
        bool good = false;
        const QString name = qs(field.parameter.name);
        const QJsonValue value = m_object.contains(name)
                                     ? m_object.value(name)
                                     : parsed(QByteArray::fromStdString(field.parameter.defaultJson), good);
        if (auto* box = qobject_cast<QCheckBox*>(field.widget)) box->setChecked(value.toBool());
        if (auto* box = qobject_cast<QSpinBox*>(field.widget)) box->setValue(value.toInt());
        if (auto* box = qobject_cast<ComboBox*>(field.widget))
            box->setCurrentData(value.toString(), value.toString());
        if (auto* rules = qobject_cast<ToolRulesField*>(field.widget)) rules->setValue(value);
        if (auto* edit = qobject_cast<QLineEdit*>(field.widget)) edit->setText(value.toString());
        if (auto* edit = qobject_cast<QPlainTextEdit*>(field.widget)) {
            edit->setPlainText(isJsonType(field.parameter.type) ? compact(value)
                                                                : texts(value).join(QLatin1Char('\n')));
        }
        if (auto* list = qobject_cast<QListWidget*>(field.widget)) {
            const QStringList chosen = texts(value);
            for (int row = 0; row < list->count(); ++row) {
                const bool on = chosen.contains(list->item(row)->text());
                list->item(row)->setCheckState(on ? Qt::Checked : Qt::Unchecked);
            }
        }
    }
    m_badJson.clear();
    m_filling = false;
}

void GuardrailParameters::set(const std::string& name, const QJsonValue& value)
{
    if (m_filling) return;
    if (value.isNull()) {
        m_object.remove(qs(name));
    } else {
        m_object.insert(qs(name), value);
    }
    emit edited();
}

std::string GuardrailParameters::json() const
{
    return m_object.isEmpty() ? std::string()
                              : QJsonDocument(m_object).toJson(QJsonDocument::Compact).toStdString();
}

bool GuardrailParameters::setProblem(const QString& name, const QString& text)
{
    for (const Field& field : m_fields) {
        if (qs(field.parameter.name) != name) continue;
        m_grid->setProblem(field.widget, name == m_badJson ? tr("This is not JSON. %1").arg(text) : text);
        return true;
    }
    return false;
}

void GuardrailParameters::clearProblems()
{
    if (m_grid != nullptr) m_grid->clearProblems();
}

} // namespace ui
