// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/phrase_book.h"

namespace gateway::meaning {

namespace {

constexpr std::size_t kMostPhrases = 2000; // of five kilobytes each

} // namespace

PhraseBook::Kept PhraseBook::phraseOf(const std::string& text)
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_phrases.find(text); found != m_phrases.end()) return found->second;
    }
    auto made = std::make_shared<const Phrase>(meaning::middleOf(m_maker.phrases(text)));
    const std::lock_guard lock(m_mutex);
    if (!m_phrases.emplace(text, made).second) return made;
    m_order.push_back(text);
    if (m_order.size() > kMostPhrases) {
        m_phrases.erase(m_order.front());
        m_order.pop_front();
    }
    return made;
}

Phrase PhraseBook::middleOf(const std::vector<std::string>& texts)
{
    std::vector<Phrase> phrases;
    phrases.reserve(texts.size());
    for (const std::string& text : texts) {
        const Kept phrase = phraseOf(text);
        if (!phrase->empty()) phrases.push_back(*phrase);
    }
    return meaning::middleOf(phrases);
}

PhraseBook& ownPhraseBook()
{
    static PhraseBook book(ownPhraseMaker());
    return book;
}

} // namespace gateway::meaning
