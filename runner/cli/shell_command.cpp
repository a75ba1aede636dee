#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include "casefile/case.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/open_capsule.h"
#include "cli/selection.h"
#include "guest/run_folder.h"
#include "image/build/cloud.h"
#include "image/snapshots.h"
#include "proof/cell.h"
#include "proof/cell_run.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

/// Keystrokes go to the guest as they are while it lives.
class RawTerminal {
  public:
    RawTerminal() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios raw = before_;
        ::cfmakeraw(&raw);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    ~RawTerminal() { ::tcsetattr(STDIN_FILENO, TCSANOW, &before_); }
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;

  private:
    termios before_{};
};

bool pass(int from, int to) {
    char chunk[4096];
    const ssize_t n = ::read(from, chunk, sizeof chunk);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    for (ssize_t done = 0; done < n;) {
        const ssize_t written = ::write(to, chunk + done, static_cast<std::size_t>(n - done));
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) done += written;
    }
    return n > 0;
}

void relay(const Terminal& guest) {
    const RawTerminal raw;
    while (!interrupted()) {
        pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {guest.line.get(), POLLIN, 0}, {guest.ended, POLLIN, 0}};
        if (::poll(fds, 3, -1) < 0) {
            if (errno != EINTR) return;
            continue;
        }
        if (fds[0].revents && !pass(STDIN_FILENO, guest.line.get())) return;
        if (fds[1].revents && !pass(guest.line.get(), STDOUT_FILENO)) return;
        if (fds[2].revents && !fds[1].revents) return;
    }
}

std::string read_stdin() {
    std::string text;
    char chunk[65536];
    for (ssize_t n; (n = ::read(STDIN_FILENO, chunk, sizeof chunk)) > 0;)
        text.append(chunk, static_cast<std::size_t>(n));
    return text;
}

std::unique_ptr<Guest> guest_for(const Settings& settings, const ShellOptions& options, Snapshot& image) {
    if (options.case_id.empty()) {
        if (options.at != "pristine")
            throw InputError(fmt::format("--at {} needs a case: add --case", options.at));
        return image.open();
    }
    const auto cases =
        select_cases(load_cases(settings.cases, load_facts(settings.images)), {options.case_id});
    if (cases.size() != 1)
        throw InputError(fmt::format("\"{}\" matches {} cases; name one", options.case_id, cases.size()));
    const auto variants = expand(cases[0].matrix, read_variant_filter(options.variants, cases));
    if (variants.size() != 1)
        throw InputError(fmt::format("{} has {} variants like that; pick one by --variant K=V", cases[0].id,
                                     variants.size()));
    const Cell cell{.subject = cases[0],
                    .image = image.definition(),
                    .facts = image.built().facts,
                    .variant = variants[0],
                    .library = library_of(settings.cases, cases[0]),
                    .install = options.install};
    if (const auto why = why_skipped(cell.subject, cell.facts, cell.variant))
        throw InputError(fmt::format("{} is skipped on {}: {}", cell.subject.id, cell.image.name, *why));
    return guest_at(cell, image, options.at);
}

ImageDefinition image_of(const Settings& settings, const ShellOptions& options) {
    const auto names = select_images(settings, {options.image});
    if (names.size() != 1)
        throw InputError(fmt::format("\"{}\" matches {} images; name one", options.image, names.size()));
    ImageDefinition image = load_image(settings.images, names[0]);
    if (!options.case_id.empty()) image.asked = facts_brought_by(settings.cases, load_facts(settings.images));
    return image;
}

// As it came, which may be an archive, unless a person looks.
void print(const GuestText& text, FILE* where) {
    fmt::print(where, "{}", ::isatty(::fileno(where)) ? terminal_text(text) : text.raw());
}

/// The person's own terminal, or the script that they give, in a guest.
/// @param where the guest is, in words
int use(Guest& guest, const std::string& where) {
    if (!::isatty(STDIN_FILENO)) {
        const ScriptResult result = guest.run({.text = read_stdin(), .deadline = 600});
        print(result.out, stdout);
        print(result.err, stderr);
        return result.exit;
    }
    winsize size{};
    ::ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
    say(fmt::format("{}; the guest goes when the shell ends (exit, or Ctrl-D)", where));
    const Terminal terminal = guest.terminal(size.ws_row, size.ws_col);
    relay(terminal);
    return interrupted() ? Exit::Interrupted : Exit::AsExpected;
}

int shell(const Settings& settings, const ShellOptions& options) {
    std::optional<Capsule> capsule;
    if (names_capsule(options.image)) {
        if (!options.case_id.empty() || !options.variants.empty() || options.at != "pristine" ||
            !options.install.empty())
            throw InputError(
                "a capsule holds one state: --case, --variant, --at and --install are for images");
        capsule.emplace(options.image);
    }
    const ImageDefinition definition = capsule ? image_of(*capsule, settings) : image_of(settings, options);
    const std::vector<Layer> layers = {{.packages = read_packages(options.install)}};
    RunFolder folder;
    const std::jthread watch = end_guests_when(interrupted, folder);
    const auto tell = [last = std::string()](const std::string&, const BuildProgress& progress) mutable {
        // What is being unpacked matters to nobody who waits for a shell.
        const std::string step = progress.step.substr(0, progress.step.find(':'));
        if (std::exchange(last, step) != step) say(step);
    };
    Snapshots snapshots(folder, {.accelerator = settings.accelerator,
                                 .connect = settings.connect,
                                 .progress = tell,
                                 .cancelled = interrupted,
                                 .say = say});
    if (options.at == at_provisioning) {
        if (capsule || !options.case_id.empty() || !options.install.empty())
            throw InputError(
                fmt::format("--at {} is of an image whose build has failed, and of no case or packages",
                            at_provisioning));
        const auto host = snapshots.unfinished(definition);
        return use(*host->open(), fmt::format("{} where its build failed", definition.name));
    }
    const auto image = snapshots.open(definition, layers);
    if (capsule) {
        const auto guest = guest_of(*capsule, *image, folder);
        return use(*guest, terminal_text(capsule->label().what));
    }
    const auto guest = guest_for(settings, options, *image);
    return use(*guest, fmt::format("{} at {}", definition.name, options.at));
}

}  // namespace

int shell_command(const Settings& settings, const ShellOptions& options) {
    return unless_interrupted([&] {
        for (const auto& words : reap_dead_runs()) say(words);
        return shell(settings, options);
    });
}

}  // namespace clamproof
