// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

/// Conditions over a request: JSON in the operators that Portkey and Cloudflare share (contract, section 3).
/// https://portkey.ai/docs/product/ai-gateway/conditional-routing,
/// https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/
namespace gateway {

/// What stands under a name. Views outlive the evaluation.
struct FieldValue {
    enum class Kind : std::uint8_t { Absent, Null, Bool, Number, Text, List };
    Kind kind = Kind::Absent;
    bool truth = false;
    double number = 0;
    std::string_view text; // of a List: its JSON

    [[nodiscard]] static FieldValue of(bool value);
    [[nodiscard]] static FieldValue of(double value);
    [[nodiscard]] static FieldValue of(std::string_view value);
    /// A raw JSON value; an object counts as absent, for no operator speaks of one. `decoded` keeps the text
    /// of a string that has escapes.
    [[nodiscard]] static FieldValue ofJson(std::string_view json, std::string& decoded);
};

/// Gives the value under a name: `model`, `params.temperature`, `metadata.plan`, `headers.user-agent`, ….
class FieldSource {
public:
    FieldSource() = default;
    FieldSource(const FieldSource&) = delete;
    FieldSource& operator=(const FieldSource&) = delete;
    virtual ~FieldSource() = default;
    [[nodiscard]] virtual FieldValue field(std::string_view name) const = 0;
};

/// One comparison that was made, for a person to read.
struct ConditionStep {
    std::string field, op, wanted; // `wanted` as JSON
    std::string seen;              // shortened; empty where nothing stands under the name
    bool held = false;
};

/// `{"field": value}` means equal; several fields in one object have to hold all. Operators: $eq $ne $gt $gte
/// $lt $lte $in $nin $regex (somewhere in the text) $contains (a part of a text, an element of a list) $glob,
/// and $and $or (lists of conditions) $not (a condition; beneath a field, of operators). A text that is a
/// number counts as one beside a number. Where nothing stands under a name, only $ne, $nin, $not and an $eq
/// to null hold. An empty object always holds. Cheap to copy; any thread.
class Condition {
public:
    /// Whether something can stand under that name.
    [[nodiscard]] static bool isField(std::string_view name);

    /// Error: what is wrong and where ("$.$and[1].params.temperature"). The text need not be valid JSON.
    [[nodiscard]] static Result<Condition> parse(std::string_view json);

    [[nodiscard]] bool holds(const FieldSource& fields) const;
    /// Whether it looks at a field whose name begins so.
    [[nodiscard]] bool asksFor(std::string_view prefix) const;
    /// The same, and tells each comparison that was made to come to that.
    [[nodiscard]] bool explain(const FieldSource& fields, std::vector<ConditionStep>& steps) const;

    struct Node;

private:
    explicit Condition(std::shared_ptr<const Node> root);

    std::shared_ptr<const Node> m_root;
};

} // namespace gateway
