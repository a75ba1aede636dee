#include "cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/live_table.h"
#include "support/clock.h"

namespace clamproof {
namespace {

void write_out(std::FILE* out, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), out);
    std::fflush(out);
}

bool can_move_cursor(std::FILE* out) {
    if (::isatty(::fileno(out)) == 0) return false;
    const char* term = std::getenv("TERM");
    return term && *term != '\0' && std::string_view(term) != "dumb";
}

class LineProgress final : public Progress {
  public:
    LineProgress(std::FILE* out, Colour colour) : out_(out), colour_(colour) {}

    void on(const Event& event) override {
        const std::lock_guard lock(mutex_);
        if (finished_) return;
        const auto* ended = std::get_if<CellEnded>(&event);
        if (ended && ended->cell.outcome == Outcome::Skipped) {
            say_skipped(*ended);
        } else if (tells_something_new(event)) {
            say(event);
        }
    }

    void finish() override {
        const std::lock_guard lock(mutex_);
        finished_ = true;
    }

  private:
    void say(const Event& event) {
        write_out(out_, fmt::format("[{:7.1f} s] {}\n", clock_.seconds(), event_line(event, colour_)));
    }

    /// A case's variants are mostly skipped together, for one reason: one line tells it.
    void say_skipped(CellEnded event) {
        event.cell.variant.clear();
        if (skipped_.insert(event_line(event, colour_)).second) say(event);
    }

    /// A download reports itself many times a second: a line for each tenth of it is enough.
    bool tells_something_new(const Event& event) {
        const auto* build = std::get_if<BuildStep>(&event);
        if (!build) return true;
        const int tenth = build->fraction ? static_cast<int>(*build->fraction * 10) : -1;
        // "installing packages: unpacking bash" is still the step "installing packages".
        const std::string step = build->fraction ? build->step.substr(0, build->step.find(':')) : build->step;
        const auto now = std::pair(step, tenth);
        auto [last, is_first] = last_build_step_.try_emplace(build->image, now);
        if (!is_first && last->second == now) return false;
        last->second = now;
        return true;
    }

    std::mutex mutex_;
    std::FILE* out_;
    Colour colour_;
    Stopwatch clock_;
    bool finished_ = false;
    std::map<std::string, std::pair<std::string, int>> last_build_step_;
    std::set<std::string> skipped_;
};

class QuietProgress final : public Progress {
  public:
    void on(const Event&) override {}
    void finish() override {}
};

class EventProgress final : public Progress {
  public:
    explicit EventProgress(std::FILE* out) : out_(out) {}

    void on(const Event& event) override {
        const std::lock_guard lock(mutex_);
        if (!finished_) write_out(out_, event_to_json(event) + "\n");
    }

    void finish() override {
        const std::lock_guard lock(mutex_);
        finished_ = true;
    }

  private:
    std::mutex mutex_;
    std::FILE* out_;
    bool finished_ = false;
};

