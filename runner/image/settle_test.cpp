#include "image/settle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "guest/local_guest_test.h"

namespace clamproof {
namespace {

// As often as a slow host's guest needs it.
TEST(SettleScript, WaitsForClamdByTheHostsScale) {
    LocalGuest guest;
    guest.write_command("/usr/lib/clamproof/booted", "exit 0\n");
    guest.write_command("nc", "exit 1\n");
    guest.write_command("sleep", "echo >>/run/naps\n");
    guest.write_command("systemctl", "exit 1\n");
    const auto naps_with = [&](const std::string& scale) {
        guest.write("/run/naps", "");
        const ScriptResult result =
            guest.run({.text = scale + "CLAMD_DATABASE=/var/lib CLAMD_SOCKET=/run/clamd CLAMD_UNIT=clamd\n" +
                               read_file(CLAMPROOF_SOURCE_DIR "/images/setup/settle.sh")});
        EXPECT_EQ(result.exit, 4) << result.err.raw();
        const std::string naps = read_file(guest.path("/run/naps"));
        return std::count(naps.begin(), naps.end(), '\n');
    };
    EXPECT_EQ(naps_with(""), 99);
    EXPECT_EQ(naps_with("CLAMPROOF_SCALE=3\n"), 299);
}

}  // namespace
}  // namespace clamproof
