// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/optional_box.h"

#include <algorithm>

#include <QCoreApplication>
#include <QSpinBox>

#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kUnset = -1;
constexpr int kMostMillis = 86'400'000;
constexpr int kWidth = 140;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::OptionalBox)
};

} // namespace

QSpinBox* makeOptionalBox(const QString& name, const char* objectName, int most)
{
    QSpinBox* box = makeSpinBox(name, objectName, kUnset, most);
    box->setFixedWidth(kWidth);
    box->setSpecialValueText(Text::tr("default"));
    return box;
}

QSpinBox* makeMillisBox(const QString& name, const char* objectName)
{
    QSpinBox* box = makeOptionalBox(name, objectName, kMostMillis);
    box->setSuffix(Text::tr(" ms"));
    box->setSingleStep(500);
    return box;
}

std::optional<std::uint32_t> numberIn(const QSpinBox& box)
{
    if (box.value() == kUnset) return std::nullopt;
    return static_cast<std::uint32_t>(box.value());
}

std::optional<std::chrono::milliseconds> millisIn(const QSpinBox& box)
{
    if (box.value() == kUnset) return std::nullopt;
    return std::chrono::milliseconds(box.value());
}

void showNumber(QSpinBox& box, const std::optional<std::uint32_t>& number)
{
    box.setValue(number ? static_cast<int>(std::min<std::uint32_t>(*number, INT32_MAX)) : kUnset);
}

void showMillis(QSpinBox& box, const std::optional<std::chrono::milliseconds>& time)
{
    box.setValue(time ? static_cast<int>(std::clamp<std::int64_t>(time->count(), 0, kMostMillis)) : kUnset);
}

} // namespace ui
