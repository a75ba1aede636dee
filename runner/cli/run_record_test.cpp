#include "cli/run_record.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(RunRecord, KeepsWhatARunWasAskedForAndEveryFolderThatItLooksIn) {
    Settings settings, restored;
    settings.images.list = {"/shipped/images"};
    settings.cases.list = {"/shipped/cases", "/own/cases"};
    RunOptions options;
    options.untrimmed = true;
    const std::string record = run_record(settings, options, {});
    options = {};
    restore_run(record, restored, options);
    EXPECT_TRUE(options.untrimmed);
    EXPECT_EQ(restored.images.list, settings.images.list);
    EXPECT_EQ(restored.cases.list, settings.cases.list);
}

TEST(RunRecord, OfAnEarlierClamproofHasOneFolderOfEach) {
    Settings settings;
    RunOptions options;
    options.untrimmed = true;
    restore_run(
        R"({"journal":1,"asked":{"images_folder":"/i","cases_folder":"/c","accel":"tcg","connect":"",)"
        R"("capsules":false,"repeat":1,"quick":true,"images":[],"cases":["leak"],"variants":[],)"
        R"("install":[],"known":"","shard":"","durations":""},"made_of":{}})",
        settings, options);
    EXPECT_EQ(settings.images.list, std::vector<fs::path>{"/i"});
    EXPECT_EQ(settings.cases.list, std::vector<fs::path>{"/c"});
    EXPECT_EQ(options.cases, std::vector<std::string>{"leak"});
    EXPECT_FALSE(options.untrimmed) << "it knew no other images";
}

}  // namespace
}  // namespace clamproof
