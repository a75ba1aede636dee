// Takes the samples of ci/bench that need clamproof's own classes; see `usage` below. Each prints lines
// "WORD<TAB>VALUE", where a sample is in seconds.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <cstring>
#include <functional>
#include <map>
#include <thread>

#include "bench_bare.h"
#include "bench_report.h"
#include "casefile/case.h"
#include "guest/run_folder.h"
#include "guest/vm.h"
#include "image/build/mirrors.h"
#include "image/snapshots.h"
#include "jobs/event.h"
#include "proof/cell_run.h"
#include "proof/fake_door_test.h"
#include "results/results_json.h"
#include "support/clock.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr const char* usage = R"(clamproof_bench COMMAND FOLDER …: FOLDER is that of ci/peers/definitions

prepare FOLDER            builds and warms the image; leaves there what bare QEMU starts from; prints its facts
packages, sources FOLDER  what mmdebstrap is to install, and from where
build FOLDER              samples one build, from nothing to the disk
reset, boot FOLDER        samples one guest, to the first script it has answered
bare-reset, bare-boot     the same of QEMU alone
round-trip FOLDER COUNT   samples COUNT times `true` in one guest
serve FOLDER              a guest of QEMU alone with ssh on a port of 127.0.0.1, until standard input ends
answer SOCKET             waits until a control shell behind that socket has answered a script
harness FOLDER            samples 1,000 arms on a guest that does nothing
port                      a port of 127.0.0.1 nobody listens on
end FOLDER                ends every guest whose files lie below
report RECORD JSON        see bench_report.h
)";

using Words = std::vector<std::string>;

void print_sample(double seconds) {
    fmt::print("sample\t{:.6f}\n", seconds);
}

void print_argv(const Words& argv) {
    fmt::print("argv\t{}\n", fmt::join(argv, " "));
}

// A guest does not outlive the program, whatever ends it.
void end_guests_on_signals(const fs::path& folder) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([signals, folder] {
        int signal = 0;
        sigwait(&signals, &signal);
        kill_guests_of(folder);
        std::_Exit(128 + signal);
    }).detach();
}

void tell(const std::string& text) {
    fmt::print(stderr, "{}\n", text);
}

// The image of all contestants, and guests of it.
class Bench {
  public:
    explicit Bench(const fs::path& folder) : folder_(folder), image_(load_image(folder / "images", "bench")) {
        end_guests_on_signals(run_.files());
        snapshots_ = std::make_unique<Snapshots>(run_, SnapshotOptions{.say = tell});
        snapshot_ = snapshots_->open(image_);
        const StoreEntry& entry = snapshot_->built().entry;
        accelerator_ = choose_accelerator("auto", entry.kernel());
        host_ = std::make_unique<VmHost>(snapshots_->hypervisor(), run_,
                                         Machine{.name = "clamproof-bench",
                                                 .uuid = uuid_from("bench"),
                                                 .accelerator = accelerator_.accelerator,
                                                 .memory_mib = image_.memory_mib,
                                                 .vcpus = image_.vcpus,
                                                 .kernel = entry.kernel(),
                                                 .initrd = entry.initrd(),
                                                 .kernel_line = image_.kernel_line},
                                         entry.disk(), accelerator_.scale);
    }

    const fs::path& folder() const { return folder_; }
    const fs::path& files() const { return run_.files(); }
    const BuiltImage& built() const { return snapshot_->built(); }
    State saved() const { return check_saved(built().entry, built().origin).state.value(); }
    const AcceleratorChoice& accelerator() const { return accelerator_; }

    std::unique_ptr<Guest> fork() { return first_answer(snapshot_->open()); }
    std::unique_ptr<Guest> boot() { return first_answer(host_->open()); }

    Words argv() const { return argv_of_guest(run_.files()); }

  private:
    static std::unique_ptr<Guest> first_answer(std::unique_ptr<Guest> guest) {
        if (guest->run({.text = "true"}).exit != 0) throw InfraError("the guest fails at true");
        return guest;
    }

