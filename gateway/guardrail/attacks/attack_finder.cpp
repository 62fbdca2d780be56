// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/attacks/attack_finder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "base/strings.h"
#include "guardrail/attacks/payload.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostSpan = 320;   // bytes of one sign
constexpr std::size_t kMostBefore = 24;  // of its sentence that are a part of the place
constexpr std::size_t kMostBehind = 240; // the same
constexpr std::size_t kMostApart = 200;  // from a sentence whose signs count, too
constexpr std::uint32_t kDenied = 4;     // words behind "not"
constexpr std::uint32_t kReported = 8;   // behind "says"
constexpr std::size_t kMostDecodings = std::size_t{64} << 10;
constexpr int kMostLayers = 2;
constexpr std::uint8_t kAlarming = 4, kSure = 6;
constexpr std::size_t kManners = 5;

struct AttackSign {
    std::size_t start = 0, end = 0;
    std::uint32_t sentence = 0;
    AttackFamily family = AttackFamily::IgnoreInstructions;
    std::uint8_t weight = 0, manner = 0;
};

/// Signs of one sentence that are near each other.
struct SignGroup {
    std::size_t start = 0, end = 0; // of the signs
    std::uint32_t sentence = 0;
    std::array<std::array<std::uint8_t, kManners>, kAttackFamilies> weights = {};

    [[nodiscard]] unsigned weight() const
    {
        unsigned sum = 0;
        for (const auto& family : weights) {
            for (const std::uint8_t each : family)
                sum += each;
        }
        return sum;
    }
    [[nodiscard]] AttackFamily family() const
    {
        std::size_t best = 0;
        unsigned most = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            unsigned sum = 0;
            for (const std::uint8_t each : weights[i])
                sum += each;
            if (sum > most) best = i;
            most = std::max(most, sum);
        }
        return static_cast<AttackFamily>(best);
    }
};

/// The rules that may begin with a meaning.
const std::vector<const SignRule*>& rulesOf(std::size_t meaning)
{
    static const auto kByMeaning = [] {
        std::array<std::vector<const SignRule*>, 64> all;
        for (const SignRule& rule : signRules()) {
            for (std::size_t bit = 0; bit < all.size(); ++bit) {
                if ((rule.steps.front().meanings >> bit & 1U) != 0) all[bit].push_back(&rule);
            }
        }
        return all;
    }();
    return kByMeaning[meaning];
}

class SignReader {
public:
    SignReader(std::string_view text, AttackFinder::Families families)
        : m_text(text), m_families(families), m_marks(marksOf(text))
    {
        readRules();
    }
    void readPayloads(std::size_t& budget, int depth);
    [[nodiscard]] std::vector<SignGroup> groups();
    [[nodiscard]] const AttackMarks& marks() const { return m_marks; }
    /// Where the first of those signs may begin that the end of the text leaves open.
    [[nodiscard]] std::size_t openStart() const { return m_openStart; }
    [[nodiscard]] std::size_t placeStart(std::size_t start, std::uint32_t sentence) const;
    [[nodiscard]] std::size_t placeEnd(std::size_t end) const;

private:
    void readRules();
    void tryRule(const SignRule& rule, std::size_t first);
    [[nodiscard]] std::optional<std::size_t> follow(const SignRule& rule, std::size_t first, std::size_t mark,
                                                    std::size_t step);
    [[nodiscard]] bool isNear(std::size_t mark, Meanings meanings, std::uint32_t words) const;
    [[nodiscard]] bool isWithin(std::size_t last) const;
    [[nodiscard]] bool isQuoted(const AttackSign& sign) const;
    [[nodiscard]] std::uint32_t sentenceAt(std::size_t place) const;

    std::string_view m_text;
    AttackFinder::Families m_families;
    AttackMarks m_marks;
    std::vector<AttackSign> m_signs;
    std::array<Reading, 8> m_readings = {}; // of the marks of the rule that is tried
    std::size_t m_openStart = m_text.size();
};

