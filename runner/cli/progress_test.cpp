#include "cli/progress.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "reports/sample_test.h"
#include "support/clock.h"
#include "support/fd.h"

namespace clamproof {
namespace {

using Lines = std::vector<std::string>;

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

Event message(const std::string& text) {
    return Message{.text = text};
}

Event step(const std::string& case_id, const std::string& text) {
    return StepStarted{
        .cell = {.image = "debian", .case_id = case_id}, .arm = ArmId::failing(), .step = text};
}

CellEnded ended(const std::string& case_id) {
    CellEnded event{.cell = sample_run().results[0]};
    event.cell.image = "debian";
    event.cell.case_id = case_id;
    return event;
}

/// What is written to it can be read back.
class Capture {
  public:
    Capture() : file_(std::tmpfile()) {}
    std::FILE* file() const { return file_.get(); }
    std::string text() const {
        std::string all;
        char buffer[4096];
        std::rewind(file_.get());
        while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file_.get())) all.append(buffer, n);
        return all;
    }

  private:
    File file_;
};

/// Sets an environment variable while it lives.
class Environment {
  public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        value ? ::setenv(name, value, 1) : ::unsetenv(name);
    }
    ~Environment() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

  private:
    const char* name_;
    std::optional<std::string> before_;
};

/// A terminal as far as the live table needs one: what is on it, and every byte that came.
class Terminal {
  public:
    Terminal(unsigned short columns, unsigned short lines) {
        int master = -1;
        int slave = -1;
        const winsize size{.ws_row = lines, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
        EXPECT_EQ(::openpty(&master, &slave, nullptr, nullptr, &size), 0);
        master_.reset(master);
        file_.reset(::fdopen(slave, "w"));
    }

    std::FILE* file() const { return file_.get(); }

    void resize(unsigned short columns, unsigned short lines) {
        const winsize size{.ws_row = lines, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
        ::ioctl(master_.get(), TIOCSWINSZ, &size);
    }

    /// Reads until what is on the screen is as wanted. @returns whether it came to that
    bool shows(const std::function<bool(const Lines&)>& wanted, double seconds = 5) {
        const Deadline deadline = Deadline::in(seconds);
        for (;;) {
            if (wanted(screen_)) return true;
            pollfd ready{.fd = master_.get(), .events = POLLIN, .revents = 0};
            if (::poll(&ready, 1, deadline.poll_milliseconds()) <= 0) return false;
            char buffer[4096];
            const ssize_t n = ::read(master_.get(), buffer, sizeof buffer);
            if (n <= 0) return false;
            raw.append(buffer, static_cast<std::size_t>(n));
            interpret();
        }
    }

    std::string raw;

  private:
    /// Line ends, colours (left out), "N lines up" and "clear what follows" are all that may come.
    void interpret() {
        screen_ = {""};
        std::size_t line = 0;
        for (std::size_t at = 0; at < raw.size(); ++at) {
            const char c = raw[at];
            if (c == '\n') {
                if (++line == screen_.size()) screen_.emplace_back();
            } else if (c == '\x1b') {
                const std::size_t end = raw.find_first_not_of("[0123456789;", at + 1);
                if (end == raw.npos) return;
                if (raw[end] == 'A') line -= std::min(line, std::stoul(raw.substr(at + 2)));
                if (raw[end] == 'J') screen_.resize(line + 1);
                if (raw[end] == 'J') screen_[line].clear();
                at = end;
            } else if (c != '\r') {
                screen_[line] += c;
            }
        }
    }

    Fd master_;
    File file_;
    Lines screen_;
};

bool has_line(const Lines& screen, const std::string& part) {
    return std::any_of(screen.begin(), screen.end(),
                       [&](const std::string& line) { return line.find(part) != line.npos; });
}

TEST(LineProgress, a_file_gets_one_line_an_event) {
    const Capture capture;
    {
        const auto progress = make_progress({.out = capture.file()});
        progress->on(step("ports", "probe"));
        progress->on(ended("ports"));
        progress->on(message(hostile_text()));
    }
    const std::string text = capture.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
    EXPECT_NE(text.find("[    0.0 s] debian ports: failing: probe\n"), std::string::npos) << text;
    EXPECT_NE(text.find("] ok    debian ports: fixed (4.8 s)  silent miss, 1 time\n"), std::string::npos)
        << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(LineProgress, variants_skipped_for_one_reason_share_a_line) {
    const Capture capture;
    const auto progress = make_progress({.out = capture.file()});
    for (const char* session : {"cron", "login", "sudo"}) {
        CellEnded event = ended("leak");
        event.cell.variant = {{"session", session}};
        event.cell.verdict = Verdict::Skipped;
        event.cell.outcome = Outcome::Skipped;
        event.cell.because = std::string(session) == "sudo" ? "no sudo" : "no pam_tmpdir";
        progress->on(event);
    }
    const std::string text = capture.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
    EXPECT_NE(text.find("skip  debian leak: skipped: no pam_tmpdir"), std::string::npos) << text;
    EXPECT_NE(text.find("skip  debian leak: skipped: no sudo"), std::string::npos) << text;
}

TEST(LineProgress, a_download_is_told_in_tenths) {
    const Capture capture;
    const auto progress = make_progress({.out = capture.file()});
    BuildStep event{.image = "debian", .step = ""};
    for (const char* what : {"downloading", "unpacking"}) {
        event.step = what;
        for (int i = 0; i < 1000; ++i) {
            event.fraction = i / 1000.0;
            progress->on(event);
        }
    }
    const std::string text = capture.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 20);
}

TEST(LineProgress, what_a_step_is_doing_by_the_way_is_no_step_of_its_own) {
    const Capture capture;
    const auto progress = make_progress({.out = capture.file()});
    BuildStep event{.image = "debian", .step = ""};
    for (int i = 0; i < 1000; ++i) {
        event.step = fmt::format("installing packages: unpacking package-{}", i);
        event.fraction = i / 1000.0;
        progress->on(event);
    }
    const std::string text = capture.text();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
}

TEST(Progress, quiet_says_nothing) {
    const Capture capture;
    const auto progress = make_progress({.out = capture.file(), .style = ProgressStyle::Quiet});
    progress->on(message("hello"));
    progress->finish();
    EXPECT_EQ(capture.text(), "");
}

TEST(Progress, events_are_lines_that_can_be_read_again) {
    const Capture capture;
    const auto progress = make_progress({.out = capture.file(), .style = ProgressStyle::Events});
    progress->on(step("door", "trigger\nby hand"));
    progress->on(ended("door"));
    progress->finish();
    progress->on(message("too late"));
    std::istringstream lines(capture.text());
    std::vector<Event> events;
    for (std::string line; std::getline(lines, line);) events.push_back(event_from_json(line));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(std::get<StepStarted>(events[0]).step, "trigger\nby hand");
    EXPECT_EQ(std::get<CellEnded>(events[1]).cell.case_id, "door");
}

TEST(LineProgress, threads_do_not_mix_their_lines) {
    const Capture capture;
    const auto progress = make_progress({.out = capture.file()});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 200; ++n) progress->on(message("<whole>"));
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::string text = capture.text();
    std::size_t whole = 0;
    for (std::size_t at = 0; (at = text.find("s] <whole>\n", at)) != text.npos; ++at) ++whole;
    EXPECT_EQ(whole, 800U);
}

TEST(LineProgress, after_the_end_nothing_is_shown) {
    const Capture capture;
    const auto progress = make_progress({.out = capture.file()});
    progress->finish();
    progress->on(message("late"));
    EXPECT_EQ(capture.text(), "");
}

TEST(ProgressChoice, follows_the_terminal) {
    const Environment no_colour("NO_COLOR", nullptr);
    const Capture file;
    EXPECT_EQ(colour_for(file.file()), Colour::Never);
    Terminal terminal(80, 24);
    {
        const Environment term("TERM", "xterm");
        EXPECT_EQ(colour_for(terminal.file()), Colour::Always);
        const Environment unwelcome("NO_COLOR", "1");
        EXPECT_EQ(colour_for(terminal.file()), Colour::Never);
    }
    const Environment term("TERM", "dumb");
    EXPECT_EQ(colour_for(terminal.file()), Colour::Never);
    make_progress({.out = terminal.file()})->on(message("hello"));
    EXPECT_TRUE(terminal.shows([](const Lines& screen) { return has_line(screen, "s] hello"); }));
}

TEST(LiveProgress, shows_what_runs_and_lets_what_ended_scroll) {
    const Environment term("TERM", "xterm");
    Terminal terminal(80, 24);
    const auto progress = make_progress({.out = terminal.file(), .cells = 2});
    progress->on(step("ports", "probe"));
    EXPECT_TRUE(terminal.shows([](const Lines& s) { return has_line(s, "debian  ports  failing  probe"); }));
    progress->on(ended("ports"));
    progress->on(step("tmpdir", "trigger"));
    EXPECT_TRUE(terminal.shows([](const Lines& s) {
        return has_line(s, "debian ports: fixed") && has_line(s, "1 of 2 done") && has_line(s, "tmpdir") &&
               !has_line(s, "probe");
    }));
    progress->on(ended("tmpdir"));
    progress->finish();
    // What stays is one line for each cell, in order, and nothing of the table.
    EXPECT_TRUE(terminal.shows([](const Lines& s) {
        return s.size() == 3 && has_line({s[0]}, "ports: fixed") && has_line({s[1]}, "tmpdir: fixed") &&
               s[2].empty();
    })) << terminal.raw;
}

TEST(LiveProgress, draws_at_most_ten_times_a_second) {
    const Environment term("TERM", "xterm");
    Terminal terminal(80, 24);
    const Stopwatch watch;
    const auto progress = make_progress({.out = terminal.file()});
    for (int i = 0; watch.seconds() < 0.35; ++i) {
        progress->on(step("ports", fmt::format("step {}", i)));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    progress->on(message("over"));
    progress->finish();
    EXPECT_TRUE(terminal.shows([](const Lines& screen) { return has_line(screen, "over"); }));
    std::size_t frames = 0;
    for (std::size_t at = 0; (at = terminal.raw.find("\x1b[J", at)) != std::string::npos; ++at) ++frames;
    EXPECT_GE(frames, 2U);
    EXPECT_LE(frames, 2 + static_cast<std::size_t>(watch.seconds() * 10));
}

TEST(LiveProgress, follows_a_terminal_that_changes_its_size) {
    const Environment term("TERM", "xterm");
    const std::string wide(60, 'w');
    Terminal terminal(100, 24);
    const auto progress = make_progress({.out = terminal.file()});
    progress->on(step("ports", wide));
    EXPECT_TRUE(terminal.shows([&](const Lines& screen) { return has_line(screen, wide); }));
    const std::size_t before = terminal.raw.size();
    terminal.resize(40, 24);
    progress->on(step("ports", wide + "x"));
    EXPECT_TRUE(terminal.shows([&](const Lines& screen) {
        return terminal.raw.size() > before && has_line(screen, "ww…") && !has_line(screen, wide);
    }));
    // The row of 90 columns now covers three lines, the totals one.
    EXPECT_NE(terminal.raw.find("\x1b[4A\x1b[J", before), std::string::npos) << terminal.raw.substr(before);
}

TEST(LiveProgress, guest_text_sends_no_commands_to_the_terminal) {
    const Environment term("TERM", "xterm");
    const Environment no_colour("NO_COLOR", "1");
    Terminal terminal(80, 24);
    const auto progress = make_progress({.out = terminal.file()});
    progress->on(step(hostile_text(), hostile_text()));
    progress->on(message(hostile_text() + "seen"));
    progress->finish();
    EXPECT_TRUE(terminal.shows([](const Lines& screen) { return has_line(screen, "endseen"); }));
    for (std::size_t at = 0; (at = terminal.raw.find('\x1b', at)) != std::string::npos; ++at) {
        const char command = terminal.raw[terminal.raw.find_first_not_of("[0123456789", at + 1)];
        EXPECT_TRUE(command == 'A' || command == 'J') << command;
    }
    EXPECT_EQ(terminal.raw.find("\x1b[2J"), std::string::npos);
    EXPECT_EQ(terminal.raw.find('\x07'), std::string::npos);
}

TEST(LiveProgress, many_threads_may_report) {
    const Environment term("TERM", "xterm");
    Terminal terminal(80, 24);
    auto progress = make_progress({.out = terminal.file()});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&progress, i] {
            for (int n = 0; n < 20; ++n) {
                const std::string name = fmt::format("case-{}-{}", i, n);
                progress->on(step(name, "probe"));
                progress->on(ended(name));
            }
        });
    }
    // The terminal takes only so much before somebody reads.
    EXPECT_TRUE(terminal.shows([](const Lines& screen) { return screen.size() > 80; }));
    for (std::thread& thread : threads) thread.join();
    std::thread finisher([&progress] { progress.reset(); });
    EXPECT_TRUE(terminal.shows([](const Lines& screen) { return screen.size() == 81; })) << terminal.raw;
    finisher.join();
}

}  // namespace

