// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/answer_fields.h"

#include <cmath>

#include <QDateTime>
#include <QString>

namespace app {

namespace {

const Json* memberIn(const Json& object, std::string_view name)
{
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

} // namespace

std::string textIn(const Json& object, std::string_view name)
{
    const Json* member = memberIn(object, name);
    return member && member->is_string() ? member->get<std::string>() : std::string();
}

std::int64_t numberIn(const Json& object, std::string_view name)
{
    const Json* member = memberIn(object, name);
    return member && member->is_number_integer() ? member->get<std::int64_t>() : 0;
}

bool truthIn(const Json& object, std::string_view name)
{
    const Json* member = memberIn(object, name);
    return member && member->is_boolean() && member->get<bool>();
}

std::string dollarsIn(const Json& object, std::string_view name)
{
    const Json* member = memberIn(object, name);
    // Beyond that a number of nanodollars does not fit.
    constexpr double kMost = 9e9;
    const double amount = member && member->is_number() ? member->get<double>() : 0;
    return dollars(std::llround((std::abs(amount) < kMost ? amount : 0) * 1e9));
}

std::string timeIn(const Json& object, std::string_view name)
{
    const auto time = QDateTime::fromString(QString::fromStdString(textIn(object, name)), Qt::ISODateWithMs);
    return time.isValid() ? localTime(time.toMSecsSinceEpoch() * 1000) : std::string();
}

Json listIn(const Json& object, std::string_view name)
{
    const Json* member = memberIn(object, name);
    return member && member->is_array() ? *member : Json::array();
}

} // namespace app
