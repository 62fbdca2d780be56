// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_target_row.h"

#include <algorithm>

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/condition_draft.h"
#include "models/format.h"
#include "models/route_text.h"
#include "pages/target_meaning_fields.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/drag_grip.h"
#include "widgets/flow_layout.h"
#include "widgets/optional_box.h"
#include "widgets/target_mark.h"

namespace ui {
namespace {

constexpr int kMostWeight = 1'000'000;
constexpr int kMostLimit = 1'000'000'000;
constexpr int kWeightWidth = 72;
constexpr int kLimitWidth = 96;
constexpr int kIndent = 20;
constexpr int kFieldHeight = 34;
constexpr QLatin1String kRoutePrefix("route:"); // no provider's name has a colon

/// A field and its name side by side, as one thing that can be hidden.
QWidget* makePart(std::initializer_list<QWidget*> widgets)
{
    auto* part = new QWidget;
    part->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(part);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    for (QWidget* widget : widgets) {
        line->addWidget(widget);
    }
    return part;
}

QString percentText(double share)
{
    return QCoreApplication::translate("ui::RouteTargetRow", "%1%")
        .arg(QLocale().toString(share * 100, 'f', 0));
}

QString withCapital(QString text)
{
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

/// "wanted 70% · real 66% (of 1,234)"; empty where the strategy reads no weights.
QString shareText(const TargetShare& share)
{
    if (share.wanted < 0) return {};
    QString wanted =
        QCoreApplication::translate("ui::RouteTargetRow", "wanted %1").arg(percentText(share.wanted));
    if (share.requests == 0 || !share.taken) return wanted;
    const double real = static_cast<double>(*share.taken) / static_cast<double>(share.requests);
    return QCoreApplication::translate("ui::RouteTargetRow", "%1 · real %2 (of %3)")
        .arg(wanted, percentText(real), formatCount(static_cast<std::int64_t>(share.requests)));
}

} // namespace

RouteTargetRow::RouteTargetRow(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("inset"));
    auto* all = column(this, {8, 8, 8, 8}, 6);
    all->addWidget(buildGoal());
    all->addWidget(buildShare());
    m_override = new QLineEdit;
    m_override->setObjectName(QStringLiteral("overrideEdit"));
    m_override->setAccessibleName(tr("Override"));
    m_override->setProperty("mono", true);
    m_override->setPlaceholderText(QStringLiteral("{\"temperature\": 0.2}"));
    m_override->setToolTip(tr("A JSON object; it replaces the members of these names in the request"));
    m_overridePart = makePart({makeFieldLabel(tr("Override"), m_override), m_override});
    m_overridePart->layout()->setContentsMargins(kIndent, 0, 0, 0);
    all->addWidget(m_overridePart);
    m_meaning = new TargetMeaningFields;
    m_meaning->setContentsMargins(kIndent, 0, 0, 0);
    all->addWidget(m_meaning);
    connect(m_meaning, &TargetMeaningFields::edited, this, &RouteTargetRow::onEdited);
    m_standing = makeParagraph({}, "muted");
    m_standing->setProperty("tone", QStringLiteral("warn"));
    m_standing->setAccessibleDescription(QStringLiteral("target-standing"));
    m_standing->setContentsMargins(kIndent, 0, 0, 0);
    m_standing->hide();
    all->addWidget(m_standing);
    m_problem = makeParagraph({}, "muted");
    m_problem->setProperty("tone", QStringLiteral("bad"));
    m_problem->setAccessibleDescription(QStringLiteral("problem"));
    m_problem->hide();
    all->addWidget(m_problem);
    connect(m_override, &QLineEdit::textEdited, this, &RouteTargetRow::onEdited);
    for (const auto& [key, step] : {std::pair{Qt::Key_Up, -1}, {Qt::Key_Down, 1}}) {
        auto* shortcut = new QShortcut(Qt::ALT | key, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, step = step] { emit moveWanted(step); });
    }
    fillGoals();
    showParts();
}

