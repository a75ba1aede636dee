#include "results/results.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <utility>

namespace clamproof {
namespace {

using namespace std::string_view_literals;

constexpr std::array outcomes = {
    std::pair{Outcome::Pass, "pass"sv},         std::pair{Outcome::Known, "known"sv},
    std::pair{Outcome::Mismatch, "mismatch"sv}, std::pair{Outcome::Skipped, "skipped"sv},
    std::pair{Outcome::Infra, "infra"sv},       std::pair{Outcome::Flaky, "flaky"sv},
};

constexpr std::array fates = {
    std::pair{Fate::Survived, "survived"sv},
    std::pair{Fate::Lost, "lost"sv},
    std::pair{Fate::NoCure, "no-cure"sv},
    std::pair{Fate::NotTried, "not-tried"sv},
};

constexpr std::array faults = {
    std::pair{Fault::Absent, "absent"sv},
    std::pair{Fault::Present, "present"sv},
    std::pair{Fault::Fixed, "fixed"sv},
};

template <typename Names, typename Value>
std::string_view name_in(const Names& names, Value wanted) {
    for (const auto& [value, name] : names)
        if (value == wanted) return name;
    return "?";
}

template <typename Names>
auto value_in(const Names& names, std::string_view text) -> std::optional<decltype(names[0].first)> {
    for (const auto& [value, name] : names)
        if (name == text) return value;
    return std::nullopt;
}

int scans_that(const CellResult& cell, bool (Scan::*are)() const) {
    int scans = 0;
    for (const Arm& arm : cell.arms)
        scans += static_cast<int>(std::count_if(arm.scans.begin(), arm.scans.end(), std::mem_fn(are)));
    return scans;
}

}  // namespace

std::string_view program_version() {
    return CLAMPROOF_VERSION;
}

std::string_view to_string(Outcome outcome) {
    return name_in(outcomes, outcome);
}
std::optional<Outcome> outcome_from(std::string_view text) {
    return value_in(outcomes, text);
}

std::string_view to_string(Fate fate) {
    return name_in(fates, fate);
}
std::optional<Fate> fate_from(std::string_view text) {
    return value_in(fates, text);
}

std::string_view to_string(Fault fault) {
    return name_in(faults, fault);
}
std::optional<Fault> fault_from(std::string_view text) {
    return value_in(faults, text);
}

bool Denial::same_kind(const Denial& other) const {
    const auto kind = [](const Denial& denial) {
        return std::tie(denial.lsm, denial.source, denial.target, denial.object, denial.permission,
                        denial.comm, denial.path);
    };
    return kind(*this) == kind(other);
}

std::string Denial::port_text() const {
    if (ports.empty()) return "";
    const int lowest = ports.begin()->first;
    int highest = lowest, in_range = 0;
    for (const auto& [port, times] : ports) {
        if (port != lowest + in_range) break;
        highest = port;
        ++in_range;
    }
    std::string text = std::to_string(lowest);
    if (highest > lowest) text += "-" + std::to_string(highest);
    const std::size_t others = ports.size() - static_cast<std::size_t>(in_range);
    if (others > 0) text += " and " + std::to_string(others) + " more";
    return text;
}

void HostInfo::add(const HostInfo& other) {
    const bool vms = accelerator.empty() || accelerator == "none";
    HostInfo merged = vms && !other.accelerator.empty() ? other : *this;
    merged.containers = containers.empty() ? other.containers : containers;
    if (merged.cpu.empty()) {
        merged.cpu = other.cpu;
        merged.cores = other.cores;
    }
    if (merged.accelerator.empty()) merged.accelerator = accelerator;
    *this = std::move(merged);
}

int CellResult::silent_misses() const {
    return scans_that(*this, &Scan::silent_miss);
}

int CellResult::alarming_misses() const {
    return scans_that(*this, &Scan::alarming);
}

}  // namespace clamproof
