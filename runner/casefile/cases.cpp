#include "casefile/cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/text.h"

namespace clamproof {

std::vector<Case> load_cases(const std::filesystem::path& folder, const std::vector<Fact>& told) {
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error)
        throw InputError(fmt::format("cannot read the cases in {}: {}", folder.string(), error.message()));
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : entries)
        if (std::filesystem::exists(entry.path() / "case.json", error)) folders.push_back(entry.path());
    if (folders.empty())
        throw InputError(
            fmt::format("{} holds no case: none of its folders has a case.json", folder.string()));
    std::sort(folders.begin(), folders.end());

    std::vector<Case> cases;
    for (const auto& one : folders) cases.push_back(load_case(one, told));
    return cases;
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
