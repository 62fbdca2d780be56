// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "base/json_scan.h"
#include "base/sse_scanner.h"
#include "dialect/dialect.h"

namespace gateway::dialect {

/// Changes single members of a JSON object and leaves every other byte as it came.
class SpanEdit {
public:
    /// `members` are those of `object`, in order, and outlive this.
    SpanEdit(std::string_view object, const std::vector<JsonMember>& members);

    /// Exchanges the value, or adds the member at the end. The last call for a key counts.
    void set(std::string_view key, std::string json);
    /// Takes the member out, unless it is set again later.
    void remove(std::string_view key);
    /// The value as it will be, empty when there is none.
    [[nodiscard]] std::string_view value(std::string_view key) const;
    [[nodiscard]] std::string text() const;

private:
    struct Change {
        std::string key;
        std::string json;
        std::string_view span; // Empty for a new member.
    };

    [[nodiscard]] const JsonMember* member(std::string_view key) const;
    void appendNew(std::string& out) const;

    std::string_view m_object;
    const std::vector<JsonMember>& m_members;
    std::vector<Change> m_changes;
    std::vector<std::string> m_removed;
};

/// `object` with one member exchanged or added.
[[nodiscard]] std::string withMember(std::string_view object, std::string_view key, std::string json);

/// `object` without a member; as it came where there is none of that name.
[[nodiscard]] std::string withoutMember(std::string_view object, std::string_view key);

/// The event with other data; the bytes around it stay where the data stood on one line.
[[nodiscard]] std::string withData(const SseEvent& event, std::string_view data);

/// What every dialect's `edit` does alike: the model's name where there is one to set, the target's
/// overrides, and what its provider wants added or taken out. `model` and `stream` are not for an override to
/// change, the gateway has decided on them already.
[[nodiscard]] Outcome applyOverrides(SpanEdit& edit, const BodyEdit& wanted);

} // namespace gateway::dialect
