#include "results/case_info.h"

#include <nlohmann/json.hpp>

#include "support/files.h"
#include "support/utf8.h"

namespace clamproof {
namespace {

CaseInfo::Fix read_fix(const Json& json) {
    ObjectReader reader(json, "a fix");
    CaseInfo::Fix fix{.id = read_text(reader, "id"), .documented = read_text(reader, "documented")};
    reader.finish();
    return fix;
}

}  // namespace

CaseInfo case_info(const Case& subject) {
    CaseInfo info{.id = subject.id,
                  .title = subject.title,
                  .story = subject.story,
                  .source = subject.source,
                  .fixes = {},
                  .scripts = {}};
    for (const auto& fix : subject.fixes) info.fixes.push_back({.id = fix.id, .documented = fix.documented});
    for (const auto& entry : fs::directory_iterator(subject.folder))
        if (entry.is_regular_file() && entry.path().extension() == ".sh")
            info.scripts[entry.path().filename().string()] = read_file(entry.path());
    return info;
}

JsonOut json_of(const CaseInfo& info) {
    JsonOut fixes = JsonOut::array();
    for (const auto& fix : info.fixes)
        fixes.push_back({{"id", json_text(fix.id)}, {"documented", json_text(fix.documented)}});
    JsonOut scripts = JsonOut::object();
    for (const auto& [name, text] : info.scripts)
        scripts[json_text(name).get<std::string>()] = json_text(text, step_output_limit);
    return {{"id", json_text(info.id)},       {"title", json_text(info.title)},
            {"story", json_text(info.story)}, {"source", json_text(info.source)},
            {"fixes", std::move(fixes)},      {"scripts", std::move(scripts)}};
}

CaseInfo read_case_info(const Json& json) {
    ObjectReader reader(json, "a case");
    CaseInfo info{.id = read_text(reader, "id"),
                  .title = read_text(reader, "title"),
                  .story = read_text(reader, "story"),
                  .source = read_text(reader, "source"),
                  .fixes = read_list(reader, "fixes", read_fix),
                  .scripts = read_texts_by_name(reader, "scripts")};
    reader.finish();
    return info;
}

}  // namespace clamproof
