// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/config.h"

#include "base/json_cursor.h"
#include "config/config_fields.h"
#include "config/problem_list.h"

namespace gateway::config {

/// Where a value stands in the file: its path for people, its text for us.
struct Place {
    std::string path;
    std::string_view json;
};

/// Fills the configuration's structs from validated JSON text. What has the wrong type keeps its default and
/// is a problem; whether values make sense is for validate(). Remembers the line of every value it met.
class ConfigReader {
public:
    explicit ConfigReader(std::string_view text);

    template <HasFields T>
    void read(const Place& place, T& into);
    [[nodiscard]] ProblemList& problems() { return m_problems; }
    /// The line of the value at `path`, or of the nearest place around it that stands in the file.
    [[nodiscard]] std::size_t lineOf(std::string_view path) const;

    void read(const Place& place, bool& into);
    void read(const Place& place, std::string& into);
    void read(const Place& place, LogBodies& into);
    void read(const Place& place, Unsupported& into);
    void read(const Place& place, KeyOrder& into);
    void read(const Place& place, OnBreak& into);
    void read(const Place& place, BudgetPeriod& into);
    void read(const Place& place, AtLimit& into);
    void read(const Place& place, LoopAction& into);
    void read(const Place& place, SecretRef& into);
    void read(const Place& place, std::vector<std::string>& into);
    void read(const Place& place, std::vector<int>& into);
    void read(const Place& place, std::vector<std::pair<std::string, std::string>>& into);
    void readDecimal(const Place& place, std::optional<std::string>& into);
    void readJsonObject(const Place& place, std::string& into);
    void readJsonList(const Place& place, std::string& into);

    template <std::integral T>
    void read(const Place& place, T& into)
    {
        constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
        constexpr auto kLeast =
            std::numeric_limits<T>::min() < 0 ? std::numeric_limits<std::int64_t>::min() : 0;
        const std::int64_t most = std::in_range<std::int64_t>(std::numeric_limits<T>::max())
                                      ? static_cast<std::int64_t>(std::numeric_limits<T>::max())
                                      : kMost;
        const std::int64_t least =
            std::max<std::int64_t>(kLeast, static_cast<std::int64_t>(std::numeric_limits<T>::min()));
        if (const auto value = readInteger(place, least, most)) into = static_cast<T>(*value);
    }

    template <class Tag>
    void read(const Place& place, Id<Tag>& into)
    {
        read(place, into.text);
    }

    template <class Rep, class Period>
    void read(const Place& place, std::chrono::duration<Rep, Period>& into)
    {
        // Far more than any limit, far less than what overflows when units are converted.
        constexpr std::int64_t kMost = 1'000'000'000'000;
        if (const auto value = readInteger(place, 0, kMost))
            into = std::chrono::duration<Rep, Period>(*value);
    }

    template <class T>
    void read(const Place& place, std::optional<T>& into)
    {
        T value{};
        const std::size_t before = m_problems.rows().size();
        read(place, value);
        if (HasFields<T> || m_problems.rows().size() == before) into = std::move(value);
    }

    /// An object whose keys are the names of its entries.
    template <Named T>
    void read(const Place& place, std::vector<T>& into)
    {
        for (const auto& [name, value] : members(place)) {
            if (Naming<T>::kOwnerKeys && isOwnerKey(name)) continue;
            T entry;
            Naming<T>::nameOf(entry) = name;
            read(Place{memberPath(place.path, name), value}, entry);
            into.push_back(std::move(entry));
        }
    }

    /// An array of objects; one entry for each element, so that indexes agree.
    template <HasFields T>
    requires(!Named<T>) void read(const Place& place, std::vector<T>& into)
    {
        for (const std::string_view value : elements(place)) {
            const Place at{elementPath(place.path, into.size()), value};
            read(at, into.emplace_back());
        }
    }

private:
    using Member = std::pair<std::string, std::string_view>;

    std::optional<std::int64_t> readInteger(const Place& place, std::int64_t least, std::int64_t most);
    std::optional<std::string> readText(const Place& place, std::string_view allowed);
    /// One of a few words; any other is a problem that names them.
    std::optional<std::string> readWord(const Place& place, const std::vector<std::string>& words);
    std::vector<Member> members(const Place& place);
    std::vector<std::string_view> elements(const Place& place);
    bool isObject(const Place& place);
    void remember(const Place& place);
    void checkKeys(const std::vector<Member>& found, const Place& place, const KnownKeys& known);
    void wrongType(const Place& place, std::string_view allowed);

    std::string_view m_text;
    std::vector<std::size_t> m_lineStarts;
    std::map<std::string, std::size_t, std::less<>> m_offsets;
    ProblemList m_problems;
};

/// Visits the fields of a struct and reads those that the file has.
template <class T>
class FieldReader {
public:
    using Members = std::vector<std::pair<std::string, std::string_view>>;

    FieldReader(ConfigReader& reader, const Place& place, const Members& members, T& into)
        : m_reader(reader), m_place(place), m_members(members), m_into(into)
    {
    }

    template <class Value>
    void operator()(std::string_view key, Value T::*member)
    {
        if (const auto at = placeOf(key)) m_reader.read(*at, m_into.*member);
    }
    void decimal(std::string_view key, std::optional<std::string> T::*member)
    {
        if (const auto at = placeOf(key)) m_reader.readDecimal(*at, m_into.*member);
    }
    void object(std::string_view key, std::string T::*member)
    {
        if (const auto at = placeOf(key)) m_reader.readJsonObject(*at, m_into.*member);
    }
    void list(std::string_view key, std::string T::*member)
    {
        if (const auto at = placeOf(key)) m_reader.readJsonList(*at, m_into.*member);
    }
    void later(std::string_view) {} // Refused with the unknown keys.

private:
    std::optional<Place> placeOf(std::string_view key) const
    {
        for (const auto& [name, value] : m_members) {
            if (name == key) return Place{memberPath(m_place.path, key), value};
        }
        return std::nullopt;
    }

    ConfigReader& m_reader;
    const Place& m_place;
    const Members& m_members;
    T& m_into;
};

template <HasFields T>
void ConfigReader::read(const Place& place, T& into)
{
    const std::vector<Member> found = members(place);
    checkKeys(found, place, knownKeys<T>());
    FieldReader<T> fields(*this, place, found, into);
    Fields<T>::visit(fields);
}

} // namespace gateway::config
