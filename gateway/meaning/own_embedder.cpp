// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/own_embedder.h"

#include "embedded.h"

namespace gateway::meaning {

const Embedder& ownEmbedder()
{
    static const Embedder embedder(embedded::embedder);
    return embedder;
}

} // namespace gateway::meaning
