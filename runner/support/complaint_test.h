/// What a call complains of.
#pragma once

#include <string>

#include "support/error.h"

namespace clamproof {

/// The message of the InputError that a call throws; empty where it throws none.
template <typename Call>
std::string complaint(Call call) {
    try {
        call();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace clamproof
