// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/id_rules.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMaxIdBytes = 32;

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/// What a byte can stand for in a form, a bit each; what is none of these stands for itself.
enum FormClass : std::uint8_t { Digit = 1, Capital = 2, Letter = 4, DigitOrCapital = 8 };

std::uint8_t classesOf(char c)
{
    if (isAsciiDigit(c)) return Digit | DigitOrCapital;
    if (isCapital(c)) return Capital | Letter | DigitOrCapital;
    return isAsciiLetter(c) ? Letter : 0;
}

/// 0: the form's byte stands for itself.
std::uint8_t classOfForm(char form)
{
    switch (form) {
    case '9':
        return Digit;
    case 'A':
        return Capital;
    case 'a':
        return Letter;
    case 'X':
        return DigitOrCapital;
    default:
        return 0;
    }
}

bool fits(char form, char c)
{
    const std::uint8_t wanted = classOfForm(form);
    return wanted == 0 ? form == c : (classesOf(c) & wanted) != 0;
}

/// Its letters and digits, where a form fits the text at `start`.
class Match {
public:
    Match(std::string_view text, std::string_view form)
    {
        if (text.size() < form.size() || form.size() > m_id.size()) return;
        for (std::size_t i = 0; i < form.size(); ++i) {
            if (!fits(form[i], text[i])) return;
            if (isAsciiDigit(text[i]) || isAsciiLetter(text[i])) m_id[m_size++] = capital(text[i]);
        }
        m_fits = true;
    }
    [[nodiscard]] bool fitsText() const { return m_fits; }
    [[nodiscard]] std::string_view id() const { return {m_id.data(), m_size}; }

private:
    std::array<char, kMaxIdBytes> m_id{};
    std::size_t m_size = 0;
    bool m_fits = false;
};

/// Each part of a list that is parted by "|".
template <class Do>
void forEachPart(std::string_view list, Do perform)
{
    while (!list.empty()) {
        const std::size_t bar = list.find('|');
        if (!perform(list.substr(0, bar))) return;
        list = bar == std::string_view::npos ? std::string_view() : list.substr(bar + 1);
    }
}

/// One form of a rule.
struct IdForm {
    std::string_view text; // without its mark
    const IdRule* rule = nullptr;
    std::shared_ptr<const CalledBy> called; // of its rule
    bool speaks = false;                    // by itself
    bool needsCall = false;                 // even where it is all of the text
};

} // namespace

/// All forms of some rules as a tree, so that a text is compared with what can still become one of them.
/// Constant.
class IdRules::FormTree {
public:
    explicit FormTree(std::span<const IdRule> rules) : m_nodes(1)
    {
        for (const IdRule& rule : rules) {
            const auto called = std::make_shared<const CalledBy>(rule.called);
            forEachPart(rule.forms, [&](std::string_view form) {
                add({form.substr(form.find_first_not_of("!?")), &rule, called, form.front() == '!',
                     form.front() == '?'});
                return true;
            });
        }
    }
    /// Appends the numbers of the forms that fit the text at its begin.
    void collect(std::string_view text, std::vector<std::size_t>& into, std::size_t node = 0) const
    {
        for (;; text.remove_prefix(1)) {
            const Node& here = m_nodes[node];
            for (const std::size_t form : here.ends)
                into.push_back(form);
            if (text.empty()) return;
            const char c = text.front();
            const std::uint8_t classes = classesOf(c);
            node = 0; // nothing leads back there
            for (const Edge& edge : here.next) {
                if ((edge.wanted & classes) == 0 && (edge.wanted != 0 || edge.form != c)) continue;
                if (node != 0) collect(text.substr(1), into, node);
                node = edge.node;
            }
            if (node == 0) return;
        }
    }
    [[nodiscard]] const IdForm& form(std::size_t number) const { return m_forms[number]; }

private:
    struct Edge {
        char form = '\0';
        std::uint8_t wanted = 0;
        std::size_t node = 0;
    };
    struct Node {
        std::vector<Edge> next;
        std::vector<std::size_t> ends;
    };

    void add(const IdForm& form)
    {
        std::size_t node = 0;
        for (const char c : form.text) {
            auto& next = m_nodes[node].next;
            const auto known =
                std::find_if(next.begin(), next.end(), [c](const Edge& each) { return each.form == c; });
            if (known != next.end()) {
                node = known->node;
                continue;
            }
            const std::size_t made = m_nodes.size();
            next.push_back({c, classOfForm(c), made});
            m_nodes.emplace_back();
            node = made;
        }
        m_nodes[node].ends.push_back(m_forms.size());
        m_forms.push_back(form);
    }

    std::vector<Node> m_nodes;
    std::vector<IdForm> m_forms;
};

namespace {

bool isOf(const Scan& scan, std::size_t start, const IdForm& form, Around& around)
{
    const std::size_t end = start + form.text.size();
    const bool speaks = form.speaks || (!form.needsCall && scan.isAll(start, end));
    if (!speaks && !around.mayCall(start, end, *form.called)) return false;
    const Match match(scan.text.substr(start), form.text);
    // What it is called is looked for last: that is the dearest part.
    return form.rule->check(match.id()) && (speaks || around.calls(start, end, *form.called));
}

} // namespace

IdRules::IdRules(std::span<const IdRule> rules) : m_tree(std::make_unique<FormTree>(rules)) {}

IdRules::~IdRules() = default;

void IdRules::find(const Scan& scan, Entity entity, std::vector<Finding>& found) const
{
    const FormTree& tree = *m_tree;
    std::vector<std::size_t> fitting;
    Around around(scan);
    for (const Word& word : scan.words) {
        const char first = scan.text[word.start];
        if (!isAsciiDigit(first) && !isCapital(first)) continue;
        const char left = scan.before(word.start);
        if (left == '-' || left == '+' || left == '/') continue;
        fitting.clear();
        tree.collect(scan.text.substr(word.start, kMaxIdBytes), fitting);
        std::sort(fitting.begin(), fitting.end()); // as the rules are listed
        std::size_t end = 0;                       // of the last form
        bool alone = false;
        for (const std::size_t number : fitting) {
            const IdForm& form = tree.form(number);
            if (const std::size_t its = word.start + form.text.size(); its != end) {
                end = its;
                alone = scan.standsAlone(word.start, end) && scan.at(end) != '-';
            }
            if (!alone) continue;
            if (!isOf(scan, word.start, form, around)) continue;
            found.push_back({word.start, form.text.size(), entity, form.rule->name});
            break;
        }
    }
}

} // namespace gateway::guardrail
