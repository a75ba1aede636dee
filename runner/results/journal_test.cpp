#include "results/journal.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "support/error.h"
#include "support/fake_disk_test.h"
#include "support/files.h"

namespace clamproof {
namespace {

// While it lives, no file grows beyond that.
class SmallFiles {
  public:
    explicit SmallFiles(std::uintmax_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallFiles() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

class JournalTest : public testing::Test {
  protected:
    JournalTest() : folder_(testing::TempDir(), "journal-"), file_(folder_.path() / "results.ndjson") {}

    static CellResult cell_of(const std::string& name, Verdict verdict = Verdict::Fixed) {
        CellResult result;
        result.image = "house";
        result.case_id = name;
        result.verdict = verdict;
        return result;
    }

    TempDir folder_;
    fs::path file_;
};

TEST_F(JournalTest, WhatIsWrittenIsThereAtOnce) {
    Journal journal(file_, R"({"journal":1})");
    journal.append(cell_of("door"));
    const JournalContent content = read_journal(file_);
    EXPECT_EQ(content.head, R"({"journal":1})");
    ASSERT_EQ(content.cells.size(), 1U);
    EXPECT_EQ(content.cells[0].case_id, "door");
    EXPECT_EQ(journal.trouble(), "");
}

TEST_F(JournalTest, WhatWasCutShortIsCutOff) {
    Journal(file_, "{}").append(cell_of("door"));
    std::ofstream(file_, std::ios::app) << R"({"image":"house","case":"ro)";
    const JournalContent content = read_journal(file_);
    EXPECT_EQ(content.cells.size(), 1U);
    Journal(file_, content).append(cell_of("roof"));
    EXPECT_EQ(read_journal(file_).cells.size(), 2U);
}

TEST_F(JournalTest, TheLastVerdictOfACellCounts) {
    Journal journal(file_, "{}");
    journal.append(cell_of("door", Verdict::InfraError));
    journal.append(cell_of("roof"));
    journal.append(cell_of("door"));
    const JournalContent content = read_journal(file_);
    ASSERT_EQ(content.cells.size(), 2U);
    EXPECT_EQ(content.cells[1].case_id, "door");
    EXPECT_EQ(content.cells[1].verdict, Verdict::Fixed);
}

TEST_F(JournalTest, AnotherRunBeginsAnew) {
    Journal(file_, "{}").append(cell_of("door"));
    Journal(file_, "{}").append(cell_of("roof"));
    EXPECT_EQ(read_journal(file_).cells.size(), 1U);
}

TEST_F(JournalTest, WhatIsNoJournalIsRefused) {
    EXPECT_THROW(read_journal(file_), InputError);
    write_file(file_, "{");
    EXPECT_THROW(read_journal(file_), InputError);
    write_file(file_, "{}\nnonsense\n");
    EXPECT_THROW(read_journal(file_), InputError);
}

TEST_F(JournalTest, EachVerdictAndTheNameOfTheFileAreOnTheDisk) {
    const FakeDisk disk;
    Journal journal(file_, "{}");
    EXPECT_EQ(disk.synced(), (std::vector<fs::path>{file_, folder_.path()}));
    journal.append(cell_of("door"));
    EXPECT_EQ(disk.synced().size(), 3U);
    EXPECT_EQ(disk.synced().back(), file_);
}

TEST_F(JournalTest, AVerdictOfWhichAPartFitsIsTakenBack) {
    Journal journal(file_, "{}");
    {
        const SmallFiles ten_bytes(fs::file_size(file_) + 10);
        journal.append(cell_of("door"));
        EXPECT_NE(journal.trouble(), "");
    }
    journal.append(cell_of("roof"));
    EXPECT_EQ(journal.trouble(), "");
    const JournalContent content = read_journal(file_);
    ASSERT_EQ(content.cells.size(), 1U);
    EXPECT_EQ(content.cells[0].case_id, "roof");
}

TEST_F(JournalTest, AFullDiskIsToldAndTheRunGoesOn) {
    Journal journal("/dev/full", "{}");
    journal.append(cell_of("door"));
    EXPECT_NE(journal.trouble().find("No space left"), std::string::npos) << journal.trouble();
    Journal nowhere(folder_.path() / "none/results.ndjson", "{}");
    nowhere.append(cell_of("door"));
    EXPECT_NE(nowhere.trouble().find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
