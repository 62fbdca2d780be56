// SPDX-License-Identifier: GPL-3.0-or-later
// Property: what scanJson() accepts is what another parser accepts under the same rules; both count the
// same root members; strings written again read back as they were; the cursor stays inside any text.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/json_scan.h"
#include "base/json_text.h"
#include "fuzz_require.h"

namespace {

using Json = nlohmann::json;

/// Refuses depth and duplicates as scanJson() does and counts the keys of the root.
class Judge : public nlohmann::json_sax<Json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        m_rootKeys += m_keys.size() == 1 ? 1 : 0;
        return m_keys.back().insert(name).second;
    }

    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) override
    {
        constexpr int kNumberOverflow = 406;
        m_outOfRange = problem.id == kNumberOverflow;
        return false;
    }

    size_t rootKeys() const { return m_rootKeys; }
    /// It gives up on numbers that do not fit a double, which are valid JSON all the same.
    bool outOfRange() const { return m_outOfRange; }

private:
    bool open()
    {
        m_keys.emplace_back();
        return m_keys.size() <= gateway::kMaxJsonDepth;
    }

    bool close()
    {
        m_keys.pop_back();
        return true;
    }

    std::vector<std::set<std::string>> m_keys;
    size_t m_rootKeys = 0;
    bool m_outOfRange = false;
};

void walk(std::string_view text, int depth)
{
    size_t bytes = 0;
    const auto visit = [&](std::string_view value, gateway::JsonKind kind) {
        FUZZ_REQUIRE(kind == gateway::jsonKindOf(value));
        bytes += value.size();
        (void)gateway::jsonInteger(value);
        (void)gateway::jsonNumber(value);
        (void)gateway::decodeJsonString(value);
        if (depth > 0) walk(value, depth - 1);
    };
    gateway::forEachMember(text,
                           [&](const gateway::JsonMember& member) { visit(member.value, member.kind); });
    gateway::forEachElement(text, visit);
    FUZZ_REQUIRE(bytes <= text.size());
    (void)gateway::memberValue(text, "a");
}

void compareMembers(std::string_view text, const gateway::JsonDocument& document)
{
    size_t index = 0;
    gateway::forEachMember(text, [&](const gateway::JsonMember& member) {
        FUZZ_REQUIRE(index < document.members.size());
        const auto& expected = document.members[index++];
        FUZZ_REQUIRE(member.key == expected.key && member.value == expected.value &&
                     member.kind == expected.kind);
        FUZZ_REQUIRE(member.keyEscaped == expected.keyEscaped);
        const auto name = gateway::unescapeJson(member.key);
        FUZZ_REQUIRE(name && document.find(*name) == &expected);
        FUZZ_REQUIRE(gateway::memberValue(text, *name) == member.value);
    });
    FUZZ_REQUIRE(index == document.members.size());
}

void readBack(std::string_view value)
{
    const auto decoded = gateway::decodeJsonString(value);
    std::string written;
    FUZZ_REQUIRE(decoded);
    gateway::appendJsonString(written, *decoded);
    FUZZ_REQUIRE(gateway::decodeJsonString(written) == decoded);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    gateway::JsonDocument document;
    const auto problem = gateway::scanJson(text, document);
    walk(text, 2);
    std::string written;
    gateway::appendJsonString(written, text);
    FUZZ_REQUIRE(gateway::decodeJsonString(written));
    if (problem) {
        FUZZ_REQUIRE(problem->offset <= size && problem->fault != gateway::JsonFault::Undecided);
        FUZZ_REQUIRE(document.members.empty());
    } else {
        compareMembers(text, document);
        if (document.root == gateway::JsonKind::String)
            readBack(text.substr(text.find('"'), text.rfind('"') + 1 - text.find('"')));
    }
    // The other parser takes a NUL for the end and skips a byte order mark; neither is JSON.
    if (text.find('\0') != std::string_view::npos || text.substr(0, 3) == "\xEF\xBB\xBF") {
        FUZZ_REQUIRE(problem);
        return 0;
    }
    Judge judge;
    const bool accepted = Json::sax_parse(text, &judge);
    if (judge.outOfRange()) return 0;
    FUZZ_REQUIRE(accepted == !problem);
    FUZZ_REQUIRE(!accepted || document.root != gateway::JsonKind::Object ||
                 judge.rootKeys() == document.members.size());
    return 0;
}
