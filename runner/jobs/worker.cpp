#include "jobs/worker.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <thread>

#include "casefile/cases.h"
#include "image/install.h"
#include "image/snapshots.h"
#include "image/transfer/capsule.h"
#include "jobs/events.h"
#include "jobs/job.h"
#include "proof/cell_run.h"
#include "proof/fix_survival.h"
#include "proof/rerun.h"
#include "results/again.h"
#include "results/results_json.h"
#include "support/clock.h"
#include "support/files.h"

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

constexpr double look_deadline = 60;

LaterChange later_change(const Layer& layer, const ImageDefinition& image) {
    return [&](Guest& guest) { return install_packages(guest, image, layer.packages); };
}

class Worker {
  public:
    Worker(const Settings& settings, std::FILE* out)
        : settings_(settings),
          out_(out),
          snapshots_(folder_, {.accelerator = settings.accelerator,
                               .connect = settings.connect,
                               .progress = [this](const auto& image, const auto& step) { send(image, step); },
                               .cancelled = [] { return told_to_end.load(); },
                               .say = [this](const std::string& text) { say(text); }}) {}

    const RunFolder& folder() const { return folder_; }

    void work(const Job& job) {
        if (job.prepares()) {
            prepare(job);
        } else {
            run(job);
        }
    }

  private:
    void send(const Event& event) {
        fmt::print(out_, "{}\n", event_to_json(event));
        std::fflush(out_);
    }

    void say(const std::string& text) {
        Event event;
        event.kind = EventKind::Message;
        event.text = text;
        send(event);
    }

    void send(const std::string& image, const BuildProgress& progress) {
        Event event;
        event.kind = EventKind::BuildStep;
        event.image = image;
        event.step = progress.step;
        event.fraction = progress.fraction;
        event.seconds = progress.seconds;
        send(event);
    }

    // @param seen gets what the job's look prints
    std::shared_ptr<Snapshot> snapshot(const Job& job, std::string& seen) {
        auto known = definitions_.find(job.image);
        if (known == definitions_.end())
            known = definitions_.emplace(job.image, load_image(settings_.images, job.image)).first;
        auto snapshot = snapshots_.open(known->second, job.stages);
        if (!job.look.empty())
            snapshot->look([&](Guest& guest) { seen = look_at(known->second, guest, job); });
        return snapshot;
    }

    // A cell does not depend on it.
    static std::string look_at(const ImageDefinition& image, Guest& guest, const Job& job) {
        const ScriptResult seen =
            guest.run({.text = clamd_exports(image) + job.look, .deadline = look_deadline});
        if (seen.exit == 0) return seen.out;
        if (!job.prepares()) return "";
        throw InfraError(
            fmt::format("looking at a guest of {} failed with {}: {}", image.name, seen.exit, seen.err));
    }

    void prepare(const Job& job) {
        const Stopwatch watch;
        Event event;
        event.kind = EventKind::BuildEnded;
        event.image = job.image;
        const auto once = [&] { snapshot(job, event.look); };
        try {
            // What is done to a guest over its image may fail for the host's reasons, and is soon tried
            // again.
            try {
                once();
            } catch (const InfraError& error) {
                if (job.stages.empty() || told_to_end) throw;
                say(fmt::format("{}; it is tried once more", error.what()));
                once();
            }
        } catch (const NotInstallable& error) {
            event.kind = EventKind::NotInstallable;
            event.text = error.what();
        } catch (const std::exception& error) {
            event.text = error.what();
        }
        event.seconds = watch.seconds();
        send(event);
    }

    void run(const Job& job) {
        const Stopwatch watch;
        Event event;
        event.kind = EventKind::CellEnded;
        event.image = job.image;
        event.case_id = job.case_id;
        event.variant = job.variant;
        // Who asks on which side a cell is, or whether a fix lasts, asks again by himself.
        const int repeat = job.question || job.later ? 0 : settings_.repeat;
        event.cell =
            run_until_believed([&](int number) { return run_once(job, number, event.look); }, repeat);
        event.cell->seconds = watch.seconds();
        send(event);
    }

    CellResult run_once(const Job& job, int number, std::string& look) {
        const fs::path evidence =
            number == 1 ? fs::path(job.evidence) : job.evidence / fs::path(fmt::format("run-{}", number));
        const Stopwatch watch;
        CellResult result;
        try {
            remove_tree(evidence);  // an earlier run's would be mistaken for this one's
            result = run_cell_on(job, number, evidence, *snapshot(job, look));
        } catch (const NotInstallable& error) {
            result = failed_cell(job, error.what());
            result.verdict = Verdict::NotInstallable;
            result.outcome = Outcome::Mismatch;
        } catch (const std::exception& error) {
            result = failed_cell(job, error.what());
        }
        result.seconds = watch.seconds();
        return result;
    }

    static CellResult failed_cell(const Job& job, const std::string& why) {
        CellResult result = blank_result(job.image, job.case_id, job.variant, packages_of(job));
        result.because = why;
        return result;
    }

    CellResult run_cell_on(const Job& job, int number, const fs::path& evidence, Snapshot& snapshot) {
        const Case subject = load_case(settings_.cases / job.case_id);
        const Cell cell{.subject = subject,
                        .image = snapshot.definition(),
                        .facts = snapshot.built().facts,
                        .variant = job.variant,
                        .library = read_file(settings_.cases / "lib.sh"),
                        .install = packages_of(job),
                        .over = snapshot.layers()};
        // A rerun shares no state with the run that it is to confirm.
        SharedStates fresh;
        const Sharing sharing =
            number == 1 ? Sharing{.states = states_, .siblings = job.siblings} : Sharing{.states = fresh};
        std::vector<RefutedState> refuted;
        const EventSink sink = [&](const Event& step) { send(step); };
        CellResult result =
            job.later ? run_fix_survival(cell, snapshot, later_change(*job.later, cell.image), sink, evidence)
                      : run_cell(cell, snapshot, sharing, sink,
                                 {.evidence = evidence,
                                  .refuted = settings_.capsules ? &refuted : nullptr,
                                  .question = job.question});
        // One of a cell is enough: a rerun comes to the same state.
        if (result.outcome == Outcome::Mismatch && number == 1)
            for (const auto& each : refuted) keep_capsule(each, snapshot, evidence, result);
        for (auto& arm : result.arms)
            for (auto& file : arm.artifacts) file = fs::relative(file, settings_.out).string();
        return result;
    }

    // Without it the run has its verdict still.
    void keep_capsule(const RefutedState& refuted, const Snapshot& snapshot, const fs::path& evidence,
                      CellResult& result) {
        const fs::path file = evidence / (arm_folder(refuted.arm) + ".capsule");
        const CapsuleLabel label{
            .image = snapshot.definition().name,
            .digest = snapshot.definition().digest,
            .what =
                fmt::format("{}, at {}", cell_key(result.image, result.case_id, result.variant), refuted.arm),
            .replay = look_command(result, refuted.arm),
            .origin = snapshot.origin()};
        const auto arm = std::find_if(result.arms.begin(), result.arms.end(),
                                      [&](const Arm& one) { return one.name == refuted.arm; });
        try {
            write_capsule(file, label, refuted.state, snapshot.built().entry.disk(), to_json(result));
            arm->artifacts.push_back(file.string());
        } catch (const std::exception& error) {
            arm->notes.push_back(fmt::format("the guest could not be kept: {}", error.what()));
        }
    }

    Settings settings_;
    std::FILE* out_;
    RunFolder folder_;
    Snapshots snapshots_;
    std::map<std::string, ImageDefinition> definitions_;  // of images that jobs were about
    SharedStates states_;
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
