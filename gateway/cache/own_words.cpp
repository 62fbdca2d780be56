// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/own_words.h"

#include "embedded.h"

namespace gateway::cache {

const Thesaurus& ownWords()
{
    static const Thesaurus words(embedded::words);
    return words;
}

} // namespace gateway::cache
