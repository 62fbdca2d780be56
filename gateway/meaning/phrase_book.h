// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "meaning/phrase.h"

namespace gateway::meaning {

/// The phrases of texts that come again and again: those of configurations, never those of requests. So a
/// change of a configuration costs no more than the texts that are new in it. Any thread but those that serve
/// sockets; of very many texts the oldest are forgotten.
class PhraseBook {
public:
    explicit PhraseBook(const PhraseMaker& maker) : m_maker(maker) {}

    [[nodiscard]] bool works() const { return m_maker.works(); }
    [[nodiscard]] const PhraseMaker& maker() const { return m_maker; }
    /// The middle of what is said in several texts.
    [[nodiscard]] Phrase middleOf(const std::vector<std::string>& texts);

private:
    using Kept = std::shared_ptr<const Phrase>;
    [[nodiscard]] Kept phraseOf(const std::string& text);

    const PhraseMaker& m_maker;
    std::mutex m_mutex; // of what follows; nothing is told under it
    std::unordered_map<std::string, Kept> m_phrases;
    std::deque<std::string> m_order;
};

/// Of ownPhraseMaker().
[[nodiscard]] PhraseBook& ownPhraseBook();

} // namespace gateway::meaning