void SignReader::readRules()
{
    const auto& marks = m_marks.marks;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        Meanings left = marks[i].meanings;
        while (left != 0) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(left));
            left &= left - 1;
            for (const SignRule* rule : rulesOf(bit)) {
                // Under the first of its meanings only.
                const Meanings shared = rule->steps.front().meanings & marks[i].meanings;
                if (static_cast<std::size_t>(std::countr_zero(shared)) == bit) tryRule(*rule, i);
            }
        }
    }
}

std::optional<std::size_t> SignReader::follow(const SignRule& rule, std::size_t first, std::size_t mark,
                                              std::size_t step)
{
    const auto& marks = m_marks.marks;
    m_readings[step] = marks[mark].reading;
    if (step + 1 == rule.steps.size()) return mark;
    const SignStep& next = rule.steps[step + 1];
    const std::uint32_t most = marks[mark].word + next.gap + 1;
    for (std::size_t i = mark + 1; i < marks.size(); ++i) {
        if (marks[i].passage != marks[first].passage || marks[i].word > most) return std::nullopt;
        if (marks[i].end - marks[first].start > kMostSpan) return std::nullopt;
        if ((marks[i].meanings & next.meanings) == 0) continue;
        if (const auto last = follow(rule, first, i, step + 1)) return last;
    }
    const std::uint32_t goesOn = m_marks.words - (m_marks.lastOpen && m_marks.words > 0 ? 1 : 0);
    const bool open = marks[first].passage == m_marks.passage && goesOn <= most &&
                      m_text.size() - marks[first].start <= kMostSpan;
    if (open) m_openStart = std::min(m_openStart, placeStart(marks[first].start, marks[first].sentence));
    return std::nullopt;
}

void SignReader::tryRule(const SignRule& rule, std::size_t first)
{
    const auto& marks = m_marks.marks;
    const AttackMark& begin = marks[first];
    if (rule.leads && begin.word - m_marks.sentences[begin.sentence].word > 2) return;
    const auto last = follow(rule, first, first, 0);
    if (!last) return;
    if (rule.commands && isNear(first, bitOf(Meaning::Not), kDenied)) return;
    if (!rule.elsewhere && isWithin(*last)) return;
    AttackSign sign{begin.start, marks[*last].end, begin.sentence, rule.family, rule.weight, rule.manner};
    for (std::size_t step = 0; step < rule.steps.size(); ++step) {
        if (m_readings[step] == Reading::Ciphered) sign.family = AttackFamily::Encoded;
        if (m_readings[step] == Reading::Stirred && sign.family != AttackFamily::Encoded)
            sign.family = AttackFamily::Typoglycemia;
    }
    const bool told = rule.commands && rule.family != AttackFamily::ToolHijack &&
                      isNear(first, bitOf(Meaning::Report), kReported);
    if (told || isQuoted(sign)) sign.weight /= 3;
    if (sign.weight > 0 && m_families.test(static_cast<std::size_t>(sign.family))) m_signs.push_back(sign);
}

/// One of these stands shortly before a mark.
bool SignReader::isNear(std::size_t mark, Meanings meanings, std::uint32_t words) const
{
    const auto& marks = m_marks.marks;
    for (std::size_t i = mark; i-- > 0;) {
        if (marks[i].passage != marks[mark].passage || marks[mark].word - marks[i].word > words) return false;
        if ((marks[i].meanings & meanings) != 0) return true;
    }
    return false;
}

/// "… in the file"
bool SignReader::isWithin(std::size_t last) const
{
    const auto& marks = m_marks.marks;
    for (std::size_t i = last + 1; i < marks.size(); ++i) {
        if (marks[i].passage != marks[last].passage || marks[i].word - marks[last].word > 2) return false;
        if ((marks[i].meanings & bitOf(Meaning::Within)) != 0) return true;
    }
    return false;
}

