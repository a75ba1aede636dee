#include "cli/run_record.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bisect/verdict_cache.h"
#include "casefile/case.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

using Record = nlohmann::ordered_json;

std::string absolute_path(const std::string& file) {
    return file.empty() ? "" : fs::absolute(file).string();
}

std::vector<std::string> texts_of(const Folders& folders) {
    return {folders.list.begin(), folders.list.end()};
}

// A run of an earlier clamproof had one folder of each.
Folders folders_of(const Record& asked) {
    Folders folders;
    for (const auto& one : asked.is_array() ? asked : Record::array({asked}))
        folders.add(one.get<std::string>());
    return folders;
}

// Names of images, cases and packages, with the digest of each.
Record parts_of(const Settings& settings, const RunOptions& options, const Plan& plan) {
    Record parts = Record::object();
    for (const auto& image : plan.images) parts["image " + image.name] = image.digest;
    for (const auto& subject : plan.cases)
        parts["case " + subject.id] = case_digest(subject, library_of(settings.cases, subject));
    for (const auto& file : options.install) parts["package " + file] = sha256_file(file);
    if (!options.known.empty()) parts["list of known problems"] = sha256_file(options.known);
    return parts;
}

Record parsed(const std::string& record) {
    Record head = Record::parse(record, nullptr, false);
    if (!head.is_object() || head.value("journal", 0) != 1)
        throw InputError("the journal is not one that this clamproof has written");
    return head;
}

}  // namespace

std::string run_record(const Settings& settings, const RunOptions& options, const Plan& plan) {
    const Record asked = {{"images_folder", texts_of(settings.images)},
                          {"cases_folder", texts_of(settings.cases)},
                          {"accel", settings.accelerator},
                          {"connect", settings.connect},
                          {"capsules", settings.capsules},
                          {"repeat", settings.repeat},
                          {"quick", options.quick},
                          {"untrimmed", options.untrimmed},
                          {"images", options.images},
                          {"cases", options.cases},
                          {"variants", options.variants},
                          {"install", options.install},
                          {"known", absolute_path(options.known)},
                          {"shard", options.shard},
                          {"durations", absolute_path(options.durations)}};
    return Record{{"journal", 1}, {"asked", asked}, {"made_of", parts_of(settings, options, plan)}}.dump();
}

void restore_run(const std::string& record, Settings& settings, RunOptions& options) try {
    const Record asked = parsed(record).at("asked");
    settings.images = folders_of(asked.at("images_folder"));
    settings.cases = folders_of(asked.at("cases_folder"));
    settings.accelerator = asked.at("accel");
    settings.connect = asked.at("connect");
    settings.capsules = asked.at("capsules");
    settings.repeat = asked.at("repeat");
    options.quick = asked.at("quick");
    options.untrimmed = asked.value("untrimmed", false);
    options.images = asked.at("images");
    options.cases = asked.at("cases");
    options.variants = asked.at("variants");
    options.install = asked.at("install");
    options.known = asked.at("known");
    options.shard = asked.at("shard");
    options.durations = asked.at("durations");
} catch (const Record::exception& error) {
    throw InputError(fmt::format("the journal's first line is damaged: {}", error.what()));
}

void check_same_run(const std::string& record, const Settings& settings, const RunOptions& options,
                    const Plan& plan) {
    const Record then = parsed(record).value("made_of", Record::object());
    const Record now = parts_of(settings, options, plan);
    for (const auto& [part, digest] : now.items())
        if (!then.contains(part) || then.at(part) != digest)
            throw InputError(fmt::format("the {} has changed since the run was begun: begin it anew", part));
    if (then.size() != now.size())
        throw InputError(
            "the run was begun with other images, cases or packages than there are now: begin it anew");
}

}  // namespace clamproof
