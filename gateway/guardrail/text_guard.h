// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guardrail/json_plain.h"
#include "guardrail/masking.h"
#include "guardrail/rule_set.h"

namespace gateway::guardrail {

/// A place that a rule has found: where, for the log. What stood there is not kept.
struct Spot {
    Stage stage = Stage::Undecided;
    std::uint32_t message = 0; // of the request or the answer, from 1 on
    std::size_t start = 0, size = 0;
    std::string_view kind = {};
};

/// What one rule thought of one side of an exchange.
struct Verdict {
    const Rule* rule = nullptr;
    std::map<std::string_view, std::uint32_t> kinds = {}; // how many of each
    std::vector<Spot> spots = {};                         // the first of them
    std::string reason = {};                              // of checks that judge the whole
    std::int64_t nanos = 0;                               // that the check took
    bool failed = false;                                  // it could not be done
    bool mended = false;                                  // a better text was put in its place
    std::uint32_t askedAnew = 0;                          // so many answers were refused before this one
    [[nodiscard]] bool alarm() const { return !kinds.empty() || !reason.empty() || failed; }
};

/// Applies rules to the texts of one exchange, in their order: a later one sees what an earlier one has
/// masked. Not thread-safe; one at a time.
class TextGuard {
public:
    enum class Mode : std::uint8_t {
        Undecided,
        Obey,   // the rules' own actions
        HideAll // whatever they find is hidden for good
    };
    /// `rules` and `masks` outlive this.
    /// `cache`: of what was found before; null: there is none.
    TextGuard(const std::vector<const Rule*>& rules, Masks& masks, FindCache* cache = nullptr,
              Mode mode = Mode::Obey);

    /// A place that some rule has found. Of places that overlap, those of the earlier rule change the text.
    struct Placed {
        Found found;
        std::size_t rule = 0; // its place among the rules
    };
    /// What the rules find in a text, by place; what an earlier rule changes hides what overlaps it from
    /// later ones that would, too. Nothing is noted yet.
    [[nodiscard]] std::vector<Placed> find(std::string_view text, Stage stage);
    /// Notes a place in the verdict of its rule; the mask for it, where the rule changes texts.
    [[nodiscard]] std::optional<std::string> take(const Placed& placed, std::string_view text, Spot spot);
    /// The rule of that place cannot do its work any further.
    void giveUp(const Placed& placed) { m_verdicts[placed.rule].failed = true; }
    /// The text as it is to go on; nothing where it is not changed.
    [[nodiscard]] std::optional<std::string> guard(std::string_view text, Stage stage, std::uint32_t message);
    /// The same of a JSON value: strings in it are changed, never names of members.
    [[nodiscard]] std::optional<std::string> guardJson(std::string_view json, Stage stage,
                                                       std::uint32_t message);
    /// From where on something may have begun in a text that its end leaves open.
    [[nodiscard]] std::size_t openSince(std::string_view text, Stage stage) const;
    /// Some rule finds places in texts of that stage; and one does something about them.
    [[nodiscard]] bool looksAt(Stage stage) const;
    [[nodiscard]] bool acts(Stage stage) const;
    /// Adds what rules that judge the whole think. The text as it should be, where one of them has a better
    /// one and its action takes it; later ones see that.
    [[nodiscard]] std::optional<std::string> judge(Subject subject);
    /// The same of another message than the last, as the last judge() had it.
    [[nodiscard]] const std::map<MessageOf, std::string>& betterMessages() const { return m_betterMessages; }
    /// Messages that it wants beside them.
    [[nodiscard]] const std::vector<AddedMessage>& addedMessages() const { return m_addedMessages; }
    /// The rules that ask somebody before they can judge such a whole, by their places.
    [[nodiscard]] std::vector<std::size_t> asking(Stage stage) const;
    /// Asks those of them that ask only the embedder. A worker's call.
    void ponder(const Subject& subject);
    /// What such a rule thinks, once it knows.
    void take(std::size_t place, Result<Opinion> opinion, std::int64_t nanos);
    /// The better text of the first such rule that knows one, whose action takes it; it has failed until that
    /// is put in, and so has any other that knows one.
    struct Better {
        std::size_t place = 0;
        std::string text;
        std::optional<std::string> json = {}; // rather than that, the whole body
    };
    [[nodiscard]] std::optional<Better> takeBetter();
    void putIn(const Better& better);
    /// A better text could not be put in: its rules have not done their work.
    void giveUpMended();
    /// Another answer is coming: what was found in this one is forgotten, but that `wanted` wanted it.
    void forget(const Verdict& wanted);
    /// What was found so far belongs to something else.
    void forgetAll();

    [[nodiscard]] const std::vector<Verdict>& verdicts() const { return m_verdicts; }
    /// The first rule that found something and does that about it; null: none.
    [[nodiscard]] const Verdict* firstThat(Action action) const;
    /// A rule that could not do its work and lets nothing by then; null: none.
    [[nodiscard]] const Verdict* failedClosed() const;
    [[nodiscard]] bool anyAlarm() const;
    /// The first rule that refuses the answer and may have another; null: none.
    [[nodiscard]] const Verdict* wantsAnother() const;
    /// For the log: an array with an object for each rule that found something, empty where none did.
    [[nodiscard]] std::string verdictsJson() const;

private:
    [[nodiscard]] std::vector<Placed> withoutHidden(std::vector<Placed> places) const;

    std::vector<Verdict> m_verdicts; // one for each rule, in order
    /// What one rule finds, as it was found before or anew.
    void findBy(Verdict& verdict, std::string_view text, std::optional<Sha256>& hash,
                std::vector<Found>& found);

    std::optional<Better> m_better;
    std::map<MessageOf, std::string> m_betterMessages;
    std::vector<AddedMessage> m_addedMessages;
    Masks& m_masks;
    FindCache* m_cache;
    Mode m_mode;
};

/// What a client is told of a request or answer that a rule refuses: the rule, never what it found.
/// What it found, as a sentence: sorts and numbers.
[[nodiscard]] std::string foundText(const Verdict& verdict);
[[nodiscard]] std::string refusalText(const Verdict& verdict, bool isAnswer);

} // namespace gateway::guardrail
