// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/model_filter_bar.h"

#include <algorithm>
#include <utility>

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSet>
#include <QVBoxLayout>

#include "models/format.h"
#include "models/model_text.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/choice_button.h"
#include "widgets/flow_layout.h"

namespace ui {
namespace {

constexpr std::int64_t kCent = 10'000'000; // nano-dollars
constexpr int kChipHeight = 34;

QPushButton* makeChip(const QString& text, const QString& meaning, const char* objectName)
{
    QPushButton* chip = makeButton(text, "chip", {}, objectName);
    chip->setCheckable(true);
    chip->setToolTip(meaning);
    return chip;
}

std::vector<ChoiceButton::Choice> priceChoices()
{
    std::vector<ChoiceButton::Choice> choices{{ModelFilterBar::tr("any"), {}}};
    for (const std::int64_t cents : {10, 50, 100, 300, 1000}) {
        choices.push_back({ModelFilterBar::tr("up to %1").arg(QLatin1Char('$') + exactDollars(cents * kCent)),
                           static_cast<qlonglong>(cents * kCent)});
    }
    return choices;
}

std::vector<ChoiceButton::Choice> contextChoices()
{
    std::vector<ChoiceButton::Choice> choices{{ModelFilterBar::tr("any"), {}}};
    for (const std::int64_t tokens : {8'000, 32'000, 128'000, 200'000, 1'000'000}) {
        choices.push_back(
            {ModelFilterBar::tr("%1 or more").arg(tokensText(tokens)), static_cast<qlonglong>(tokens)});
    }
    return choices;
}

} // namespace

ModelFilterBar::ModelFilterBar(QWidget* parent) : QWidget(parent), m_find(makeFind())
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    m_firstLine = row(8);
    m_firstLine->addWidget(m_find, 1);
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* second = new FlowLayout(6, 8, holder);
    buildChoices(second);
    buildChips(second);
    all->addLayout(m_firstLine);
    all->addWidget(holder);
    connect(m_find, &QLineEdit::textChanged, this, &ModelFilterBar::readFields);
}

QLineEdit* ModelFilterBar::makeFind()
{
    auto* find = new QLineEdit;
    find->setObjectName(QStringLiteral("findModelEdit"));
    find->setAccessibleName(tr("Find a model"));
    find->setPlaceholderText(tr("Name, alias or provider"));
    find->setMaxLength(200);
    find->setMinimumWidth(140);
    auto* glass = find->addAction(QIcon(), QLineEdit::LeadingPosition);
    const auto tint = [glass] {
        glass->setIcon(QIcon(iconPixmap(QStringLiteral("search"), Theme::instance().color("muted"), 16)));
    };
    connect(&Theme::instance(), &Theme::changed, glass, tint);
    tint();
    return find;
}

void ModelFilterBar::buildChoices(QLayout* secondLine)
{
    m_provider = new ChoiceButton(tr("Provider"), "providerChoiceButton");
    m_mode = new ChoiceButton(tr("Kind"), "modeChoiceButton");
    m_shown = new ChoiceButton(tr("Shown"), "shownChoiceButton");
    m_price = new ChoiceButton(tr("Input"), "priceChoiceButton");
    m_context = new ChoiceButton(tr("Context"), "contextChoiceButton");
    m_provider->setChoices({{tr("all"), {}}});
    m_mode->setChoices({{tr("all"), {}}});
    using Shown = ModelFilter::Shown;
    m_shown->setChoices({{tr("all"), {}},
                         {tr("exposed"), static_cast<int>(Shown::Exposed)},
                         {tr("hidden"), static_cast<int>(Shown::Hidden)}});
    m_price->setChoices(priceChoices());
    m_price->setToolTip(tr("The most that a million tokens of input may cost"));
    m_context->setChoices(contextChoices());
    for (ChoiceButton* choice : {m_provider, m_mode, m_shown}) {
        m_firstLine->addWidget(choice);
    }
    for (ChoiceButton* choice : {m_price, m_context}) {
        secondLine->addWidget(choice);
    }
    for (ChoiceButton* choice : {m_provider, m_mode, m_shown, m_price, m_context}) {
        connect(choice, &ChoiceButton::chosen, this, &ModelFilterBar::readFields);
    }
}

