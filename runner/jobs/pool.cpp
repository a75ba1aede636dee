#include "jobs/pool.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "guest/run_folder.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {

WorkerPool::WorkerPool(std::vector<std::string> argv, int workers)
    : argv_(std::move(argv)), workers_(static_cast<std::size_t>(workers)) {}

WorkerPool::~WorkerPool() {
    end();
}

void WorkerPool::give(std::size_t worker, const Job& job) {
    Worker& idle = workers_.at(worker);
    if (!idle.child) idle.child.emplace(argv_);
    write_all(idle.child->input(), job_to_json(job) + "\n");  // where it died, its end-of-file tells
}

void WorkerPool::kill(std::size_t number) noexcept {
    Worker& worker = workers_[number];
    if (!worker.child) return;
    worker.child->kill(SIGKILL);
    kill_guests_of_process(worker.child->pid());
    worker = Worker{};
}

void WorkerPool::read_from(std::size_t number, std::vector<Report>& reports) {
    Worker& worker = workers_[number];
    char chunk[65536];
    const ssize_t n = ::read(worker.child->output(), chunk, sizeof chunk);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n <= 0) {
        kill(number);
        reports.push_back({.worker = number, .event = std::nullopt});
        return;
    }
    worker.buffer.append(chunk, static_cast<std::size_t>(n));
    for (std::size_t end; (end = worker.buffer.find('\n')) != std::string::npos;) {
        try {
            reports.push_back(
                {.worker = number, .event = event_from_json(std::string_view{worker.buffer}.substr(0, end))});
        } catch (const InputError&) {
            kill(number);
            reports.push_back({.worker = number, .event = std::nullopt});
            return;
        }
        worker.buffer.erase(0, end + 1);
    }
}

std::vector<Workers::Report> WorkerPool::wait(double seconds) {
    std::vector<pollfd> fds;
    for (const auto& worker : workers_)
        fds.push_back({worker.child ? worker.child->output() : -1, POLLIN, 0});
    std::vector<Report> reports;
    if (::poll(fds.data(), fds.size(), static_cast<int>(seconds * 1000)) <= 0) return reports;
    for (std::size_t i = 0; i < fds.size(); ++i)
        if (fds[i].revents) read_from(i, reports);
    return reports;
}

void WorkerPool::finish() noexcept {
    for (auto& worker : workers_)
        if (worker.child) worker.child->close_input();
    for (auto& worker : workers_)
        if (worker.child && worker.child->wait(10)) worker.child.reset();
    end();
}

void WorkerPool::end() noexcept {
    for (auto& worker : workers_)
        if (worker.child) worker.child->kill(SIGTERM);
    for (auto& worker : workers_)
        if (worker.child) kill_guests_of_process(worker.child->pid());
    for (auto& worker : workers_) {
        if (!worker.child) continue;
        worker.child->close_input();
        if (!worker.child->wait(4)) worker.child->kill(SIGKILL);
        worker.child.reset();
    }
}

}  // namespace clamproof
