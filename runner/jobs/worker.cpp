#include "jobs/worker.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <memory>
#include <thread>

#include "casefile/cases.h"
#include "image/capsule.h"
#include "image/changed_image.h"
#include "image/installed.h"
#include "image/prepare.h"
#include "jobs/event.h"
#include "jobs/host_info.h"
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

constexpr double inspect_deadline = 60;

Stage read_stage(const JobStage& stage) {
    return {.packages = read_packages(stage.packages), .script = stage.script};
}

std::string key_of(const ImageDefinition& image, const std::vector<JobStage>& stages) {
    std::string key;
    for (const auto& stage : stages) key += " " + stage_key(image, read_stage(stage));
    return key;
}

LaterChange later_change(const JobStage& stage, const ImageDefinition& image) {
    return [packages = read_packages(stage.packages), &image](Guest& guest) {
        return install_packages(guest, image, packages);
    };
}

class Worker {
  public:
    Worker(const Settings& settings, std::FILE* out)
        : settings_(settings),
          out_(out),
          hypervisor_(settings.connect.empty() ? embedded_uri(folder_.sockets()) : settings.connect) {}

    const RunFolder& folder() const { return folder_; }

    void work(const Job& job) {
        std::visit(overloaded{[&](const PrepareImage& one) { prepare(one.image, one.layers, std::nullopt); },
                              [&](const InspectGuest& one) { prepare(one.image, one.layers, one.script); },
                              [&](const RunCell& one) { run(one); },
                              [&](const CheckFixSurvival& one) { check_survival(one); }},
                   job);
    }

  private:
    void send(const Event& event) {
        fmt::print(out_, "{}\n", event_to_json(event));
        std::fflush(out_);
    }

    void say(const std::string& text) { send(Message{.text = text}); }

    BuildOptions build_options(const std::string& image) {
        return {.progress =
                    [this, image](const BuildProgress& progress) {
                        send(BuildStep{.image = image,
                                       .step = progress.step,
                                       .fraction = progress.fraction,
                                       .seconds = progress.seconds});
                    },
                .cancelled = [] { return told_to_end.load(); }};
    }

    // With those of the layers that are kept.
    PreparedImage& image(const std::string& name, const std::vector<JobStage>& layers) {
        std::vector<JobStage> kept;
        std::copy_if(layers.begin(), layers.end(), std::back_inserter(kept),
                     [](const JobStage& layer) { return layer.kept; });
        const std::string key = job_to_json(PrepareImage{.image = name, .layers = kept});
        if (const auto found = images_.find(key); found != images_.end()) return *found->second;
        const BuildOptions options = build_options(name);
        ImageDefinition definition = load_image(settings_.images, name);
        definition.asked = facts_brought_by(settings_.cases, load_facts(settings_.images));
        auto ready = prepare_image(definition, store_, hypervisor_, folder_, settings_.accelerator, options,
                                   [&](const auto& text) { say(text); });
        for (const auto& layer : kept) install_over(*ready, read_stage(layer), store_, options.progress);
        return *(images_[key] = std::move(ready));
    }

    using Inspect = std::function<void(const ImageDefinition&, Guest&)>;

    // Guests with what is done for one job alone, too, if anything is.
    // @param inspect is given the first of them; may be empty
    template <typename Use>
    auto on_guests(const std::string& name, const std::vector<JobStage>& layers, const Inspect& inspect,
                   Use use) {
        PreparedImage& prepared = image(name, layers);
        const auto look = [&](Guest& guest) {
            if (inspect) inspect(prepared.definition(), guest);
        };
        if (layers.empty() || layers.back().kept) {
            if (inspect) look(*prepared.fork(prepared.pristine()));
            return use(prepared, prepared.built(), prepared);
        }
        ChangedImage changed(
            prepared, read_stage(layers.back()), [&](const std::string& step) { say(name + ": " + step); },
            look);
        return use(prepared, changed.built(), changed);
    }

