// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/answer_fields.h"

#include <algorithm>
#include <cmath>

#include <QDateTime>
#include <QString>

namespace app {

namespace {

// A word so short may stand in a name of ours.
constexpr std::size_t kShortestKey = 8;
constexpr int kDeepest = 64;

const Json* memberIn(const Json& object, std::string_view name)
{
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

} // namespace

bool isThere(const NeededMember& needed, const Json& answer)
{
    const Json* member = memberIn(answer, needed.name);
    if (!member) return false;
    switch (needed.kind) {
    case NeededMember::Kind::Text:
        return member->is_string();
    case NeededMember::Kind::Truth:
        return member->is_boolean();
    case NeededMember::Kind::Number:
        return member->is_number();
    case NeededMember::Kind::Entries:
        return member->is_array() && std::all_of(member->begin(), member->end(),
                                                 [](const Json& entry) { return entry.is_object(); });
    case NeededMember::Kind::Undecided:
        break;
    }
    return false;
}

std::string masked(std::string_view text, std::string_view key)
{
    if (key.empty()) return std::string(text);
    std::string result;
    for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key)) {
        result.append(text.substr(0, at)).append("…");
        text.remove_prefix(at + key.size());
    }
    return result.append(text);
}

Json parseAnswer(const QByteArray& body, std::string_view key)
{
    using Event = Json::parse_event_t;
    bool isFit = true;
    const auto take = [&](int depth, Event event, Json& part) {
        if (event == Event::value && part.is_string()) part = masked(part.get_ref<std::string&>(), key);
        if (event == Event::key && key.size() >= kShortestKey &&
            part.get_ref<std::string&>().find(key) != std::string::npos)
            isFit = false;
        isFit = isFit && depth <= kDeepest;
        return depth <= kDeepest;
    };
    Json answer = Json::parse(body.begin(), body.end(), take, false);
    if (!isFit) return Json(Json::value_t::discarded);
    return answer;
}

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
