#include "proof/audit_window.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "proof/denials.h"
#include "support/text.h"

namespace clamproof {
namespace {

// Sets a mark, waits until auditd has written it, and tells the state of auditing then.
constexpr const char* set_mark =
    "log=/var/log/audit/audit.log\n"
    "mark() {\n"
    "    auditctl -m \"$1\" >/dev/null || exit 3\n"
    "    tries=100\n"
    "    until tail -c 65536 $log | grep -aqF \"$1\"; do\n"
    "        [ $((tries -= 1)) -gt 0 ] || { echo \"auditd does not write to $log\" >&2; exit 3; }\n"
    "        sleep 0.05\n"
    "    done\n"
    "    read -r boot </proc/sys/kernel/random/boot_id\n"
    "    auditctl -s | while read -r key value; do\n"
    "        case $key in pid | lost) printf '%s ' \"$value\" ;; esac\n"
    "    done || exit 3\n"
    "    echo \"$boot\"\n"
    "}\n";

// Prints the denials between two marks, from older logs too where the first mark was rotated into one. Only
// what can be a denial is sent: one STREAM session leaves a megabyte of other records.
constexpr const char* print_window =
    "logs=$log\n"
    "grep -aqF \"$1\" $log || logs=$(ls -1tr $log.* 2>/dev/null; echo $log)\n"
    "cat $logs | grep -aqF \"$1\" || { echo \"the mark of its beginning is no longer in $log\" >&2; exit 4; "
    "}\n"
    "cat $logs | sed -n \"/$1/,/$2/p\" | grep -a '^type=[A-Z]*AVC ' || :\n";

// Unique over all guests of this process, and so along every way that one of them came.
std::string new_mark() {
    static std::atomic<int> marks = 0;
    return fmt::format("clamproof-{}-{}", ::getpid(), ++marks);
}

std::string word_of(const std::string& state, std::size_t number) {
    const auto words = split(state, ' ');
    return number < words.size() ? std::string(words[number]) : "";
}

std::string take_line(std::string& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    return line;
}

// Why denials may be missing between two states of auditing; empty where none can be.
std::string gap_between(const std::string& begin, const std::string& end) {
    const bool same_boot = word_of(begin, 2) == word_of(end, 2);
    if (word_of(end, 2).empty()) return "the guest does not tell the state of auditing";
    if (same_boot && word_of(begin, 0) != word_of(end, 0)) return "another auditd runs than at its beginning";
    const std::string lost = same_boot ? word_of(begin, 1) : "0";
    if (word_of(end, 1) != lost)
        return fmt::format("the kernel lost audit records ({}, and {} at its beginning)", word_of(end, 1),
                           lost);
    return "";
}

// "/proc/412/mountinfo" of one start is "/proc/977/mountinfo" of the next.
std::string without_process(std::string path) {
    constexpr std::string_view proc = "/proc/";
    if (!path.starts_with(proc)) return path;
    const std::size_t end = path.find_first_not_of("0123456789", proc.size());
    if (end == std::string::npos || end == proc.size()) return path;
    return path.replace(proc.size(), end - proc.size(), "*");
}

bool same_kind_of_refusal(Denial one, Denial other) {
    one.path = without_process(std::move(one.path));
    other.path = without_process(std::move(other.path));
    return one.same_kind(other);
}

// False where nothing is left of it.
bool take_off(Denial& denial, const Denial& known) {
    if (denial.ports.empty()) return false;
    for (const auto& [port, times] : known.ports) denial.ports.erase(port);
    denial.count = 0;
    for (const auto& [port, times] : denial.ports) denial.count += times;
    return denial.count > 0;
}

}  // namespace

AuditWindow::AuditWindow(Guest& guest) : guest_(guest) {
    begin_.mark = new_mark() + "-begin";
    const ScriptResult result =
        guest_.run({.text = fmt::format("{}mark {}", set_mark, begin_.mark), .deadline = 20});
    if (result.exit != 0)
        throw InfraError("the guest's audit log cannot be marked: " + terminal_text(result.err));
    std::string out = result.out.raw();
    begin_.state = take_line(out);
}

std::vector<Denial> AuditWindow::denials() {
    const std::string end = new_mark() + "-end";
    const ScriptResult result = guest_.run(
        {.text = fmt::format("{}mark {}\nset -- {} {}\n{}", set_mark, end, begin_.mark, end, print_window),
         .deadline = 30});
    if (result.exit != 0)
        throw InfraError("the guest's audit log cannot be read: " + terminal_text(result.err));
    std::string log = result.out.raw();
    const std::string gap = gap_between(begin_.state, take_line(log));
    if (!gap.empty()) throw InfraError("what was refused in the guest is not known for sure: " + gap);
    return parse_denials(log);
}

std::vector<Denial> without_background(std::vector<Denial> denials, const std::vector<Denial>& background) {
    std::erase_if(denials, [&](Denial& denial) {
        return std::any_of(background.begin(), background.end(), [&](const Denial& known) {
            return same_kind_of_refusal(denial, known) && !take_off(denial, known);
        });
    });
    return denials;
}

}  // namespace clamproof
