// SPDX-License-Identifier: GPL-3.0-or-later
// Logs rows until it is killed, and prints the id of each row that the journal has.
#include <chrono>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <QCoreApplication>

#include "gateway/log_store/log_fixture.h"

int main(int argc, char** argv)
{
    using namespace gateway;
    const QCoreApplication application(argc, argv);
    if (argc < 3) return 2;
    const int first = std::stoi(argv[2]);
    log_store::LogStoreOptions options;
    options.segmentBytes = 20'000;
    options.commitInterval = std::chrono::milliseconds(3);
    log_store::LogStore store(options);
    store.start(argv[1]);
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t) {
        threads.emplace_back([&store, first, t] {
            for (int n = first + t;; n += 2) {
                const LogRow row = n % 3 == 0 ? log_store::fullRow(n) : log_store::plainRow(n);
                if (!store.record(row)) continue;
                const std::string line = std::to_string(row.id.value) + "\n";
                if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
}
