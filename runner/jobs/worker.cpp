#include "jobs/worker.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <thread>

#include "casefile/facts.h"
#include "image/snapshots.h"
#include "jobs/host_info.h"
#include "jobs/job_runner.h"
#include "support/clock.h"

namespace clamproof {
namespace {

std::atomic<bool> told_to_end = false;
std::atomic<bool> work_is_over = false;

// Blocked before the first thread is there, libvirt's included, so that it waits for the thread below.
sigset_t block_sigterm() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return set;
}

// SIGTERM ends the guests at once, and with them whatever waits for one; what is left to do is given a
// moment. It also comes when the parent dies: then nobody waits, and the next start clears up and says so.
void end_on_sigterm(const sigset_t& set, const fs::path& sockets, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::kill(::getpid(), SIGTERM);  // it died before it was asked for
    std::thread([set, sockets, parent] {
        int signal = 0;
        ::sigwait(&set, &signal);
        told_to_end = true;
        // Again and again until nobody starts one any more: one may just be coming up, for seconds on a busy
        // host.
        for (const Deadline patience = Deadline::in(5); !patience.passed() && !work_is_over;) {
            kill_guests_of(sockets);
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        kill_guests_of(sockets);
        if (!work_is_over || ::getppid() != parent) ::_exit(1);
    }).detach();
}

class LineReader {
  public:
    explicit LineReader(int fd) : fd_(fd) {}
    bool next(std::string& line) {
        for (;;) {
            if (const auto end = buffer_.find('\n'); end != std::string::npos) {
                line = buffer_.substr(0, end);
                buffer_.erase(0, end + 1);
                return true;
            }
            char chunk[4096];
            const ssize_t n = ::read(fd_, chunk, sizeof chunk);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            buffer_.append(chunk, static_cast<std::size_t>(n));
        }
    }

  private:
    int fd_;
    std::string buffer_;
};

// The guests of this process, and its way to the parent.
class Worker {
  public:
    Worker(const Settings& settings, std::FILE* out)
        : settings_(settings),
          out_(out),
          snapshots_(folder_, {.accelerator = settings.accelerator,
                               .connect = settings.connect,
                               .progress = [this](const auto& image, const auto& step) { send(image, step); },
                               .cancelled = [] { return told_to_end.load(); },
                               .say = [this](const std::string& text) { send(Message{.text = text}); }}),
          runner_(settings,
                  {.open = [this](const auto& image, const auto& layers) { return open(image, layers); },
                   .host_of = [this](const auto& image) { return clamproof::host_of(image, settings_); },
                   .send = [this](const Event& event) { send(event); },
                   .stopped = [] { return told_to_end.load(); }}) {}

    const RunFolder& folder() const { return folder_; }
    void work(const Job& job) { runner_.run(job); }

  private:
    void send(const Event& event) {
        fmt::print(out_, "{}\n", event_to_json(event));
        std::fflush(out_);
    }

    void send(const std::string& image, const BuildProgress& progress) {
        send(BuildStep{.image = image,
                       .step = progress.step,
                       .fraction = progress.fraction,
                       .seconds = progress.seconds});
    }

    std::shared_ptr<Snapshot> open(const std::string& image, const std::vector<Layer>& layers) {
        auto known = definitions_.find(image);
        if (known == definitions_.end()) {
            known = definitions_.emplace(image, load_image(settings_.images, image)).first;
            known->second.asked = facts_brought_by(settings_.cases, load_facts(settings_.images));
        }
        return snapshots_.open(known->second, layers);
    }

    Settings settings_;
    std::FILE* out_;
    RunFolder folder_;
    Snapshots snapshots_;
    std::map<std::string, ImageDefinition> definitions_;  // of images that jobs were about
    JobRunner runner_;
};

}  // namespace

int run_worker(const Settings& settings, int in, std::FILE* out) {
    const pid_t parent = ::getppid();
    const sigset_t sigterm = block_sigterm();
    ::signal(SIGPIPE, SIG_IGN);
    Worker worker(settings, out);
    end_on_sigterm(sigterm, worker.folder().sockets(), parent);
    LineReader lines(in);
    for (std::string line; !told_to_end && lines.next(line);) worker.work(job_from_json(line));
    work_is_over = true;
    // Of a parent that died the next start has to tell, so what is left of the run stays for it; the thread
    // that ends the guests ends this process.
    while (::getppid() != parent) ::pause();
    return told_to_end ? 1 : 0;
}

}  // namespace clamproof