namespace {

CellId cell(const std::string& case_id) {
    return {.image = "house", .case_id = case_id};
}

Event cell_ended(const std::string& case_id) {
    CellEnded ended;
    ended.cell.image = "house";
    ended.cell.case_id = case_id;
    return ended;
}

TEST(Estimate, what_is_left_is_shared_out) {
    Estimate estimate({{cell("a"), 40}, {cell("b"), 20}, {cell("c"), 20}}, 2);
    EXPECT_EQ(estimate.left(0), 40);
    estimate.apply(CellStarted{.cell = cell("a")}, 0);
    estimate.apply(CellStarted{.cell = cell("b")}, 0);
    EXPECT_EQ(estimate.left(10), 30);
    estimate.apply(cell_ended("a"), 10);
    EXPECT_EQ(estimate.left(10), 20) << "the longest of them, which nobody can share";
    EXPECT_EQ(estimate.left(50), 20) << "one that takes longer than ever is taken to end at once";
}

TEST(Estimate, nobody_knows) {
    EXPECT_EQ(Estimate().left(0), std::nullopt);
    Estimate estimate({{cell("a"), 40}}, 2);
    estimate.apply(BuildStep{.image = "house", .step = "booting"}, 0);
    EXPECT_EQ(estimate.left(0), std::nullopt) << "how long an image takes is not remembered";
    estimate.apply(ImageFailed{.image = "house", .why = "no space"}, 60);
    EXPECT_EQ(estimate.left(60), 40);
}

}  // namespace

}  // namespace clamproof
