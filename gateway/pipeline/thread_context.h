// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <random>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "net/deadline.h"
#include "net/turn_end.h"
#include "pipeline/finished_rows.h"
#include "pipeline/runtime.h"
#include "pipeline/shadows.h"
#include "pipeline/shared_answer.h"
#include "pipeline/spending.h"
#include "pipeline/token_fetches.h"
#include "upstream/call.h"

namespace gateway::pipeline {

/// What the exchanges of one IO thread work with.
struct ThreadContext {
    ThreadContext(boost::asio::io_context& io, boost::asio::thread_pool& workers, Shared& sharedState,
                  RowSink& sink)
        : context(io)
        , pool(workers)
        , shared(sharedState)
        , rows(sink, runtime, sharedState.chargedOnce)
        , deadlines(io)
        , turn(io)
        , finished(rows, turn)
        , upstream(io, deadlines, turn)
        , random(std::random_device{}())
    {
    }

    boost::asio::io_context& context;
    boost::asio::thread_pool& pool; // for work that would hold this thread up
    Shared& shared;
    std::shared_ptr<const Runtime> runtime; // swapped on this thread only
    ChargedRows rows;
    net::DeadlineSweeper deadlines;
    net::TurnEnd turn;
    FinishedRows finished;
    upstream::Client upstream;
    std::minstd_rand random;
    TokenFetches tokens;
    SharedAnswers answers;
    Shadows shadows;
};

} // namespace gateway::pipeline
