#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/selection.h"
#include "image/definition.h"
#include "support/error.h"

namespace clamproof {

// All of them are looked at, so that one mistake does not hide the next.
int image_check_command(const Settings& settings, const std::vector<std::string>& names) {
    bool wrong = false;
    for (const auto& name : select_images(settings, names)) {
        try {
            fmt::print("{}: its definition is good ({})\n", name, load_image(settings.images, name).digest);
        } catch (const InputError& error) {
            fmt::print(stderr, "{}: {}\n", name, error.what());
            wrong = true;
        }
    }
    return wrong ? 2 : 0;
}

}  // namespace clamproof
