#include "cli/run_record.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

TEST(RunRecord, KeepsEveryFolderThatARunLooksIn) {
    Settings settings, restored;
    settings.images.list = {"/shipped/images"};
    settings.cases.list = {"/shipped/cases", "/own/cases"};
    RunOptions options;
    restore_run(run_record(settings, options, {}), restored, options);
    EXPECT_EQ(restored.images.list, settings.images.list);
    EXPECT_EQ(restored.cases.list, settings.cases.list);
}

TEST(RunRecord, OfAnEarlierClamproofHasOneFolderOfEach) {
    Settings settings;
    RunOptions options;
    restore_run(
        R"({"journal":1,"asked":{"images_folder":"/i","cases_folder":"/c","accel":"tcg","connect":"",)"
        R"("capsules":false,"repeat":1,"quick":true,"untrimmed":false,"images":[],"cases":["leak"],"variants":[],)"
        R"("install":[],"known":"","shard":"","durations":""},"made_of":{}})",
        settings, options);
    EXPECT_EQ(settings.images.list, std::vector<fs::path>{"/i"});
    EXPECT_EQ(settings.cases.list, std::vector<fs::path>{"/c"});
    EXPECT_EQ(options.cases, std::vector<std::string>{"leak"});
}

}  // namespace
}  // namespace clamproof
