#include "jobs/events.h"

#include <gtest/gtest.h>

#include "reports/sample_test.h"
#include "support/error.h"

namespace clamproof {
namespace {

TEST(Events, come_back_as_they_were) {
    Event event{.kind = EventKind::ArmEnded,
                .image = "debian",
                .case_id = "ports",
                .variant = {{"session", "cron"}},
                .arm = "fix:label",
                .step = "probe",
                .text = "it failed",
                .fraction = 0.25,
                .seconds = 1.5,
                .held = true,
                .cell = std::nullopt};
    const Event back = event_from_json(event_to_json(event));
    EXPECT_EQ(back.kind, EventKind::ArmEnded);
    EXPECT_EQ(back.image, "debian");
    EXPECT_EQ(back.case_id, "ports");
    EXPECT_EQ(back.variant, event.variant);
    EXPECT_EQ(back.arm, "fix:label");
    EXPECT_EQ(back.step, "probe");
    EXPECT_EQ(back.text, "it failed");
    EXPECT_EQ(back.fraction, 0.25);
    EXPECT_EQ(back.seconds, 1.5);
    EXPECT_TRUE(back.held);
    EXPECT_FALSE(back.cell);
}

TEST(Events, every_kind_comes_back) {
    for (const EventKind kind :
         {EventKind::BuildStep, EventKind::BuildEnded, EventKind::NotInstallable, EventKind::CellStarted,
          EventKind::ArmStarted, EventKind::StepStarted, EventKind::ArmEnded, EventKind::Message}) {
        Event event;
        event.kind = kind;
        EXPECT_EQ(event_from_json(event_to_json(event)).kind, kind) << to_string(kind);
        EXPECT_EQ(event_from_json(event_to_json(event)).fraction, std::nullopt);
    }
}

TEST(Events, an_ended_cell_brings_its_result) {
    Event event;
    event.kind = EventKind::CellEnded;
    event.cell = sample_failed_cell();
    const Event back = event_from_json(event_to_json(event));
    ASSERT_TRUE(back.cell);
    EXPECT_EQ(back.cell->arms.size(), 3U);

    event.cell.reset();
    EXPECT_THROW(event_from_json(event_to_json(event)), InputError);
}

TEST(Events, guest_text_stays_in_its_line) {
    Event event;
    event.text = hostile_text();
    const std::string line = event_to_json(event);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(event_to_json(event_from_json(line)), line);
}

TEST(Events, half_a_line_is_an_error) {
    const std::string line = event_to_json({});
    EXPECT_THROW(event_from_json(line.substr(0, line.size() - 3)), InputError);
    EXPECT_THROW(event_from_json("{\"kind\":\"message\"}"), InputError);
    std::string odd = line;
    odd.replace(odd.find("message"), 7, "massage");
    EXPECT_THROW(event_from_json(odd), InputError);
}

}  // namespace
}  // namespace clamproof
