#include "casefile/evidence.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.h"

namespace clamproof {
namespace {

std::vector<std::string> scripts_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".sh") names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<int> read_port(ObjectReader& reader) {
    const auto text = reader.optional_string("port");
    if (!text) return std::nullopt;
    const auto port = number_from<int>(*text);
    if (!port || *port < 1 || *port > 65535)
        throw reader.error("port", fmt::format("\"{}\" is no port; write one like \"1505\"", *text));
    return port;
}

DenialPattern read_denial_keys(ObjectReader& reader) {
    DenialPattern pattern;
    if (reader.find("lsm")) pattern.lsm = reader.word("lsm", {"selinux", "apparmor"});
    pattern.comm = reader.optional_string("comm");
    pattern.object = reader.optional_string("class");
    pattern.permission = reader.optional_string("permission");
    pattern.source = reader.optional_string("source");
    pattern.target = reader.optional_string("target");
    pattern.path = reader.optional_string("path");
    pattern.port = read_port(reader);
    if (pattern.lsm == "apparmor" && pattern.target)
        throw reader.error("target", "AppArmor's records have no target; use \"path\"");
    return pattern;
}

}  // namespace

std::string DenialPattern::text() const {
    std::string text = "denial";
    const auto add = [&](std::string_view key, const std::optional<std::string>& value) {
        if (value) text += fmt::format(" {}={}", key, *value);
    };
    add("lsm", lsm);
    add("comm", comm);
    add("class", object);
    add("permission", permission);
    add("source", source);
    add("target", target);
    add("path", path);
    if (port) text += fmt::format(" port={}", *port);
    return text;
}

std::string Evidence::text() const {
    if (kind == Kind::NoDenial) return "no " + denial.text();
    if (kind == Kind::Shows) return fmt::format("{} shows /{}/", script, output ? output->text() : "");
    return at_least > 1 ? fmt::format("{}, at least {} times", denial.text(), at_least) : denial.text();
}

Pattern read_pattern(ObjectReader& reader, std::string_view key) {
    std::string text = reader.string(key);
    try {
        return Pattern(std::move(text));
    } catch (const InputError& error) {
        throw reader.error(key, error.what());
    }
}

std::string read_script(ObjectReader& reader, std::string_view key, const std::filesystem::path& folder) {
    std::string name = reader.string(key);
    if (name.find('/') != std::string::npos || name == "..")
        throw reader.error(key, fmt::format("\"{}\" must be a file of the case's own folder", name));
    std::error_code error;
    const std::filesystem::path file = folder / name;
    if (!std::filesystem::is_regular_file(file, error))
        throw reader.error(key, unknown_word("file", name, scripts_in(folder)));
    if (std::filesystem::file_size(file, error) == 0)
        throw reader.error(key, fmt::format("the file \"{}\" is empty", name));
    return name;
}

std::optional<std::string> read_optional_script(ObjectReader& reader, std::string_view key,
                                                const std::filesystem::path& folder) {
    if (!reader.find(key)) return std::nullopt;
    return read_script(reader, key, folder);
}

Evidence read_evidence(const Json& node, const Vocabulary& words, const std::filesystem::path& folder) {
    ObjectReader reader(node, "a piece of evidence");
    Evidence evidence;
    if (const Json* when = reader.find("when")) evidence.when = read_when(*when, words);
    const Json* denial = reader.find("denial");
    const Json* no_denial = reader.find("no_denial");
    const Json* shows = reader.find("shows");
    reader.finish();
    if ((denial != nullptr) + (no_denial != nullptr) + (shows != nullptr) != 1)
        throw node.error("a piece of evidence has one of \"denial\", \"no_denial\" and \"shows\"");

    if (denial) {
        ObjectReader keys(*denial, "\"denial\"");
        evidence.denial = read_denial_keys(keys);
        evidence.at_least = static_cast<int>(keys.optional_integer("at_least", 1, 1'000'000'000).value_or(1));
        keys.finish();
        if (evidence.denial.text() == "denial") throw denial->error("\"denial\" says nothing of the record");
    } else if (no_denial) {
        evidence.kind = Evidence::Kind::NoDenial;
        ObjectReader keys(*no_denial, "\"no_denial\"");
        evidence.denial = read_denial_keys(keys);
        keys.finish();
    } else {
        evidence.kind = Evidence::Kind::Shows;
        ObjectReader keys(*shows, "\"shows\"");
        evidence.script = read_script(keys, "script", folder);
        evidence.output = read_pattern(keys, "output");
        keys.finish();
    }
    return evidence;
}

}  // namespace clamproof