QWidget* RouteTargetRow::buildGoal()
{
    auto* grip = new DragGrip(tr("Drag it, or press Alt+Up and Alt+Down, to change the order"));
    m_place = makeLabel({}, "muted");
    m_mark = new TargetMarkView;
    m_goal = new ComboBox(tr("Provider or route"), "targetProviderComboBox");
    m_model = new ComboBox(tr("Model"), "targetModelComboBox", ComboBox::Texts::Any);
    m_model->lineEdit()->setPlaceholderText(tr("model"));
    m_remove = makeIconButton(QStringLiteral("x"), tr("Remove this target"), "removeTargetButton");
    QWidget* part = makePart({grip, m_place, m_mark, m_goal, m_model, m_remove});
    auto* line = static_cast<QHBoxLayout*>(part->layout());
    line->setStretchFactor(m_goal, 2);
    line->setStretchFactor(m_model, 3);
    connect(grip, &DragGrip::draggedTo, this, &RouteTargetRow::draggedTo);
    connect(m_goal, &QComboBox::currentIndexChanged, this, &RouteTargetRow::onGoalChosen);
    connect(m_model, &QComboBox::currentTextChanged, this, &RouteTargetRow::onEdited);
    connect(m_remove, &QPushButton::clicked, this, &RouteTargetRow::removeWanted);
    return part;
}

QWidget* RouteTargetRow::buildShare()
{
    auto* part = new QWidget;
    part->setProperty("role", QStringLiteral("clear"));
    auto* flow = new FlowLayout(14, 6, part);
    flow->setContentsMargins(kIndent, 0, 0, 0);
    m_weight = makeSpinBox(tr("Weight"), "weightSpinBox", 0, kMostWeight);
    m_weight->setFixedWidth(kWeightWidth);
    m_percent = makeLabel({}, "muted");
    m_percent->setToolTip(tr("By weight, and in the last 24 hours"));
    m_weightPart = makePart({makeFieldLabel(tr("Weight"), m_weight), m_weight, m_percent});
    m_rpm = makeOptionalBox(tr("Requests in a minute"), "rpmSpinBox", kMostLimit);
    m_tpm = makeOptionalBox(tr("Tokens in a minute"), "tpmSpinBox", kMostLimit);
    for (QSpinBox* box : {m_rpm, m_tpm}) {
        box->setFixedWidth(kLimitWidth);
        box->setSpecialValueText(tr("no limit"));
    }
    m_limitsPart =
        makePart({makeFieldLabel(tr("rpm"), m_rpm), m_rpm, makeFieldLabel(tr("tpm"), m_tpm), m_tpm});
    m_condition = makeButton(tr("Always"), "link", {}, "targetConditionButton");
    m_more = makeButton(tr("Override…"), "link", {}, "overrideButton");
    m_links = makePart({m_condition, m_more});
    m_links->setMinimumHeight(kFieldHeight); // In line with the fields beside them.
    for (QWidget* each : {m_weightPart, m_limitsPart, m_links}) {
        flow->addWidget(each);
    }
    for (QSpinBox* box : {m_weight, m_rpm, m_tpm}) {
        connect(box, &QSpinBox::valueChanged, this, &RouteTargetRow::onEdited);
    }
    connect(m_condition, &QPushButton::clicked, this, &RouteTargetRow::conditionWanted);
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_overridePart->show();
        m_more->hide();
        m_override->setFocus(Qt::OtherFocusReason);
    });
    return part;
}

void RouteTargetRow::setChoices(const TargetChoices& choices)
{
    if (choices == m_choices) return;
    m_choices = choices;
    fillGoals();
}

void RouteTargetRow::fillGoals()
{
    {
        const QSignalBlocker quiet(m_goal);
        m_goal->clear();
        m_goal->addItem(tr("Choose…"), QString());
        for (const QString& name : m_choices.providers) {
            m_goal->addItem(name, name);
        }
        for (const QString& name : m_choices.routes) {
            m_goal->addItem(tr("Route %1").arg(name), kRoutePrefix + name);
        }
    }
    const QString provider = QString::fromStdString(m_target.provider.text);
    const QString route = QString::fromStdString(m_target.route.text);
    // What the configuration does not know is shown as well: its problem stands below.
    if (!route.isEmpty()) {
        m_goal->setCurrentData(kRoutePrefix + route, tr("Route %1").arg(route));
    } else {
        m_goal->setCurrentData(provider, provider);
    }
    const auto models = m_choices.models.find(m_target.provider.text);
    m_model->setSuggestions(models == m_choices.models.end() ? QStringList() : models->second);
}

