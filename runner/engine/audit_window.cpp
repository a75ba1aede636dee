#include "engine/audit_window.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "engine/denials.h"

namespace clamproof {
namespace {

// Sets a mark and waits until auditd has written it; `$1` is the mark.
constexpr const char* set_mark =
    "log=/var/log/audit/audit.log\n"
    "mark() {\n"
    "    auditctl -m \"$1\" >/dev/null || exit 3\n"
    "    tries=100\n"
    "    until tail -c 65536 $log | grep -aq \"$1\"; do\n"
    "        [ $((tries -= 1)) -gt 0 ] || { echo \"auditd does not write to $log\" >&2; exit 3; }\n"
    "        sleep 0.05\n"
    "    done\n"
    "}\n";

// Unique over all guests of this process, and so along every way that one of them came.
std::string new_mark() {
    static std::atomic<int> marks = 0;
    return fmt::format("clamproof-{}-{}", ::getpid(), ++marks);
}

}  // namespace

AuditWindow::AuditWindow(Guest& guest) : guest_(guest), mark_(new_mark()) {
    const ScriptResult result =
        guest_.run({.text = fmt::format("{}mark {}-begin", set_mark, mark_), .deadline = 20});
    if (result.exit != 0) throw InfraError("the guest's audit log cannot be marked: " + result.err);
}

std::vector<Denial> AuditWindow::denials(std::string* raw) {
    const std::string end = new_mark() + "-end";
    // Only what can be a denial is sent: one STREAM session leaves a megabyte of other records.
    const ScriptResult result = guest_.run(
        {.text = fmt::format(
             "{0}mark {2}\nsed -n '/{1}-begin/,/{2}/p' $log | grep -a '^type=[A-Z]*AVC ' || :", set_mark,
             mark_, end),
         .deadline = 30});
    if (result.exit != 0) throw InfraError("the guest's audit log cannot be read: " + result.err);
    if (raw) *raw = result.out;
    return parse_denials(result.out);
}

}  // namespace clamproof