/// In quotation marks, and the sentence says something about it.
bool SignReader::isQuoted(const AttackSign& sign) const
{
    constexpr std::string_view kQuotes = "\"'`";
    constexpr std::size_t kMostQuoted = 40; // behind the sign
    if (sign.start == 0) return false;
    const char quote = m_text[sign.start - 1];
    if (kQuotes.find(quote) == std::string_view::npos) return false;
    if (m_marks.sentences[sign.sentence].start + 4 >= sign.start) return false;
    return m_text.substr(sign.end, kMostQuoted).find(quote) != std::string_view::npos;
}

std::uint32_t SignReader::sentenceAt(std::size_t place) const
{
    const auto& all = m_marks.sentences;
    const auto next = std::upper_bound(
        all.begin(), all.end(), place,
        [](std::size_t wanted, const SentencePlace& sentence) { return wanted < sentence.start; });
    return static_cast<std::uint32_t>(next == all.begin() ? 0 : next - all.begin() - 1);
}

void SignReader::readPayloads(std::size_t& budget, int depth)
{
    if (depth >= kMostLayers) return;
    for (const Payload& payload : payloadsOf(m_text, budget)) {
        AttackFinder::Families all;
        SignReader inner(payload.text, all.set());
        inner.readPayloads(budget, depth + 1);
        unsigned most = 0;
        for (const SignGroup& group : inner.groups())
            most = std::max(most, group.weight());
        if (most == 0 || !m_families.test(static_cast<std::size_t>(AttackFamily::Encoded))) continue;
        const std::uint8_t weight = most >= kAlarming ? kSure : 2;
        m_signs.push_back(
            {payload.start, payload.end, sentenceAt(payload.start), AttackFamily::Encoded, weight, 0});
    }
}

std::vector<SignGroup> SignReader::groups()
{
    std::sort(m_signs.begin(), m_signs.end(), [](const AttackSign& left, const AttackSign& right) {
        return left.start != right.start ? left.start < right.start : left.end < right.end;
    });
    std::vector<SignGroup> all;
    for (const AttackSign& sign : m_signs) {
        const bool goesOn = !all.empty() && all.back().sentence == sign.sentence &&
                            sign.start <= all.back().end + kMostBehind;
        if (!goesOn) all.push_back({sign.start, sign.end, sign.sentence});
        SignGroup& group = all.back();
        group.end = std::max(group.end, sign.end);
        auto& weight = group.weights[static_cast<std::size_t>(sign.family)][sign.manner];
        weight = std::max(weight, sign.weight);
    }
    return all;
}

std::size_t SignReader::placeStart(std::size_t start, std::uint32_t sentence) const
{
    const std::size_t begin = m_marks.sentences[sentence].start;
    return begin <= start && start - begin <= kMostBefore ? begin : start;
}

std::size_t SignReader::placeEnd(std::size_t end) const
{
    std::size_t last = std::max(end, m_marks.sentences[sentenceAt(end - 1)].end);
    if (last - end > kMostBehind) {
        last = end + kMostBehind;
        while (last > end && (static_cast<unsigned char>(m_text[last]) & 0xC0U) == 0x80)
            --last;
    }
    while (last > end && static_cast<unsigned char>(m_text[last - 1]) <= ' ')
        --last;
    return last;
}

/// How much the groups beside one add to it.
unsigned weightBeside(const std::vector<SignGroup>& groups, std::size_t place)
{
    const SignGroup& group = groups[place];
    unsigned sum = 0;
    if (place > 0) {
        const SignGroup& before = groups[place - 1];
        if (group.sentence - before.sentence <= 1 && group.start <= before.end + kMostApart)
            sum += before.weight();
    }
    if (place + 1 < groups.size()) {
        const SignGroup& after = groups[place + 1];
        if (after.sentence - group.sentence <= 1 && after.start <= group.end + kMostApart)
            sum += after.weight();
    }
    return sum;
}