    static ScriptResult look_at(const ImageDefinition& image, Guest& guest, const std::string& script) {
        return guest.run({.text = clamd_exports(image) + script, .deadline = inspect_deadline});
    }

    ImageReady ready_event(const PreparedImage& prepared, const BuiltImage& built,
                           const std::vector<JobStage>& layers) const {
        ImageReady ready{.image = {.name = built.definition.name,
                                   .digest = built.definition.digest,
                                   .facts = built.facts,
                                   .packages = built.packages,
                                   .installed = read_packages(packages_of(layers)).digests},
                         .host = {},
                         .machine = prepared.origin().disk + " " + prepared.origin().key(),
                         .output = built.words};
        tell_of_guests(ready.host, built, settings_);
        return ready;
    }

    ImageReady make_ready(const std::string& name, const std::vector<JobStage>& layers,
                          const std::optional<std::string>& inspect) {
        std::optional<std::string> seen;
        const auto look = [&](const ImageDefinition& image, Guest& guest) {
            const ScriptResult result = look_at(image, guest, *inspect);
            if (result.exit != 0)
                throw InfraError(fmt::format("looking at a guest of {} failed with {}: {}", image.name,
                                             result.exit, result.err));
            seen = result.out;
        };
        ImageReady ready =
            on_guests(name, layers, inspect ? Inspect(look) : Inspect(),
                      [&](const PreparedImage& prepared, const BuiltImage& built, const GuestSource&) {
                          return ready_event(prepared, built, layers);
                      });
        ready.inspected = std::move(seen);
        return ready;
    }

    void prepare(const std::string& name, const std::vector<JobStage>& layers,
                 const std::optional<std::string>& inspect) {
        const Stopwatch watch;
        const auto once = [&] {
            ImageReady ready = make_ready(name, layers, inspect);
            ready.seconds = watch.seconds();
            send(ready);
        };
        try {
            // What is done to a guest over its image may fail for the host's reasons, and is soon tried
            // again.
            try {
                once();
            } catch (const InfraError& error) {
                if (layers.empty() || told_to_end) throw;
                say(fmt::format("{}; it is tried once more", error.what()));
                once();
            }
        } catch (const NotInstallable& error) {
            send(PackagesRefused{.image = name,
                                 .why = error.what(),
                                 .without = make_ready(name, {}, std::nullopt),
                                 .seconds = watch.seconds()});
        } catch (const std::exception& error) {
            send(ImageFailed{.image = name, .why = error.what(), .seconds = watch.seconds()});
        }
    }

    void run(const RunCell& job) {
        const Stopwatch watch;
        CellEnded ended;
        // The verdict does not depend on it.
        const auto look = [&](const ImageDefinition& image, Guest& guest) {
            const ScriptResult result = look_at(image, guest, *job.inspect);
            if (result.exit == 0) ended.inspected = result.out;
        };
        // Who asks on which side a cell is asks again by himself.
        ended.cell = run_until_believed(
            [&](int number) {
                return once(job, number, job.inspect ? Inspect(look) : Inspect(),
                            [&](const Scene& scene) { return run_on(job, number, scene); });
            },
            job.ends ? 0 : settings_.repeat);
        ended.cell.seconds = watch.seconds();
        send(ended);
    }

    void check_survival(const CheckFixSurvival& job) {
        const Stopwatch watch;
        SurvivalEnded ended;
        ended.cell = run_until_believed(
            [&](int number) {
                return once(job, number, {}, [&](const Scene& scene) {
                    const ImageDefinition& image = scene.prepared.definition();
                    Survival survival = run_fix_survival(
                        scene.cell, scene.guests, later_change(job.change, image), sink(), scene.evidence);
                    ended.fixes = std::move(survival.fixes);
                    return std::move(survival.cell);
                });
            },
            0);
        ended.cell.seconds = watch.seconds();
        send(ended);
    }

