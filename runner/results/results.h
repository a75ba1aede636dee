/// What a run found out: the one source of every report.
///
/// The structs below are results.json (reports/results.schema.json) in C++; `results_json.h` turns one into
/// the other. They hold facts and evidence only: how they are shown is the business of reports/ and cli/.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casefile/ids.h"
#include "casefile/verdict.h"
#include "support/guest_text.h"

namespace clamproof {

/// How a verdict compares with what the case expects.
/// `Known`: it differs, as somebody knows (judge.h). `Flaky`: runs of the very same cell disagree.
enum class Outcome { Pass, Known, Mismatch, Flaky, Skipped, Infra };
std::string_view to_string(Outcome outcome);
std::optional<Outcome> outcome_from(std::string_view text);

/// What is the matter with a guest while something is done in it.
enum class Fault {
    Absent,   ///< nothing is broken yet
    Present,  ///< the trigger was run, and no fix is in place: not yet, or no longer
    Fixed,    ///< a fix is in place
};
/// "absent", "present", "fixed"
std::string_view to_string(Fault fault);
std::optional<Fault> fault_from(std::string_view text);

/// One file given to clamd, and what came back.
struct Scan {
    std::string method;  ///< in a word of the case's: path, fdpass, stream, …
    std::string file;
    bool infected = false;        ///< the file holds the test signature
    std::string outcome;          ///< found, clean or error
    std::string step{};           ///< in which it was done, as Step::what
    Fault fault = Fault::Absent;  ///< at that time

    /// An infected file reported clean: worse than any error.
    bool silent_miss() const { return infected && outcome == "clean"; }
    /// A silent miss that the failure does not explain.
    bool alarming() const { return silent_miss() && fault != Fault::Present; }
};

/// What a security module refused, the same shape for SELinux and AppArmor. Equal refusals are counted, not
/// repeated.
struct Denial {
    std::string lsm;         ///< selinux or apparmor
    std::string source;      ///< SELinux: the type of the domain (clamd_t); AppArmor: the profile
    std::string target;      ///< SELinux: the type of the object; AppArmor: empty
    std::string object;      ///< SELinux: the class (tcp_socket); AppArmor: the operation (open)
    std::string permission;  ///< name_bind; AppArmor: the denied mask (r)
    std::string comm;
    std::string path;            ///< the file, where there is one
    std::map<int, int> ports{};  ///< where there are any: how often each was refused
    int count = 1;
    double first = 0;  ///< seconds since the epoch, the guest's clock
    double last = 0;

    /// Whether they differ in nothing but ports, count and time.
    bool same_kind(const Denial& other) const;
    /// "1505", "1024-2047", "1024-1026 and 8 more"; empty where there are none.
    std::string port_text() const;
};

/// What a report holds of each of a step's two outputs, in bytes.
inline constexpr std::size_t step_output_limit = 64 * 1024;

/// One script run in a guest.
struct Step {
    std::string what;    ///< its part in the arm: trigger, probe, apply, probe after reboot, …
    std::string script;  ///< file name within the case
    int exit = 0;        ///< exit status; 128+N where signal N ended it
    bool timed_out = false;
    GuestText out;
    GuestText err;
    double seconds = 0;
    std::string shared{};  ///< the variant in whose cell this was run (and took its seconds), where this one
                           ///< goes on from there; empty where it was run here
};

/// One path through a guest that ends in a claim.
struct Arm {
    ArmId id = ArmId::healthy();
    std::string claim;  ///< what should be so, a sentence
    bool held = false;
    std::string seen;  ///< what was seen instead, a sentence; empty where the claim held
    std::vector<Step> steps;
    std::vector<Denial> denials;
    std::vector<Scan> scans;
    std::vector<std::string>
        notes;  ///< what scripts and engine found worth telling: side effects, lasting longer
    std::vector<std::string>
        changes;  ///< fixes: what differs on the guest after it ("changed /etc/clamav/clamd.conf")
    std::vector<std::string> artifacts;  ///< files kept, relative to the out folder
    double seconds = 0;
};

/// How control and fixes came to start from the failing state.
struct FailingState {
    bool saved = false;        ///< else set-up and trigger were run again for each fix
    double save_seconds = 0;   ///< what saving took, or would have taken
    double again_seconds = 0;  ///< what set-up and trigger took
    int starts = 0;            ///< how often a guest had to be in that state once more
};

/// How clamproof was called, as far as commands that a person is shown have to be called alike.
struct Called {
    std::string program = "clamproof";   ///< as a person's shell finds it
    std::vector<std::string> options{};  ///< those that are not as they are by default
};

/// One image × case × variant.
struct CellResult {
    std::string image;
    std::string case_id;
    std::map<std::string, std::string> variant;
    Verdict verdict = Verdict::InfraError;
    std::optional<Verdict> expected;  ///< none: the case says nothing about this guest, which never passes
    Outcome outcome = Outcome::Infra;
    std::string because;  ///< immune, skipped, infra-error: why, in words
    double seconds = 0;
    std::vector<Arm> arms;
    std::optional<FailingState> failing_state;  ///< none where it did not come to that
    Called called{};                            ///< how the run was
    std::string again;                          ///< the command that runs this cell again
    std::vector<std::string> install;           ///< package files that were installed over the image
    std::string known;        ///< what a list of known problems says of it; empty where it says nothing
    std::string expectation;  ///< where the case says what it expects: "cases/ID/case.json:42", relative to
                              ///< the current folder; empty where it expects nothing
    int worker = 0;           ///< which of the guests side by side, from 1; 0: none was needed
    double began = 0;         ///< seconds after the run began
    std::vector<CellResult> reruns{};  ///< other runs of the same cell (judge.h)

