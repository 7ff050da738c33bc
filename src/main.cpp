#include "cli/dispatch.h"

int main(int argc, char** argv) { return sentinel::cli::dispatch(argc, argv); }
