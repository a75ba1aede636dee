#include "fuzzing/targets.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <pugixml.hpp>
#include <string>
#include <thread>

#include "casefile/case.h"
#include "casefile/facts.h"
#include "casefile/known.h"
#include "casefile/matrix.h"
#include "guest/control_shell.h"
#include "image/definition.h"
#include "image/download/verification.h"
#include "image/settle.h"
#include "image/transfer/capsule.h"
#include "image/transfer/transfer.h"
#include "jobs/event.h"
#include "jobs/job.h"
#include "proof/denials.h"
#include "proof/inventory.h"
#include "proof/notes.h"
#include "reports/atlas/atlas.h"
#include "reports/markdown.h"
#include "reports/reports.h"
#include "results/journal.h"
#include "results/results_json.h"
#include "support/archive.h"
#include "support/error.h"
#include "support/files.h"
#include "support/json_file.h"
#include "support/text.h"

namespace clamproof::fuzzing {
namespace {

// Also in a build without assertions.
void must(bool holds) {
    if (!holds) std::abort();
}

// In memory, where /dev/shm is: a fuzzer writes its input some thousand times a second.
const fs::path& scratch() {
    static const TempDir folder(fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path(),
                                "clamproof-fuzz-");
    return folder.path();
}

fs::path file_of(std::string_view bytes) {
    const fs::path file = scratch() / "input";
    write_file(file, bytes);
    return file;
}

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

// --- What a guest sends.

// Answers with these bytes; "@" stands for the number of the host's question, which no fuzzer can guess.
std::string answered(std::string_view bytes, std::string_view question) {
    const auto words = split(question.substr(0, question.find('\n')), ' ');
    std::string answer;
    for (const char byte : bytes) byte == '@' && words.size() > 1 ? answer.append(words[1]) : answer += byte;
    return answer;
}

void shell_frames(std::string_view bytes) {
    int ends[2];
    must(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const bool boots = bytes.starts_with("ready");  // a guest that does is asked nothing
    const std::jthread guest([end = Fd(ends[1]), bytes, boots] {
        char question[256];
        const ssize_t size = boots ? 0 : ::read(end.get(), question, sizeof question);
        const std::string answer = answered(bytes, {question, size > 0 ? static_cast<std::size_t>(size) : 0});
        for (std::size_t sent = 0; sent < answer.size();) {
            const ssize_t n = ::send(end.get(), answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) return;
            sent += static_cast<std::size_t>(n);
        }
    });
    ControlShell shell{Fd(ends[0]), "house"};
    if (bytes.starts_with("here"))
        shell.hello(5);
    else if (boots)
        shell.wait_for_boot("former", 5);
    else
        must(shell.run({.text = "true", .deadline = 1}).out.raw().size() <= bytes.size() * 32);
}

void audit_log(std::string_view bytes) {
    std::size_t refusals = 0;
    for (const Denial& denial : parse_denials(bytes)) {
        must(denial.count > 0);
        must(describe(denial).find('\n') == std::string::npos);
        refusals += static_cast<std::size_t>(denial.count);
    }
    must(refusals <= bytes.size());
}

void notes(std::string_view bytes) {
    const Notes read = read_notes(bytes);
    must(read.visible.size() <= bytes.size());
    must(read_notes(read.visible).visible == read.visible);
}

void inventory(std::string_view bytes) {
    const auto half = bytes.size() / 2;
    const Inventory before = parse_inventory(std::string(bytes.substr(0, half)));
    const Inventory after = parse_inventory(std::string(bytes.substr(half)));
    const auto changes = what_changed(before, after);
    must(change_names(changes).size() == changes.size());
    must(other_changes(changes, {}).size() == changes.size());
    must(what_changed(after, after).empty());
}

void facts(std::string_view bytes) {
    const auto pairs = parse_pairs(std::string(bytes));
    must(parse_pairs(pair_lines(pairs)) == pairs);
}

// --- What is shown of it.

void shown_text(std::string_view bytes) {
    const std::string terminal = terminal_text(bytes), document = document_text(bytes);
    must(std::none_of(terminal.begin(), terminal.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
    }));
    must(terminal_text(terminal) == terminal);
    must(document_text(document) == document);
    must(one_line(bytes, 200).find('\n') == std::string::npos);
    must(shortened(bytes, 100).size() <= std::max<std::size_t>(100, 100));
    must(markdown_plain(bytes).find('\n') == std::string::npos);
    const std::string block = markdown_block(bytes);
    must(block.find('\x1b') == std::string::npos);
    must(columns(std::string_view(terminal)) <= 2 * terminal.size());
}

// --- What another run, or another host, left.

void results(std::string_view bytes) {
    static const std::size_t own_scripts = count(html(RunResults()), "</script");
    const RunResults run = run_from_json(bytes);
    const std::string written = to_json(run);
    must(to_json(run_from_json(written)) == written);
    must(count(html(run), "</script") == own_scripts);
    must(pugi::xml_document().load_string(junit(run).c_str()));
    const std::string for_github = annotations(run);
    must(count(for_github, "\n") == lines_of(for_github).size());
    must(verdict_table(run, {}).find('\x1b') == std::string::npos);
    must(markdown(run, 100'000).size() <= 100'000);
}

void must_be_well_formed(const Atlas& atlas) {
    static const std::size_t own_tags = count(atlas_html(Atlas().json()), "<");
    must(parse_json(atlas.json(), "atlas.json").is_object());
    must(count(atlas_html(atlas.json()), "<") == own_tags);
    must(pugi::xml_document().load_string(atlas.feed().c_str()));
}

// Of results that may be another clamproof's, and of a later run that saw the contrary.
void atlas(std::string_view bytes) {
    Atlas atlas;
    AtlasRun run = read_atlas_run(bytes, "results.json");
    atlas.add(run);
    run.digest += "'";
    for (CellResult& cell : run.read.run.results)
        cell.verdict = cell.verdict == Verdict::Immune ? Verdict::Fixed : Verdict::Immune;
    atlas.add(run);
    must_be_well_formed(atlas);
}

void upgrade(std::string_view bytes) {
    Atlas atlas;
    for (const AtlasUpgrade& one : read_atlas_upgrades(bytes, "upgrade.json").list) atlas.add_upgrade(one);
    must_be_well_formed(atlas);
}

void journal(std::string_view bytes) {
    const JournalContent content = read_journal(file_of(bytes));
    must(content.bytes <= bytes.size());
}

void worker_lines(std::string_view bytes) {
    for (const std::string& line : lines_of(bytes)) {
        try {
            const Event event = event_from_json(line);
            must(event_to_json(event_from_json(event_to_json(event))) == event_to_json(event));
        } catch (const InputError&) {
        }
        const Job job = job_from_json(line);
        must(job_from_json(job_to_json(job)) == job);
    }
}

void manifest(std::string_view bytes) {
    const Manifest read = manifest_from_json(std::string(bytes), "manifest");
    for (const PackedFile& file : read.files) must(file.name.find("..") == std::string::npos);
    must(manifest_from_json(manifest_to_json(read), "again").files == read.files);
}

void capsule(std::string_view bytes) {
    const fs::path file = scratch() / "capsule";
    ArchiveWriter writer(file);
    writer.add("capsule.json", bytes);
    writer.close();
    const Capsule read(file);
    must(!read.label().digest.empty());
}

void archive(std::string_view bytes) {
    ArchiveReader reader(file_of(bytes));
    while (reader.next()) reader.read([](std::string_view) {});
}

// Into a folder beside which nothing may come to be.
void tar(std::string_view bytes) {
    packed_file(bytes);
    const fs::path outside = scratch() / "outside", folder = outside / "folder";
    remove_tree(outside);
    make_folder(folder);
    try {
        unpack_files(file_of(bytes), folder, 1 << 20);
    } catch (const InputError&) {
    }
    must(std::distance(fs::directory_iterator(outside), fs::directory_iterator()) == 1);
    for (const auto& entry : fs::recursive_directory_iterator(folder)) must(!entry.is_symlink());
}

void checksums(std::string_view bytes) {
    const auto end = bytes.find('\n');
    const auto name = bytes.substr(0, end);
    if (end == std::string_view::npos) return;
    if (const auto found = find_checksum(bytes.substr(end + 1), name))
        must(checksum_from_text(found->text()) == found);
}

// --- What people write.

void json(std::string_view bytes) {
    parse_json(bytes, "house.json");
}

const std::vector<Fact>& told_facts() {
    static const std::vector<Fact> told = {{.name = "distro"},
                                           {.name = "clamd", .is_version = true},
                                           {.name = "lsm", .values = {"selinux", "apparmor", "none"}}};
    return told;
}

Case load_house(std::string_view json) {
    const fs::path folder = scratch() / "house";
    make_folder(folder);
    for (const char* name : {"trigger.sh", "took.sh", "probe.sh", "restart.sh", "fix.sh", "undo.sh"})
        if (!fs::exists(folder / name)) write_file(folder / name, "true\n");
    write_file(folder / "case.json", json);
    return load_case(folder, told_facts());
}

void case_file(std::string_view bytes) {
    const Case read = load_house(bytes);
    for (const Variant& variant : expand(read.matrix)) {
        expected(read, {{"distro", "debian"}, {"clamd", "1.4.3"}}, variant);
        why_skipped(read, {{"lsm", "none"}}, variant);
        fixes_for(read, {}, variant);
    }
}

void known_problems(std::string_view bytes) {
    static const Case house = load_house(R"({
        "title": "t", "story": "s", "source": "o", "trigger": "trigger.sh", "took": "took.sh", "probe": "probe.sh",
        "symptom": { "output": "ERROR" }, "expect": [ { "verdict": "fixed" } ],
        "fixes": [ { "id": "cure", "documented": "d", "apply": "fix.sh", "survives": "nothing" } ] })");
    load_known(file_of(bytes), {house});
}

void image_file(std::string_view bytes) {
    static const fs::path folder = [] {
        const fs::path made = scratch() / "images";
        for (const char* name : {"parts", "files/base/etc", "setup", "package-managers/opkg"})
            make_folder(made / name);
        for (const char* name : {"install.sh", "list.sh", "date.sh", "lock.sh"})
            write_file(made / "package-managers/opkg" / name, "true\n");
        for (const char* name : {"setup/paint.sh", "setup/settle.sh", "files/base/etc/hosts"})
            write_file(made / name, "true\n");
        write_file(made / "parts/all.json", R"({ "source": { "debootstrap": { "suite": "old" } } })");
        return made;
    }();
    write_file(folder / "house.json", bytes);
    must(load_image(folder, "house").digest.size() == 16);
}

}  // namespace

const std::vector<Target>& targets() {
    static const std::vector<Target> all = {
        {"archive", archive},
        {"atlas", atlas},
        {"audit-log", audit_log},
        {"capsule", capsule},
        {"case", case_file},
        {"checksums", checksums},
        {"facts", facts},
        {"image", image_file},
        {"inventory", inventory},
        {"journal", journal},
        {"json", json},
        {"known-problems", known_problems},
        {"manifest", manifest},
        {"notes", notes},
        {"results", results},
        {"shell-frames", shell_frames},
        {"shown-text", shown_text},
        {"tar", tar},
        {"upgrade", upgrade},
        {"worker-lines", worker_lines},
    };
    return all;
}

bool run(const Target& target, std::string_view bytes) try {
    target.parse(bytes);
    return true;
} catch (const InputError&) {
    return false;
} catch (const InfraError&) {
    return false;
}

}  // namespace clamproof::fuzzing
