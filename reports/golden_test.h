/// Golden files: what a report looked like when a person last accepted it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "support/files.h"

namespace clamproof {

/// Compares with reports/golden/NAME. With CLAMPROOF_ACCEPT=1 the file is rewritten and the test is skipped,
/// so that a run that accepts never looks like one that passed. Call it last in a test.
inline void expect_golden(const std::string& name, const std::string& actual) {
    const fs::path path = fs::path(CLAMPROOF_SOURCE_DIR) / "reports" / "golden" / name;
    const char* accept = std::getenv("CLAMPROOF_ACCEPT");
    if (accept && std::string_view(accept) == "1") {
        write_file(path, actual);
        GTEST_SKIP() << "accepted as " << path;
    }
    EXPECT_EQ(read_file(path), actual) << "If the new text is right, accept it with CLAMPROOF_ACCEPT=1.";
}

}  // namespace clamproof
