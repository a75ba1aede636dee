#include "casefile/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "support/text.h"

namespace clamproof {
namespace {

using Path = std::filesystem::path;

std::vector<std::string> read_variant_values(const Json& list, const std::string& name) {
    std::vector<std::string> values;
    for (const Json& item : list.as_array(fmt::format("\"{}\"", name))) {
        const std::string& value = item.as_string(fmt::format("a value of \"{}\"", name));
        if (!is_plain_word(value))
            throw item.error(
                fmt::format("\"{}\" cannot be a value: use lower-case letters, digits, - . _", value));
        if (std::find(values.begin(), values.end(), value) != values.end())
            throw item.error(fmt::format("the value \"{}\" is here a second time", value));
        values.push_back(value);
    }
    if (values.empty()) throw list.error(fmt::format("\"{}\" has no values", name));
    return values;
}

Matrix read_matrix(ObjectReader& reader, const std::vector<Fact>& facts) {
    Matrix matrix;
    const Json* node = reader.find("matrix");
    if (!node) return matrix;
    for (const Json::Member& member : node->as_object("\"matrix\"")) {
        const auto reject = [&](std::string_view why) {
            return InputError(
                fmt::format("{}: the variant \"{}\" {}", member.position.text(), member.key, why));
        };
        if (!is_variable_word(member.key)) throw reject("needs a name of lower-case letters, digits and _");
        for (const Fact& fact : facts)
            if (fact.name == member.key) throw reject("has the name of a fact");
        matrix[member.key] = read_variant_values(member.value, member.key);
    }
    return matrix;
}

When read_optional_when(ObjectReader& reader, const Vocabulary& words) {
    const Json* node = reader.find("when");
    return node ? read_when(*node, words) : When();
}

/// Every item of a list, which may be absent.
template <typename Item, typename Read>
std::vector<Item> read_list(ObjectReader& reader, const std::string& key, Read read) {
    std::vector<Item> items;
    const Json* node = reader.find(key);
    if (!node) return items;
    for (const Json& item : node->as_array('"' + key + '"')) items.push_back(read(item));
    return items;
}

SkipRule read_skip(const Json& node, const Vocabulary& words) {
    ObjectReader reader(node, "an item of \"skip\"");
    SkipRule rule;
    rule.when = read_when(reader.at("when"), words);
    rule.because = reader.string("because");
    reader.finish();
    return rule;
}

Survives read_survives(ObjectReader& reader) {
    const std::string word = reader.word("survives", {"nothing", "restart", "reboot"});
    for (const Survives survives : {Survives::Restart, Survives::Reboot})
        if (word == to_string(survives)) return survives;
    return Survives::Nothing;
}

std::string read_undo(ObjectReader& reader, Survives survives, const Path& folder) {
    if (survives != Survives::Nothing) return read_script(reader, "undo", folder);
    if (reader.find("undo"))
        throw reader.error("undo", "a fix that survives nothing is undone by a restart: leave \"undo\" out");
    return "";
}

TakesEffect read_takes_effect(ObjectReader& reader, Survives survives) {
    if (!reader.find("takes_effect") || reader.word("takes_effect", {"now", "after-restart"}) == "now")
        return TakesEffect::Now;
    if (survives == Survives::Nothing)
        throw reader.error(
            "takes_effect",
            "a fix that survives nothing is gone after a restart, so it cannot take effect then");
    return TakesEffect::AfterRestart;
}

Fix read_fix(const Json& node, const Vocabulary& words, const Path& folder) {
    ObjectReader reader(node, "a fix");
    Fix fix;
    fix.id = reader.string("id");
    if (!is_plain_word(fix.id))
        throw reader.error(
            "id", fmt::format("\"{}\" cannot be an id: use lower-case letters, digits, - . _", fix.id));
    fix.documented = reader.string("documented");
    fix.when = read_optional_when(reader, words);
    fix.apply = read_script(reader, "apply", folder);
    fix.verify = read_optional_script(reader, "verify", folder);
    fix.changes = reader.strings("changes");
    fix.survives = read_survives(reader);
    fix.undo = read_undo(reader, fix.survives, folder);
    fix.takes_effect = read_takes_effect(reader, fix.survives);
    reader.finish();
    return fix;
}

std::vector<Fix> read_fixes(ObjectReader& reader, const Vocabulary& words, const Path& folder) {
    std::set<std::string> ids;
    const Json& node = reader.at("fixes");
    auto fixes = read_list<Fix>(reader, "fixes", [&](const Json& item) {
        Fix fix = read_fix(item, words, folder);
        if (!ids.insert(fix.id).second)
            throw item.find("id")->error(fmt::format("the fix \"{}\" is here a second time", fix.id));
        return fix;
    });
    if (fixes.empty()) throw node.error("\"fixes\" names none; a case proves at least one documented fix");
    return fixes;
}

Expectation read_expectation(const Json& node, const Vocabulary& words) {
    ObjectReader reader(node, "an expectation");
    Expectation expectation;
    expectation.line = node.position().line;
    expectation.when = read_optional_when(reader, words);
    expectation.verdict = *verdict_from(reader.word(
        "verdict", verdict_names({Verdict::NotTriggered, Verdict::Reproduced, Verdict::NotInstallable})));
    expectation.because = reader.optional_string("because").value_or("");
    reader.finish();
    return expectation;
}

std::vector<Expectation> read_expectations(ObjectReader& reader, const Vocabulary& words) {
    const Json& node = reader.at("expect");
    bool all_matched = false;
    auto expect = read_list<Expectation>(reader, "expect", [&](const Json& item) {
        if (all_matched) throw item.error("never reached: the expectation before it has no \"when\"");
        Expectation expectation = read_expectation(item, words);
        all_matched = expectation.when.empty();
        return expectation;
    });
    if (expect.empty()) throw node.error("\"expect\" says nothing; name the verdict on some guest at least");
    return expect;
}

void read_unconfined(ObjectReader& reader, Case& subject) {
    std::vector<ArmId> arms = {ArmId::healthy(), ArmId::failing(), ArmId::control()};
    for (const Fix& fix : subject.fixes) arms.push_back(ArmId::fix(fix.id));
    std::vector<std::string> names;
    for (const ArmId& arm : arms) names.push_back(arm.text());
    for (const std::string& text : reader.strings("unconfined")) {
        const auto arm = ArmId::from(text);
        if (!arm || std::find(arms.begin(), arms.end(), *arm) == arms.end())
            throw reader.error("unconfined", unknown_word("arm", text, names));
        subject.unconfined.push_back(*arm);
    }
}

Pattern read_symptom(ObjectReader& reader) {
    ObjectReader symptom(reader.at("symptom"), "\"symptom\"");
    Pattern pattern = read_pattern(symptom, "output");
    symptom.finish();
    return pattern;
}

/// What guests tell, and what the case asks them beside that.
std::vector<Fact> read_facts(ObjectReader& reader, const Path& folder, std::vector<Fact> told) {
    if (const Json* node = reader.find("facts"))
        for (Fact& fact : read_own_facts(*node, folder, told)) told.push_back(std::move(fact));
    return told;
}

Case read_case(const Json& root, const Path& folder, const std::vector<Fact>& told) {
    ObjectReader reader(root, "a case");
    Case subject{.id = folder.filename().string(),
                 .folder = folder,
                 .title = reader.string("title"),
                 .story = reader.string("story"),
                 .source = reader.string("source"),
                 .facts = read_facts(reader, folder, told),
                 .needs = {},
                 .matrix = {},
                 .skip = {},
                 .setup = read_optional_script(reader, "setup", folder),
                 .trigger = read_script(reader, "trigger", folder),
                 .took = read_script(reader, "took", folder),
                 .probe = read_script(reader, "probe", folder),
                 .restart = read_optional_script(reader, "restart", folder),
                 .symptom = read_symptom(reader),
                 .evidence = {},
                 .unconfined = {},
                 .deadline = static_cast<double>(reader.optional_integer("deadline", 1, 3600).value_or(60)),
                 .fixes = {},
                 .expect = {}};
    subject.matrix = read_matrix(reader, subject.facts);
    const Vocabulary words{subject.facts, subject.matrix};
    // What a guest needs to have does not depend on the cell: only facts are known here.
    if (const Json* needs = reader.find("requires"))
        subject.needs = read_when(*needs, {subject.facts, Matrix()});
    subject.skip =
        read_list<SkipRule>(reader, "skip", [&](const Json& item) { return read_skip(item, words); });
    subject.evidence = read_list<Evidence>(
        reader, "evidence", [&](const Json& item) { return read_evidence(item, words, folder); });
    subject.fixes = read_fixes(reader, words, folder);
    read_unconfined(reader, subject);
    subject.expect = read_expectations(reader, words);
    reader.find("$schema");  // for editors
    reader.finish();
    return subject;
}

}  // namespace

std::string_view to_string(Survives survives) {
    switch (survives) {
        case Survives::Restart:
            return "restart";
        case Survives::Reboot:
            return "reboot";
        case Survives::Nothing:
            break;
    }
    return "nothing";
}

bool Case::may_be_unconfined(const ArmId& arm) const {
    return std::find(unconfined.begin(), unconfined.end(), arm) != unconfined.end();
}

Case load_case(const Path& folder, const std::vector<Fact>& told) {
    // "cases/x/" has an empty file name.
    const Path plain = folder.has_filename() ? folder : folder.parent_path();
    const std::string id = plain.filename().string();
    if (!is_plain_word(id))
        throw InputError(fmt::format("{}: the folder of a case is named by lower-case letters, digits, - . _",
                                     plain.string()));
    return read_case(read_json_file(plain / "case.json"), plain, told);
}

const Expectation* expected(const Case& subject, const Facts& facts, const Variant& variant) {
    const auto first = std::find_if(subject.expect.begin(), subject.expect.end(),
                                    [&](const Expectation& one) { return one.when.holds(facts, variant); });
    return first == subject.expect.end() ? nullptr : &*first;
}

std::optional<std::string> why_skipped(const Case& subject, const Facts& facts, const Variant& variant) {
    if (const auto unmet = subject.needs.unmet(facts, variant))
        return fmt::format("needs {}; this guest has {}", unmet->wanted, unmet->found);
    for (const SkipRule& rule : subject.skip)
        if (rule.when.holds(facts, variant)) return rule.because;
    return std::nullopt;
}

std::vector<const Fix*> fixes_for(const Case& subject, const Facts& facts, const Variant& variant) {
    std::vector<const Fix*> fixes;
    for (const Fix& fix : subject.fixes)
        if (fix.when.holds(facts, variant)) fixes.push_back(&fix);
    return fixes;
}

namespace {

std::vector<std::string> case_ids(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error)
        throw InputError(fmt::format("cannot read the cases in {}: {}", folder.string(), error.message()));
    std::vector<std::string> ids;
    for (const auto& entry : entries)
        if (fs::exists(entry.path() / "case.json", error)) ids.push_back(entry.path().filename());
    if (ids.empty())
        throw InputError(
            fmt::format("{} holds no case: none of its folders has a case.json", folder.string()));
    return ids;
}

}  // namespace

