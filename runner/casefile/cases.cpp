#include "casefile/cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.h"

namespace clamproof {

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
