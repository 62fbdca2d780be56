// SPDX-License-Identifier: GPL-3.0-or-later
// A closed-loop HTTP/1.1 load generator for loopback: one thread, one line of JSON as its result.
#include <csignal>
#include <cstdio>
#include <string>
#include <sys/resource.h>

#include "options.h"
#include "run.h"

static void raiseFileLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char** argv)
{
    std::string problem;
    auto options = load::parseOptions(argc, argv, problem);
    if (!options) {
        std::fprintf(
            stderr,
            "load: %s\nusage: load --url URL (--requests N | --seconds S) [--connections N] [--warmup N]\n"
            "            [--method M] [--body FILE] [--header 'name: value']… [--expect-status N]\n"
            "            [--stream [--expect-chunks N] [--mark TEXT]]\n",
            problem.c_str());
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    raiseFileLimit();
    load::Statistics statistics = load::run(*options);
    std::printf("%s\n", statistics.json(options->stream).c_str());
    return statistics.errors == 0 ? 0 : 1;
}