std::vector<Case> load_cases(const Folders& folders, const std::vector<Fact>& told) {
    std::vector<Case> cases;
    for (const auto& [id, folder] : by_name(folders, "case", case_ids))
        cases.push_back(load_case(folder / id, told));
    return cases;
}

std::string library_of(const Folders& folders, const Case& subject) {
    const fs::path own = subject.folder.parent_path();
    const fs::path library = folders.beginning_with(own).find("lib.sh");
    if (!fs::is_regular_file(library))
        throw InputError(
            fmt::format("{} has no lib.sh, the vocabulary of its cases; an empty one will do", own.string()));
    return read_file(library);
}

std::string plain_words_of(const Folders& folders, const Case& subject) {
    const fs::path words = folders.beginning_with(subject.folder.parent_path()).find("plain.sh");
    return fs::is_regular_file(words) ? read_file(words) : "";
}

std::vector<Case> select_cases(const std::vector<Case>& cases, const std::vector<std::string>& patterns) {
    std::vector<std::string> ids;
    for (const Case& one : cases) ids.push_back(one.id);
    const std::vector<std::string> selected = select_by_globs(patterns, ids, "case");
    std::vector<Case> result;
    std::copy_if(cases.begin(), cases.end(), std::back_inserter(result), [&](const Case& one) {
        return std::find(selected.begin(), selected.end(), one.id) != selected.end();
    });
    return result;
}

}  // namespace clamproof
