// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "guardrail/check_kind.h"
#include "guardrail/personal_data.h"

namespace gateway::guardrail {

namespace {

constexpr std::string_view kDefaultEntities =
    R"(["email","payment_card","iban","national_id","medical_number","birth_date","phone"])";

constexpr std::size_t kAddressHeld = 64;

class PersonalDataCheck final : public Check {
public:
    explicit PersonalDataCheck(EntitySet entities) : m_entities(entities) {}

    void find(std::string_view text, std::vector<Found>& into) const override
    {
        for (const Finding& each : findPersonalData(text, m_entities))
            into.push_back({each.start, each.size, entityName(each.entity)});
    }

    [[nodiscard]] std::size_t openSince(std::string_view text) const override
    {
        const std::size_t usual = Check::openSince(text);
        if ((m_entities & bitOf(Entity::Address)) == 0) return usual;
        // Of a street what says that it is one may stand last, and its town behind it.
        if (text.size() <= kAddressHeld) return 0;
        const std::size_t space = text.find_first_of(" \n", text.size() - kAddressHeld);
        return std::min(usual, space == std::string_view::npos ? usual : space + 1);
    }

private:
    EntitySet m_entities;
};

Result<std::unique_ptr<Check>> makePersonalData(const Parameters& parameters)
{
    EntitySet entities = 0;
    for (const std::string& name : parameters.texts("entities"))
        entities |= bitOf(*entityNamed(name));
    return std::unique_ptr<Check>(new PersonalDataCheck(entities));
}

} // namespace

const CheckKind& personalDataKind()
{
    static const CheckKind kind{
        "pii",
        "Personal data",
        "Finds addresses, numbers of people, cards and accounts, and the like by their shape and checksums.",
        {{"entities", Parameter::Type::Choices, "Sorts", kDefaultEntities, entityNames()}},
        true,
        true,
        true,
        makePersonalData};
    return kind;
}

} // namespace gateway::guardrail