TerminalSize size_of(std::FILE* out) {
    winsize size{};
    if (::ioctl(::fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
    return {.columns = size.ws_col, .lines = size.ws_row};
}

/// A thread that no signal reaches: they are for the thread that waits for them.
template <typename Work>
std::thread quiet_thread(Work work) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread(std::move(work));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

class LiveProgress final : public Progress {
  public:
    LiveProgress(std::FILE* out, LiveTable table) : out_(out), table_(std::move(table)) {
        painter_ = quiet_thread([this] { paint_until_finished(); });
    }
    ~LiveProgress() override { LiveProgress::finish(); }

    void on(const Event& event) override {
        const std::lock_guard lock(mutex_);
        if (finishing_) return;
        table_.apply(event, clock_.seconds());
        changed_ = true;
        wake_.notify_one();
    }

    void finish() override {
        {
            const std::lock_guard lock(mutex_);
            if (std::exchange(finishing_, true)) return;
            wake_.notify_one();
        }
        painter_.join();
        write_out(out_, erased() + finished_lines());
    }

  private:
    static constexpr auto shortest_pause = std::chrono::milliseconds(100);
    static constexpr auto longest_pause = std::chrono::seconds(1);  // ages are shown in whole seconds

    void paint_until_finished() {
        std::unique_lock lock(mutex_);
        while (!finishing_) {
            wake_.wait_for(lock, longest_pause, [this] { return changed_ || finishing_; });
            if (finishing_) break;
            changed_ = false;
            const std::string frame = next_frame();
            // A terminal that is held (Ctrl-S) must not hold the run.
            lock.unlock();
            write_out(out_, frame);
            lock.lock();
            wake_.wait_for(lock, shortest_pause, [this] { return finishing_; });
        }
    }

    std::string next_frame() {
        const TerminalSize size = size_of(out_);
        std::string frame = erased() + finished_lines();
        drawn_ = table_.rows(size, clock_.seconds());
        for (const std::string& line : drawn_) frame += line + "\n";
        return frame;
    }

    /// Takes the drawn table off the screen. Where the terminal became narrower, each of its lines takes
    /// several.
    std::string erased() {
        const std::size_t width = size_of(out_).columns;
        std::size_t lines = 0;
        for (const std::string& line : drawn_)
            lines += std::max<std::size_t>(1, (columns(line) + width - 1) / width);
        drawn_.clear();
        return lines == 0 ? "" : fmt::format("\r\x1b[{}A\x1b[J", lines);
    }

    std::string finished_lines() {
        std::string text;
        for (const std::string& line : table_.take_finished()) text += line + "\n";
        return text;
    }

    std::FILE* out_;
    Stopwatch clock_;
    std::mutex mutex_;
    std::condition_variable wake_;
    LiveTable table_;
    bool changed_ = false;
    bool finishing_ = false;
    std::vector<std::string> drawn_;  ///< the painter's own, and its heir's once it has ended
    std::thread painter_;
};

}  // namespace

std::unique_ptr<Progress> make_progress(const ProgressOptions& options) {
    if (options.style == ProgressStyle::Quiet) return std::make_unique<QuietProgress>();
    if (options.style == ProgressStyle::Events) return std::make_unique<EventProgress>(options.out);
    const Colour colour = colour_for(options.out);
    const bool live = options.style == ProgressStyle::Live ||
                      (options.style == ProgressStyle::Auto && can_move_cursor(options.out));
    if (!live) return std::make_unique<LineProgress>(options.out, colour);
    return std::make_unique<LiveProgress>(options.out, LiveTable(options.cells, colour, options.estimate));
}

void tell(Progress& progress, const std::string& text) {
    progress.on(Message{.text = text});
}

Colour colour_for(std::FILE* out) {
    const char* no_colour = std::getenv("NO_COLOR");
    const bool unwelcome = no_colour && *no_colour != '\0';
    return can_move_cursor(out) && !unwelcome ? Colour::Always : Colour::Never;
}

void Estimate::apply(const Event& event, double now) {
    std::visit(overloaded{[&](const BuildStep& step) { preparing_.insert(step.image); },
                          [&](const ImageReady& ready) { preparing_.erase(ready.image.name); },
                          [&](const ImageFailed& failed) { preparing_.erase(failed.image); },
                          [&](const PackagesRefused& refused) { preparing_.erase(refused.image); },
                          [&](const CellStarted& started) {
                              // A worker that takes a built image makes steps of its own and tells no end of
                              // them.
                              preparing_.erase(started.cell.image);
                              since_[started.cell] = now;
                          },
                          [&](const CellEnded& ended) {
                              since_.erase(ended.cell.id());
                              left_.erase(ended.cell.id());
                          },
                          [](const auto&) {}},
               event);
}

std::optional<double> Estimate::left(double now) const {
    if (left_.empty() || !preparing_.empty()) return std::nullopt;
    double all = 0;
    double longest = 0;
    for (const auto& [cell, seconds] : left_) {
        const auto since = since_.find(cell);
        const double rest = since == since_.end() ? seconds : std::max(0.0, since->second + seconds - now);
        all += rest;
        longest = std::max(longest, rest);
    }
    return std::max(longest, all / workers_);
}

}  // namespace clamproof