void ModelFilterBar::buildChips(QLayout* line)
{
    for (const AbilityText& text : abilityTexts()) {
        if (text.ability == AbilityAudio) continue; // Its kind tells that better.
        QPushButton* chip = makeChip(text.name, text.meaning, "abilityChipButton");
        chip->setProperty("ability", static_cast<int>(text.ability));
        m_abilities.append(chip);
    }
    m_free = makeChip(tr("Free"), tr("Costs nothing"), "freeChipButton");
    m_local = makeChip(tr("Local"), tr("Runs on this computer"), "localChipButton");
    QList<QPushButton*> chips = m_abilities;
    chips << m_free << m_local;
    for (QPushButton* chip : std::as_const(chips)) {
        connect(chip, &QPushButton::toggled, this, &ModelFilterBar::readFields);
        line->addWidget(chip);
    }
    m_matches = new QWidget;
    m_matches->setProperty("role", QStringLiteral("clear"));
    m_matches->setFixedHeight(kChipHeight); // In line with the chips.
    auto* inMatches = new QHBoxLayout(m_matches);
    inMatches->setContentsMargins(6, 0, 0, 0);
    inMatches->setSpacing(6);
    m_count = makeLabel({}, "muted");
    m_count->setAccessibleDescription(QStringLiteral("matching-models"));
    QPushButton* clear = makeIconButton(QStringLiteral("x"), tr("Clear filters"), "clearFiltersButton");
    connect(clear, &QPushButton::clicked, this, &ModelFilterBar::clear);
    inMatches->addWidget(m_count);
    inMatches->addWidget(clear);
    line->addWidget(m_matches);
    m_matches->hide();
}

void ModelFilterBar::readFields()
{
    if (m_filling) return;
    ModelFilter filter;
    filter.text = m_find->text().simplified();
    filter.provider = m_provider->current().toString();
    filter.mode = m_mode->current().toString();
    for (const QPushButton* chip : std::as_const(m_abilities)) {
        if (chip->isChecked()) filter.abilities |= chip->property("ability").toInt();
    }
    if (m_price->current().isValid()) filter.mostInput = m_price->current().toLongLong();
    filter.leastContext = m_context->current().toLongLong();
    filter.freeOnly = m_free->isChecked();
    filter.localOnly = m_local->isChecked();
    if (m_shown->current().isValid())
        filter.shown = static_cast<ModelFilter::Shown>(m_shown->current().toInt());
    if (filter == m_filter) return;
    m_filter = filter;
    emit changed();
}

void ModelFilterBar::setFilter(const ModelFilter& filter)
{
    const auto valueOf = [](auto value, bool set) { return set ? QVariant::fromValue(value) : QVariant(); };
    m_filling = true;
    m_find->setText(filter.text);
    m_provider->setCurrent(valueOf(filter.provider, !filter.provider.isEmpty()));
    m_mode->setCurrent(valueOf(filter.mode, !filter.mode.isEmpty()));
    for (QPushButton* chip : std::as_const(m_abilities)) {
        chip->setChecked((filter.abilities & chip->property("ability").toInt()) != 0);
    }
    m_price->setCurrent(
        valueOf(static_cast<qlonglong>(filter.mostInput.value_or(0)), filter.mostInput.has_value()));
    m_context->setCurrent(valueOf(static_cast<qlonglong>(filter.leastContext), filter.leastContext > 0));
    m_free->setChecked(filter.freeOnly);
    m_local->setChecked(filter.localOnly);
    m_shown->setCurrent(valueOf(static_cast<int>(filter.shown), filter.shown != ModelFilter::Shown::All));
    m_filling = false;
    readFields();
}

void ModelFilterBar::clear()
{
    setFilter({});
}

void ModelFilterBar::focusFind()
{
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
}

void ModelFilterBar::setTable(const gateway::ModelTable& table)
{
    std::vector<ChoiceButton::Choice> providers{{tr("all"), {}}};
    std::vector<ChoiceButton::Choice> modes{{tr("all"), {}}};
    QSet<QString> seenProviders;
    QSet<QString> seenModes;
    const auto add = [](auto& choices, QSet<QString>& seen, const std::string& value, const QString& text) {
        const QString id = QString::fromStdString(value);
        if (id.isEmpty() || seen.contains(id)) return;
        seen.insert(id);
        choices.push_back({text, id});
    };
    for (const gateway::ModelRow& model : table.rows) {
        add(providers, seenProviders, model.provider.text, QString::fromStdString(model.provider.text));
        add(modes, seenModes, model.mode, modeText(model.mode));
    }
    m_provider->setChoices(providers);
    m_mode->setChoices(modes);
    readFields(); // What was chosen may be gone.
}

void ModelFilterBar::setCount(int shown, int all)
{
    m_count->setText(tr("%1 of %2").arg(formatCount(shown), formatCount(all)));
    m_matches->setVisible(!m_filter.isEmpty());
}

} // namespace ui