    fs::path folder_;
    ImageDefinition image_;
    RunFolder run_;
    std::unique_ptr<Snapshots> snapshots_;
    std::shared_ptr<Snapshot> snapshot_;
    AcceleratorChoice accelerator_;
    std::unique_ptr<VmHost> host_;
};

void prepare(const Words& args) {
    Bench bench(args.at(0));
    {
        const auto guest = bench.boot();
        write_argv(bench.folder() / "argv.boot", bench.argv());
    }
    {
        const auto guest = bench.fork();
        write_argv(bench.folder() / "argv.fork", bench.argv());
        const ScriptResult kernel = guest->run({.text = "uname -r"});
        fmt::print("fact\tkernel\t{}", terminal_text(kernel.out));
    }
    const State warm = bench.saved();
    strip_memory(warm.memory, bench.folder() / "stream");
    const BuiltImage& built = bench.built();
    const AcceleratorChoice& choice = bench.accelerator();
    fmt::print("fact\timage\t{} packages, digest {}\n", built.packages.size(), built.entry.digest);
    fmt::print("fact\tkernel_line\t{}\n", built.definition.kernel_line);
    fmt::print("fact\tmemory_mib\t{}\n", built.definition.memory_mib);
    fmt::print("fact\tvcpus\t{}\n", built.definition.vcpus);
    fmt::print("fact\taccelerator\t{}\n", to_string(choice.accelerator));
    fmt::print("fact\twhy\t{}\n", choice.why);
    fmt::print("fact\tcpu\t{}\n", choice.accelerator == Accelerator::Kvm ? "host" : "Nehalem");
    fmt::print("fact\tvmlinuz\t{}\n", built.entry.kernel().string());
    fmt::print("fact\tinitrd\t{}\n", built.entry.initrd().string());
    fmt::print("fact\tdisk\t{}\n", built.entry.disk().string());
    fmt::print("fact\twarm_disk\t{}\n", warm.disk.string());
    fmt::print("fact\twarm_memory\t{}\n", warm.memory.string());
}

void packages(const Words& args) {
    fmt::print("{}\n", fmt::join(load_image(fs::path(args.at(0)) / "images", "bench").packages, ","));
}

void sources(const Words& args) {
    const ImageDefinition image = load_image(fs::path(args.at(0)) / "images", "bench");
    fmt::print("{}", apt_sources(image.origin, image.suite, image.pockets));
}

void build(const Words& args) {
    const ImageDefinition image = load_image(fs::path(args.at(0)) / "images", "bench");
    const TempDir store(args.at(0), "store-");
    const Stopwatch watch;
    build_image(image, ImageStore(store.path()), {});
    print_sample(watch.seconds());
}

void sample_guest(const Words& args, const std::function<std::unique_ptr<Guest>(Bench&)>& start) {
    Bench bench(args.at(0));
    // libvirt reads what QEMU can do when the first guest of a process starts, as its daemon does once.
    bench.fork();
    const Stopwatch watch;
    const auto guest = start(bench);
    print_sample(watch.seconds());
    print_argv(bench.argv());
}

BareOptions bare_options(Bench& bench, const char* argv_file) {
    return {.argv = read_argv(bench.folder() / argv_file), .below = bench.built().entry.disk()};
}

void sample_bare(const Words& args, bool cold) {
    Bench bench(args.at(0));
    BareOptions options = bare_options(bench, cold ? "argv.boot" : "argv.fork");
    if (!cold) {
        options.below = bench.saved().disk;
        options.stream = bench.folder() / "stream";
    }
    const TempDir files(bench.files(), "bare-");
    const Stopwatch watch;
    BareGuest guest(options, files.path());
    print_sample(watch.seconds());
    print_argv(guest.argv());
}

void round_trip(const Words& args) {
    Bench bench(args.at(0));
    const auto guest = bench.fork();
    for (int left = std::stoi(args.at(1)); left > 0; --left) {
        const Stopwatch watch;
        guest->run({.text = "true"});
        print_sample(watch.seconds());
    }
}

