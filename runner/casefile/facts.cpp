#include "casefile/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "casefile/evidence.h"
#include "support/digest.h"
#include "support/files.h"
#include "support/json_reader.h"

namespace clamproof {
namespace {

using FactsFolder = std::filesystem::path;

std::vector<std::string> read_fact_values(ObjectReader& reader, bool is_version) {
    std::vector<std::string> values = reader.strings("values");
    const Json* node = reader.find("values");
    if (!node) return values;
    if (is_version) throw reader.error("values", "a version has no list of values; it is compared");
    if (values.empty()) throw reader.error("values", "lists no value; leave it out where any word will do");
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Json& item = node->as_array()[i];
        if (!is_plain_word(values[i]))
            throw item.error(
                fmt::format("\"{}\" cannot be a value: use lower-case letters, digits, - . _", values[i]));
        if (std::count(values.begin(), values.end(), values[i]) > 1)
            throw item.error(fmt::format("the value \"{}\" is here a second time", values[i]));
    }
    return values;
}

// @param folder with the script; none where guests tell of themselves
Fact read_fact(const Json::Member& member, const FactsFolder* folder) {
    if (!is_variable_word(member.key))
        throw InputError(fmt::format("{}: the fact \"{}\" needs a name of lower-case letters, digits and _",
                                     member.position.text(), member.key));
    ObjectReader reader(member.value, "a fact");
    Fact fact{.name = member.key};
    reader.string("tells");  // for people
    if (reader.find("is")) fact.is_version = reader.word("is", {"word", "version"}) == "version";
    fact.values = read_fact_values(reader, fact.is_version);
    if (folder) fact.script = *folder / read_script(reader, "script", *folder);
    reader.finish();
    return fact;
}

}  // namespace

std::string Fact::question() const {
    return "asked:" + sha256_file(script).substr(0, 16);
}

std::vector<Fact> load_facts(const Folders& images) {
    std::vector<fs::path> tables;
    for (const auto& folder : images.list)
        if (fs::exists(folder / facts_file)) tables.push_back(folder / facts_file);
    if (tables.empty()) tables.push_back(images.find(facts_file));
    std::vector<Fact> facts;
    for (const auto& table : tables) {
        const Json root = read_json_file(table);
        for (const Json::Member& member : root.as_object("the table of facts")) {
            if (std::any_of(facts.begin(), facts.end(),
                            [&](const Fact& one) { return one.name == member.key; }))
                throw InputError(fmt::format("{}: the fact \"{}\" is in another table, too, among {}",
                                             member.position.text(), member.key, images.text()));
            facts.push_back(read_fact(member, nullptr));
        }
    }
    return facts;
}

std::vector<Fact> read_own_facts(const Json& node, const std::filesystem::path& folder,
                                 const std::vector<Fact>& told) {
    std::vector<Fact> facts;
    for (const Json::Member& member : node.as_object("\"facts\"")) {
        if (std::any_of(told.begin(), told.end(), [&](const Fact& one) { return one.name == member.key; }))
            throw InputError(fmt::format("{}: every guest tells the fact \"{}\" of itself",
                                         member.position.text(), member.key));
        facts.push_back(read_fact(member, &folder));
    }
    return facts;
}

std::vector<Fact> facts_brought_by(const Folders& cases, const std::vector<Fact>& told) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& folder : cases.list)
        for (const auto& entry : fs::directory_iterator(folder, error))
            if (fs::exists(entry.path() / "case.json", error)) files.push_back(entry.path() / "case.json");
    std::sort(files.begin(), files.end());

    std::vector<Fact> all;
    for (const auto& file : files) {
        const Json root = read_json_file(file);
        const Json* own = root.is_object() ? root.find("facts") : nullptr;
        if (!own) continue;
        for (Fact& fact : read_own_facts(*own, file.parent_path(), told)) {
            const auto other =
                std::find_if(all.begin(), all.end(), [&](const Fact& one) { return one.name == fact.name; });
            if (other == all.end()) {
                all.push_back(std::move(fact));
            } else if (other->question() != fact.question()) {
                throw own->find(fact.name)->error(
                    fmt::format("the fact \"{}\" is another one than that of {}: give it a name of its own",
                                fact.name, other->script.parent_path().filename().string()));
            }
        }
    }
    return all;
}

bool is_plain_word(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.front() != '.' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") == std::string_view::npos;
}

bool is_variable_word(std::string_view text) {
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace clamproof
