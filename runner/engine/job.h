/// What a worker process is given to do, as one line on its standard input.
#pragma once

#include <string>
#include <string_view>

#include "casefile/when.h"

namespace clamproof {

/// Make an image ready, or (with a case) run one cell of it.
struct Job {
    std::string image;
    std::string case_id;  ///< empty: make the image ready
    Variant variant;
    std::string evidence;  ///< folder for the logs of guests whose claim did not hold
    int siblings = 0;      ///< cells of the same image and case that nobody has begun yet

    bool prepares() const { return case_id.empty(); }
    bool operator==(const Job&) const = default;
};

/// "image case variant": the same for a job and its result.
std::string cell_key(const std::string& image, const std::string& case_id, const Variant& variant);

/// One line, without a line end.
std::string job_to_json(const Job& job);
/// @throws InputError.
Job job_from_json(std::string_view line);

}  // namespace clamproof
