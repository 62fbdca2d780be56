// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/error.h"

#include "dialect/text_places.h"
#include "exchange/canonical.h"
#include "exchange/dialect_id.h"
#include "guardrail/stream_guard.h"
#include "guardrail/text_guard.h"

namespace gateway::pipeline {

/// The guardrails of one exchange, in both directions. Used by one thread at a time.
class Guarding {
public:
    /// `rules` live as long as the runtime, which the exchange keeps; `salt` and `cache`: of this run
    /// of the program.
    Guarding(const std::vector<const guardrail::Rule*>& rules, const std::string& salt,
             guardrail::FindCache& cache);

    /// What checks that judge the whole know of a request beside its texts.
    struct About {
        std::string_view model = {}, metadataJson = {}, requestType = {};
        std::int64_t tokens = 0; // about
        bool isStream = false;
        std::function<std::string_view(std::string_view name)> field = {}; // of its head
    };
    /// Some rule has to read the whole of a request; false costs little, and is sure.
    [[nodiscard]] bool mustRead(std::string_view body) const;
    /// The body as providers may have it; nothing where it stays as it is. A worker's call where it is long.
    [[nodiscard]] std::optional<std::string> request(DialectId dialect, std::string_view body,
                                                     const About& about);
    /// Rules that only look on read these of a request, and no others. False: they find nothing, and could.
    [[nodiscard]] bool lookAt(const std::vector<dialect::TextPlace>& places);
    /// What request() gives of a text that was read already as part of another: nothing is noted.
    [[nodiscard]] std::optional<std::string> again(DialectId dialect, std::string_view body);
    /// Another text of the request's, as providers may have it.
    [[nodiscard]] std::string said(const std::string& text);
    /// A field of a form, which stays as it is: a rule that would change it refuses the request.
    void form(std::string_view text);
    /// The body as a log may keep it: nothing that any rule has found is in it. Nothing where none has.
    [[nodiscard]] std::optional<std::string> loggable(DialectId dialect, std::string_view body);
    /// A rule that may change or refuse an answer, and lets none by that it has not seen; null: none.
    [[nodiscard]] const guardrail::Rule* strictAboutAnswers() const;
    /// The first rule that found something in the request and wants that; null: none.
    [[nodiscard]] const guardrail::Verdict* requestThat(guardrail::Action action) const;
    /// One of each rule that looks at requests, in their order.
    [[nodiscard]] const std::vector<guardrail::Verdict>& requestVerdicts() const
    {
        return m_request.verdicts();
    }

    /// Answers are looked at, or masks are put back into them.
    [[nodiscard]] bool caresForAnswers() const { return m_looksAtAnswers || m_masks.restores(); }
    /// They may become others than the provider gave.
    [[nodiscard]] bool changesAnswers() const
    {
        return m_actsOnAnswers || m_asksAboutAnswers || m_masks.restores();
    }
    /// A whole answer in the client's dialect; nothing where it stays as it is.
    [[nodiscard]] std::optional<std::string> answer(DialectId dialect, std::string_view body);
    /// The same as a log may keep it, from the provider's own: nothing that was found is in it, and no mask
    /// is put back. Nothing where it may be kept as the client got it.
    [[nodiscard]] std::optional<std::string> loggableAnswer(DialectId dialect, std::string_view body);
    /// Why the answer does not go to the client.
    [[nodiscard]] std::optional<Error> answerRefused() const;

    /// For one text of a streamed answer.
    [[nodiscard]] guardrail::StreamGuard streamed(guardrail::Stage stage, std::uint32_t message, bool isJson);
    /// Of a stream, all of which was said. The text that it should be, where a rule has a better one.
    [[nodiscard]] std::optional<std::string> judgeAnswer(std::string_view text,
                                                         const std::vector<ToolCallPart>& calls);
    /// That text could not be put in.
    void giveUpMended();
    /// Nobody may see an answer before it is judged: a rule may have another text for it, or want another
    /// answer.
    [[nodiscard]] bool holdsAnswers() const { return m_holdsAnswers; }
    /// What a rule has to ask about a request or an answer.
    struct Ask {
        const guardrail::Rule* rule = nullptr;
        std::size_t place = 0; // among those of its side
        guardrail::Inquiry inquiry;
    };
    /// About a request as providers may have it.
    [[nodiscard]] std::vector<Ask> requestAsks(DialectId dialect, std::string_view body, const About& about);
    /// The same of rules over who asks, where nobody reads what is said.
    [[nodiscard]] std::vector<Ask> headAsks(const About& about);
    /// About the whole answer that answer() had last, or what a stream has said. Nobody is told what is put
    /// back into answers, nor what rules mask there.
    [[nodiscard]] std::vector<Ask> answerAsks(DialectId dialect);
    [[nodiscard]] std::vector<Ask> answerAsks(const std::string& text, std::vector<ToolCallPart> calls);
    /// Asks those that ask only the embedder; what is left is to be asked of others. A worker's call.
    [[nodiscard]] std::vector<Ask> ponder(std::vector<Ask> asks, bool isAnswer);
    [[nodiscard]] bool asksAboutAnswers() const { return m_asksAboutAnswers; }
    /// The request that requestAsks() asked about with another text of who was asked; nothing where nobody
    /// has one, or it cannot be put in, which requestThat() tells.
    [[nodiscard]] std::optional<std::string> rewritten(DialectId dialect, std::string_view body);
    /// The same of the whole answer, for the client, and of what a stream has said.
    [[nodiscard]] std::optional<std::string> rewrittenAnswer(DialectId dialect);
    /// That a stream's text is put in is told by putIn().
    [[nodiscard]] std::optional<std::string> betterAnswer();
    void putIn();
    void take(const Ask& ask, Result<guardrail::Opinion> opinion, std::int64_t nanos, bool isAnswer);
    /// A rule that refuses the answer wants another one, and has not had as many as it may. What was found in
    /// the one before is forgotten.
    [[nodiscard]] bool asksAnew();
    /// Some rule judges the whole of an answer, which has to be kept for it.
    [[nodiscard]] bool judgesAnswers() const { return m_judgesAnswers; }
    /// Rules note what they find in answers: of several answers at once nobody could tell whose it is.
    [[nodiscard]] bool looksAtAnswers() const { return m_looksAtAnswers; }

    [[nodiscard]] std::string verdictsJson() const;

    // For connections, through which several requests and answers go.
    /// A part of an answer that was judged already, or will be.
    [[nodiscard]] std::optional<std::string> answerAgain(DialectId dialect, std::string_view body);
    /// Of one side, as verdictsJson(); they are forgotten.
    [[nodiscard]] std::string takeVerdicts(bool ofAnswers);

private:
    std::vector<const guardrail::Rule*> m_ofRequests, m_ofAnswers;
    guardrail::FindCache& m_cache;
    guardrail::Masks m_masks, m_answerMasks;
    guardrail::TextGuard m_request, m_answer;
    bool m_isForm = false;
    bool m_looksAtAnswers = false, m_judgesAnswers = false, m_actsOnAnswers = false, m_holdsAnswers = false,
         m_asksAboutAnswers = false;
    // The last whole answer with what rules mask there, where somebody is asked about it.
    std::string m_unrestored;
    std::optional<guardrail::TextGuard::Better> m_betterAnswer; // of a stream, until it is put in
    std::string m_question; // the last message of the request, where somebody is asked about its answer
};

/// The error of a request that a rule refuses.
[[nodiscard]] Error guardrailBlocked(const guardrail::Verdict& verdict, bool isAnswer);

} // namespace gateway::pipeline