    // Where a cell is run.
    struct Scene {
        const Cell& cell;
        const PreparedImage& prepared;
        GuestSource& guests;
        fs::path evidence;
    };

    // @param number of the run, from 1 @param use runs the cell
    template <typename JobOfCell, typename Use>
    CellResult once(const JobOfCell& job, int number, const Inspect& inspect, Use use) {
        const fs::path evidence =
            number == 1 ? fs::path(job.evidence) : job.evidence / fs::path(fmt::format("run-{}", number));
        const Stopwatch watch;
        CellResult result = blank_result(job.cell, packages_of(job.layers));
        try {
            remove_tree(evidence);  // an earlier run's would be mistaken for this one's
            result = on_guests(
                job.cell.image, job.layers, inspect,
                [&](PreparedImage& prepared, const BuiltImage& built, GuestSource& guests) {
                    const Case subject =
                        load_case(settings_.cases / job.cell.case_id, load_facts(settings_.images));
                    const Cell cell{.subject = subject,
                                    .image = prepared.definition(),
                                    .facts = built.facts,
                                    .variant = job.cell.variant,
                                    .library = read_file(settings_.cases / "lib.sh"),
                                    .install = packages_of(job.layers),
                                    .over = key_of(prepared.definition(), job.layers)};
                    return use(
                        Scene{.cell = cell, .prepared = prepared, .guests = guests, .evidence = evidence});
                });
            for (auto& arm : result.arms)
                for (auto& file : arm.artifacts) file = fs::relative(file, settings_.out).string();
        } catch (const NotInstallable& error) {
            result.because = error.what();
            result.verdict = Verdict::NotInstallable;
            result.outcome = Outcome::Mismatch;
        } catch (const std::exception& error) {
            result.because = error.what();
        }
        result.seconds = watch.seconds();
        return result;
    }

    ProgressSink sink() {
        return [this](const CellProgress& progress) {
            std::visit([this](const auto& one) { send(one); }, progress);
        };
    }

    CellResult run_on(const RunCell& job, int number, const Scene& scene) {
        // A rerun shares no state with the run that it is to confirm.
        SharedStates fresh;
        const Sharing sharing =
            number == 1 ? Sharing{.states = states_, .siblings = job.siblings} : Sharing{.states = fresh};
        std::vector<RefutedState> refuted;
        CellResult result = run_cell(scene.cell, scene.guests, sharing, sink(),
                                     {.evidence = scene.evidence,
                                      .refuted = settings_.capsules ? &refuted : nullptr,
                                      .ends = job.ends});
        // One of a cell is enough: a rerun comes to the same state.
        if (result.outcome == Outcome::Mismatch && number == 1)
            for (const auto& each : refuted) keep_capsule(each, scene.prepared, scene.evidence, result);
        return result;
    }

    // Without it the run has its verdict still.
    void keep_capsule(const RefutedState& refuted, const PreparedImage& image, const fs::path& evidence,
                      CellResult& result) {
        const fs::path file = evidence / (refuted.arm.folder() + ".capsule");
        const std::string at = refuted.arm.text();
        const CapsuleLabel label{.image = image.definition().name,
                                 .digest = image.definition().digest,
                                 .what = fmt::format("{}, at {}", result.id().text(), at),
                                 .replay = look_command(result, at),
                                 .origin = image.origin()};
        const auto arm = std::find_if(result.arms.begin(), result.arms.end(),
                                      [&](const Arm& one) { return one.id == refuted.arm; });
        try {
            write_capsule(file, label, refuted.state, image.built().entry.disk(), to_json(result));
            arm->artifacts.push_back(file.string());
        } catch (const std::exception& error) {
            arm->notes.push_back(fmt::format("the guest could not be kept: {}", error.what()));
        }
    }

    Settings settings_;
    std::FILE* out_;
    RunFolder folder_;
    Hypervisor hypervisor_;
    ImageStore store_;
    std::map<std::string, std::unique_ptr<PreparedImage>> images_;  // by the job that makes them ready
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
