#include "cli/interrupt.h"

#include <csignal>
#include <exception>
#include <initializer_list>

#include "results/exit_code.h"

namespace clamproof {
namespace {

volatile std::sig_atomic_t came = 0;

void remember(int) {
    came = 1;
}

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = remember;
    for (int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() {
    return came != 0;
}

int unless_interrupted(const std::function<int()>& work) {
    catch_interrupts();
    try {
        return work();
    } catch (const std::exception&) {
        if (interrupted()) return Exit::Interrupted;
        throw;
    }
}

}  // namespace clamproof