void serve(const Words& args) {
    Bench bench(args.at(0));
    BareOptions options = bare_options(bench, "argv.boot");
    options.ssh_port = free_port();
    const TempDir files(bench.files(), "bare-");
    BareGuest guest(options, files.path());
    const ScriptResult up = guest.shell().run(
        {.text = "/usr/lib/clamproof/booted && systemctl is-active ssh bench-network", .deadline = 300});
    // bench-network has run to its end, so it is no longer active; what counts is that nothing failed.
    if (up.out.raw().find("active") == std::string::npos)
        throw InfraError("the guest has no ssh: " + terminal_text(up.out + up.err));
    print_argv(guest.argv());
    fmt::print("port\t{}\n", options.ssh_port);
    std::fflush(stdout);
    char ignored[256];
    while (::read(STDIN_FILENO, ignored, sizeof ignored) > 0) {
    }
}

// A script has nobody to tell it when libvirt has made the socket, so it looks again and again.
Fd connect_when_there(const std::string& path, const Deadline& deadline) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw InfraError(path + " is too long for a socket");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    while (!deadline.passed()) {
        Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw InfraError("nobody listens at " + path);
}

void answer(const Words& args) {
    ControlShell shell(connect_when_there(args.at(0), Deadline::in(120)), "the guest");
    shell.hello(120);
    if (shell.run({.text = "true", .deadline = 120}).exit != 0) throw InfraError("the guest fails at true");
}

// Every step of an arm but the guest: scripts put together, claims judged, results written down.
void harness(const Words& args) {
    constexpr std::size_t wanted_arms = 1000;
    const TempDir folder(args.at(0), "door-");
    const Stopwatch watch;
    write_door(folder.path() / "door");
    const Case subject = load_case(folder.path() / "door", {});
    ImageDefinition image;
    image.name = "house";
    image.lsm = "none";
    const Cell cell{
        .subject = subject, .image = image, .facts = {{"lsm", "none"}}, .variant = {}, .library = "true"};
    RunResults run;
    for (std::size_t arms = 0; arms < wanted_arms; arms += run.results.back().arms.size()) {
        FakeGuests guests(honest_world());
        SharedStates states;
        run.results.push_back(run_cell(cell, guests, {.states = states},
                                       [](const CellProgress& progress) {
                                           std::visit([](const auto& one) { event_to_json(one); }, progress);
                                       },
                                       {.evidence = folder.path() / "evidence"}));
        if (run.results.back().verdict != Verdict::Fixed)
            throw InfraError("the door is not fixed: " + run.results.back().because);
    }
    write_file(folder.path() / "results.json", to_json(run));
    print_sample(watch.seconds());
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    fmt::print("sample-memory\t{:.1f}\n", static_cast<double>(used.ru_maxrss) / 1024);
}

int run(const Words& args) {
    const std::map<std::string, std::function<void(const Words&)>> commands = {
        {"prepare", prepare},
        {"packages", packages},
        {"sources", sources},
        {"build", build},
        {"reset", [](const Words& rest) { sample_guest(rest, [](Bench& bench) { return bench.fork(); }); }},
        {"boot", [](const Words& rest) { sample_guest(rest, [](Bench& bench) { return bench.boot(); }); }},
        {"bare-reset", [](const Words& rest) { sample_bare(rest, false); }},
        {"bare-boot", [](const Words& rest) { sample_bare(rest, true); }},
        {"round-trip", round_trip},
        {"serve", serve},
        {"answer", answer},
        {"port", [](const Words&) { fmt::print("{}\n", free_port()); }},
        {"harness", harness},
        {"end", [](const Words& rest) { kill_guests_of(rest.at(0)); }},
        {"report", [](const Words& rest) { report(rest.at(0), rest.at(1)); }},
    };
    const auto command = args.empty() ? commands.end() : commands.find(args[0]);
    if (command == commands.end()) {
        fmt::print(stderr, "{}", usage);
        return 2;
    }
    command->second(Words(args.begin() + 1, args.end()));
    return 0;
}

}  // namespace
}  // namespace clamproof

int main(int argc, char** argv) try {
    return clamproof::run(std::vector<std::string>(argv + 1, argv + argc));
} catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 3;
}
