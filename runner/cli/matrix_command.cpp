#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "cli/commands.h"
#include "cli/selection.h"
#include "results/exit_code.h"

namespace clamproof {

// One line: it is put into a variable of a CI.
int matrix_command(const Settings& settings, const RunOptions& options, int shards) {
    const Plan plan = make_plan(settings, options);
    auto include = nlohmann::ordered_json::array();
    for (int number = 1; number <= shards; ++number) {
        Plan part = plan;
        keep_shard(part, {.number = number, .of = shards}, options.durations);
        std::vector<std::string> images;
        for (const auto& image : part.images) images.push_back(image.name);
        include.push_back({{"shard", fmt::format("{}/{}", number, shards)},
                           {"images", fmt::format("{}", fmt::join(images, " "))},
                           {"cells", part.only->size()}});
    }
    fmt::print("{}\n", nlohmann::ordered_json{{"include", include}}.dump());
    return Exit::AsExpected;
}

}  // namespace clamproof
