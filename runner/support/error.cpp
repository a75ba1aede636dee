#include "support/error.h"

#include <exception>

namespace clamproof {

void rethrow_while(const std::string& doing) {
    try {
        throw;
    } catch (const InfraError& error) {
        throw InfraError("while " + doing + ": " + error.what());
    }
}

}  // namespace clamproof
