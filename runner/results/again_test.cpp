#include "results/again.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

const CellId cron_cell{.image = "house", .case_id = "leak", .variant = {{"session", "it's cron"}}};

TEST(Again, CommandsAreShortWhereAllIsAsByDefault) {
    const CellResult result = blank_result(cron_cell, {}, {});
    EXPECT_EQ(result.again, R"(clamproof run --image house --case leak --variant 'session=it'\''s cron')");
    EXPECT_EQ(look_command(result, "fix:unset"),
              R"(clamproof shell house --case leak --variant 'session=it'\''s cron' --at fix:unset)");
    EXPECT_EQ(recipe_command(result), R"(clamproof recipe house leak --variant 'session=it'\''s cron')");
    EXPECT_EQ(kept_command(result, "/out/guest.capsule"), "clamproof shell /out/guest.capsule");
}

TEST(Again, CommandsCarryWhatIsOtherwise) {
    const CellResult result = blank_result(
        cron_cell, {"/tmp/a b.deb"},
        {.program = "/my tools/clamproof", .options = {"--cases", "/my cases", "--accel", "tcg"}});
    const std::string otherwise = " --cases '/my cases' --accel tcg";
    EXPECT_EQ(result.again, R"('/my tools/clamproof' run --image house --case leak --variant )"
                            R"('session=it'\''s cron' --install '/tmp/a b.deb')" +
                                otherwise);
    EXPECT_EQ(look_command(result, "failing"),
              R"('/my tools/clamproof' shell house --case leak --variant )"
              R"('session=it'\''s cron' --install '/tmp/a b.deb' --at failing)" +
                  otherwise);
    EXPECT_EQ(recipe_command(result), R"('/my tools/clamproof' recipe house leak --variant )"
                                      R"('session=it'\''s cron' --install '/tmp/a b.deb')" +
                                          otherwise);
    EXPECT_EQ(kept_command(result, "x.capsule"), "'/my tools/clamproof' shell x.capsule" + otherwise);
}

}  // namespace
}  // namespace clamproof
