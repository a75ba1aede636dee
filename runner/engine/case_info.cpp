#include "engine/case_info.h"

#include "support/files.h"

namespace clamproof {

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

}  // namespace clamproof