    CellId id() const { return {.image = image, .case_id = case_id, .variant = variant}; }

    int silent_misses() const;
    /// Those of them that the failure does not explain.
    int alarming_misses() const;
};

/// What became of a fix over a later change, such as an upgrade.
enum class Fate {
    Survived,  ///< it cured before, and does after
    Lost,      ///< it cured before, and does not after
    NoCure,    ///< it did not cure before either
    NotTried,  ///< it promises to last for nothing, or there was no guest that it could be tried on
};
/// "survived", "lost", "no-cure", "not-tried"
std::string_view to_string(Fate fate);
std::optional<Fate> fate_from(std::string_view text);

/// A documented fix that was applied before the change.
struct FixOutcome {
    std::string fix;
    Fate fate = Fate::NotTried;
    std::string why;  ///< what was seen, or why it was not tried; empty where it survived
};

/// Where the guests ran.
struct HostInfo {
    std::string accelerator{};  ///< kvm or tcg, as really used; "none" where no vm was started
    std::string why{};          ///< why not KVM, where it is not
    double scale = 1;           ///< factor on every deadline
    std::string qemu{};
    std::string libvirt{};
    std::string cpu{};
    int cores = 0;
    std::string uri{};         ///< of the hypervisor
    std::string containers{};  ///< "podman 4.3.1": what ran containers; empty where none was started

    /// Takes over what runs another image's guests, vms or containers, unless it is known.
    void add(const HostInfo& other);
};

struct ImageInfo {
    std::string name{};
    std::string digest{};
    std::map<std::string, std::string> facts{};
    std::map<std::string, std::string> packages{};  ///< name → version
    std::map<std::string, std::string>
        installed{};  ///< over it, for this run: file name → hexadecimal SHA-256
};

/// A package file on this host.
struct PackageFile {
    std::filesystem::path file;
    std::string name;
    std::string version;
};

/// What a case says of itself, so that a report needs nothing but results.json.
struct CaseInfo {
    struct Fix {
        std::string id;
        std::string documented;
    };
    std::string id;
    std::string title;
    std::string story;
    std::string source;
    std::vector<Fix> fixes;
    std::map<std::string, std::string> scripts;  ///< file name → text
};

/// One of several runs that share the cells of a plan.
struct Shard {
    int number = 1;  ///< from 1
    int of = 1;

    bool operator==(const Shard&) const = default;
};

/// Of this clamproof.
std::string_view program_version();

struct RunResults {
    std::string clamproof{program_version()};  ///< which one ran; empty where it did not tell
    std::string started{};                     ///< ISO 8601, UTC
    double seconds = 0;
    bool interrupted = false;
    HostInfo host;
    std::optional<Shard> shard;  ///< none: all cells of the plan
    std::vector<ImageInfo> images;
    std::vector<CaseInfo> cases;
    std::vector<CellResult> results;
};

}  // namespace clamproof