void RouteTargetRow::setTarget(const gateway::TargetConfig& target)
{
    const bool sameGoal = target.provider == m_target.provider && target.route == m_target.route;
    m_target = target;
    if (!sameGoal) fillGoals();
    const QSignalBlocker model(m_model), weight(m_weight), rpm(m_rpm), tpm(m_tpm);
    if (m_model->currentText().trimmed().toStdString() != target.model)
        m_model->showText(QString::fromStdString(target.model));
    m_weight->setValue(static_cast<int>(std::min<std::uint32_t>(target.weight, kMostWeight)));
    showNumber(*m_rpm, target.limits.rpm);
    showNumber(*m_tpm, target.limits.tpm);
    const QString json = QString::fromStdString(target.overrideJson);
    if (m_override->text().trimmed() != json) m_override->setText(json);
    m_meaning->setTarget(target);
    showParts();
}

void RouteTargetRow::onGoalChosen()
{
    const QString chosen = m_goal->currentData().toString();
    m_target.provider = {};
    m_target.route = {};
    if (chosen.startsWith(kRoutePrefix)) {
        m_target.route = gateway::RouteId(chosen.mid(kRoutePrefix.size()).toStdString());
    } else {
        m_target.provider = gateway::ProviderId(chosen.toStdString());
    }
    fillGoals();
    onEdited();
}

void RouteTargetRow::onEdited()
{
    const bool toRoute = !m_target.route.empty();
    // A route has models and overrides of its own; the fields keep what stood there.
    m_target.model = toRoute ? std::string() : m_model->currentText().trimmed().toStdString();
    m_target.overrideJson = toRoute ? std::string() : m_override->text().trimmed().toStdString();
    m_target.weight = static_cast<std::uint32_t>(m_weight->value());
    m_target.limits = {numberIn(*m_rpm), numberIn(*m_tpm)};
    m_meaning->fill(m_target);
    showParts();
    emit edited();
}

void RouteTargetRow::setPlace(int place, const std::string& strategy, const TargetShare& share)
{
    m_strategy = strategy;
    m_place->setText(QString::number(place));
    const QString name = tr("Target %1").arg(place);
    m_goal->setName(tr("Provider or route of target %1").arg(place));
    m_model->setName(tr("Model of target %1").arg(place));
    m_remove->setAccessibleName(tr("Remove target %1").arg(place));
    m_percent->setText(shareText(share));
    m_meaning->setPlace(place);
    setAccessibleName(name);
    showParts();
}

void RouteTargetRow::showParts()
{
    const bool toRoute = !m_target.route.empty();
    m_model->setVisible(!toRoute);
    m_weightPart->setVisible(usesWeights(m_strategy));
    m_limitsPart->setVisible(usesLimits(m_strategy));
    m_meaning->setVisible(usesMeaning(m_strategy));
    const auto draft = conditionOf(m_target.whenJson);
    const int count = draft ? lineCount(*draft) : 0;
    setButtonText(m_condition, m_target.whenJson.empty() ? tr("Always")
                               : count > 0               ? tr("When: %Ln condition(s)", nullptr, count)
                                                         : tr("When: as JSON"));
    m_condition->setVisible(m_strategy == "conditional" || !m_target.whenJson.empty());
    const bool overrides = !toRoute && (!m_override->text().isEmpty() || m_override->hasFocus());
    m_overridePart->setVisible(overrides);
    m_more->setVisible(!toRoute && !overrides);
    m_links->setVisible(!m_condition->isHidden() || !m_more->isHidden());
}

void RouteTargetRow::setStanding(const TargetStanding& standing)
{
    const QString text = withCapital(standing.text);
    m_mark->setStanding({standing.mark, text});
    m_goal->setAccessibleDescription(text);
    m_standing->setText(text);
    m_standing->setVisible(standing.isNews());
}

void RouteTargetRow::showProblem(const QString& text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    setAccessibleDescription(text);
}

QWidgetList RouteTargetRow::tabStops() const
{
    QWidgetList stops{m_goal, m_model, m_remove, m_weight, m_rpm, m_tpm, m_condition, m_more, m_override};
    return stops << m_meaning->tabStops();
}

void RouteTargetRow::focusTarget()
{
    m_goal->setFocus(Qt::OtherFocusReason);
}

} // namespace ui
