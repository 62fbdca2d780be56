// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/preset_picker.h"

#include <utility>

#include <QAction>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/build.h"
#include "widgets/flow_layout.h"

namespace ui {
namespace {

constexpr int kHeight = 146; // Three lines and a half: that there is more below can be seen.
constexpr int kFindWidth = 200;
constexpr int kChipHeight = 34;

} // namespace

PresetPicker::PresetPicker(std::vector<gateway::ProviderPreset> presets, QWidget* parent)
    : QWidget(parent), m_presets(std::move(presets))
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 10);
    QHBoxLayout* head = row(12);
    m_hint = makeParagraph({}, "muted");
    m_hint->setAccessibleDescription(QStringLiteral("recognized"));
    m_find = new QLineEdit;
    m_find->setObjectName(QStringLiteral("findPresetEdit"));
    m_find->setAccessibleName(tr("Find a provider"));
    m_find->setPlaceholderText(tr("Find a provider"));
    m_find->setFixedWidth(kFindWidth);
    m_find->installEventFilter(this);
    auto* glass = m_find->addAction(QIcon(), QLineEdit::LeadingPosition);
    const auto tint = [glass] {
        glass->setIcon(QIcon(iconPixmap(QStringLiteral("search"), Theme::instance().color("muted"), 16)));
    };
    connect(&Theme::instance(), &Theme::changed, glass, tint);
    tint();
    head->addWidget(m_hint, 1);
    head->addWidget(m_find);
    all->addLayout(head);
    all->addWidget(buildChips());
    connect(m_find, &QLineEdit::textChanged, this, &PresetPicker::find);
    connect(m_chips, &QButtonGroup::idClicked, this, &PresetPicker::presetChosen);
}

QWidget* PresetPicker::buildChips()
{
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFixedHeight(kHeight);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* inside = new QWidget;
    inside->setProperty("role", QStringLiteral("clear"));
    auto* flow = new FlowLayout(8, 8, inside);
    flow->setContentsMargins(0, 0, 12, 0);
    m_chips = new QButtonGroup(this);
    for (std::size_t i = 0; i < m_presets.size(); ++i) {
        const QString name = QString::fromStdString(m_presets[i].name);
        QPushButton* chip = makeButton(asButtonText(name), "chip", {}, "presetButton");
        chip->setCheckable(true);
        chip->setAccessibleDescription(tr("Provider"));
        m_chips->addButton(chip, static_cast<int>(i));
        flow->addWidget(chip);
    }
    m_none = makeLabel(tr("No provider of this name. “Other” takes any address."), "muted");
    m_none->setMinimumHeight(kChipHeight);
    m_none->hide();
    flow->addWidget(m_none);
    m_scroll->setWidget(inside);
    return m_scroll;
}

const gateway::ProviderPreset* PresetPicker::chosen() const
{
    const int index = m_chips->checkedId();
    return index < 0 ? nullptr : &m_presets[static_cast<std::size_t>(index)];
}

void PresetPicker::choose(const std::string& id)
{
    for (std::size_t i = 0; i < m_presets.size(); ++i) {
        if (m_presets[i].id == id) choose(static_cast<int>(i));
    }
}

void PresetPicker::choose(int index)
{
    if (m_chips->checkedId() == index) return;
    QAbstractButton* chip = m_chips->button(index);
    if (chip->isHidden()) m_find->clear();
    chip->setChecked(true);
    m_scroll->ensureWidgetVisible(chip);
    emit presetChosen();
}

void PresetPicker::setHint(const QString& text)
{
    m_hint->setText(text);
}

void PresetPicker::find(const QString& text)
{
    const QString wanted = text.trimmed();
    bool any = false;
    for (std::size_t i = 0; i < m_presets.size(); ++i) {
        const gateway::ProviderPreset& preset = m_presets[i];
        const bool fits = QString::fromStdString(preset.name).contains(wanted, Qt::CaseInsensitive) ||
                          QString::fromStdString(preset.id).contains(wanted, Qt::CaseInsensitive);
        // The one without an address of its own stands for all that are not in the list.
        const bool shown = fits || preset.baseUrl.empty();
        m_chips->button(static_cast<int>(i))->setVisible(shown);
        any = any || fits;
    }
    m_none->setVisible(!any);
    m_scroll->ensureVisible(0, 0);
}

bool PresetPicker::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_find || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Return && key != Qt::Key_Enter) return false;
    // Else Enter would press the dialog's main button.
    for (std::size_t i = 0; i < m_presets.size(); ++i) {
        const int index = static_cast<int>(i);
        if (m_chips->button(index)->isHidden()) continue;
        choose(index);
        break;
    }
    return true;
}

} // namespace ui
