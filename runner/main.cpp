#include "cli/cli.h"

int main(int argc, char** argv) {
    return clamproof::run_program(argc, argv);
}
