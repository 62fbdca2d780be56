// SPDX-License-Identifier: GPL-3.0-or-later
// Rows from several threads while segments turn over and questions are asked: none may be lost.
#include <atomic>
#include <cstdio>
#include <future>
#include <thread>
#include <vector>

#include <QCoreApplication>
#include <QTemporaryDir>

#include "log_store/log_store.h"

namespace {

constexpr int kThreads = 4;
constexpr int kRows = 2'000;

gateway::LogRow rowFor(int thread, int number)
{
    gateway::LogRow row;
    row.id.value = (std::int64_t{1'700'000'000'000'000} + number * kThreads + thread) << 12;
    row.provider = "lab";
    row.model = "model-" + std::to_string(thread);
    row.status = number % 7 == 0 ? 502 : 200;
    row.total = number;
    row.costNanos = 1;
    return row;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    gateway::log_store::LogStoreOptions options;
    options.segmentBytes = 64 * 1024;
    options.segmentAge = std::chrono::milliseconds(100);
    options.commitInterval = std::chrono::milliseconds(20);
    gateway::log_store::LogStore store(options);
    store.start(folder.path().toStdString());

    std::atomic<int> refused{0};
    std::vector<std::thread> writers;
    for (int thread = 0; thread < kThreads; ++thread) {
        writers.emplace_back([&, thread] {
            for (int number = 0; number < kRows; ++number) {
                if (!store.record(rowFor(thread, number))) ++refused;
            }
        });
    }
    for (int question = 0; question < 20; ++question) {
        std::promise<std::size_t> answered;
        store.query({}, [&](gateway::LogPage page) { answered.set_value(page.rows.size()); });
        answered.get_future().wait();
    }
    for (std::thread& writer : writers)
        writer.join();
    std::promise<void> flushed;
    store.flush([&] { flushed.set_value(); });
    flushed.get_future().wait();
    std::promise<std::uint64_t> counted;
    store.query({}, [&](gateway::LogPage page) { counted.set_value(page.total); });
    const std::uint64_t total = counted.get_future().get();
    store.stop();
    if (total != std::uint64_t{kThreads} * kRows || refused != 0 || store.lostRows() != 0) {
        std::fprintf(stderr, "rows: %llu, refused: %d\n", static_cast<unsigned long long>(total),
                     refused.load());
        return 1;
    }
    return 0;
}