/// Where something like "<|im_start|>" may have begun, whose end is yet to come.
std::size_t openDelimiter(std::string_view text)
{
    constexpr std::size_t kLongest = 22;
    const std::size_t least = text.size() - std::min(text.size(), kLongest);
    for (std::size_t at = least; at < text.size(); ++at) {
        if (text[at] == '<' || text[at] == '[' || text[at] == '#') return at;
    }
    return text.size();
}

} // namespace

void AttackFinder::find(std::string_view text, std::vector<Found>& into) const
{
    SignReader reader(text, m_families);
    std::size_t budget = kMostDecodings;
    reader.readPayloads(budget, 0);
    const auto groups = reader.groups();
    std::size_t done = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const SignGroup& group = groups[i];
        if (group.weight() + weightBeside(groups, i) < m_least) continue;
        const std::size_t start = std::max(done, reader.placeStart(group.start, group.sentence));
        const std::size_t end = reader.placeEnd(group.end);
        if (start >= end) continue;
        const auto family = static_cast<std::size_t>(group.family());
        into.push_back({start, end - start, attackFamilyNames()[family]});
        done = end;
    }
}

std::size_t AttackFinder::openSince(std::string_view text) const
{
    // What ends a sentence may be the middle of something.
    std::string_view kept = text;
    while (!kept.empty() && std::string_view(".?!\n\r :\"").find(kept.back()) != std::string_view::npos)
        kept.remove_suffix(1);
    SignReader reader(kept, m_families);
    std::size_t budget = kMostDecodings;
    reader.readPayloads(budget, 0);
    std::size_t open = std::min({reader.openStart(), openPayload(text), openDelimiter(text)});
    const AttackMarks& marks = reader.marks();
    if (marks.lastOpen || kept.size() == text.size()) open = std::min(open, marks.lastWord);
    if (!kept.empty() && static_cast<unsigned char>(kept.back()) >= 0x80) {
        constexpr std::size_t kLongestPhrase = 24;
        open = std::min(open, kept.size() - std::min(kept.size(), kLongestPhrase));
    }
    const auto last = static_cast<std::uint32_t>(marks.sentences.size() - 1);
    open = reader.placeStart(open, last);
    for (const SignGroup& group : reader.groups()) {
        const bool near = kept.size() <= group.end + kMostBehind + kMostSpan + kMostApart;
        if (last - group.sentence <= 1 && near)
            open = std::min(open, reader.placeStart(group.start, group.sentence));
    }
    return std::min(open, text.size());
}

bool AttackFinder::mayFind(std::string_view json) const
{
    if (json.find("\\u") != std::string_view::npos) return true;
    std::string plain(json);
    for (std::size_t at = 0; at < plain.size(); ++at) {
        if (plain[at] == '"') plain[at] = '\n';
        if (plain[at] != '\\' || at + 1 == plain.size()) continue;
        const char escaped = plain[at + 1];
        plain[at] = escaped == '/' ? '/' : escaped == 'n' ? '\n' : ' ';
        plain[++at] = escaped == '/' ? '/' : ' ';
    }
    if (mayHoldPayload(json.find("\\\\") != std::string_view::npos ? json : plain)) return true;
    Meanings all = 0;
    for (const AttackMark& mark : marksOf(plain).marks)
        all |= mark.meanings;
    const Meanings prompt = bitOf(Meaning::Prompt) | bitOf(Meaning::Message);
    if ((all & bitOf(Meaning::System)) != 0 && (all & prompt) != 0) all |= bitOf(Meaning::SystemPrompt);
    const auto& rules = signRules();
    return std::any_of(rules.begin(), rules.end(), [all](const SignRule& rule) {
        return std::all_of(rule.steps.begin(), rule.steps.end(),
                           [all](const SignStep& step) { return (step.meanings & all) != 0; });
    });
}

} // namespace gateway::guardrail
