// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::guardrail {

/// Sorts of personal data that are found in a text by their shape, their checksums and the words around them.
enum class Entity : std::uint8_t {
    Undecided,
#define ENTITY(id, name, finder) id,
#include "guardrail/entities.def"
#undef ENTITY
};

/// "email", "national_id": as configurations name it.
[[nodiscard]] std::string_view entityName(Entity entity);
[[nodiscard]] std::optional<Entity> entityNamed(std::string_view name);
[[nodiscard]] std::vector<std::string_view> entityNames();

using EntitySet = std::uint32_t; // a bit for each
[[nodiscard]] constexpr EntitySet bitOf(Entity entity)
{
    return EntitySet{1} << static_cast<unsigned>(entity);
}
/// What tells of a person or their money: not addresses of machines and pages, nor dates and places, which
/// every second technical text has.
[[nodiscard]] constexpr EntitySet personalEntities()
{
    return bitOf(Entity::Email) | bitOf(Entity::PaymentCard) | bitOf(Entity::Iban) |
           bitOf(Entity::NationalId) | bitOf(Entity::MedicalNumber) | bitOf(Entity::BirthDate) |
           bitOf(Entity::Phone);
}

/// What is found by its wording more than by checks; looked for only where it is wanted by name.
[[nodiscard]] constexpr EntitySet guessedEntities()
{
    return bitOf(Entity::LicencePlate) | bitOf(Entity::Address) | bitOf(Entity::Name);
}

/// A place in a text, in bytes.
struct Finding {
    std::size_t start = 0, size = 0;
    Entity entity = Entity::Undecided;
    std::string_view detail = {}; // of a national id: whose, such as "US social security number"
    bool operator==(const Finding&) const = default;
};

/// All of those sorts in `text`, by place; where two overlap, the longer one, and of equals the one that is
/// earlier in the list of sorts. UTF-8, but any bytes will do. Linear in the size of the text.
[[nodiscard]] std::vector<Finding> findPersonalData(std::string_view text, EntitySet wanted);
/// The same of all sorts but guessed ones, for who only asks what there is: what stands within an address of
/// a page is told beside it, so that findings may overlap.
[[nodiscard]] std::vector<Finding> findAllSorts(std::string_view text);

} // namespace gateway::guardrail
