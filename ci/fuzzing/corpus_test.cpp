// What fuzzers started from and what they found, once more, without a fuzzer.
#include <gtest/gtest.h>

#include <algorithm>

#include "fuzzing/targets.h"
#include "support/files.h"

namespace clamproof::fuzzing {
namespace {

const fs::path corpus = fs::path(CLAMPROOF_SOURCE_DIR) / "ci/fuzzing/corpus";

TEST(Corpus, EveryTargetTakesItsOwn) {
    for (const Target& target : targets()) {
        ASSERT_TRUE(fs::exists(corpus / target.name)) << "there is no corpus of " << target.name;
        int taken = 0;
        for (const auto& entry : fs::directory_iterator(corpus / target.name)) {
            SCOPED_TRACE(entry.path().string());
            bool refused = true;
            EXPECT_NO_THROW(refused = !run(target, read_file(entry.path())));
            if (!refused) ++taken;
        }
        EXPECT_GT(taken, 0) << target.name
                            << " refuses all: a fuzzer would get no further than its first line";
    }
}

TEST(Corpus, EveryFolderIsATargets) {
    for (const auto& entry : fs::directory_iterator(corpus))
        EXPECT_TRUE(std::any_of(targets().begin(), targets().end(), [&](const Target& target) {
            return target.name == entry.path().filename().string();
        })) << entry.path();
}

}  // namespace
}  // namespace clamproof::fuzzing
